/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>

#include "prefix.h"
#include "programs.h"
#include "scanning.h"
#include "test.h"
#include "zipped.h"

/* "needle", and a rule for it at the start alone. */
static const struct rule_text needle_rules[] = {
	{ .name = "a.ndb", .text = "Needle:0:*:6e6565646c65\nStart:0:0:6e6565646c65\n" },
	{ 0 },
};

static struct wrapped text_of(const char *text)
{
	return (struct wrapped){ (uint8_t *)text, strlen(text) };
}

/* A gzip of a tar that holds `member` under the name "in". */
static struct wrapped tar_gz(struct wrapped member)
{
	const char *const names[] = { "in" };
	struct wrapped tar = wrap_tar(names, &member, 1);
	struct wrapped gz = wrap_gzip(tar.bytes, tar.len);

	free(tar.bytes);
	return gz;
}

TEST("an empty root is clean")
{
	struct scanning *scanning = scanning_open(needle_rules);

	CHECK_STR(scanning_run(scanning, "", 0), "clean");
	CHECK(scanning_told(scanning, "object  EMPTY"));
	scanning_close(scanning);
}

TEST("every rule that matches is told, once")
{
	struct scanning *scanning = scanning_open(needle_rules);

	CHECK_STR(scanning_run(scanning, "needle needle", 13), "found");
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	CHECK_STR(scanning_run(scanning, "a needle", 8), "found");
	CHECK(scanning_told(scanning, "hit  Needle"));
	CHECK_EQ(scanning_count(scanning, "hit"), 1);
	scanning_close(scanning);
}

TEST("what is inside is found, and told with its path")
{
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped inner = tar_gz(text_of("here is a needle"));
	struct wrapped outer = tar_gz(inner);

	CHECK_STR(scanning_run(scanning, outer.bytes, outer.len), "found");
	/* A tar holds its members as they are: the rule matches it, too. */
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	CHECK(scanning_told(scanning, "hit !!in! Needle"));
	CHECK(scanning_told(scanning, "hit !!in!!in Needle"));
	CHECK_EQ(scanning_count(scanning, "object"), scanning_count(scanning, "leave"));
	free(inner.bytes);
	free(outer.bytes);
	scanning_close(scanning);
}

/* A zip of one stored member, and something behind it. */
static struct wrapped zip_of(const char *text, uint32_t offset, size_t behind)
{
	struct zipped *zip = calloc(1, sizeof(*zip));
	struct wrapped out;

	zipped_start(zip);
	zipped_member(zip, "in.txt", text, ZIPPED_STORED)->offset += offset;
	zipped_directory(zip);
	zipped_end(zip, 1, zip->len - zip->directory_at,
		   (uint32_t)zip->directory_at + offset, (struct slice){ 0 });
	out.len = zip->len + behind;
	out.bytes = calloc(1, out.len);
	memcpy(out.bytes, zip->bytes, zip->len);
	free(zip);
	return out;
}

TEST("a zip in a tar is one archive, not one as a member and one at the tar's end")
{
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped members[] = { text_of("first"), zip_of("a needle", 0, 0),
				     text_of("last") };
	struct wrapped tar = wrap_tar((const char *const[]){ "1", "z.zip", "3" }, members,
				      3);

	CHECK_STR(scanning_run(scanning, tar.bytes, tar.len), "found");
	CHECK(scanning_told(scanning, "hit !z.zip!in.txt Needle"));
	CHECK_EQ(scanning_count(scanning, "hit !in.txt"), 0);
	CHECK_EQ(scanning_count(scanning, "object !"), 4);
	free(members[1].bytes);
	free(tar.bytes);
	scanning_close(scanning);
}

TEST("a zip appended to a tar is opened, whatever its offsets count from")
{
	for (int from_start = 0; from_start < 2; from_start++) {
		struct scanning *scanning = scanning_open(needle_rules);
		struct wrapped member = text_of("first");
		struct wrapped tar = wrap_tar((const char *const[]){ "1" }, &member, 1);
		struct wrapped zip = zip_of("a needle",
					    from_start ? (uint32_t)tar.len : 0, 0);
		uint8_t *both = malloc(tar.len + zip.len);

		memcpy(both, tar.bytes, tar.len);
		memcpy(both + tar.len, zip.bytes, zip.len);
		CHECK_STR(scanning_run(scanning, both, tar.len + zip.len), "found");
		CHECK_EQ(scanning_count(scanning, "hit"), from_start ? 4 : 3);
		free(both);
		free(zip.bytes);
		free(tar.bytes);
		scanning_close(scanning);
	}
}

