/* SPDX-License-Identifier: Apache-2.0 */
#include "clamscan_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "clamscan_table.h"
#include "memory.h"

static bool take(struct clamscan_options *options, const struct clamscan_option *option,
		 const char *text);
static bool take_role(struct clamscan_options *options,
		      const struct clamscan_option *option, const char *text,
		      uint64_t number);
static bool take_flag(struct clamscan_options *options, enum clamscan_meaning meaning,
		      bool value);
static bool take_number(struct clamscan_options *options,
			const struct clamscan_option *option, uint64_t value);
static bool take_text(struct clamscan_options *options,
		      const struct clamscan_option *option, const char *text);
static bool read_value(const struct clamscan_option *option, const char *text,
		       uint64_t *out);
static bool set(struct clamscan_options *options, enum setting_id id, const char *text);
static bool set_number(struct clamscan_options *options, enum setting_id id,
		       uint64_t value, const char *unit);
static bool add_pattern(struct clamscan_patterns *patterns, const char *text);
static bool complain_of(int got, const char *word);
static bool complain(const char *what);

bool clamscan_options_read(struct clamscan_options *options, int argc, char **argv)
{
	struct option *longs = memory_zeroed(clamscan_table_len + 1, sizeof(*longs));
	char letters[2 * CLAMSCAN_OPTIONS_MAX + 2] = ":";
	size_t len = 1;
	bool ok = true;
	int got, index = -1;

	*options = (struct clamscan_options){
		.follow_files = FOLLOW_ARGUMENTS,
		.follow_folders = FOLLOW_ARGUMENTS,
		.folder_depth_max = 15,
	};
	config_init(&options->config);
	for (size_t i = 0; i < clamscan_table_len; i++) {
		const struct clamscan_option *option = &clamscan_table[i];
		bool is_switch = option->kind == CLAMSCAN_SWITCH;

		longs[i].name = option->name;
		longs[i].has_arg = is_switch ? optional_argument : required_argument;
		if (!option->letter)
			continue;
		letters[len++] = option->letter;
		if (!is_switch)
			letters[len++] = ':';
	}
	opterr = 0;
	while (ok && (got = getopt_long(argc, argv, letters, longs, &index)) != -1) {
		const struct clamscan_option *option = NULL;

		if (got == 0)
			option = &clamscan_table[index];
		else if (got != '?' && got != ':')
			option = clamscan_table_letter((char)got);
		if (option) {
			ok = take(options, option, optarg);
			continue;
		}
		ok = complain_of(got, argv[optind - 1]);
	}
	free(longs);
	options->operands = (const char *const *)argv + optind;
	options->operand_count = (size_t)(argc - optind);
	return ok && set(options, SETTING_COMPAT, "clamav");
}

static void clear_patterns(struct clamscan_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		regfree(&patterns->list[i]);
	free(patterns->list);
}

void clamscan_options_clear(struct clamscan_options *options)
{
	config_clear(&options->config);
	clear_patterns(&options->exclude);
	clear_patterns(&options->exclude_folder);
	clear_patterns(&options->include);
	clear_patterns(&options->include_folder);
}

void clamscan_options_help(void)
{
	printf("custos clamscan: takes clamscan's options and answers as it does\n\n"
	       "usage: clamscan [options] [file/directory/-]\n\n");
	for (size_t i = 0; i < clamscan_table_len; i++) {
		const struct clamscan_option *option = &clamscan_table[i];
		const char *value = "";

		if (option->role == CLAMSCAN_REFUSED)
			continue;
		if (option->kind == CLAMSCAN_TEXT)
			value = "=TEXT";
		else if (option->kind != CLAMSCAN_SWITCH)
			value = "=N";
		if (option->letter)
			printf("\t-%c, --%s%s\n", option->letter, option->name, value);
		else
			printf("\t    --%s%s\n", option->name, value);
	}
	printf("\n`custos scan --help' tells what custos' own command takes.\n");
}

static bool take(struct clamscan_options *options, const struct clamscan_option *option,
		 const char *text)
{
	uint64_t number = 1;

	if (option->kind != CLAMSCAN_TEXT && text && !read_value(option, text, &number)) {
		fprintf(stderr, "ERROR: Incorrect argument format for option --%s\n",
			option->name);
		return complain("Can't parse command line options");
	}
	return take_role(options, option, text, number);
}

