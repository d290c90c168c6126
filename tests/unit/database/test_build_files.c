/* SPDX-License-Identifier: Apache-2.0 */
/* Containers among the inputs of a build; what nobody signed is enough for that. */
#include <stdlib.h>

#include "built.h"
#include "cvd_maker.h"
#include "database/segment.h"
#include "sign_maker.h"
#include "test.h"

static struct built built;

static const char *const names[] = { "COPYING", "a.ndb", "a.ign2", "x.txt", NULL };
static const char *const texts[] = { "terms", "A:0:*:616263\nB:0:*:616264\nbad\n", "B\n",
				     "text", NULL };

static const struct cvd_maker good = { .names = names, .texts = texts };

TEST("a container's members are its source's rule files")
{
	size_t len;
	uint8_t *bytes = cvd_make(&good, &len);
	const struct built_file files[] = {
		{ .name = "x.cud", .text = (char *)bytes, .source = 1 },
		{ .name = "y.ndb", .text = "C:0:*:616265\n", .source = 0 },
		{ 0 },
	};
	const struct built_limits limits = { .first_len = len };
	struct file_info file;
	struct rule_info rule;

	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems.text,
		  "refused 0:0:0 x.txt no rule language that is read here: x.txt\n"
		  "left out 0:2:0 a.ndb left out by its source's own list: B\n"
		  "refused 0:3:1 a.ndb too few fields: Name:Target:Offset:HexSignature: "
		  "bad\n");
	CHECK_EQ(built.counts[0].taken, 2);
	CHECK_EQ(built.counts[0].refused, 2);
	CHECK_EQ(built.counts[0].skipped, 1);
	CHECK_EQ(built.counts[1].taken, 1);
	REQUIRE(database_rule(&built.database, 0, 0, &rule));
	CHECK(slice_is(rule.name, "A"));
	CHECK(slice_is(rule.file, "x.cud ! a.ndb"));
	CHECK(slice_is(rule.source, "s1"));
	CHECK(!rule.is_official);
	REQUIRE(database_file(&built.database, 0, 0, &file));
	CHECK(slice_is(file.name, "x.cud"));
	CHECK_EQ(file.flags, FILE_CONTAINER);
	CHECK_EQ(file.version, 7);
	CHECK_EQ(file.built_at, 1624388302);
	REQUIRE(database_file(&built.database, 0, 1, &file));
	CHECK(slice_is(file.name, "x.cud ! a.ndb"));
	CHECK_EQ(file.flags, 0);
	CHECK_EQ(file.source_id, 1);
	built_free(&built);
	free(bytes);
}

TEST("a macro's patterns in a container are of the container's source")
{
	static const char *const macro_names[] = { "a.ndb", NULL };
	static const char *const macro_texts[] = { "A:0:$5$:616263\n", NULL };
	const struct cvd_maker maker = { .names = macro_names, .texts = macro_texts };
	size_t len;
	uint8_t *bytes = cvd_make(&maker, &len);
	const struct built_file files[] = {
		{ .name = "x.cud", .text = (char *)bytes, .source = 1 },
		{ .name = "y.ndb", .text = "B:0:$5$:616264\n", .source = 0 },
		{ 0 },
	};
	const struct built_limits limits = { .first_len = len };

	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(table_macro(&built.database.segments[0], 0).source, 1);
	CHECK_EQ(table_macro(&built.database.segments[0], 1).source, 0);
	built_free(&built);
	free(bytes);
}

TEST("one that is not believed costs itself, by name")
{
	size_t len;
	uint8_t *bytes = cvd_make(&good, &len);
	const struct built_file files[] = {
		{ .name = "x.cld", .text = (char *)bytes },
		{ .name = "y.ndb", .text = "C:0:*:616265\n" },
		{ 0 },
	};
	const struct built_limits limits = { .first_len = len };
	struct file_info file;

	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems.text,
		  "refused 0:0:0 not signed by ClamAV (list of members)\n");
	CHECK_EQ(built.counts[0].refused, 1);
	CHECK_EQ(built.counts[1].taken, 1);
	REQUIRE(database_file(&built.database, 0, 0, &file));
	CHECK_EQ(file.flags, FILE_CONTAINER | FILE_REFUSED);
	REQUIRE(database_file(&built.database, 0, 1, &file));
	CHECK(slice_is(file.name, "y.ndb"));
	CHECK(!database_file(&built.database, 0, 2, &file));
	CHECK(!database_file(&built.database, 1, 0, &file));
	built_free(&built);
	free(bytes);
}