TEST("a child is finished before the next one is asked for")
{
	const char *const names[] = { "one", "two" };
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped members[] = { text_of("first"), text_of("second") };
	struct wrapped tar = wrap_tar(names, members, 2);
	const char *leave;
	const char *second;

	CHECK_STR(scanning_run(scanning, tar.bytes, tar.len), "clean");
	leave = strstr(scanning->told, "leave !one\n");
	second = strstr(scanning->told, "object !two");
	CHECK(leave && second && leave < second);
	free(tar.bytes);
	scanning_close(scanning);
}

TEST("what is nested deeper than the limit is incomplete, and what is above was looked "
     "at")
{
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped layers[10];

	layers[0] = wrap_gzip("needle", 6);
	for (size_t i = 1; i < 10; i++)
		layers[i] = wrap_gzip(layers[i - 1].bytes, layers[i - 1].len);

	scanning->limits.depth_max = 10;
	CHECK_STR(scanning_run(scanning, layers[9].bytes, layers[9].len), "found");
	CHECK_EQ(scanning_count(scanning, "incomplete"), 0);
	scanning->limits.depth_max = 9;
	CHECK_STR(scanning_run(scanning, layers[9].bytes, layers[9].len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_DEPTH));
	CHECK_EQ(scanning_count(scanning, "object"), 10);
	for (size_t i = 0; i < 10; i++)
		free(layers[i].bytes);
	scanning_close(scanning);
}

TEST("more objects than the limit end the root, not the verdict of the others")
{
	const char *const names[] = { "1", "2", "3", "4" };
	struct wrapped gz = wrap_gzip("needle", 6);
	struct wrapped members[] = { text_of("a"), text_of("b"), gz, text_of("d") };
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped tar = wrap_tar(names, members, 4);

	scanning->limits.files_max = 6;
	CHECK_STR(scanning_run(scanning, tar.bytes, tar.len), "found");
	CHECK_EQ(scanning_count(scanning, "incomplete"), 0);
	scanning->limits.files_max = 3;
	CHECK_STR(scanning_run(scanning, tar.bytes, tar.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_FILES));
	CHECK_EQ(scanning_count(scanning, "object"), 3);
	free(gz.bytes);
	free(tar.bytes);
	scanning_close(scanning);
}

TEST("a bomb ends by its ratio, and what was read of it is looked at")
{
	enum { LEN = 8 << 20 };
	struct scanning *scanning = scanning_open(needle_rules);
	uint8_t *zeros = calloc(1, LEN);

	REQUIRE(zeros);
	memcpy(zeros, "needle", 6);
	struct wrapped bomb = wrap_gzip(zeros, LEN);
	scanning->limits.ratio_from_bytes = 1 << 20;
	scanning->limits.ratio_max = 100;
	CHECK_STR(scanning_run(scanning, bomb.bytes, bomb.len), "found");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_RATIO));
	scanning->limits.ratio_max = 2000;
	CHECK_STR(scanning_run(scanning, bomb.bytes, bomb.len), "found");
	CHECK_EQ(scanning->outcome.reasons, 0);
	free(bomb.bytes);
	free(zeros);
	scanning_close(scanning);
}

TEST("a bomb is cut where it goes off, not where its packed bytes end")
{
	enum { LEN = 8 << 20 };
	struct scanning *scanning = scanning_open(needle_rules);
	uint8_t *zeros = calloc(1, LEN);

	REQUIRE(zeros);
	struct wrapped bomb = wrap_gzip(zeros, LEN);
	scanning->limits.ratio_from_bytes = 1 << 20;
	scanning->limits.ratio_max = 500;
	scanning->limits.memory_child_bytes = 256 << 10;
	scanning->spool_bytes = 2 << 20;
	CHECK_STR(scanning_run(scanning, bomb.bytes, bomb.len), "incomplete");
	CHECK_EQ(scanning->outcome.reasons, 1u << REASON_RATIO);
	free(bomb.bytes);
	free(zeros);
	scanning_close(scanning);
}

TEST("a child larger than memory goes to the spool, and is looked at to its end")
{
	enum { LEN = 3 << 20 };
	struct scanning *scanning = scanning_open(needle_rules);
	uint8_t *bytes = calloc(1, LEN);

	REQUIRE(bytes);
	memcpy(bytes + LEN - 6, "needle", 6);
	struct wrapped gz = wrap_gzip(bytes, LEN);
	scanning->limits.memory_child_bytes = 1 << 20;
	scanning->spool_bytes = 4 << 20;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "found");
	CHECK_EQ(scanning->outcome.reasons, 0);

	scanning->spool_bytes = 2 << 20;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_SIZE));
	scanning->spool_bytes = 0;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_SIZE));
	free(gz.bytes);
	free(bytes);
	scanning_close(scanning);
}

