/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos allow: the list of findings that are known and not to be told again.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/limits.h"
#include "config/quantity.h"
#include "host/allow.h"
#include "host/folder.h"
#include "host/hash_file.h"
#include "host/target.h"
#include "memory.h"
#include "scanner.h"
#include "screen.h"

static int run_add(struct invocation *invocation);
static int run_list(struct invocation *invocation);
static int run_remove(struct invocation *invocation);
static const char *mistake_in(const struct invocation *invocation);
static bool take_end(const struct invocation *invocation, struct allow_entry *entry);
static bool take_object(const char *operand, struct allow_entry *entry);
static bool has_wide_holes(int fd);
static bool add_entry(const struct invocation *invocation,
		      const struct allow_entry *entry);
static void print_entry(const struct allow_entry *entry);
static bool choose_lines(const struct allow *allow, const char *operand, unsigned *lines,
			 size_t *count);
static bool report(enum status status, const char *folder);

static const enum setting_id allow_settings[] = { SETTING_STATE };

static const struct option_spec add_options[] = {
	{ "rule", 'r', "RULE", "only this rule: its name, or source:name [any]" },
	{ "any-file", 0, NULL, "in any file: turns the rule off (needs --rule)" },
	{ "reason", 0, "TEXT", "why; kept with the entry" },
	{ "expires", 0, "WHEN",
	  "until the end of a day: 2026-12-31, or 30d from now [never]" },
	{ 0 },
};

static const struct command allow_add_command = {
	.name = "add",
	.summary = "allow a file, or one rule in it",
	.operands = "SHA256|FILE...",
	.about =
		"What is allowed is found but not told: the summary only counts it. An "
		"entry is\n"
		"for an object and all that is in it, and holds from now on.\n"
		"\n"
		"  custos allow add --reason 'our own test file' --expires 90d test.zip\n"
		"  custos allow add --rule Linux.Webshell.Eval 2c26b46b68ffc68f...\n"
		"  custos allow add --rule Some.Rule --any-file --reason 'too many false "
		"alarms'\n",
	.run = run_add,
	.options = add_options,
	.settings = allow_settings,
	.setting_count = ARRAY_LEN(allow_settings),
};

static const struct command allow_list_command = {
	.name = "list",
	.summary = "show what is allowed",
	.operands = "",
	.about = "Shows the system's entries, which also hold for you, and your own, "
		 "numbered.\n",
	.run = run_list,
	.settings = allow_settings,
	.setting_count = ARRAY_LEN(allow_settings),
};

static const struct command allow_remove_command = {
	.name = "remove",
	.summary = "take entries off the list",
	.operands = "NUMBER|SHA256...",
	.about = "Takes an entry by its number in `custos allow list', or all for a "
		 "digest.\n",
	.run = run_remove,
	.settings = allow_settings,
	.setting_count = ARRAY_LEN(allow_settings),
};

static const struct command *const allow_commands[] = {
	&allow_add_command,
	&allow_list_command,
	&allow_remove_command,
	NULL,
};

const struct command command_allow = {
	.name = "allow",
	.summary = "keep findings that are known from being told again",
	.about = "The list is a text file, `allow', in the state folder: one for the "
		 "system\n"
		 "(" FOLDER_SYSTEM_STATE "), which root writes, and one for each user.\n",
	.subcommands = allow_commands,
};

static int run_add(struct invocation *invocation)
{
	const char *rule = invocation_text(invocation, "rule");
	const char *reason = invocation_text(invocation, "reason");
	bool any_file = invocation_has(invocation, "any-file");
	struct allow_entry entry = {
		.rule = (char *)(uintptr_t)rule,
		.reason = (char *)(uintptr_t)(reason ? reason : ""),
		.any_object = any_file,
		.added = time(NULL),
	};

	const char *mistake = mistake_in(invocation);
	if (mistake) {
		screen_error("%s", mistake);
		return EXIT_ERROR;
	}
	if (!take_end(invocation, &entry))
		return EXIT_ERROR;
	if (any_file)
		return add_entry(invocation, &entry) ? EXIT_OK : EXIT_ERROR;
	/* All or none: a name that is wrong is better seen before anything is written. */
	for (size_t i = 0; i < invocation->operand_count; i++)
		if (!take_object(invocation->operands[i], &entry))
			return EXIT_ERROR;
	for (size_t i = 0; i < invocation->operand_count; i++)
		if (!take_object(invocation->operands[i], &entry) ||
		    !add_entry(invocation, &entry))
			return EXIT_ERROR;
	return EXIT_OK;
}

