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

/* A class, words beside a tag, a string made of two, and what only the bytes have. */
static const struct rule_text page_rules[] = {
	{ .name = "a.ndb",
	  .text = "Page:3:*:3c7020636c6173733d61622063643e\n"
		  "Words:3:*:6f6e652074776f\n"
		  "Script:3:*:22657669"
		  "6c22\n"
		  "ScriptText:7:*:22657669"
		  "6c22\n"
		  "WordsText:7:*:6f6e652074776f\n"
		  "Raw:0:*:5261572020526157\n" },
	{ 0 },
};

static const char page[] = "<html><P  CLASS=ab\tcd>One<b>TWO</b>"
			   "<script>x='ev'+\"il\"</script>RaW  RaW";

TEST("a page is matched as its markup, its words and its scripts")
{
	struct scanning *scanning = scanning_open(page_rules);

	CHECK_STR(scan_text(scanning, page), "found");
	CHECK(scanning_told(scanning, "html  Page"));
	CHECK(scanning_told(scanning, "html-text  Words"));
	CHECK(scanning_told(scanning, "script  Script"));
	CHECK(scanning_told(scanning, "script  ScriptText"));
	CHECK(scanning_told(scanning, "hit  Raw"));
	CHECK(!scanning_told(scanning, "hit  WordsText"));
	scanning_close(scanning);
}

TEST("with clamscan's ways the bytes of a page are not matched")
{
	struct scanning *scanning = scanning_open(page_rules);

	scanning->clamav_compat = true;
	CHECK_STR(scan_text(scanning, page), "found");
	CHECK(scanning_told(scanning, "html  Page"));
	CHECK(!scanning_told(scanning, "hit  Raw"));
	scanning_close(scanning);
}

TEST("a page without clamscan's signs is read as text, too")
{
	struct scanning *scanning = scanning_open(page_rules);

	CHECK_STR(scan_text(scanning, "<body>ONE   two <p class=ab\tcd>"), "found");
	CHECK(scanning_told(scanning, "html  Page"));
	CHECK(scanning_told(scanning, "text  WordsText"));
	scanning_close(scanning);
}

TEST("text with one of the signs is read as a page, too")
{
	struct scanning *scanning = scanning_open(page_rules);

	CHECK_STR(scan_text(scanning, "letter: one   two <Table> ONE<b>two"), "found");
	CHECK(scanning_told(scanning, "html  Words"));
	CHECK(scanning_told(scanning, "text  WordsText"));
	scanning->clamav_compat = true;
	CHECK_STR(scan_text(scanning, "letter: one   two <Table> ONE<b>two"), "found");
	CHECK(!scanning_told(scanning, "text  WordsText"));
	scanning_close(scanning);
}

TEST("with clamscan's ways a page that begins late is matched as bytes, too")
{
	struct scanning *scanning = scanning_open(page_rules);
	char text[2048];

	scanning->clamav_compat = true;
	snprintf(text, sizeof(text), "%1030s%s", "", page);
	CHECK_STR(scan_text(scanning, text), "found");
	CHECK(scanning_told(scanning, "hit  Raw"));
	CHECK(scanning_told(scanning, "html  Page"));
	snprintf(text, sizeof(text), "GIF%s", page);
	CHECK_STR(scan_text(scanning, text), "found");
	CHECK(scanning_told(scanning, "hit  Raw"));
	CHECK(scanning_told(scanning, "html  Page"));
	/* A letter behind it is more than a page; so is an archive. */
	snprintf(text, sizeof(text), "%1030s%s\nMIME-Version: 1\nContent-Type: x", "",
		 page);
	(void)scan_text(scanning, text);
	CHECK(!scanning_told(scanning, "html  Page"));
	snprintf(text, sizeof(text), "GIF%sPK\3\4", page);
	(void)scan_text(scanning, text);
	CHECK(!scanning_told(scanning, "html  Page"));
	scanning_close(scanning);
}

TEST("with clamscan's ways data is text, which is no data")
{
	struct scanning *scanning = scanning_open(text_rules);

	CHECK_STR(scan_text(scanning, "\1 \2 EVIL   WORDS"), "found");
	CHECK(scanning_told(scanning, "text  Text"));
	scanning->clamav_compat = true;
	CHECK_STR(scan_text(scanning, "\1 \2 evil words"), "found");
	CHECK(scanning_told(scanning, "text  Text"));
	CHECK(!scanning_told(scanning, "hit  Other"));
	CHECK_STR(scan_text(scanning, "MZ \1 evil words"), "found");
	CHECK(!scanning_told(scanning, "text  Text"));
	scanning_close(scanning);
}

TEST("with clamscan's ways a letter whose head is long is text and a letter")
{
	static const struct rule_text rules[] = {
		{ .name = "a.ndb",
		  .text = "Mail:4:*:6576696c\nText:7:*:6576696c\nAny:0:*:6576696c\n" },
		{ 0 },
	};
	struct scanning *scanning = scanning_open(rules);
	char text[2048];

	/* And what it takes for a letter is matched as one in any case. */
	CHECK_STR(scan_text(scanning, "To: evil"), "found");
	CHECK(scanning_told(scanning, "hit  Mail"));
	CHECK(scanning_told(scanning, "text  Text"));
	CHECK_EQ(scanning_count(scanning, "incomplete"), 0);
	CHECK_STR(scan_text(scanning, "to: evil"), "found");
	CHECK(!scanning_told(scanning, "hit  Mail"));
	scanning->clamav_compat = true;
	snprintf(text, sizeof(text), "\nFrom: %1100s\nContent-Type: evil", "");
	CHECK_STR(scan_text(scanning, text), "found");
	CHECK(scanning_told(scanning, "hit  Mail"));
	CHECK(scanning_told(scanning, "text  Text"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	snprintf(text, sizeof(text), "\nFrom: a\nContent-Type: evil");
	CHECK_STR(scan_text(scanning, text), "found");
	CHECK(!scanning_told(scanning, "text  Text"));
	scanning_close(scanning);
}

TEST("pages too large to be normalised are incomplete")
{
	struct scanning *scanning = scanning_open(page_rules);

	scanning->limits.normalize_html_bytes = sizeof(page) - 2;
	(void)scan_text(scanning, page);
	CHECK(scanning_told(scanning, "incomplete  size"));
	scanning->limits.normalize_html_bytes = sizeof(page);
	scanning->limits.normalize_no_tags_bytes = 4;
	(void)scan_text(scanning, page);
	CHECK(scanning_told(scanning, "incomplete  size"));
	CHECK(scanning_told(scanning, "html  Page"));
	scanning_close(scanning);
}

TEST_MAIN()