/* Options that ask for nothing but what is done anyway are taken without a word. */
static bool take_role(struct clamscan_options *options,
		      const struct clamscan_option *option, const char *text,
		      uint64_t number)
{
	switch (option->role) {
	case CLAMSCAN_NOTHING:
		return true;
	case CLAMSCAN_WARNED:
		if (option->kind != CLAMSCAN_SWITCH || number != option->usual)
			fprintf(stderr, "WARNING: --%s: custos does not do this\n",
				option->name);
		return true;
	case CLAMSCAN_REFUSED:
		if (option->kind == CLAMSCAN_SWITCH && number == option->usual)
			return true;
		fprintf(stderr, "ERROR: --%s: custos does not do this\n", option->name);
		return complain("Can't parse command line options");
	case CLAMSCAN_DONE:
		break;
	}
	switch (option->kind) {
	case CLAMSCAN_SWITCH:
		return take_flag(options, option->meaning, number != 0);
	case CLAMSCAN_NUMBER:
	case CLAMSCAN_SIZE:
		return take_number(options, option, number);
	case CLAMSCAN_TEXT:
		break;
	}
	return take_text(options, option, text);
}

static bool take_flag(struct clamscan_options *options, enum clamscan_meaning meaning,
		      bool value)
{
	bool *const flags[CLAMSCAN_MEANINGS] = {
		[MEANING_HELP] = &options->wants_help,
		[MEANING_VERSION] = &options->wants_version,
		[MEANING_VERBOSE] = &options->is_verbose,
		[MEANING_QUIET] = &options->is_quiet,
		[MEANING_STDOUT] = &options->uses_stdout,
		[MEANING_NO_SUMMARY] = &options->has_no_summary,
		[MEANING_INFECTED] = &options->only_infected,
		[MEANING_HIDE_OK] = &options->hides_ok,
		[MEANING_BELL] = &options->rings,
		[MEANING_RECURSIVE] = &options->is_recursive,
		[MEANING_ALL_MATCHES] = &options->all_matches,
		[MEANING_ALERT_LIMITS] = &options->alerts_limits,
		[MEANING_ALERT_ENCRYPTED] = &options->alerts_encrypted,
	};

	if (meaning == MEANING_CROSS_FS)
		return set(options, SETTING_ONE_FILE_SYSTEM, value ? "no" : "yes");
	if (meaning == MEANING_BYTECODE)
		return set(options, SETTING_BYTECODE, value ? "yes" : "no");
	if (meaning == MEANING_BYTECODE_UNSIGNED)
		return set(options, SETTING_BYTECODE_UNSIGNED, value ? "yes" : "no");
	if (meaning == MEANING_PHISHING_RULES)
		return set(options, SETTING_PHISHING_RULES, value ? "yes" : "no");
	if (meaning == MEANING_PUA)
		return set(options, SETTING_PUA, value ? "yes" : "no");
	*flags[meaning] = value;
	return true;
}

/* 0 is no limit; custos' own are left as they are then. */
static bool take_number(struct clamscan_options *options,
			const struct clamscan_option *option, uint64_t value)
{
	static const struct {
		const char *unit; /* NULL: not a setting */
		enum setting_id id;
	} limits[CLAMSCAN_MEANINGS] = {
		[MEANING_MAX_FILE] = { "", SETTING_MAX_CHILD },
		[MEANING_MAX_BYTES] = { "", SETTING_MAX_BYTES },
		[MEANING_MAX_FILES] = { "", SETTING_MAX_FILES },
		[MEANING_MAX_DEPTH] = { "", SETTING_MAX_DEPTH },
		[MEANING_MAX_TIME] = { "ms", SETTING_MAX_TIME },
	};
	unsigned *const follow[CLAMSCAN_MEANINGS] = {
		[MEANING_FOLLOW_FILES] = &options->follow_files,
		[MEANING_FOLLOW_FOLDERS] = &options->follow_folders,
	};
	const enum clamscan_meaning meaning = option->meaning;

	if (follow[meaning] && value > FOLLOW_ALWAYS) {
		fprintf(stderr, "ERROR: --%s: Invalid argument\n", option->name);
		return false;
	}
	if (follow[meaning])
		*follow[meaning] = (unsigned)value;
	if (meaning == MEANING_MAX_FOLDERS)
		options->folder_depth_max = value;
	if (meaning == MEANING_MAX_FILE)
		options->file_bytes_max = value;
	return !limits[meaning].unit || value == 0 ||
	       set_number(options, limits[meaning].id, value, limits[meaning].unit);
}