TEST("one that a detached signature vouches for is taken, and told of")
{
	struct sign_maker *somebody = sign_maker_new("Somebody");
	struct slice pem = sign_maker_pem(somebody);
	size_t len;
	uint8_t *bytes = cvd_make(&good, &len);
	char *sign = sign_maker_sign(somebody, (struct slice){ bytes, len }, "SHA256");
	char *certificate = strndup((const char *)pem.base, pem.len);
	struct built_file files[] = {
		{ .name = "x.cvd", .text = (char *)bytes },
		{ .name = "x-7.cvd.sign", .text = sign },
		{ .name = "a.crt", .text = certificate },
		{ 0 },
	};
	enum build_role roles[] = { BUILD_RULES, BUILD_SIGNATURE, BUILD_CERTIFICATE };
	const struct built_limits limits = { .first_len = len, .roles = roles };
	struct file_info file;
	struct rule_info rule;

	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK(strstr(
		built.problems.text,
		"note 0:0:0 believed for a detached signature alone, by: Somebody\n"));
	CHECK_EQ(built.counts[0].taken, 2);
	REQUIRE(database_file(&built.database, 0, 0, &file));
	CHECK_EQ(file.flags, FILE_CONTAINER | FILE_VERIFIED | FILE_VOUCHED);
	REQUIRE(database_rule(&built.database, 0, 0, &rule));
	CHECK(rule.is_official);
	/* Only what rules are in is a file of the segment: here the members. */
	CHECK(database_file(&built.database, 0, 3, &file));
	CHECK(!database_file(&built.database, 0, 4, &file));
	built_free(&built);

	roles[2] = BUILD_RULES;
	files[2].name = "b.ndb";
	files[2].text = "B:0:*:616264\n";
	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems.text,
		  "refused 0:0:0 its header holds no MD5\n"
		  "note 0:0:0 its detached signature does not hold: signed by nobody who "
		  "is trusted, or of another file\n");
	REQUIRE(database_file(&built.database, 0, 0, &file));
	CHECK_EQ(file.flags, FILE_CONTAINER | FILE_REFUSED);
	built_free(&built);
	free(certificate);
	free(sign);
	free(bytes);
	sign_maker_free(somebody);
}

TEST("lists of unwanted programs are read on request, by category")
{
	const struct built_file files[] = {
		{ .name = "x.ndu",
		  .text = "PUA.Win.Tool.A:0:*:616263\nPUA.Lin.Spy.B:0:*:616264\n"
			  "C:0:*:616265\n" },
		{ 0 },
	};
	struct built_limits limits = { 0 };

	built_make(&built, files, &limits);
	CHECK_EQ(built.counts[0].taken, 0);
	CHECK_STR(built.problems.text,
		  "note 0:0:0 potentially unwanted programs: loaded only with --pua\n");
	built_free(&built);
	limits.pua.is_wanted = true;
	built_make(&built, files, &limits);
	CHECK_EQ(built.counts[0].taken, 3);
	built_free(&built);
	limits.pua.categories = slice_of("Tool,None");
	built_make(&built, files, &limits);
	CHECK_EQ(built.counts[0].taken, 1);
	built_free(&built);
	limits.pua.is_exclusion = true;
	built_make(&built, files, &limits);
	CHECK_EQ(built.counts[0].taken, 1);
	CHECK_EQ(built.counts[0].skipped, 2);
	built_free(&built);
}

TEST("rules about phishing may be left out of some languages")
{
	const struct built_file files[] = {
		{ .name = "x.ndb",
		  .text = "HTML.Phishing.A:0:*:616263\n"
			  "Email.Phishing.B:0:*:616264\nC:0:*:616265\n" },
		{ .name = "x.sdb", .text = "HTML.Phishing.E:0:*:616266\nF:0:*:616267\n" },
		{ .name = "x.db", .text = "HTML.Phishing.D=616263\n" },
		{ 0 },
	};
	struct built_limits limits = { .pua.no_phishing = true };

	built_make(&built, files, NULL);
	CHECK_EQ(built.counts[0].taken, 3);
	built_free(&built);
	built_make(&built, files, &limits);
	CHECK_EQ(built.counts[0].taken, 1);
	CHECK_EQ(built.counts[0].skipped, 2);
	CHECK_EQ(built.counts[1].taken, 1);
	CHECK_EQ(built.counts[1].skipped, 1);
	CHECK_EQ(built.counts[2].taken, 1);
	CHECK(strstr(built.problems.text, "left out by --no-phishing-rules"));
	built_free(&built);
}

TEST("tables about links are taken, and find nothing by themselves")
{
	const struct built_file files[] = {
		{ .name = "x.pdb", .text = "H:a.com\n" },
		{ .name = "x.gdb", .text = "S:P:01020304\n" },
		{ .name = "x.wdb", .text = "M:a.com:b.com\n" },
		{ 0 },
	};
	struct source_info source;

	built_make(&built, files, NULL);
	CHECK_EQ(built.counts[0].taken, 1);
	CHECK_EQ(built.counts[1].taken, 1);
	CHECK_EQ(built.counts[2].taken, 1);
	CHECK_STR(built.problems.text,
		  "note 0:0:0 nothing asks it until the links of mail are read\n"
		  "note 1:0:0 nothing asks it until the links of mail are read\n"
		  "note 2:0:0 nothing asks it until the links of mail are read\n");
	REQUIRE(database_source(&built.database, 0, 0, &source));
	CHECK_EQ(source.rules, 0);
	built_free(&built);
}

TEST("programs in a container that nobody signed are not loaded")
{
	static const char *const program_names[] = { "a.cbc", "b.ndb", NULL };
	static const char *const program_texts[] = { "ClamBCaf", "A:0:*:616263\n", NULL };
	const struct cvd_maker maker = { .names = program_names, .texts = program_texts };
	size_t len;
	uint8_t *bytes = cvd_make(&maker, &len);
	const struct built_file files[] = { { .name = "x.cud", .text = (char *)bytes },
					    { 0 } };
	const struct built_limits limits = { .first_len = len };

	built_make(&built, files, &limits);
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems.text,
		  "refused 0:0:0 a.cbc bytecode without a signature: loaded only with "
		  "--bytecode-unsigned\n");
	CHECK_EQ(built.counts[0].taken, 1);
	built_free(&built);
	free(bytes);
}

TEST_MAIN()
