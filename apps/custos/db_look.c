/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db info, list and lookup: what is in the rules that are used.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "config/quantity.h"
#include "database/segment.h"
#include "db.h"
#include "host/lookup.h"
#include "memory.h"
#include "rule_page.h"
#include "scanner.h"
#include "screen.h"

static int run_info(struct invocation *invocation);
static int run_list(struct invocation *invocation);
static int run_lookup(struct invocation *invocation);
static void print_source(const struct catalog_source *source);
static void print_segment(const struct database *database, uint32_t segment);
static bool is_wanted(const struct invocation *invocation, const char *name);

static const enum setting_id rule_settings[] = {
	SETTING_DATABASE,     SETTING_CLAMAV_FOLDER,     PUA_SETTINGS,
	SETTING_CERTIFICATES, SETTING_BYTECODE_UNSIGNED, SETTING_CACHE,
	SETTING_COLOR
};

const struct command db_info_command = {
	.name = "info",
	.summary = "show what a database holds",
	.operands = "[PATH...]",
	.about = "Shows the given databases, or those that a scan would use now.\n",
	.run = run_info,
	.settings = rule_settings,
	.setting_count = ARRAY_LEN(rule_settings),
};

const struct command db_list_command = {
	.name = "list",
	.summary = "list the names of rules",
	.operands = "[PATTERN...]",
	.about =
		"PATTERN is part of a name, or a glob for the whole of it, in any case.\n"
		"\n"
		"  custos db list miner\n"
		"  custos db list 'Linux.*.Shell'\n",
	.run = run_list,
	.settings = rule_settings,
	.setting_count = ARRAY_LEN(rule_settings),
};

const struct command db_lookup_command = {
	.name = "lookup",
	.summary = "find rules by name, or those for a digest or a file's digests",
	.operands = "NAME|DIGEST...",
	.about = "DIGEST is an MD5, SHA-1 or SHA-256 in hex. Ends with 1 if nothing is "
		 "known.\n",
	.run = run_lookup,
	.settings = rule_settings,
	.setting_count = ARRAY_LEN(rule_settings),
};

static int run_info(struct invocation *invocation)
{
	struct config_place place = { ORIGIN_OPTION, "PATH" };
	struct config_error error;
	struct scanner scanner;
	char count[QUANTITY_TEXT_MAX];

	for (size_t i = 0; i < invocation->operand_count; i++)
		if (!config_set(&invocation->config, SETTING_DATABASE, place,
				invocation->operands[i], &error))
			return EXIT_ERROR;
	if (!scanner_open(&scanner, &invocation->config))
		return EXIT_ERROR;
	for (size_t i = 0; i < scanner.catalog.source_count; i++)
		print_source(&scanner.catalog.sources[i]);
	for (uint32_t i = 0; i < scanner.catalog.database.segment_count; i++)
		print_segment(&scanner.catalog.database, i);
	screen_print(SCREEN_PLAIN, "together %s %s",
		     quantity_show_count(scanner.catalog.rules, count),
		     quantity_word(scanner.catalog.rules, "rule", "rules"));
	if (scanner.catalog.refused > 0)
		screen_print(SCREEN_DOUBT, ", %s %s refused",
			     quantity_show_count(scanner.catalog.refused, count),
			     quantity_word(scanner.catalog.refused, "line", "lines"));
	screen_print(SCREEN_PLAIN, "\n");
	scanner_close(&scanner);
	return EXIT_OK;
}

static void print_fact(const char *label, struct slice text)
{
	if (text.len == 0)
		return;
	screen_print(SCREEN_FAINT, "  %-10s", label);
	screen_text(text);
	screen_print(SCREEN_PLAIN, "\n");
}

static void print_source(const struct catalog_source *source)
{
	char count[QUANTITY_TEXT_MAX], day[32] = "came with custos " CUSTOS_VERSION;
	time_t newest = (time_t)source->newest;
	struct tm broken;

	screen_text(source->name);
	screen_print(SCREEN_PLAIN, ": %s %s\n", quantity_show_count(source->rules, count),
		     quantity_word(source->rules, "rule", "rules"));
	print_fact("for", source->coverage);
	print_fact("licence", source->licence);
	if (newest != 0 && localtime_r(&newest, &broken))
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M", &broken);
	print_fact(source->release.len > 0 ? "made" : "changed", slice_of(day));
	if (source->unread_name)
		print_fact("not read", slice_of(source->unread_name));
}

