/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/reason.h"
#include "test.h"

static struct config_error error;

static bool set(struct config *config, enum setting_id id, enum config_origin origin,
		const char *text)
{
	error.text[0] = '\0';
	return config_set(config, id, (struct config_place){ origin, "here" }, text,
			  &error);
}

static bool read_text(struct config *config, enum config_origin origin, const char *text)
{
	error.text[0] = '\0';
	return config_read(config, origin, "a.conf", slice_of(text), &error);
}

static void check_written(const struct config *config, enum setting_id id,
			  const char *want)
{
	char *text = config_write(config, id);

	CHECK_STR(text, want);
	free(text);
}

TEST("the defaults fit their own settings")
{
	struct config config;

	config_init(&config);
	CHECK_EQ(config_number(&config, SETTING_MAX_DEPTH), 32);
	CHECK_EQ(config_number(&config, SETTING_MAX_BYTES), INT64_C(16) << 30);
	CHECK_EQ(config_number(&config, SETTING_MAX_TIME), 120000);
	CHECK(config_flag(&config, SETTING_SUMMARY));
	CHECK(!config_text(&config, SETTING_STATE));
	check_written(&config, SETTING_MAX_CHILD, "4G");
	check_written(&config, SETTING_COLOR, "auto");
	check_written(&config, SETTING_ACCEPT, "");
	config_clear(&config);
}

TEST("the defaults of limits are those of the engine")
{
	struct scan_limits limits = scan_limits_default();
	struct config config;

	config_init(&config);
	CHECK_EQ(config_number(&config, SETTING_MAX_DEPTH), limits.depth_max);
	CHECK_EQ(config_number(&config, SETTING_MAX_FILES), limits.files_max);
	CHECK_EQ(config_number(&config, SETTING_MAX_BYTES), limits.bytes_max);
	CHECK_EQ(config_number(&config, SETTING_MAX_CHILD), limits.child_bytes_max);
	CHECK_EQ(config_number(&config, SETTING_MAX_RATIO), limits.ratio_max);
	CHECK_EQ(config_number(&config, SETTING_MAX_TIME), limits.time_ms);
	config_clear(&config);
}

TEST("an option beats the environment, the user's file and the system's, in any order")
{
	struct config config;

	config_init(&config);
	CHECK(set(&config, SETTING_JOBS, ORIGIN_ENVIRONMENT, "3"));
	CHECK(set(&config, SETTING_JOBS, ORIGIN_OPTION, "4"));
	CHECK(set(&config, SETTING_JOBS, ORIGIN_SYSTEM, "1"));
	CHECK(set(&config, SETTING_JOBS, ORIGIN_USER, "2"));
	CHECK_EQ(config_number(&config, SETTING_JOBS), 4);
	CHECK_EQ(config.values[SETTING_JOBS].origin, ORIGIN_OPTION);
	CHECK_STR(config.values[SETTING_JOBS].where, "here");
	config_clear(&config);
}

TEST("a list adds up inside one origin and replaces the origins below")
{
	struct config config;

	config_init(&config);
	CHECK(set(&config, SETTING_DATABASE, ORIGIN_SYSTEM, "a"));
	CHECK(set(&config, SETTING_DATABASE, ORIGIN_SYSTEM, "b"));
	check_written(&config, SETTING_DATABASE, "a, b");
	CHECK(set(&config, SETTING_DATABASE, ORIGIN_OPTION, "c"));
	check_written(&config, SETTING_DATABASE, "c");
	CHECK(set(&config, SETTING_DATABASE, ORIGIN_OPTION, ""));
	CHECK_EQ(config.values[SETTING_DATABASE].text_count, 0);
	config_clear(&config);
}

