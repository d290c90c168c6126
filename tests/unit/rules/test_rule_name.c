/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule.h"

#include "test.h"

TEST("names that begin so are weak, others are not")
{
	CHECK(rule_name_is_weak(slice_of("PUA.Win.Packer")));
	CHECK(rule_name_is_weak(slice_of("Heuristics.Encrypted")));
	CHECK(rule_name_is_weak(slice_of("BC.Heuristics.X")));
	CHECK(!rule_name_is_weak(slice_of("PUA")));
	CHECK(!rule_name_is_weak(slice_of("pua.x")));
	CHECK(!rule_name_is_weak(slice_of("BC.X")));
	CHECK(!rule_name_is_weak(slice_of("X.PUA.Y")));
	CHECK(!rule_name_is_weak(slice_of("")));
}

TEST("names of phishing, in this case alone")
{
	CHECK(rule_name_is_phishing(slice_of("HTML.Phishing.Bank-1")));
	CHECK(rule_name_is_phishing(slice_of("Email.PhishingX")));
	CHECK(!rule_name_is_phishing(slice_of("html.phishing.Bank-1")));
	CHECK(!rule_name_is_phishing(slice_of("Phishing.X")));
	CHECK(!rule_name_is_phishing(slice_of("HTML.Phish")));
}

static bool is_in(const char *name, const char *category)
{
	return rule_name_in_category(slice_of(name), slice_of(category));
}

TEST("categories are the whole parts between PUA and the last dot")
{
	CHECK(is_in("PUA.Win.Packer.X-1", "Win"));
	CHECK(is_in("PUA.Win.Packer.X-1", "Packer"));
	CHECK(is_in("PUA.Win.Packer.X-1", "Win.Packer"));
	CHECK(!is_in("PUA.Win.Packer.X-1", "X-1"));
	CHECK(!is_in("PUA.Win.Packer.X-1", "Pack"));
	CHECK(!is_in("PUA.Win.Packer.X-1", "acker"));
	CHECK(!is_in("PUA.Win.Packer.X-1", "win"));
	CHECK(!is_in("PUA.Win.Packer.X-1", "PUA"));
	CHECK(!is_in("PUA.Win.Packer.X-1", ""));
	CHECK(!is_in("PUA.Win", "Win"));
	CHECK(!is_in("Other.Win.X", "Win"));
	CHECK(rule_name_has_category(slice_of("PUA.Win.X")));
	CHECK(!rule_name_has_category(slice_of("PUA.Win")));
	CHECK(!rule_name_has_category(slice_of("Other.Win.X")));
}

TEST("the old ending of names is cut")
{
	CHECK(slice_is(rule_name_cut(slice_of("A.B (Clam)")), "A.B"));
	CHECK(slice_is(rule_name_cut(slice_of("A (Clam).B (Clam)")), "A"));
	CHECK(slice_is(rule_name_cut(slice_of("A.B(Clam)")), "A.B(Clam)"));
}

TEST_MAIN()
