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

TEST_MAIN()
