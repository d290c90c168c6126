/* SPDX-License-Identifier: Apache-2.0 */
#include "config/setting.h"

#include "test.h"

TEST("every setting can be found by its name and is explained")
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		enum setting_id id;

		REQUIRE(settings[i].name && settings[i].fallback && settings[i].help);
		CHECK(setting_find(slice_of(settings[i].name), &id) && id == i);
		CHECK(settings[i].type == SETTING_FLAG || settings[i].argument);
		CHECK((settings[i].type == SETTING_CHOICE) ==
		      (settings[i].choices != NULL));
		CHECK(strlen(settings[i].help) < 72);
	}
}

TEST("a prefix of a name finds nothing")
{
	enum setting_id id;

	CHECK(!setting_find(slice_of("max"), &id));
	CHECK(!setting_find(slice_of(""), &id));
}

TEST_MAIN()