/* What does not go together on the command line of `add`, or NULL. */
static const char *mistake_in(const struct invocation *invocation)
{
	const char *rule = invocation_text(invocation, "rule");
	bool any_file = invocation_has(invocation, "any-file");

	if (rule && !*rule)
		return "--rule needs a name";
	if (any_file && (!rule || invocation->operand_count > 0))
		return "--any-file needs --rule, and no digest or file";
	if (!any_file && invocation->operand_count == 0)
		return "allow what? Give a SHA-256 or a file";
	return NULL;
}

static bool take_end(const struct invocation *invocation, struct allow_entry *entry)
{
	enum { DAY_SECONDS = 86400 };
	const char *expires = invocation_text(invocation, "expires");
	uint64_t ms;

	if (!expires)
		return true;
	if (allow_parse_date(expires, &entry->until)) {
		entry->until += DAY_SECONDS;
	} else if (expires[strspn(expires, "0123456789")] != '\0' &&
		   quantity_parse_time(expires, &ms) && ms / 1000 < INT32_MAX) {
		entry->until = time(NULL) + (time_t)(ms / 1000);
	} else {
		screen_error("'%s' is no day: write 2026-12-31, or 30d from now",
			     expires);
		return false;
	}
	if (entry->until > time(NULL))
		return true;
	screen_error("'%s' is over already", expires);
	return false;
}