/* ClamAV's containers: which version of each, and whose word stands for it. */
static void print_containers(const struct database *database, uint32_t segment)
{
	struct file_info file;

	for (uint32_t i = 0; database_file(database, segment, i, &file); i++) {
		const char *state = "signed by nobody";

		if (!(file.flags & FILE_CONTAINER))
			continue;
		if (file.flags & FILE_REFUSED)
			state = "not believed, and not used";
		else if (file.flags & FILE_OLDER)
			state = "not used: a newer version is there";
		else if (file.flags & FILE_VOUCHED)
			state = "believed for its detached signature";
		else if (file.flags & FILE_VERIFIED)
			state = "signed by ClamAV";
		screen_print(SCREEN_FAINT, "  %-10s", "container");
		screen_text(file.name);
		if (!(file.flags & FILE_REFUSED))
			screen_print(SCREEN_PLAIN, ", version %u", file.version);
		screen_print(SCREEN_PLAIN, ", %s\n", state);
	}
}

static void print_segment(const struct database *database, uint32_t segment)
{
	struct segment_info info;
	char size[QUANTITY_TEXT_MAX];

	if (!database_info(database, segment, &info))
		return;
	screen_print(SCREEN_STRONG, "compiled part %u", segment + 1);
	screen_print(SCREEN_PLAIN,
		     "\n  with patterns %u (%u without a literal to look for first), "
		     "hashes %u, allow entries %u, others %u\n",
		     info.pattern_rules, info.always_rules, info.hash_rules,
		     info.allow_entries, info.entries);
	snprintf(size, sizeof(size), "%u", info.format_version);
	print_fact("format", slice_of(size));
	print_fact("built by", info.build_id);
	print_containers(database, segment);
}

struct listing {
	const struct invocation *invocation;
	size_t count;
};

static void list_rule(void *context, uint32_t segment, uint32_t rule,
		      const struct rule_info *info)
{
	struct listing *listing = context;
	AUTO_FREE char *name = memory_text(info->name);

	(void)segment;
	(void)rule;
	if (info->is_allow || !is_wanted(listing->invocation, name))
		return;
	listing->count++;
	screen_text(info->source);
	screen_print(SCREEN_PLAIN, ":");
	screen_text(info->name);
	screen_print(SCREEN_PLAIN, "\n");
}

static bool is_wanted(const struct invocation *invocation, const char *name)
{
	for (size_t i = 0; i < invocation->operand_count; i++)
		if (strcasestr(name, invocation->operands[i]) ||
		    fnmatch(invocation->operands[i], name, FNM_CASEFOLD) == 0)
			return true;
	return invocation->operand_count == 0;
}

static int run_list(struct invocation *invocation)
{
	struct listing listing = { .invocation = invocation };
	struct scanner scanner;

	if (!scanner_open(&scanner, &invocation->config))
		return EXIT_ERROR;
	lookup_all(&(struct lookup){ &scanner.catalog.database, list_rule, &listing });
	scanner_close(&scanner);
	return listing.count > 0 ? EXIT_OK : EXIT_FOUND;
}

struct looking {
	const struct catalog *catalog;
	size_t count;
};

static void show_rule(void *context, uint32_t segment, uint32_t rule,
		      const struct rule_info *info)
{
	struct looking *looking = context;

	(void)info;
	looking->count++;
	rule_page_print(looking->catalog, segment, rule);
}

static int run_lookup(struct invocation *invocation)
{
	struct scanner scanner;
	struct looking looking = { .catalog = &scanner.catalog };
	struct lookup lookup = { &scanner.catalog.database, show_rule, &looking };
	int code = EXIT_OK;

	if (invocation->operand_count == 0) {
		screen_error("look up what? Give a name or a digest");
		return EXIT_ERROR;
	}
	if (!scanner_open(&scanner, &invocation->config))
		return EXIT_ERROR;
	for (size_t i = 0; i < invocation->operand_count; i++) {
		struct slice word = slice_of(invocation->operands[i]);
		struct digest digest;
		size_t before = looking.count;

		if (digest_parse(word, &digest))
			lookup_digest(&lookup, &digest);
		else
			lookup_name(&lookup, word);
		if (looking.count > before)
			continue;
		screen_error("no rule is called or has the digest '%s'",
			     invocation->operands[i]);
		code = EXIT_FOUND;
	}
	scanner_close(&scanner);
	return code;
}
