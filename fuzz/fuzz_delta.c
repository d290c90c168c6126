/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A delta on a damaged base. The input says how it is damaged (segment_damage.h); the rest
 * is the text that one of its rule files has now. Whatever comes of it, nothing may be
 * touched that is not there; and on a base that is not damaged it must come out whole.
 */
#include <stdlib.h>
#include <string.h>

#include "database/database.h"
#include "segment_damage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { TEXT_MAX = 4096 };

static struct built_file files[] = {
	{ "a.ndb", "A:0:*:6162\n# comment\nB:0:*:6163\nC:1:EP+0:616263\n", 0 },
	{ "b.ldb", "D;Target:0;0&1;6162;6364\nE;Target:1;0;6566\n", 0 },
	{ "c.hdb", "900150983cd24fb0d6963f7d28e17f72:3:F\n", 1 },
	{ "d.ndb", "G:0:$1$:6162\nH:0:*:6164\n", 1 },
	{ "e.ign2", "Gone\n", 1 },
	{ NULL, NULL, 0 },
};
static struct built good;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	built_make(&good, files, NULL);
	if (good.status != STATUS_OK)
		abort();
	return 0;
}

/* All that a delta says of its base. */
static void ask(const struct built *delta)
{
	struct database both = { .segment_count = 0 };
	uint32_t rules = database_rule_count(&good.database, 0);

	if (database_delta_base(&delta->database, 0).len != strlen(BUILT_BASE_NAME) ||
	    database_add(&both, good.bytes, good.len) != STATUS_OK ||
	    database_add(&both, delta->bytes, delta->len) != STATUS_OK)
		abort();
	for (uint32_t i = 0; i < rules; i++)
		(void)!database_is_removed(&both, 0, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct guard guard = segment_damaged(&good, &in);
	const struct built base = { .bytes = guard.bytes, .len = guard.len };
	struct slice text = reader_rest(&in);
	struct built_file now[sizeof(files) / sizeof(files[0])];
	char changed[TEXT_MAX + 1];
	struct built delta;

	memcpy(now, files, sizeof(now));
	if (text.len > TEXT_MAX)
		text.len = TEXT_MAX;
	if (text.len > 0)
		memcpy(changed, text.base, text.len);
	changed[text.len] = '\0';
	if (text.len > 0)
		now[changed[0] & 3].text = changed;
	built_make(&delta, now, &(struct built_limits){ .base = &base });
	if (delta.status == STATUS_OK)
		ask(&delta);
	built_free(&delta);
	guard_free(&guard);
	return 0;
}