static bool take_object(const char *operand, struct allow_entry *entry)
{
	AUTO_CLOSE int fd = -1;
	struct digest digest;
	struct stat st;

	if (digest_parse(slice_of(operand), &digest)) {
		memcpy(entry->sha256, digest.bytes, sizeof(entry->sha256));
		if (digest.len == sizeof(entry->sha256))
			return true;
		screen_error(
			"%s: not a SHA-256 (64 digits), which is what an entry needs",
			operand);
		return false;
	}
	fd = open(operand, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0) {
		screen_error("%s: %s", operand, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		screen_error("%s: neither a SHA-256 nor a regular file", operand);
		return false;
	}
	if (has_wide_holes(fd)) {
		screen_error("%s: has so many holes that scans take no digest of it: "
			     "allow its rule, with --any-file",
			     operand);
		return false;
	}
	if (hash_file(fd, entry->sha256) == STATUS_OK)
		return true;
	screen_error("%s: cannot be hashed: %s", operand, strerror(errno));
	return false;
}

/* More of them than the engine hashes: an entry for the digest could never hold. */
static bool has_wide_holes(int fd)
{
	struct target_facts facts;
	AUTO_FREE struct extent *extents = NULL;
	size_t count;
	uint64_t data = 0;

	if (target_look(fd, &facts) != STATUS_OK ||
	    target_extents(fd, &facts, &extents, &count) != STATUS_OK || count == 0)
		return false;
	for (size_t i = 0; i < count; i++)
		data += extents[i].len;
	return facts.size - data > scan_limits_default().hole_hash_bytes;
}

static bool add_entry(const struct invocation *invocation,
		      const struct allow_entry *entry)
{
	AUTO_FREE char *folder = folder_state(
		config_text(&invocation->config, SETTING_STATE));

	if (!folder) {
		screen_error("there is no home to keep the list in; give --state");
		return false;
	}
	if (!report(allow_add(folder, entry), folder))
		return false;
	screen_print(SCREEN_PLAIN, "allowed: ");
	print_entry(entry);
	return true;
}

static int run_list(struct invocation *invocation)
{
	struct allow allow = { 0 };
	size_t number = 0;

	if (!scanner_load_allow(&allow, &invocation->config))
		return EXIT_ERROR;
	for (size_t i = 0; i < allow.count; i++) {
		if (allow.entries[i].is_system)
			screen_print(SCREEN_STRONG, "system   ");
		else
			screen_print(SCREEN_STRONG, "%6zu   ", ++number);
		print_entry(&allow.entries[i]);
	}
	if (allow.count == 0)
		screen_print(SCREEN_PLAIN, "nothing is allowed\n");
	allow_clear(&allow);
	return EXIT_OK;
}

static void print_day(time_t when)
{
	struct tm day;
	char text[32];

	gmtime_r(&when, &day);
	strftime(text, sizeof(text), "%Y-%m-%d", &day);
	screen_print(SCREEN_PLAIN, "%s", text);
}

static void print_entry(const struct allow_entry *entry)
{
	for (size_t i = 0; !entry->any_object && i < sizeof(entry->sha256); i++)
		screen_print(SCREEN_PLAIN, "%02x", entry->sha256[i]);
	if (entry->any_object)
		screen_print(SCREEN_PLAIN, "any file");
	screen_print(SCREEN_PLAIN, "\n         rule ");
	screen_text(slice_of(entry->rule ? entry->rule : "any"));
	screen_print(SCREEN_PLAIN, ", until ");
	if (entry->until == 0)
		screen_print(SCREEN_PLAIN, "it is removed");
	else
		print_day(entry->until - 1);
	if (entry->until != 0 && entry->until <= time(NULL))
		screen_print(SCREEN_DOUBT, " (expired: allows nothing)");
	screen_print(SCREEN_PLAIN, ", added ");
	print_day(entry->added);
	if (*entry->reason) {
		screen_print(SCREEN_PLAIN, ": ");
		screen_text(slice_of(entry->reason));
	}
	screen_print(SCREEN_PLAIN, "\n");
}

static int run_remove(struct invocation *invocation)
{
	AUTO_FREE char *folder = folder_state(
		config_text(&invocation->config, SETTING_STATE));
	AUTO_FREE unsigned *lines = NULL;
	struct allow allow = { 0 };
	size_t count = 0;
	bool ok = folder != NULL;

	if (invocation->operand_count == 0) {
		screen_error(
			"remove what? Give a number of `custos allow list', or a digest");
		return EXIT_ERROR;
	}
	ok = ok && report(allow_load(&allow, folder, false), folder);
	lines = memory_zeroed(allow.count * invocation->operand_count, sizeof(*lines));
	for (size_t i = 0; ok && i < invocation->operand_count; i++)
		ok = choose_lines(&allow, invocation->operands[i], lines, &count);
	ok = ok && report(allow_remove(folder, lines, count), folder);
	allow_clear(&allow);
	return ok ? EXIT_OK : EXIT_ERROR;
}

static bool choose_lines(const struct allow *allow, const char *operand, unsigned *lines,
			 size_t *count)
{
	size_t before = *count;
	struct digest digest;
	uint64_t number;

	if (digest_parse(slice_of(operand), &digest) &&
	    digest.len == sizeof(allow->entries[0].sha256)) {
		for (size_t i = 0; i < allow->count; i++)
			if (!allow->entries[i].any_object &&
			    memcmp(allow->entries[i].sha256, digest.bytes, digest.len) ==
				    0)
				lines[(*count)++] = allow->entries[i].line;
	} else if (quantity_parse_number(operand, &number) && number > 0 &&
		   number <= allow->count) {
		lines[(*count)++] = allow->entries[number - 1].line;
	}
	if (*count > before)
		return true;
	screen_error("'%s' is on no line of your list", operand);
	return false;
}

static bool report(enum status status, const char *folder)
{
	if (status == STATUS_OK)
		return true;
	if (status == STATUS_MALFORMED)
		screen_error("a rule or a reason cannot hold control characters");
	else if (status == STATUS_CHANGED)
		screen_error("%s/allow: others own it or may write to it: not touched",
			     folder);
	else
		screen_error("%s/allow: %s", folder, strerror(errno));
	return false;
}
