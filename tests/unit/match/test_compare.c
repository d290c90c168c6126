/* SPDX-License-Identifier: Apache-2.0 */
#include "match/compare.h"

#include "test.h"

/* What stands behind the options is a number of bytes, as in a rule. */
static const char *number_of(const char *options, const char *bytes, size_t len)
{
	static char out[32];
	struct compare compare = { 0 };
	int64_t value;

	for (; *options < '0' || *options > '9'; options++) {
		if (*options == 'l')
			compare.flags |= COMPARE_LOW_FIRST;
		else if (*options == 'b')
			compare.flags |= COMPARE_HIGH_FIRST;
		else if (*options == 'e')
			compare.flags |= COMPARE_EXACT;
		else
			compare.form = (uint8_t)*options;
	}
	while (*options >= '0' && *options <= '9')
		compare.len = compare.len * 10 + (uint32_t)(*options++ - '0');
	if (len > compare.len)
		len = compare.len;
	if (!compare_number(&compare, (struct slice){ (const uint8_t *)bytes, len },
			    &value))
		return "none";
	snprintf(out, sizeof(out), "%" PRId64, value);
	return out;
}

struct number_case {
	const char *options, *text, *value;
};

static void check_all(const struct number_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(number_of(cases[i].options, cases[i].text,
					 strlen(cases[i].text)),
			       cases[i].value))
			printf("#   of %s \"%s\"\n", cases[i].options, cases[i].text);
}

