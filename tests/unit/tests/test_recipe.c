/* SPDX-License-Identifier: Apache-2.0 */
#include "recipe.h"

#include "test.h"

static void check_bytes(const char *text, const char *want, size_t len)
{
	struct recipe recipe;

	REQUIRE(recipe_build(text, &recipe));
	CHECK_EQ(recipe.len, len);
	if (recipe.len == len)
		CHECK_MEM(recipe.bytes, want, len);
	recipe_free(&recipe);
}

static void check_error(const char *text, const char *want)
{
	struct recipe recipe;

	CHECK(!recipe_build(text, &recipe));
	CHECK_STR(recipe.error, want);
	recipe_free(&recipe);
}

TEST("every step appends its bytes")
{
	check_bytes("# nothing\n\n", "", 0);
	check_bytes("hex 504b 03 04", "PK\3\4", 4);
	check_bytes("text \"a b\\n\\x00\\\"\"", "a b\n\0\"", 6);
	check_bytes("text \"a\" \"b\"  \"\" \"c\"", "abc", 3);
	check_bytes("le 2 258\nbe 2 0x102", "\2\1\1\2", 4);
	check_bytes("le 8 0xffffffffffffffff", "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	check_bytes("text \"ab\"\n\tfill 2 2e\n\tto 6 2d", "ab..--", 6);
}

TEST("a bad step is named with its line")
{
	check_error("hex 00\nhax 00", "line 2: no such step");
	check_error("hex 5", "line 1: two hex digits expected");
	check_error("text \"a", "line 1: closing \" expected");
	check_error("text \"a\" b", "line 1: \" expected");
	check_error("text \"\\q\"", "line 1: unknown escape");
	check_error("le 9 1", "line 1: a width of 1 to 8 expected");
	check_error("le 1 256", "line 1: the number does not fit");
	check_error("be 2 -1", "line 1: one number expected");
	check_error("fill 4 00\nto 3 00", "line 2: already longer than that");
	check_error("fill 99999999999 00", "line 1: more than 64 MiB");
}

TEST_MAIN()
