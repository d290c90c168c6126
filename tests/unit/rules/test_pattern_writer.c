/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pattern_writer.h"

#include "rule_show.h"
#include "test.h"

static void put(struct program *program, const char *text, uint8_t mask, bool fold)
{
	for (; *text; text++)
		program_byte(program,
			     (struct pattern_byte){ (uint8_t)*text, mask, fold });
}

static const char *finish(struct program *program)
{
	struct slice bytes;

	enum status status = program_finish(program, &bytes);
	if (status != STATUS_OK)
		return status_name(status);
	return show_program(bytes);
}

TEST("bytes of one kind join, and so do skips")
{
	struct arena arena;
	struct program program;

	arena_init(&arena, 1 << 20);
	program_init(&program, &arena);
	put(&program, "ab", 0xff, false);
	put(&program, "c", 0xff, false);
	program_skip(&program, 2);
	put(&program, "x", 0, false);
	program_skip(&program, 3);
	put(&program, "De1", 0xff, true);
	put(&program, "12", 0xff, true);
	put(&program, "\x50", 0xf0, true);
	put(&program, "12", 0xff, true);
	CHECK_STR(finish(&program),
		  "lit 616263 skip 6 fold 6465313132 mask 50/f0 lit 3132");
	arena_clear(&arena);
}

TEST("operations around alternatives do not join with those inside")
{
	struct arena arena;
	struct program program;
	struct program_alt outer, inner;

	arena_init(&arena, 1 << 20);
	program_init(&program, &arena);
	put(&program, "a", 0xff, false);
	program_alt_open(&program, 0, &outer);
	program_alt_next(&program, &outer);
	put(&program, "b", 0xff, false);
	program_alt_next(&program, &outer);
	program_alt_open(&program, PATTERN_ALT_NOT, &inner);
	program_alt_next(&program, &inner);
	put(&program, "c", 0xff, false);
	program_alt_close(&program, &inner);
	put(&program, "d", 0xff, false);
	program_alt_close(&program, &outer);
	put(&program, "e", 0xff, false);
	program_gap(&program, 0, PATTERN_GAP_NO_END);
	put(&program, "f", 0xff, false);
	CHECK_STR(finish(&program),
		  "lit 61 alt(lit 62|not(lit 63) lit 64) lit 65 gap 0- lit 66");
	arena_clear(&arena);
}

TEST("what the form cannot say is a limit")
{
	struct arena arena;
	struct program program;
	struct program_alt alt;

	arena_init(&arena, 4 << 20);
	program_init(&program, &arena);
	program_alt_open(&program, 0, &alt);
	program_alt_next(&program, &alt);
	for (int i = 0; i < 30000; i++) {
		put(&program, "a", 0xff, false);
		put(&program, "b", 0xf0, false);
	}
	program_alt_close(&program, &alt);
	put(&program, "c", 0xff, false);
	program_skip(&program, 1);
	CHECK_STR(finish(&program), "limit");
	arena_clear(&arena);
}

TEST("without memory it fails and stays failed")
{
	struct arena arena;
	struct program program;
	struct program_alt alt;

	arena_init(&arena, 70 * 1024);
	program_init(&program, &arena);
	for (int i = 0; i < 60000; i++)
		put(&program, "a", 0xff, false);
	program_skip(&program, 1);
	program_alt_open(&program, 0, &alt);
	program_alt_next(&program, &alt);
	put(&program, "a", 0xff, false);
	program_alt_close(&program, &alt);
	program_gap(&program, 1, 2);
	program_mark(&program, PATTERN_MARK_WORD, 0);
	CHECK_STR(finish(&program), status_name(STATUS_NO_MEMORY));
	arena_clear(&arena);
}

TEST_MAIN()
