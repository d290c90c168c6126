/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/field.h"

#include "test.h"

TEST("a line is cut at each separator")
{
	struct slice fields[3];

	CHECK_EQ(field_split(slice_of("a::bc"), ':', fields, 3), 3);
	CHECK(slice_is(fields[0], "a"));
	CHECK(slice_is(fields[1], ""));
	CHECK(slice_is(fields[2], "bc"));
	CHECK_EQ(field_split(slice_of(""), ':', fields, 3), 1);
	CHECK(slice_is(fields[0], ""));
	CHECK_EQ(field_split(slice_of("a:"), ':', fields, 3), 2);
	CHECK(slice_is(fields[1], ""));
	CHECK_EQ(field_split(slice_of("a:b:c:d"), ':', fields, 3), 4);
	CHECK(slice_is(fields[2], "c"));
}

TEST("a number is digits, and not beyond its limit")
{
	uint64_t value = 7;

	CHECK(field_number(slice_of("0"), 9, &value) && value == 0);
	CHECK(field_number(slice_of("18446744073709551615"), UINT64_MAX, &value));
	CHECK_EQ(value, UINT64_MAX);
	value = 7;
	CHECK(!field_number(slice_of("18446744073709551616"), UINT64_MAX, &value));
	CHECK(!field_number(slice_of("10"), 9, &value));
	CHECK(!field_number(slice_of("9"), 8, &value));
	CHECK(!field_number(slice_of(""), 9, &value));
	CHECK(!field_number(slice_of("+1"), 9, &value));
	CHECK(!field_number(slice_of("1 "), 9, &value));
	CHECK_EQ(value, 7);
}

TEST_MAIN()
