/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link of a mail: length of the address (u16), the address; the rest is what is shown
 * for it. The tables watch, allow and list some of what the seeds have.
 */
#include <assert.h>
#include <stdlib.h>

#include "built.h"
#include "bytes/reader.h"
#include "match/phish.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct built built;
static struct digests digests;
static struct digest_state digest;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct built_file files[] = {
		{ "a.pdb", "H:bank.com\nR:.+evil\\.com([/?].*)?:.+(shop|pay)\\.test\n",
		  0 },
		{ "a.wdb",
		  "M:good.com:bank.com\nX:.+good\\.com/x{1,5}:.+bank\\.com/"
		  "y\nY:.+ok\\.com\n",
		  0 },
		/* of "evil.com/" */
		{ "a.gdb",
		  "S1:F:"
		  "c759a0aaa49a133ff527065e3d18c51388eae5c72c927b5703d07ca2e80c0f35\n",
		  0 },
		{ NULL, NULL, 0 },
	};

	(void)argc;
	(void)argv;
	built_make(&built, files, NULL);
	if (built.status != STATUS_OK || digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&digest, &digests) != STATUS_OK)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct slice real = reader_slice(&in, reader_u16le(&in));
	struct slice shown = reader_rest(&in);
	enum phish_kind kind = PHISH_NONE;
	struct arena arena;
	struct phish phish = {
		.segments = built.database.segments,
		.segment_count = built.database.segment_count,
		.digest_state = &digest,
		.arena = &arena,
		.steps = 1 << 22,
	};

	arena_init(&arena, 1 << 22);
	enum status status = phish_check(&phish, real, shown, &kind);
	assert(status == STATUS_OK || status == STATUS_LIMIT ||
	       status == STATUS_NO_MEMORY);
	assert(kind == PHISH_NONE || phish_name(kind));
	arena_clear(&arena);
	return 0;
}
