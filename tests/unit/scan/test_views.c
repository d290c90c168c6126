/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <uchar.h>

#include "scanning.h"
#include "test.h"

/* "evil words" in small letters: for text, for anything, for anything but text. */
static const struct rule_text text_rules[] = {
	{ .name = "a.ndb",
	  .text = "Text:7:*:6576696c20776f726473\n"
		  "Any:0:*:6576696c20776f726473\n"
		  "Raw:0:*:4556494c202020\n"
		  "Other:14:*:6576696c20776f726473\n" },
	{ 0 },
};

static const struct rule_text rules_for_any[] = {
	{ .name = "a.ndb", .text = "Any:0:*:6576696c20776f726473\n" },
	{ 0 },
};

static const struct rule_text rules_for_programs[] = {
	{ .name = "a.ndb", .text = "Any:1:*:6576696c20776f726473\n" },
	{ 0 },
};

static const char *scan_text(struct scanning *scanning, const char *text)
{
	return scanning_run(scanning, text, strlen(text));
}

TEST("text is matched as it is and as it is normalised")
{
	struct scanning *scanning = scanning_open(text_rules);

	CHECK_STR(scan_text(scanning, "some EVIL   WORDS here"), "found");
	CHECK(scanning_told(scanning, "hit  Raw"));
	CHECK(scanning_told(scanning, "text  Text"));
	CHECK(scanning_told(scanning, "text  Any"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	scanning_close(scanning);
}

TEST("a rule that matches in several views is told of once")
{
	struct scanning *scanning = scanning_open(text_rules);

	CHECK_STR(scan_text(scanning, "some evil words here"), "found");
	CHECK(scanning_told(scanning, "hit  Any"));
	CHECK(!scanning_told(scanning, "text  Any"));
	CHECK(scanning_told(scanning, "text  Text"));
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	scanning_close(scanning);
}

TEST("what is no text has no text")
{
	struct scanning *scanning = scanning_open(text_rules);

	CHECK_STR(scanning_run(scanning, "\0\1EVIL WORDS", 12), "clean");
	scanning_close(scanning);
}

TEST("UTF-16 is normalised as well")
{
	static const char16_t text[] = u"\ufeffsome EVIL words, in wide letters";
	struct scanning *scanning = scanning_open(text_rules);

	CHECK_STR(scanning_run(scanning, text, sizeof(text) - 2), "found");
	CHECK(scanning_told(scanning, "text  Text"));
	scanning_close(scanning);
}

TEST("too large to be normalised is incomplete only if there are rules for text")
{
	static const char text[] = "some EVIL words here";
	struct scanning *scanning = scanning_open(text_rules);

	scanning->limits.normalize_text_bytes = sizeof(text) - 2;
	CHECK_STR(scan_text(scanning, text), "incomplete");
	CHECK(scanning_told(scanning, "incomplete  size"));
	scanning_close(scanning);

	scanning = scanning_open(rules_for_any);
	CHECK_STR(scan_text(scanning, text), "found");
	scanning->limits.normalize_text_bytes = sizeof(text) - 2;
	CHECK_STR(scan_text(scanning, text), "clean");
	scanning_close(scanning);
}

TEST("no rule that could match, no view")
{
	struct scanning *scanning = scanning_open(rules_for_programs);

	CHECK_EQ(scanning->database.targets, 1u << 1);
	CHECK_STR(scan_text(scanning, "some EVIL words here"), "clean");
	scanning_close(scanning);
}

TEST_MAIN()
