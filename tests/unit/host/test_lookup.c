/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lookup.h"

#include "scanning.h"
#include "test.h"

#define MD5_A "0cc175b9c0f1b6a831c399e269772661"
#define MD5_B "92eb5ffee6ae2fec3ad71c777531578f"

static const struct rule_text rules[] = {
	{ .name = "a.ndb", .text = "One:0:*:41424344\nTwo:0:*:45464748\n" },
	{ .name = "a.hdb",
	  .text = MD5_A ":1:Hash.A\n" MD5_B ":1:Hash.B\n" MD5_A ":2:Hash.C\n" },
	{ .name = "b.ndb", .text = "One:0:*:494a4b4c\n", .source = "other" },
	{ 0 },
};

static char seen[256];

static void on_found(void *context, uint32_t segment, uint32_t rule,
		     const struct rule_info *info)
{
	size_t len = strlen(seen);

	(void)context;
	(void)segment;
	(void)rule;
	snprintf(seen + len, sizeof(seen) - len, "%.*s:%.*s ", (int)info->source.len,
		 (const char *)info->source.base, (int)info->name.len,
		 (const char *)info->name.base);
}

TEST("a name finds the rules of all sources, a name with its source one")
{
	struct scanning *scanning = scanning_open(rules);
	struct lookup lookup = { &scanning->database, on_found, NULL };

	seen[0] = '\0';
	lookup_name(&lookup, slice_of("One"));
	CHECK(strstr(seen, "test:One ") && strstr(seen, "other:One "));
	seen[0] = '\0';
	lookup_name(&lookup, slice_of("other:One"));
	CHECK_STR(seen, "other:One ");
	seen[0] = '\0';
	lookup_name(&lookup, slice_of("Hash.B"));
	CHECK_STR(seen, "test:Hash.B ");
	seen[0] = '\0';
	lookup_name(&lookup, slice_of("On"));
	lookup_name(&lookup, slice_of("test"));
	lookup_name(&lookup, slice_of(""));
	lookup_name(&lookup, slice_of("other:Two"));
	CHECK_STR(seen, "");
	scanning_close(scanning);
}

TEST("a digest finds all rules that have it, of any size")
{
	struct scanning *scanning = scanning_open(rules);
	struct lookup lookup = { &scanning->database, on_found, NULL };
	struct digest digest;

	seen[0] = '\0';
	REQUIRE(digest_parse(slice_of(MD5_A), &digest));
	lookup_digest(&lookup, &digest);
	CHECK(strstr(seen, "Hash.A ") && strstr(seen, "Hash.C "));
	CHECK(!strstr(seen, "Hash.B "));
	seen[0] = '\0';
	REQUIRE(digest_parse(slice_of(MD5_B), &digest));
	lookup_digest(&lookup, &digest);
	CHECK_STR(seen, "test:Hash.B ");
	seen[0] = '\0';
	digest.bytes[0] ^= 1;
	lookup_digest(&lookup, &digest);
	digest = (struct digest){ .len = 32 };
	lookup_digest(&lookup, &digest);
	CHECK_STR(seen, "");
	scanning_close(scanning);
}

TEST("all rules are met once")
{
	struct scanning *scanning = scanning_open(rules);
	struct lookup lookup = { &scanning->database, on_found, NULL };
	size_t words = 0;

	seen[0] = '\0';
	lookup_all(&lookup);
	for (const char *at = seen; (at = strchr(at, ' ')); at++)
		words++;
	CHECK_EQ(words, 6);
	scanning_close(scanning);
}

TEST_MAIN()
