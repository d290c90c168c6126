/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule.h"

#include "test.h"

static const char *suffix_of(const char *name)
{
	const struct rule_reader *reader = rule_reader_of(slice_of(name));

	return reader ? reader->suffix : "none";
}

TEST("the last part of a file's name says its language")
{
	CHECK_STR(suffix_of("a.ndb"), "ndb");
	CHECK_STR(suffix_of("a.b.LDB"), "ldb");
	CHECK_STR(suffix_of("x.hdb"), "hdb");
	CHECK_STR(suffix_of("x.Hsb"), "hsb");
	CHECK_STR(suffix_of("x.mdb"), "mdb");
	CHECK_STR(suffix_of("x.msb"), "msb");
	CHECK_STR(suffix_of("x.sdb"), "sdb");
	CHECK_STR(suffix_of("x.fp"), "fp");
	CHECK_STR(suffix_of("x.sfp"), "sfp");
	CHECK_STR(suffix_of("x.ign"), "ign");
	CHECK_STR(suffix_of("x.ign2"), "ign2");
	CHECK_STR(suffix_of(".ndb"), "ndb");
	CHECK_STR(suffix_of("x.db"), "db");
}

TEST("lists of potentially unwanted programs are known as such")
{
	static const char *const names[] = { "a.ndu", "a.ldu", "a.hdu",
					     "a.hsu", "a.mdu", "a.MSU" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct rule_reader *reader = rule_reader_of(slice_of(names[i]));

		REQUIRE(reader);
		CHECK(rule_reader_is_pua(reader));
	}
	CHECK(!rule_reader_is_pua(rule_reader_of(slice_of("a.ndb"))));
}

TEST("other names belong to no language")
{
	static const char *const names[] = { "",     "ndb",   "a.ndbx", "a.ndb.gz",
					     "andb", "a.zmx", "a.yar",  "a.",
					     ".",    "b" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		CHECK_STR(suffix_of(names[i]), "none");
	CHECK(!rule_reader_of((struct slice){ NULL, 0 }));
}

TEST_MAIN()
