/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

#include "test.h"

TEST("beginnings and ends are known in either case")
{
	CHECK(slice_begins_nocase(slice_of("Rules.NDB"), "rules."));
	CHECK(!slice_begins_nocase(slice_of("Rules.NDB"), "rules.x"));
	CHECK(!slice_begins_nocase(slice_of("ru"), "rules"));
	CHECK(slice_ends_nocase(slice_of("Rules.NDB"), ".ndb"));
	CHECK(slice_ends_nocase(slice_of(".Ndb"), ".ndb"));
	CHECK(!slice_ends_nocase(slice_of("Rules.ndbx"), ".ndb"));
	CHECK(!slice_ends_nocase(slice_of("ndb"), ".ndb"));
	CHECK(!slice_ends_nocase((struct slice){ 0 }, ".ndb"));
	CHECK(slice_is_nocase(slice_of("NDB"), "ndb"));
	CHECK(!slice_is_nocase(slice_of("NDB"), "nd"));
}

TEST_MAIN()
