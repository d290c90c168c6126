/* SPDX-License-Identifier: Apache-2.0 */
#include "host/record.h"

#include <stdlib.h>

#include "test.h"

static void check_line(const struct record *record, const char *want)
{
	struct json json;
	struct slice line;
	char *text;

	json_init(&json);
	record_write(&json, record);
	REQUIRE(json_result(&json, &line));
	text = strndup((const char *)line.base, line.len);
	CHECK_STR(text, want);
	free(text);
	json_clear(&json);
}

TEST("a finding says where, which rule and whose")
{
	static const uint8_t sha256[32] = { 0xab };
	struct slice objects[] = { slice_of("b.tar"), slice_of("c/d.php") };

	check_line(
		&(struct record){ .type = RECORD_FINDING,
				  .path = slice_of("/srv/a.gz"),
				  .objects = objects,
				  .object_count = 2,
				  .has_verdict = true,
				  .verdict = VERDICT_FOUND,
				  .rule = slice_of("Linux.Webshell.X"),
				  .source = slice_of("custos"),
				  .has_place = true,
				  .offset = 0,
				  .len = 7,
				  .has_size = true,
				  .size_bytes = 1234,
				  .sha256 = sha256,
				  .database = slice_of("custos") },
		"{\"schema\":\"custos.scan/1\",\"type\":\"finding\",\"path\":\"/srv/"
		"a.gz\","
		"\"objects\":[\"b.tar\",\"c/d.php\"],\"verdict\":\"found\","
		"\"rule\":\"Linux.Webshell.X\",\"source\":\"custos\",\"offset\":0,"
		"\"length\":7,\"size\":1234,\"sha256\":\"ab000000000000000000000000000000"
		"00000000000000000000000000000000\",\"database\":\"custos\"}");
}

TEST("what is incomplete says why")
{
	check_line(&(struct record){ .type = RECORD_INCOMPLETE,
				     .path = slice_of("a"),
				     .has_reason = true,
				     .reason = REASON_PASSWORD,
				     .detail = slice_of("AES") },
		   "{\"schema\":\"custos.scan/1\",\"type\":\"incomplete\",\"path\":\"a\","
		   "\"objects\":[],\"reason\":\"password\",\"detail\":\"AES\"}");
}

TEST("names that are not UTF-8 are there as bytes too")
{
	struct slice objects[] = { slice_of("ok"), slice_of("\xff") };

	check_line(&(struct record){ .type = RECORD_OBJECT,
				     .path = slice_of("a\xfe"),
				     .objects = objects,
				     .object_count = 2,
				     .has_verdict = true,
				     .verdict = VERDICT_CLEAN,
				     .has_ms = true },
		   "{\"schema\":\"custos.scan/"
		   "1\",\"type\":\"object\",\"path\":\"a\xef\xbf\xbd\","
		   "\"path_b64\":\"Yf4=\",\"objects\":[\"ok\",\"\xef\xbf\xbd\"],"
		   "\"objects_b64\":[\"b2s=\",\"/w==\"],\"verdict\":\"clean\",\"ms\":0}");
}

TEST("a newline in a name does not end the line")
{
	check_line(&(struct record){ .type = RECORD_ERROR,
				     .path = slice_of("a\n\033[2J"),
				     .message = slice_of("no") },
		   "{\"schema\":\"custos.scan/"
		   "1\",\"type\":\"error\",\"path\":\"a\\u000a\\u001b[2J\","
		   "\"objects\":[],\"message\":\"no\"}");
}

TEST_MAIN()