static bool take_text(struct clamscan_options *options,
		      const struct clamscan_option *option, const char *text)
{
	struct clamscan_patterns *const patterns[CLAMSCAN_MEANINGS] = {
		[MEANING_EXCLUDE] = &options->exclude,
		[MEANING_EXCLUDE_FOLDER] = &options->exclude_folder,
		[MEANING_INCLUDE] = &options->include,
		[MEANING_INCLUDE_FOLDER] = &options->include_folder,
	};
	const enum clamscan_meaning meaning = option->meaning;

	if (patterns[meaning])
		return add_pattern(patterns[meaning], text);
	if (meaning == MEANING_DATABASE)
		return set(options, SETTING_DATABASE, text);
	if (meaning == MEANING_PUA_INCLUDE)
		return set(options, SETTING_PUA_INCLUDE, text);
	if (meaning == MEANING_PUA_EXCLUDE)
		return set(options, SETTING_PUA_EXCLUDE, text);
	if (meaning == MEANING_LOG)
		options->log = text;
	if (meaning == MEANING_FILE_LIST)
		options->file_list = text;
	return true;
}

/* yes and no; digits; digits with K, M or G. */
static bool read_value(const struct clamscan_option *option, const char *text,
		       uint64_t *out)
{
	static const char units[] = "KMG";
	char *end;

	if (option->kind == CLAMSCAN_SWITCH) {
		bool is_yes = strcasecmp(text, "yes") == 0 ||
			      strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
		bool is_no = strcasecmp(text, "no") == 0 ||
			     strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;

		*out = is_yes;
		return is_yes || is_no;
	}
	if (*text < '0' || *text > '9')
		return false;
	*out = strtoull(text, &end, 10);
	if (*end && option->kind == CLAMSCAN_SIZE) {
		const char *unit = strchr(units, *end & ~0x20);

		if (!unit || end[1] ||
		    !mul_u64(*out, UINT64_C(1) << (10 * (unit - units + 1)), out))
			return false;
		return true;
	}
	return *end == '\0';
}

static bool set(struct clamscan_options *options, enum setting_id id, const char *text)
{
	const struct config_place place = { ORIGIN_OPTION, "clamscan" };
	struct config_error error;

	if (config_set(&options->config, id, place, text, &error))
		return true;
	fprintf(stderr, "ERROR: %s\n", error.text);
	return complain("Can't parse command line options");
}

/* As near to what was asked for as the setting allows. */
static bool set_number(struct clamscan_options *options, enum setting_id id,
		       uint64_t value, const char *unit)
{
	char text[32];

	if (value < settings[id].min)
		value = settings[id].min;
	if (value > settings[id].max)
		value = settings[id].max;
	snprintf(text, sizeof(text), "%llu%s", (unsigned long long)value, unit);
	return set(options, id, text);
}

/* One that does not compile matches nothing, as with clamscan, but is told of. */
static bool add_pattern(struct clamscan_patterns *patterns, const char *text)
{
	regex_t *larger = memory_grow(patterns->list, patterns->count, sizeof(*larger));

	patterns->list = larger;
	if (regcomp(&larger[patterns->count], text, REG_EXTENDED | REG_NOSUB) == 0)
		patterns->count++;
	else
		fprintf(stderr, "WARNING: %s: not a regular expression\n", text);
	return true;
}

/* What getopt_long() did not take. Always false. */
static bool complain_of(int got, const char *word)
{
	bool is_short = optopt && word[0] == '-' && word[1] != '-';
	const char *error = got == ':' ? "option requires an argument" :
			    is_short   ? "illegal option" :
					 "unrecognized option";

	if (is_short)
		fprintf(stderr, "clamscan: %s -- %c\n", error, optopt);
	else
		fprintf(stderr, "clamscan: %s `%s'\n", error, word);
	fprintf(stderr, "ERROR: %s\n",
		got == ':' ? "Incomplete option passed (missing argument)" :
			     "Unknown option passed");
	return complain("Can't parse command line options");
}

/* Always false. */
static bool complain(const char *what)
{
	fprintf(stderr, "ERROR: %s\n", what);
	return false;
}
