/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db decode: rules in words, by name, or lines that are rules.
 *
 * Lines are compiled in a locked worker like every rule file, and what is told is what
 * came of it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "database/decode.h"
#include "db.h"
#include "host/lookup.h"
#include "memory.h"
#include "problems.h"
#include "scanner.h"
#include "screen.h"

enum { PROBLEMS_SHOWN = 100, DECODE_BYTES = 8 << 20, ENDING_MAX = 8, LABEL_WIDTH = 6 };

struct decode {
	const struct database *database;
	struct arena arena;
	size_t count;
	bool is_failed;
};

static int run_decode(struct invocation *invocation);
static int decode_names(struct invocation *invocation);
static int decode_lines(struct invocation *invocation, bool from_input);
static bool decode_line(const char *ending, const char *line, struct decode *decode);
static bool decode_segment(int fd, struct decode *decode);
static const char *guess(const char **line, char ending[ENDING_MAX]);
static const char *guess_by_form(const char *line);
static void show(void *context, uint32_t segment, uint32_t rule,
		 const struct rule_info *info);
static void show_line(void *context, const char *label, struct slice text);

static const enum setting_id decode_settings[] = { SETTING_DATABASE, SETTING_CACHE,
						   SETTING_COLOR };

static const struct option_spec decode_options[] = {
	{ "as", 'a', "LANGUAGE",
	  "the operands are lines of this language: ndb, ldb, hsb ..." },
	{ 0 },
};

const struct command db_decode_command = {
	.name = "decode",
	.summary = "say in words what rules look for",
	.operands = "NAME... | [--as LANGUAGE] - | --as LANGUAGE LINE...",
	.about =
		"Decodes rules of the databases by name; lines given with --as; or, with "
		"-, lines of\n"
		"standard input, whose language is guessed without --as. What is told is "
		"what was\n"
		"compiled, and so what will be matched. Ends with 1 if a rule is not "
		"known or refused.\n"
		"\n"
		"  custos db decode Linux.Miner.Config\n"
		"  custos db decode --as ndb 'My.Rule:1:EP+0:558bec??e8{4}5d'\n"
		"  sigtool --find-sigs Eicar-Test | custos db decode -\n",
	.run = run_decode,
	.options = decode_options,
	.settings = decode_settings,
	.setting_count = ARRAY_LEN(decode_settings),
};

static int run_decode(struct invocation *invocation)
{
	bool from_input = invocation->operand_count == 1 &&
			  strcmp(invocation->operands[0], "-") == 0;

	if (invocation->operand_count == 0) {
		screen_error("decode what? Give a rule's name, or --as LANGUAGE LINE");
		return EXIT_ERROR;
	}
	if (from_input || invocation_has(invocation, "as"))
		return decode_lines(invocation, from_input);
	return decode_names(invocation);
}

static int decode_names(struct invocation *invocation)
{
	struct scanner scanner;
	struct decode decode = { .database = &scanner.catalog.database };
	struct lookup lookup = { &scanner.catalog.database, show, &decode };
	int code = EXIT_OK;

	if (!scanner_open(&scanner, &invocation->config))
		return EXIT_ERROR;
	arena_init(&decode.arena, DECODE_BYTES);
	for (size_t i = 0; i < invocation->operand_count; i++) {
		size_t before = decode.count;

		lookup_name(&lookup, slice_of(invocation->operands[i]));
		if (decode.count > before)
			continue;
		screen_error("no rule is called '%s'", invocation->operands[i]);
		if (strpbrk(invocation->operands[i], ":;"))
			screen_hint(
				"a line of a rule file is decoded with --as LANGUAGE");
		code = EXIT_FOUND;
	}
	arena_clear(&decode.arena);
	scanner_close(&scanner);
	return decode.is_failed ? EXIT_ERROR : code;
}

static int decode_lines(struct invocation *invocation, bool from_input)
{
	const char *ending = invocation_text(invocation, "as");
	struct decode decode = { 0 };
	AUTO_FREE char *line = NULL;
	bool all = true;
	size_t room = 0;

	arena_init(&decode.arena, DECODE_BYTES);
	for (size_t i = 0; !from_input && i < invocation->operand_count; i++)
		all = decode_line(ending, invocation->operands[i], &decode) && all;
	while (from_input && getline(&line, &room, stdin) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line)
			all = decode_line(ending, line, &decode) && all;
	}
	arena_clear(&decode.arena);
	if (decode.is_failed)
		return EXIT_ERROR;
	return all && decode.count > 0 ? EXIT_OK : EXIT_FOUND;
}

