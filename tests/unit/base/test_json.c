/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "test.h"

static void write_sample(struct json *json)
{
	json_begin_object(json, NULL);
	json_text(json, "schema", "x/1");
	json_begin_array(json, "objects");
	json_text(json, NULL, "a");
	json_begin_object(json, NULL);
	json_end_object(json);
	json_u64(json, NULL, 7);
	json_end_array(json);
	json_u64(json, "size", UINT64_MAX);
	json_i64(json, "delta", INT64_MIN);
	json_bool(json, "yes", true);
	json_bool(json, "no", false);
	json_null(json, "none");
	json_begin_array(json, "empty");
	json_end_array(json);
	json_end_object(json);
}

static const char sample[] =
	"{\"schema\":\"x/1\",\"objects\":[\"a\",{},7],\"size\":18446744073709551615,"
	"\"delta\":-9223372036854775808,\"yes\":true,\"no\":false,\"none\":null,"
	"\"empty\":[]}";

static bool holds(const struct json *json, const char *want)
{
	struct slice got;

	if (!json_result(json, &got))
		return false;
	if (!slice_is(got, want))
		printf("# got %.*s\n", (int)got.len, (const char *)got.base);
	return slice_is(got, want);
}

TEST("commas and brackets stand where they belong")
{
	struct json json;

	json_init(&json);
	write_sample(&json);
	CHECK(holds(&json, sample));
	json_reset(&json);
	json_null(&json, NULL);
	CHECK(holds(&json, "null"));
	json_clear(&json);
}

TEST("a fixed buffer takes what fits it exactly and fails on all that is smaller")
{
	char buffer[sizeof(sample)];

	for (size_t size = 0; size <= sizeof(sample); size++) {
		struct json json;
		struct slice got = { 0 };

		memset(buffer, '#', sizeof(buffer));
		json_init_fixed(&json, buffer, size);
		write_sample(&json);
		CHECK(json_result(&json, &got) == (size >= sizeof(sample) - 1));
		for (size_t i = size; i < sizeof(buffer); i++)
			CHECK_EQ(buffer[i], '#');
	}
}

static void check_string(const char *bytes, size_t len, const char *want)
{
	struct json json;

	json_init(&json);
	json_slice(&json, NULL, (struct slice){ (const uint8_t *)bytes, len });
	CHECK(holds(&json, want));
	json_clear(&json);
}

TEST("strings hold any bytes and stay harmless")
{
	check_string("", 0, "\"\"");
	check_string("a\"b\\c/", 6, "\"a\\\"b\\\\c/\"");
	check_string("\0\n\x1b\x7f", 4, "\"\\u0000\\u000a\\u001b\\u007f\"");
	check_string("\xc3\xbc\xf0\x9f\x98\x80", 6, "\"\xc3\xbc\xf0\x9f\x98\x80\"");
	check_string("\xc2\x9b\xe2\x80\xae", 5, "\"\\u009b\\u202e\"");
	check_string("\xf3\xa0\x81\x81", 4, "\"\\udb40\\udc41\"");
	check_string("a\xff\xc3z", 4, "\"a\xef\xbf\xbd\xef\xbf\xbdz\"");
}

TEST("every string of two bytes is written as valid UTF-8 without controls")
{
	for (unsigned n = 0; n < 0x10000; n++) {
		uint8_t bytes[] = { (uint8_t)(n >> 8), (uint8_t)n };
		char buffer[32];
		struct json json;
		struct slice got;

		json_init_fixed(&json, buffer, sizeof(buffer));
		json_slice(&json, NULL, (struct slice){ bytes, 2 });
		REQUIRE(json_result(&json, &got));
		REQUIRE(utf8_valid(got));
		for (size_t i = 0; i < got.len; i++)
			REQUIRE(got.base[i] >= 0x20 && got.base[i] != 0x7f);
	}
}

TEST("base64 and hex, by the examples of RFC 4648")
{
	static const char *const base64[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
					      "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	static const char *const hex[] = {
		"", "66", "666f", "666f6f", "666f6f62", "666f6f6261", "666f6f626172"
	};

	for (size_t len = 0; len <= 6; len++) {
		struct slice text = { (const uint8_t *)"foobar", len };
		char want[64];
		struct json json;

		json_init(&json);
		json_begin_array(&json, NULL);
		json_base64(&json, NULL, text);
		json_hex(&json, NULL, text);
		json_end_array(&json);
		snprintf(want, sizeof(want), "[\"%s\",\"%s\"]", base64[len], hex[len]);
		CHECK(holds(&json, want));
		json_clear(&json);
	}
}

TEST("growing memory takes long texts, and a second one after a reset")
{
	struct json json;
	struct slice got;

	json_init(&json);
	for (int round = 0; round < 2; round++) {
		json_reset(&json);
		json_begin_array(&json, NULL);
		for (unsigned i = 0; i < 10000; i++)
			json_text(&json, NULL, "0123456789");
		json_end_array(&json);
		REQUIRE(json_result(&json, &got));
		CHECK_EQ(got.len, 10000 * 13 + 1);
		CHECK_MEM(got.base, "[\"0123456789\",\"", 15);
	}
	json_clear(&json);
}

TEST_MAIN()
