/* SPDX-License-Identifier: Apache-2.0 */
#include "database/ignored.h"

#include "test.h"

struct setting {
	struct digests digests;
	struct digest_state digest;
	struct arena arena;
	struct ignored ignored;
};

static bool open_setting(struct setting *setting)
{
	arena_init(&setting->arena, 16 << 20);
	if (digests_load(&setting->digests) != STATUS_OK ||
	    digest_state_init(&setting->digest, &setting->digests) != STATUS_OK)
		return false;
	ignored_init(&setting->ignored, &setting->arena, &setting->digest);
	return true;
}

static void close_setting(struct setting *setting)
{
	arena_clear(&setting->arena);
	digest_state_clear(&setting->digest);
	digests_clear(&setting->digests);
}

static bool has(struct setting *setting, uint32_t source, const char *name,
		const char *line)
{
	bool result = false;

	return ignored_has(&setting->ignored, source, slice_of(name), slice_of(line),
			   &result) == STATUS_OK &&
	       result;
}

TEST("an entry acts on its name in its source")
{
	struct setting setting;
	struct rule rule = { .language = RULE_IGNORE };

	REQUIRE(open_setting(&setting));
	for (uint32_t i = 0; i < 5000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "Name%u", i);
		rule.name = slice_of(name);
		REQUIRE(ignored_add(&setting.ignored, i % 2, &rule));
	}
	ignored_finish(&setting.ignored);
	CHECK(has(&setting, 0, "Name0", ""));
	CHECK(has(&setting, 0, "Name4998", ""));
	CHECK(has(&setting, 1, "Name4999", ""));
	CHECK(!has(&setting, 1, "Name0", ""));
	CHECK(!has(&setting, 2, "Name0", ""));
	CHECK(!has(&setting, 0, "Name", ""));
	CHECK(!has(&setting, 0, "Name00", ""));
	close_setting(&setting);
}

TEST("an entry with a digest acts on that line alone, others of its name go on")
{
	/* MD5 of "abc" */
	static const uint8_t abc[16] = { 0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0,
					 0xd6, 0x96, 0x3f, 0x7d, 0x28, 0xe1, 0x7f, 0x72 };
	struct setting setting;
	struct rule rule = { .language = RULE_IGNORE,
			     .name = slice_of("A"),
			     .has_line_digest = true };

	REQUIRE(open_setting(&setting));
	REQUIRE(ignored_add(&setting.ignored, 0, &rule)); /* all zeros: no line's */
	memcpy(rule.line_digest, abc, sizeof(abc));
	REQUIRE(ignored_add(&setting.ignored, 0, &rule));
	ignored_finish(&setting.ignored);
	CHECK(has(&setting, 0, "A", "abc"));
	CHECK(!has(&setting, 0, "A", "abd"));
	CHECK(!has(&setting, 0, "B", "abc"));
	close_setting(&setting);
}

TEST("no entries, no answer")
{
	struct setting setting;

	REQUIRE(open_setting(&setting));
	ignored_finish(&setting.ignored);
	CHECK(!has(&setting, 0, "A", "abc"));
	close_setting(&setting);
}

TEST_MAIN()
