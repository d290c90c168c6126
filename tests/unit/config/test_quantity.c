/* SPDX-License-Identifier: Apache-2.0 */
#include "config/quantity.h"

#include "test.h"

TEST("a number is digits and nothing else")
{
	uint64_t n = 7;

	CHECK(quantity_parse_number("18446744073709551615", &n));
	CHECK(n == UINT64_MAX);
	CHECK(!quantity_parse_number("18446744073709551616", &n));
	CHECK(!quantity_parse_number("", &n));
	CHECK(!quantity_parse_number("-1", &n));
	CHECK(!quantity_parse_number(" 1", &n));
	CHECK(!quantity_parse_number("1x", &n));
	CHECK(n == UINT64_MAX);
}

TEST("a size has a binary suffix in either case")
{
	uint64_t n = 0;

	CHECK(quantity_parse_size("12", &n));
	CHECK_EQ(n, 12);
	CHECK(quantity_parse_size("3k", &n));
	CHECK_EQ(n, 3072);
	CHECK(quantity_parse_size("16G", &n));
	CHECK_EQ(n, INT64_C(16) << 30);
	CHECK(quantity_parse_size("1MiB", &n));
	CHECK_EQ(n, 1 << 20);
	CHECK(quantity_parse_size("2TB", &n));
	CHECK_EQ(n, INT64_C(2) << 40);
	CHECK(!quantity_parse_size("1X", &n));
	CHECK(!quantity_parse_size("1Mx", &n));
	CHECK(!quantity_parse_size("G", &n));
	CHECK(!quantity_parse_size("99999999999T", &n));
}

TEST("a time without a unit is in seconds")
{
	uint64_t ms = 0;

	CHECK(quantity_parse_time("120", &ms));
	CHECK_EQ(ms, 120000);
	CHECK(quantity_parse_time("500ms", &ms));
	CHECK_EQ(ms, 500);
	CHECK(quantity_parse_time("2m", &ms));
	CHECK_EQ(ms, 120000);
	CHECK(quantity_parse_time("30d", &ms));
	CHECK_EQ(ms, INT64_C(30) * 86400 * 1000);
	CHECK(!quantity_parse_time("1w", &ms));
	CHECK(!quantity_parse_time("ms", &ms));
}

TEST("what is written is read back as the same")
{
	static const uint64_t values[] = {
		0, 1, 1023, 1024, 1025, 1 << 20, UINT64_C(3) << 40
	};
	char text[QUANTITY_TEXT_MAX];
	uint64_t back;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		CHECK(quantity_parse_size(quantity_write_size(values[i], text), &back));
		CHECK_EQ(back, values[i]);
		CHECK(quantity_parse_time(quantity_write_time(values[i], text), &back));
		CHECK_EQ(back, values[i]);
	}
}

TEST("people read sizes, times and counts")
{
	char text[QUANTITY_TEXT_MAX];

	CHECK_STR(quantity_show_size(0, text), "0 bytes");
	CHECK_STR(quantity_show_size(1, text), "1 byte");
	CHECK_STR(quantity_show_size(1023, text), "1023 bytes");
	CHECK_STR(quantity_show_size(1536, text), "1.5 KiB");
	CHECK_STR(quantity_show_size((1 << 20) - 1, text), "1.0 MiB");
	CHECK_STR(quantity_show_size(UINT64_MAX, text), "16.0 EiB");
	CHECK_STR(quantity_show_time(12, text), "12 ms");
	CHECK_STR(quantity_show_time(9999, text), "9.99 s");
	CHECK_STR(quantity_show_time(12345, text), "12 s");
	CHECK_STR(quantity_show_time(185000, text), "3 min 05 s");
	CHECK_STR(quantity_show_time(7440000, text), "2 h 04 min");
	CHECK_STR(quantity_show_count(0, text), "0");
	CHECK_STR(quantity_show_count(999, text), "999");
	CHECK_STR(quantity_show_count(45548, text), "45,548");
	CHECK_STR(quantity_show_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
}

TEST_MAIN()