/* All of these were asked of clamscan 1.4.6. */
TEST("decimal text")
{
	static const struct number_case cases[] = {
		{ "d4", "12zz", "12" },
		{ "d4", "zzzz", "0" },
		{ "d4", " 123", "123" },
		{ "d4", "+123", "123" },
		{ "d4", "-123", "-123" },
		{ "d4", "--12", "0" },
		{ "d4", "- 12", "0" },
		{ "d4", "0x12", "0" },
		{ "d4", "1 23", "1" },
		{ "d2", "1234", "12" },
		{ "d19", "9223372036854775807", "9223372036854775807" },
		{ "d19", "9999999999999999999", "none" },
		{ "d20", "-9223372036854775808", "-9223372036854775808" },
		{ "de4", "1234", "1234" },
		{ "de4", "-123", "-123" },
		{ "de4", "12zz", "none" },
		{ "de4", " 123", "none" },
		{ "de4", "123 ", "none" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("hexadecimal text, the high digits first")
{
	static const struct number_case cases[] = {
		{ "hb4", "1234", "4660" },
		{ "hb4", "0x12", "18" },
		{ "hb6", "0X1234", "4660" },
		{ "hb2", "0x12", "0" },
		{ "hb4", "12zz", "18" },
		{ "hb4", "zz12", "0" },
		{ "hb4", "\t123", "291" },
		{ "hb4",
		  "\x85"
		  "123",
		  "0" },
		{ "hb4", "-123", "-291" },
		{ "hb5", "-0x12", "0" },
		{ "hb8", "0x0x1234", "0" },
		{ "hb6", "0x 123", "0" },
		{ "hb16", "ffffffffffffffff", "none" },
		{ "hb18", "007777777777777777", "8608480567731124087" },
		{ "hbe4", "1234", "4660" },
		{ "hbe4", "0x12", "18" },
		{ "hbe4", "12zz", "none" },
		{ "hbe4", " 123", "none" },
		{ "h4", "1234", "none" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("hexadecimal text, pair by pair from the lowest")
{
	static const struct number_case cases[] = {
		{ "hl4", "1234", "13330" },
		{ "hl3", "123", "8961" },
		{ "hl6", "0x1234", "13330" },
		{ "hl4", " 123", "8961" },
		{ "hl4", "12zz", "18" },
		{ "hl4", "123z", "18" },
		{ "hl4", "1z34", "0" },
		{ "hl4", "-123", "0" },
		{ "hl5", "123zz", "8961" },
		{ "hl1", "1", "1" },
		{ "hl1", "z", "0" },
		{ "hl16", "0123456789abcdef", "none" },
		{ "hl16", "efcdab8967452301", "81985529216486895" },
		{ "hl18", "0xffffffffffffff7f", "9223372036854775807" },
		{ "hle4", "1234", "13330" },
		{ "hle4", "123z", "18" },
		{ "hle4", "1z34", "0" },
		{ "hle4", "0x12", "none" },
		{ "hle4", " 123", "none" },
		{ "hle3", "123", "none" },
		{ "hle1", "1", "1" },
		{ "hle1", "z", "none" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("automatic text is hexadecimal with 0x, else decimal")
{
	static const struct number_case cases[] = {
		{ "ab4", "1234", "1234" },    { "ab4", "0x12", "18" },
		{ "ab6", " 0x123", "291" },   { "ab4", "12ab", "12" },
		{ "ab4", "-0x1", "0" },       { "al6", "0x1234", "13330" },
		{ "ab2", "12", "none" },      { "ab4", "  12", "none" },
		{ "ab3", "0x ", "0" },        { "ab3", "12z", "12" },
		{ "al4", "1234", "none" },    { "a4", "1234", "none" },
		{ "abe6", "0x1234", "4660" }, { "ale6", "0x1234", "none" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("binary numbers of 1, 2, 4 and 8 bytes")
{
	CHECK_STR(number_of("ib1", "\xff", 1), "255");
	CHECK_STR(number_of("ib2", "\x01\xff", 2), "511");
	CHECK_STR(number_of("il2", "\x01\xff", 2), "65281");
	CHECK_STR(number_of("ib4", "\xff\xff\xff\xff", 4), "4294967295");
	CHECK_STR(number_of("ib8", "\xff\xff\xff\xff\xff\xff\xff\xff", 8), "-1");
	CHECK_STR(number_of("il8", "\1\0\0\0\0\0\0\0", 8), "1");
	CHECK_STR(number_of("i4", "\1\0\0\0", 4), "none");
	CHECK_STR(number_of("ib4", "\1\0\0", 3), "none");
	CHECK_STR(number_of("ib3", "\1\0\0", 3), "none");
}

TEST("all of the sets have to hold")
{
	struct compare compare = { .count = 2, .sets = { { '>', 10 }, { '<', 12 } } };

	CHECK(compare_holds(&compare, 11));
	CHECK(!compare_holds(&compare, 10));
	CHECK(!compare_holds(&compare, 12));
	compare = (struct compare){ .count = 1, .sets = { { '=', -1 } } };
	CHECK(compare_holds(&compare, -1));
	CHECK(!compare_holds(&compare, 1));
	compare.count = 0;
	CHECK(!compare_holds(&compare, -1));
}

TEST("what is stored is what is loaded, and no part of it")
{
	const struct compare compare = {
		.sub = 63,
		.form = COMPARE_HEX,
		.flags = COMPARE_EXACT,
		.len = 70000,
		.offset = -5,
		.count = 2,
		.sets = { { '<', INT64_MIN }, { '>', INT64_MAX } },
	};
	uint8_t data[COMPARE_DATA_MAX];
	struct compare loaded;
	size_t len = compare_store(&compare, data);

	REQUIRE(compare_load((struct slice){ data, len }, &loaded));
	CHECK_EQ(loaded.sub, 63);
	CHECK_EQ(loaded.form, COMPARE_HEX);
	CHECK_EQ(loaded.flags, COMPARE_EXACT);
	CHECK_EQ(loaded.len, 70000);
	CHECK_EQ(loaded.offset, -5);
	CHECK_EQ(loaded.sets[0].value, INT64_MIN);
	CHECK_EQ(loaded.sets[1].how, '>');
	for (size_t i = 0; i < len; i++)
		CHECK(!compare_load((struct slice){ data, i }, &loaded));
	data[15] = COMPARE_SETS_MAX + 1;
	CHECK(!compare_load((struct slice){ data, len }, &loaded));
}

TEST_MAIN()
