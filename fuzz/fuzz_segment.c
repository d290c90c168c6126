/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A damaged segment: the input says how it is damaged (segment_damage.h); the rest is the
 * object that is scanned with it. Whatever is asked of it, nothing may be touched that is
 * not there.
 */
#include <stdlib.h>
#include <string.h>

#include "database/decode.h"
#include "match/matcher.h"
#include "match/watch.h"
#include "segment_damage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { STEPS_MAX = 200 * 1000 };

static struct built built;
static struct digests digests;
static struct digest_state digest;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct built_file files[] = {
		{ "a.ldb",
		  "A;Target:0;(0|1)>1&2=0;6162::i;6162*6364(65|6667);717273\n"
		  "B;Engine:51-255,FileSize:1-5000,Container:CL_TYPE_ZIP,Target:0;0;"
		  "6162\n"
		  "C;Target:0;0|1;(W)616263(L);EOF-20,20:646566::wa\n"
		  "D;Target:0;0=0;6162??6?64\n"
		  "E;Target:6;0&1;EP+0,50:616263;SE0:6465!(66|67)68\n"
		  "I;Target:0;1|2|3|4;6162;0/b(c|d)+/g;1&0/(?<=a)b.*d$/si;"
		  "5,9:0>0/c./re;0(>>2#hle4#>1,<99999)\n"
		  "J;Target:0;0&1&2;6162;${1-9}3$;1(<<1#d3#=0)\n"
		  "K;Target:0;0|1;fuzzy_img#8000000000000000;6364\n",
		  0 },
		{ "a.ndb",
		  "M:0:$3$:6364\nF:0:0:6162{2-9}6364\nG:5:*:6162\nH:0:*:61[1-4]6263{200}"
		  "6465\n",
		  1 },
		{ "a.hdb",
		  "900150983cd24fb0d6963f7d28e17f72:3:H1\n"
		  "a9993e364706816aba3e25717850c26c9cd0d89d:*:H2:73\n",
		  2 },
		{ "a.fp", "900150983cd24fb0d6963f7d28e17f72:3:ok\n", 0 },
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

static void hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		uint64_t len)
{
	struct rule_info info;
	char text[64];

	(void)offset;
	(void)len;
	if (database_rule(context, segment, rule, &info))
		(void)database_rule_text(context, segment, rule, text, sizeof(text));
}

static void cut(void *context, uint32_t segment, uint32_t rule)
{
	hit(context, segment, rule, 0, 0);
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void ignore_line(void *context, const struct watch_line *line)
{
	(void)context;
	(void)line;
}

static void scan(struct database *database, struct slice bytes, unsigned flags)
{
	static const enum file_type containers[] = { TYPE_ZIP };
	struct executable_section section = { .len = bytes.len };
	struct executable program = {
		.has_entry = true,
		.entry_offset = 3,
		.sections = &section,
		.section_count = 1,
	};
	struct match_object object = {
		.source = source_of_memory(bytes.base, bytes.len),
		.type = TYPE_ELF,
		.target = type_target(TYPE_ELF),
		.executable = &program,
		.containers = containers,
		.container_count = 1,
	};
	struct match_watch watch = {
		.explains = true,
		.rule = bytes.len > 0 ? bytes.base[0] % 16 : 0,
		.line = ignore_line,
	};
	struct match_result result;
	struct arena arena;

	arena_init(&arena, 32 << 20);
	struct matcher matcher = {
		.segments = database->segments,
		.segment_count = database->segment_count,
		.digest_state = &digest,
		.arena = &arena,
		.clock = { no_time, NULL },
		.limits = { .deadline_ms = UINT64_MAX, .steps_max = STEPS_MAX },
		.events = { hit, cut, database },
		.watch = &watch,
		.flags = flags,
	};
	(void)!matcher_run(&matcher, &object, &result);
	arena_clear(&arena);
}

static void ignore_words(void *context, const char *label, struct slice text)
{
	(void)context;
	(void)label;
	(void)text;
}

static void ask(const struct database *database)
{
	uint32_t count = database_rule_count(database, 0);
	struct segment_info segment;
	struct source_info source;
	struct decoder_output words = { ignore_words, NULL };
	struct rule_info info;
	struct arena arena;
	char text[64];

	(void)!database_info(database, 0, &segment);
	(void)!database_source(database, 0, 0, &source);
	(void)!database_source(database, 0, UINT32_MAX, &source);
	arena_init(&arena, 8 << 20);
	for (uint32_t i = 0; i < count && i < 64; i++) {
		(void)!database_rule(database, 0, i, &info);
		(void)database_rule_text(database, 0, i, text, sizeof(text));
		(void)!decode_rule(database, 0, i, &arena, &words);
	}
	arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct database database = { 0 };
	struct guard guard = segment_damaged(&built, &in);

	if (database_add(&database, guard.bytes, guard.len) == STATUS_OK) {
		struct slice object = reader_rest(&in);

		ask(&database);
		scan(&database, object, 0);
		scan(&database, object, MATCH_ALL_RULES);
	}
	guard_free(&guard);
	return 0;
}