TEST("a child, and all children together, have a limit in bytes")
{
	enum { LEN = 1 << 20 };
	struct scanning *scanning = scanning_open(needle_rules);
	uint8_t *bytes = calloc(1, LEN);

	REQUIRE(bytes);
	struct wrapped gz = wrap_gzip(bytes, LEN);
	scanning->limits.child_bytes_max = LEN / 2;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_SIZE));

	scanning->limits = scan_limits_default();
	scanning->limits.bytes_max = LEN / 2;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_BYTES));
	free(gz.bytes);
	free(bytes);
	scanning_close(scanning);
}

TEST("a root that takes too long is incomplete")
{
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped gz = tar_gz(text_of("nothing here"));

	scanning->tick_ms = 1000;
	scanning->limits.time_ms = 3000;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_TIME));
	scanning->limits.time_ms = 1000000;
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len), "clean");
	free(gz.bytes);
	scanning_close(scanning);
}

TEST("memory grows with depth, not with count")
{
	enum { COUNT = 3000 };
	static const char *names[COUNT];
	static struct wrapped members[COUNT];
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped gz = wrap_gzip("a small member", 14);

	for (size_t i = 0; i < COUNT; i++) {
		names[i] = "m";
		members[i] = gz;
	}
	struct wrapped few = wrap_tar(names, members, 3);
	struct wrapped many = wrap_tar(names, members, COUNT);
	CHECK_STR(scanning_run(scanning, few.bytes, few.len), "clean");
	size_t peak = scanning->arena_peak_bytes;
	CHECK_STR(scanning_run(scanning, many.bytes, many.len), "clean");
	CHECK_EQ(scanning->arena_peak_bytes, peak);
	free(few.bytes);
	free(many.bytes);
	free(gz.bytes);
	scanning_close(scanning);
}

TEST("a container that nothing opens is incomplete, not clean")
{
	static const uint8_t seven_zip[64] = { '7', 'z', 0xbc, 0xaf, 0x27, 0x1c, 0, 4 };
	struct scanning *scanning = scanning_open(needle_rules);

	CHECK_STR(scanning_run(scanning, seven_zip, sizeof(seven_zip)), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_UNSUPPORTED));
	scanning_close(scanning);
}

TEST("a damaged container is looked at as far as it goes, and incomplete")
{
	struct scanning *scanning = scanning_open(needle_rules);
	static uint8_t noise[4096];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * i >> 3 ^ i * 31);
	memcpy(noise, "needle", 6);
	struct wrapped gz = wrap_gzip(noise, sizeof(noise));
	CHECK_STR(scanning_run(scanning, gz.bytes, gz.len / 2), "found");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_DAMAGED));
	free(gz.bytes);
	scanning_close(scanning);
}

TEST("an allow entry silences its own source, in the object and all that is inside it")
{
	static const char member[] = "a needle, and more";
	static char allow[128];
	static const char rule[] = "Needle:0:*:6e6565646c65\n";
	struct scanning *plain = scanning_open(needle_rules);
	struct digest digest;
	char hex[DIGEST_HEX_MAX];
	struct wrapped gz = tar_gz(text_of(member));

	REQUIRE(digest_of(&plain->digest_state, DIGEST_MD5,
			  (struct slice){ gz.bytes, gz.len }, &digest) == STATUS_OK);
	digest_hex(&digest, hex);
	snprintf(allow, sizeof(allow), "%s:%zu:Allowed\n", hex, gz.len);
	scanning_close(plain);

	struct scanning *same = scanning_open((const struct rule_text[]){
		{ "a.ndb", rule, "one" }, { "a.fp", allow, "one" }, { 0 } });
	CHECK_STR(scanning_run(same, gz.bytes, gz.len), "clean");
	CHECK_STR(scanning_run(same, member, sizeof(member) - 1), "found");
	scanning_close(same);

	struct scanning *other = scanning_open((const struct rule_text[]){
		{ "a.ndb", rule, "one" }, { "a.fp", allow, "two" }, { 0 } });
	CHECK_STR(scanning_run(other, gz.bytes, gz.len), "found");
	other->clamav_compat = true;
	CHECK_STR(scanning_run(other, gz.bytes, gz.len), "clean");
	scanning_close(other);
	free(gz.bytes);
}

