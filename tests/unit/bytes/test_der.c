/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/der.h"

#include "base/checked.h"
#include "test.h"

#define READER(...) \
	reader_of((const uint8_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint8_t[]){ __VA_ARGS__ }))

TEST("an element is its tag, its length and so many bytes")
{
	struct reader in = READER(0x30, 3, 0x02, 1, 7, 0x04, 0x81, 2, 8, 9, 0x05, 0);
	struct reader inside;
	struct der element;
	struct slice body;

	REQUIRE(der_next(&in, &element));
	CHECK_EQ(element.tag, DER_SEQUENCE);
	CHECK_EQ(element.body.len, 3);
	CHECK_EQ(element.whole.len, 5);
	inside = reader_of_slice(element.body);
	CHECK(der_take(&inside, DER_INTEGER, &body));
	CHECK_EQ(body.base[0], 7);
	CHECK_EQ(der_peek(&in), DER_OCTET_STRING);
	REQUIRE(der_next(&in, &element));
	CHECK_EQ(element.whole.len, 5);
	CHECK_EQ(element.body.base[1], 9);
	CHECK(der_skip(&in));
	CHECK_EQ(der_peek(&in), 0);
	CHECK(!der_skip(&in));
}

TEST("what does not fit, or states no length, is none")
{
	struct reader cases[] = {
		READER(0x30, 2, 1),       READER(0x30),
		READER(0x30, 0x80, 0, 0), READER(0x30, 0x85, 0, 0, 0, 0, 1, 1),
		READER(0x30, 0x82, 1),    READER(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
		READER(0x3f, 1, 1),
	};
	struct der element;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CHECK(!der_next(&cases[i], &element));
		CHECK(!reader_ok(&cases[i]));
	}
}

TEST("another tag than the one asked for fails")
{
	struct reader in = READER(0x02, 1, 7);
	struct reader inside;

	CHECK(!der_enter(&in, DER_SEQUENCE, &inside));
	CHECK(!reader_ok(&in));
}

static bool time_is(unsigned tag, const char *text, int64_t *ret_seconds)
{
	uint8_t bytes[64] = { (uint8_t)tag, (uint8_t)strlen(text) };

	memcpy(bytes + 2, text, strlen(text));
	struct reader in = reader_of(bytes, 2 + strlen(text));
	return der_time(&in, ret_seconds);
}

TEST("times are counted from 1970 on, leap days and all")
{
	static const struct {
		unsigned tag;
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ DER_UTC_TIME, "700101000000Z", 0 },
		{ DER_UTC_TIME, "000229235959Z", 951868799 },
		{ DER_UTC_TIME, "491231000000Z", 2524521600 },
		{ DER_UTC_TIME, "500101000000Z", -631152000 },
		{ DER_GENERALIZED_TIME, "22240522161634Z", 8027741794 },
		{ DER_GENERALIZED_TIME, "20240301000000Z", 1709251200 },
	};
	int64_t seconds;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		REQUIRE(time_is(cases[i].tag, cases[i].text, &seconds));
		CHECK_EQ(seconds, cases[i].seconds);
	}
	CHECK(!time_is(DER_UTC_TIME, "700101000000", &seconds));
	CHECK(!time_is(DER_UTC_TIME, "7001010000Z", &seconds));
	CHECK(!time_is(DER_UTC_TIME, "701301000000Z", &seconds));
	CHECK(!time_is(DER_UTC_TIME, "700101000000+0100", &seconds));
	CHECK(!time_is(DER_OCTET_STRING, "700101000000Z", &seconds));
	CHECK(!time_is(DER_UTC_TIME, "70010100000xZ", &seconds));
}

TEST_MAIN()
