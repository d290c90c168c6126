/* SPDX-License-Identifier: Apache-2.0 */
#include "match/expr.h"

#include "gen.h"
#include "match/matcher.h"
#include "test.h"

struct counts {
	uint64_t of[EXPR_SUBS_MAX];
	unsigned asked;   /* how often a count was asked for */
	unsigned unknown; /* this subsignature's count cannot be told */
};

static bool tell(void *context, unsigned sub, uint64_t *ret_count)
{
	struct counts *counts = context;

	counts->asked++;
	*ret_count = counts->of[sub];
	return sub != counts->unknown;
}

static struct counts counts_of(uint64_t a, uint64_t b, uint64_t c)
{
	return (struct counts){ .of = { a, b, c }, .unknown = EXPR_SUBS_MAX };
}

static bool holds(const char *program, size_t len, struct counts counts)
{
	struct expr_value value = { 0 };

	CHECK(expr_run((struct slice){ (const uint8_t *)program, len }, tell, &counts,
		       &value));
	return value.holds;
}

#define HOLDS(program, ...) holds(program, sizeof(program) - 1, counts_of(__VA_ARGS__))
#define SUB(n) "\x01" n
#define AND "\x02"
#define OR "\x03"
#define CMP(how, x, y) "\x04" how x "\0\0\0" y "\0\0\0"

TEST("a subsignature holds when it matches")
{
	CHECK(HOLDS(SUB("\0"), 1, 0, 0));
	CHECK(!HOLDS(SUB("\0"), 0, 1, 1));
}

TEST("and needs both, or one of them")
{
	CHECK(HOLDS(SUB("\0") SUB("\1") AND, 1, 1, 0));
	CHECK(!HOLDS(SUB("\0") SUB("\1") AND, 1, 0, 0));
	CHECK(HOLDS(SUB("\0") SUB("\1") OR, 0, 1, 0));
	CHECK(!HOLDS(SUB("\0") SUB("\1") OR, 0, 0, 1));
}

TEST("counts are compared, and no match may be what is asked for")
{
	CHECK(HOLDS(SUB("\0") CMP("=", "\0", "\0"), 0, 0, 0));
	CHECK(!HOLDS(SUB("\0") CMP("=", "\0", "\0"), 1, 0, 0));
	CHECK(HOLDS(SUB("\0") CMP(">", "\2", "\0"), 3, 0, 0));
	CHECK(!HOLDS(SUB("\0") CMP(">", "\3", "\0"), 3, 0, 0));
	CHECK(HOLDS(SUB("\0") CMP("<", "\2", "\0"), 1, 0, 0));
	CHECK(HOLDS(SUB("\0") CMP("=", "\0", "\0") SUB("\1") AND, 0, 5, 0));
}

TEST("a block's count is the sum over what holds, and its members may be counted")
{
	/* (0&1)>3 and (0|1|2)=4,2 */
	CHECK(HOLDS(SUB("\0") SUB("\1") AND CMP(">", "\3", "\0"), 2, 2, 0));
	CHECK(!HOLDS(SUB("\0") SUB("\1") AND CMP(">", "\3", "\0"), 9, 0, 0));
	CHECK(HOLDS(SUB("\0") SUB("\1") OR SUB("\2") OR CMP("=", "\4", "\2"), 3, 0, 1));
	CHECK(!HOLDS(SUB("\0") SUB("\1") OR SUB("\2") OR CMP("=", "\4", "\2"), 4, 0, 0));
	/* (0&1)=0: the block does not hold, so its sum is none */
	CHECK(HOLDS(SUB("\0") SUB("\1") AND CMP("=", "\0", "\0"), 7, 0, 0));
	/* ((0>1)|1)>2 */
	CHECK(HOLDS(SUB("\0") CMP(">", "\1", "\0") SUB("\1") OR CMP(">", "\2", "\0"), 2,
		    1, 0));
	CHECK(!HOLDS(SUB("\0") CMP(">", "\1", "\0") SUB("\1") OR CMP(">", "\2", "\0"), 1,
		     2, 0));
}

/* As clamscan 1.4.6 tells of ((0|1)>0&2)>0,2 and of ((0>1|1)&2)=3,2 and the like. */
TEST("a block that is compared hands its count on, but not its members")
{
	CHECK(HOLDS(SUB("\0") SUB("\1") OR CMP(">", "\0", "\0") SUB("\2")
			    AND CMP("=", "\3", "\1"),
		    2, 0, 1));
	CHECK(!HOLDS(SUB("\0") SUB("\1") OR CMP(">", "\0", "\0") SUB("\2")
			     AND CMP("=", "\3", "\2"),
		     2, 0, 1));
	CHECK(HOLDS(SUB("\0") CMP(">", "\1", "\0") SUB("\1") OR SUB("\2")
			    AND CMP("=", "\3", "\2"),
		    2, 0, 1));
	CHECK(HOLDS(SUB("\0") CMP("=", "\0", "\0") SUB("\1") OR CMP("=", "\0", "\1"), 0,
		    0, 0));
}