static void on_problem(void *context, const struct rule_problem *problem)
{
	problems_add(context, problem);
}

/* False if it is no rule; that was said. */
static bool decode_line(const char *ending, const char *line, struct decode *decode)
{
	AUTO_CLOSE int text = memfd_create("custos-line", MFD_CLOEXEC);
	AUTO_CLOSE int segment = memfd_create("custos-rules", MFD_CLOEXEC);
	struct problems problems = { .show_max = PROBLEMS_SHOWN, .with_notes = true };
	struct rule_report report = { on_problem, &problems };
	struct rule_files files = { 0 };
	struct rule_error_text error;
	char guessed[ENDING_MAX], name[32];
	size_t before = decode->count;
	enum status status = STATUS_IO;

	if (!ending)
		ending = guess(&line, guessed);
	snprintf(name, sizeof(name), "line.%s", ending);
	if (text >= 0 && segment >= 0 &&
	    write(text, line, strlen(line)) == (ssize_t)strlen(line))
		status = rule_files_add_open(&files, name, steal_fd(&text));
	if (status == STATUS_UNSUPPORTED)
		screen_error("no rule language that is read here: '%s'", ending);
	else if (status != STATUS_OK)
		screen_error("%s", strerror(errno));
	else if (!rule_compile(&files, &report, segment, NULL, &error))
		screen_error("%s", error.text);
	else
		status = decode_segment(segment, decode) ? STATUS_OK : STATUS_IO;
	decode->is_failed = decode->is_failed || status != STATUS_OK;
	if (status == STATUS_OK && decode->count == before &&
	    problems.refused + problems.skipped == 0)
		screen_error("%s: taken, but it looks for nothing itself: it leaves out "
			     "other rules, or is a comment",
			     name);
	rule_files_clear(&files);
	return decode->count > before;
}

static bool decode_segment(int fd, struct decode *decode)
{
	struct database database = { 0 };
	struct stat st;
	void *map = MAP_FAILED;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	bool ok = database_add(&database, map, (size_t)st.st_size) == STATUS_OK;

	decode->database = &database;
	if (ok)
		lookup_all(&(struct lookup){ &database, show, decode });
	decode->database = NULL;
	munmap(map, (size_t)st.st_size);
	return ok;
}

/*
 * The language of a line. `sigtool --find-sigs` names the file in brackets in front; else
 * it is told by what separates fields, and where digests are.
 */
static const char *guess(const char **line, char ending[ENDING_MAX])
{
	const char *dot = **line == '[' ? strchr(*line, '.') : NULL;
	size_t len = dot ? strcspn(dot + 1, "]") : 0;

	if (!dot || len >= ENDING_MAX || dot[1 + len] != ']')
		return guess_by_form(*line);
	snprintf(ending, ENDING_MAX, "%.*s", (int)len, dot + 1);
	*line = dot + len + 2 + strspn(dot + len + 2, " ");
	return ending;
}

static const char *guess_by_form(const char *line)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t first = strspn(line, hex);
	const char *colon = strchr(line, ':');

	if (strchr(line, ';'))
		return "ldb";
	if (!colon)
		return "db";
	if (colon == line + first && first >= 32)
		return "hsb";
	return strspn(colon + 1, hex) >= 32 ? "msb" : "ndb";
}

static void show(void *context, uint32_t segment, uint32_t rule,
		 const struct rule_info *info)
{
	struct decode *decode = context;
	struct decoder_output output = { show_line, NULL };

	decode->count++;
	screen_text(info->name);
	screen_print(SCREEN_FAINT, "  ");
	screen_text(info->file);
	screen_print(SCREEN_FAINT, " line %u\n", info->line);
	if (decode_rule(decode->database, segment, rule, &decode->arena, &output) !=
	    STATUS_OK)
		decode->is_failed = true;
}

static void show_line(void *context, const char *label, struct slice text)
{
	(void)context;
	if (strlen(label) <= LABEL_WIDTH)
		screen_print(SCREEN_FAINT, "  %-*s ", LABEL_WIDTH, label);
	else
		screen_print(SCREEN_FAINT, "  %s: ", label);
	screen_text(text);
	screen_print(SCREEN_PLAIN, "\n");
}