static void never_clean(const uint8_t *bytes, size_t len, void *context)
{
	const char *verdict = scanning_run(context, bytes, len);

	/* Less than the header of a gzip is no container, and holds no needle. */
	if (len >= 10)
		CHECK(strcmp(verdict, "clean") != 0);
}

/* A program with these bytes behind it. */
static const char *scan_behind(struct scanning *scanning, bool is_pe, const void *bytes,
			       size_t len)
{
	static uint8_t file[1 << 18];
	struct pe_wish wish = { .section_len = 100 };
	size_t program_len = is_pe ? pe_make(file, &wish) : elf_make(file, 500, 64, 0);

	memcpy(&file[program_len], bytes, len);
	return scanning_run(scanning, file, program_len + len);
}

TEST("behind a program clamscan looks into archives, and no further")
{
	static const struct rule_text rules[] = {
		{ .name = "a.ldb",
		  .text = "Any;Engine:51-255,Target:0;0;6e6565646c65\n"
			  "Text;Engine:51-255,Target:7;0;6e6565646c65\n"
			  "Program;Engine:51-255,Target:1;0=0;6e6565646c65\n" },
		{ 0 },
	};
	struct scanning *scanning = scanning_open(rules);
	static uint8_t inner[4096];
	struct pe_wish wish = { .section_len = 200 };
	struct zipped zip;

	zipped_start(&zip);
	zipped_member(&zip, "a", "a needle in it", ZIPPED_DEFLATED);
	zipped_finish(&zip);
	for (int compat = 0; compat < 2; compat++) {
		scanning->clamav_compat = compat;
		CHECK_STR(scan_behind(scanning, true, "only a needle", 13), "found");
		CHECK(scanning_told(scanning, "hit  Any"));
		CHECK_EQ(scanning_count(scanning, "text  Text"), 0);
		CHECK_EQ(scanning_count(scanning, "object"), compat ? 1 : 2);
		CHECK_EQ(scanning_count(scanning, "text "), compat ? 0 : 1);

		CHECK_STR(scan_behind(scanning, false, zip.bytes, zip.len), "found");
		CHECK_EQ(scanning_count(scanning, "object"), 3);
		CHECK_EQ(scanning_count(scanning, "hit"), 1 + 1);

		pe_make(inner, &wish);
		(void)scan_behind(scanning, true, inner, sizeof(inner));
		CHECK(scanning_told(scanning, "hit ! Program") ||
		      scanning_told(scanning, "hit  Program"));
		CHECK(scanning_count(scanning, "object") >= 2);
		(void)scan_behind(scanning, false, inner, sizeof(inner));
		CHECK_EQ(scanning_count(scanning, "hit"), compat ? 0 : 1);
	}
	scanning_close(scanning);
}

TEST("a text that speaks of encoded scripts is not opened without end")
{
	static const struct rule_text rules[] = {
		{ .name = "a.ndb", .text = "A:0:*:6e6565646c65\n" }, { 0 }
	};
	static const char inside[] = "<p>signs: #@"
				     "~^......== #@"
				     "~^";
	static const char at_start[] = "#@"
				       "~^<.....== and more";
	struct scanning *scanning = scanning_open(rules);

	CHECK_STR(scanning_run(scanning, inside, sizeof(inside) - 1), "clean");
	CHECK_EQ(scanning_count(scanning, "object"), 1);
	(void)scanning_run(scanning, at_start, sizeof(at_start) - 1);
	CHECK_EQ(scanning_count(scanning, "object"), 2);
	CHECK(!outcome_has_reason(&scanning->outcome, REASON_DEPTH));
	scanning_close(scanning);
}

TEST("what has no more than five bytes is nothing to clamscan")
{
	static const struct rule_text rules[] = {
		{ .name = "a.ndb", .text = "A:0:*:6e6565\n" }, { 0 }
	};
	struct scanning *scanning = scanning_open(rules);

	CHECK_STR(scanning_run(scanning, "needl", 5), "found");
	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, "needl", 5), "clean");
	CHECK_STR(scanning_run(scanning, "needle", 6), "found");
	scanning_close(scanning);
}

TEST("no prefix of what is found is clean")
{
	struct scanning *scanning = scanning_open(needle_rules);
	struct wrapped gz = tar_gz(text_of("here is a needle"));

	every_prefix_is_safe(never_clean, gz.bytes, gz.len, scanning);
	free(gz.bytes);
	scanning_close(scanning);
}

TEST_MAIN()