TEST("a short cut is not evaluated")
{
	static const char program[] = SUB("\0") "\x05\x03\0" SUB("\1") AND;
	struct counts counts = counts_of(0, 1, 0);
	struct expr_value value;

	counts.unknown = 1;
	CHECK(expr_run((struct slice){ (const uint8_t *)program, sizeof(program) - 1 },
		       tell, &counts, &value));
	CHECK(!value.holds);
	CHECK_EQ(counts.asked, 1);
	CHECK(HOLDS(SUB("\0") "\x06\x03\0" SUB("\1") OR, 1, 0, 0));
	/* (0&1)=0,1: what was cut short has no members */
	CHECK(!HOLDS(SUB("\0") "\x05\x03\0" SUB("\1") AND CMP("=", "\0", "\1"), 0, 1, 0));
}

TEST("a count that cannot be told leaves the expression open")
{
	static const char program[] = SUB("\0") SUB("\1") OR;
	struct counts counts = counts_of(1, 1, 0);
	struct expr_value value;

	counts.unknown = 1;
	CHECK(!expr_run((struct slice){ (const uint8_t *)program, sizeof(program) - 1 },
			tell, &counts, &value));
}

TEST("a damaged program does not hold")
{
	CHECK(!HOLDS("", 1, 1, 1));
	CHECK(!HOLDS("\x09", 1, 1, 1));
	CHECK(!HOLDS(SUB("\0") AND, 1, 1, 1));
	CHECK(!HOLDS(SUB("\0") SUB("\1"), 1, 1, 1));
	CHECK(!HOLDS(SUB("\x40"), 1, 1, 1));
	CHECK(!HOLDS(SUB("\0") "\x06\xff\xff", 1, 1, 1));
	CHECK(!HOLDS(SUB("\0") CMP("?", "\0", "\0"), 1, 1, 1));
	CHECK(!HOLDS("\x01", 1, 1, 1));
}

TEST("any bytes as a program come to an end")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 20000; i++) {
		uint8_t program[200];
		size_t len = gen_below(&gen, sizeof(program));
		struct counts counts = counts_of(1, 2, 0);
		struct expr_value value;

		for (size_t j = 0; j < len; j++)
			program[j] = (uint8_t)gen_below(&gen, 8);
		CHECK(expr_run((struct slice){ program, len }, tell, &counts, &value));
		CHECK(expr_count_max((struct slice){ program, len }) >= 1);
	}
}

TEST("more than the largest number compared with need not be counted")
{
	static const char program[] = SUB("\0") CMP("=", "\7", "\0") SUB("\1")
		CMP(">", "\3", "\0") AND;

	CHECK_EQ(expr_count_max(
			 (struct slice){ (const uint8_t *)program, sizeof(program) - 1 }),
		 8);
	CHECK_EQ(expr_count_max((struct slice){ (const uint8_t *)SUB("\0"), 2 }), 1);
}

static bool condition(const char *bytes, size_t len, const struct match_object *object)
{
	return condition_holds((struct slice){ (const uint8_t *)bytes, len }, object);
}

#define CONDITION(bytes) condition(bytes, sizeof(bytes) - 1, &object)
#define U64(byte) byte "\0\0\0\0\0\0\0"
#define U32(byte) byte "\0\0\0"

TEST("conditions ask about sizes and about the program's layout")
{
	struct executable executable = {
		.has_entry = true,
		.entry_offset = 16,
		.section_count = 3,
	};
	struct match_object object = { .source = { .size = 100 } };

	CHECK(CONDITION(""));
	CHECK(CONDITION("\1" U64("\x10") U64("\x64")));
	CHECK(!CONDITION("\1" U64("\x10") U64("\x63")));
	CHECK(!CONDITION("\2" U32("\0") U32("\x20")));
	CHECK(!CONDITION("\3" U32("\0") U32("\x20")));
	object.executable = &executable;
	CHECK(CONDITION("\2" U32("\x10") U32("\x10")));
	CHECK(!CONDITION("\2" U32("\x11") U32("\x20")));
	CHECK(CONDITION("\3" U32("\3") U32("\3") "\1" U64("\0") U64("\x64")));
	CHECK(!CONDITION("\3" U32("\4") U32("\5") "\1" U64("\0") U64("\x64")));
	CHECK(!CONDITION("\1" U64("\0")));
	CHECK(!CONDITION("\7"));
}

TEST("conditions ask about what is around the object")
{
	enum file_type around[] = { TYPE_POSIX_TAR, TYPE_ZIP };
	struct match_object object = { .container_count = 0 };

	CHECK(CONDITION("\4\3"
			"ANY"));
	CHECK(!CONDITION("\4\3"
			 "ZIP"));
	CHECK(!CONDITION("\5\1\3"
			 "ANY"));
	object.containers = around;
	object.container_count = 2;
	CHECK(CONDITION("\4\3"
			"ZIP"));
	CHECK(!CONDITION("\4\3"
			 "ANY"));
	CHECK(CONDITION("\5\1\3"
			"ZIP"));
	CHECK(CONDITION("\5\2\x09"
			"POSIX_TAR"
			"\3"
			"ZIP"));
	CHECK(CONDITION("\5\2\3"
			"ANY"
			"\3"
			"ZIP"));
	CHECK(!CONDITION("\5\2\3"
			 "ZIP"
			 "\3"
			 "ZIP"));
	CHECK(!CONDITION("\5\3\3"
			 "ANY"
			 "\3"
			 "ANY"
			 "\3"
			 "ZIP"));
	CHECK(!CONDITION("\5\2\3"
			 "ANY"));
}

TEST_MAIN()