TEST("a value that does not fit changes nothing and says what would")
{
	struct config config;

	config_init(&config);
	CHECK(!set(&config, SETTING_MAX_DEPTH, ORIGIN_OPTION, "many"));
	CHECK_STR(
		error.text,
		"here: 'many' does not fit 'max-depth', which is a number from 0 to 256");
	CHECK(!set(&config, SETTING_MAX_DEPTH, ORIGIN_OPTION, "257"));
	CHECK(!set(&config, SETTING_SUMMARY, ORIGIN_OPTION, "maybe"));
	CHECK_STR(error.text, "here: 'maybe' does not fit 'summary', which is yes or no");
	CHECK(!set(&config, SETTING_COLOR, ORIGIN_OPTION, "aut"));
	CHECK_STR(error.text,
		  "here: 'aut' does not fit 'color', which is one of: auto|always|never");
	CHECK_EQ(config.values[SETTING_MAX_DEPTH].origin, ORIGIN_DEFAULT);
	CHECK_EQ(config_number(&config, SETTING_MAX_DEPTH), 32);
	config_clear(&config);
}

TEST("reasons are names with commas between")
{
	struct config config;

	config_init(&config);
	CHECK(set(&config, SETTING_ACCEPT, ORIGIN_OPTION, "password,unsupported"));
	CHECK_EQ(config_number(&config, SETTING_ACCEPT),
		 (1 << REASON_PASSWORD) | (1 << REASON_UNSUPPORTED));
	check_written(&config, SETTING_ACCEPT, "password,unsupported");
	CHECK(!set(&config, SETTING_ACCEPT, ORIGIN_OPTION, "password,"));
	CHECK(!set(&config, SETTING_ACCEPT, ORIGIN_OPTION, "passwort"));
	CHECK(strstr(error.text, "size files depth"));
	config_clear(&config);
}

TEST("what hides files is taken from options and the system alone")
{
	struct config config;

	config_init(&config);
	CHECK(!set(&config, SETTING_EXCLUDE, ORIGIN_USER, "*.iso"));
	CHECK(!set(&config, SETTING_EXCLUDE, ORIGIN_ENVIRONMENT, "*.iso"));
	CHECK_STR(error.text,
		  "here: 'exclude' is taken from options and from /etc/custos only");
	CHECK(set(&config, SETTING_EXCLUDE, ORIGIN_SYSTEM, "*.iso"));
	CHECK(set(&config, SETTING_EXCLUDE, ORIGIN_OPTION, "*.bak"));
	config_clear(&config);
}

TEST("a file is lines of key = value, blank lines and comments")
{
	struct config config;

	config_init(&config);
	CHECK(read_text(&config, ORIGIN_USER,
			"# mine\n\n  jobs=2\r\n\tstate = /a path # with = signs "
			"\nmax-time = 5m"));
	CHECK_EQ(config_number(&config, SETTING_JOBS), 2);
	CHECK_STR(config_text(&config, SETTING_STATE), "/a path # with = signs");
	CHECK_EQ(config_number(&config, SETTING_MAX_TIME), 300000);
	CHECK_STR(config.values[SETTING_MAX_TIME].where, "a.conf:5");
	config_clear(&config);
}

TEST("an error names the file and the line")
{
	struct config config;

	config_init(&config);
	CHECK(!read_text(&config, ORIGIN_USER, "jobs = 2\njob = 3\n"));
	CHECK_STR(error.text, "a.conf:2: there is no setting 'job'");
	CHECK(!read_text(&config, ORIGIN_USER, "jobs\n"));
	CHECK_STR(error.text, "a.conf:1: not of the form key = value");
	CHECK(!read_text(&config, ORIGIN_USER, "\n\nmax-child = large\n"));
	CHECK_STR(error.text, "a.conf:3: 'large' does not fit 'max-child', which is a "
			      "size such as 64K, 100M or 4G");
	config_clear(&config);
}

TEST("a file with a NUL in a line is refused")
{
	static const char bytes[] = "state = /a\0b\n";
	struct config config;

	config_init(&config);
	CHECK(!config_read(&config, ORIGIN_USER, "a.conf",
			   (struct slice){ (const uint8_t *)bytes, sizeof(bytes) - 1 },
			   &error));
	config_clear(&config);
}

TEST_MAIN()
