/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db build and check: rule files through the compiler.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "db.h"
#include "memory.h"
#include "problems.h"
#include "pua.h"
#include "scanner.h"
#include "screen.h"

enum { PROBLEMS_SHOWN = 20, PROBLEMS_CHECKED = 100000 };

static int run_build(struct invocation *invocation);
static int run_check(struct invocation *invocation);
static bool take_files(const struct invocation *invocation, struct rule_files *files,
		       char **pua_text);
static bool compile(const struct rule_files *files, struct problems *problems, int fd);
static uint64_t print_counts(const struct rule_files *files,
			     const struct build_count *counts);

static const enum setting_id check_settings[] = {
	PUA_SETTINGS,   SETTING_CERTIFICATES, SETTING_BYTECODE_UNSIGNED,
	SETTING_COMPAT, SETTING_COLOR,
};

static const struct option_spec build_options[] = {
	{ "output", 'o', "FILE.cseg", "where to write; needed" },
	{ "name", 0, "NAME", "call the rules' source so [the last part of PATH]" },
	{ "coverage", 0, "TEXT", "what the rules are for, as scans say it" },
	{ "licence", 0, "TEXT", "under what terms they are" },
	{ 0 },
};

const struct command db_build_command = {
	.name = "build",
	.summary = "compile rule files into one file that opens at once",
	.operands = "-o FILE.cseg PATH...",
	.about = "Each PATH (a rule file, or a folder of them) is a source of its own. A "
		 "line that\n"
		 "is no rule is told of and left out; the others are taken.\n"
		 "\n"
		 "  custos db build -o mine.cseg mine.ndb mine.hsb\n"
		 "  custos scan --database mine.cseg /srv\n",
	.run = run_build,
	.options = build_options,
	.settings = check_settings,
	.setting_count = ARRAY_LEN(check_settings),
};

const struct command db_check_command = {
	.name = "check",
	.summary = "tell what is wrong in rule files",
	.operands = "PATH...",
	.about = "Says what is wrong as FILE:LINE:COLUMN. Ends with 0 if all lines are "
		 "good, 1 if\n"
		 "some are refused, 2 if the files cannot be read.\n",
	.run = run_check,
	.settings = check_settings,
	.setting_count = ARRAY_LEN(check_settings),
};

static bool take_files(const struct invocation *invocation, struct rule_files *files,
		       char **pua_text)
{
	AUTO_FREE char *certificates = scanner_certificates(&invocation->config);

	if (!pua_choose(&invocation->config, &files->pua, pua_text))
		return false;
	if (invocation->operand_count == 0) {
		screen_error("which rule files?");
		return false;
	}
	files->clamav_compat = scanner_is_compat(&invocation->config);
	files->bytecode_unsigned = config_flag(&invocation->config,
					       SETTING_BYTECODE_UNSIGNED);
	files->certificates = certificates;
	for (size_t i = 0; i < invocation->operand_count; i++) {
		const char *path = invocation->operands[i];
		enum status status = rule_files_add(files, path,
						    invocation_text(invocation, "name"));
		struct rule_source *source;
		char why[512];

		if (status != STATUS_OK) {
			rule_files_explain(files, path, status, why, sizeof(why));
			screen_error("%s: %s", path, why);
			return false;
		}
		source = &files->sources[files->source_count - 1];
		if (source->is_compiled) {
			screen_error("%s: compiled already", path);
			return false;
		}
		source->coverage = invocation_text(invocation, "coverage");
		source->licence = invocation_text(invocation, "licence");
	}
	files->certificates = NULL;
	return true;
}

static void on_problem(void *context, const struct rule_problem *problem)
{
	problems_add(context, problem);
}

/* Compiles and tells how it went. False if there is no segment. */
static bool compile(const struct rule_files *files, struct problems *problems, int fd)
{
	AUTO_FREE struct build_count *counts = memory_zeroed(files->file_count,
							     sizeof(*counts));
	AUTO_FREE struct build_reasons *reasons = memory_zeroed(1, sizeof(*reasons));
	struct rule_report report = { on_problem, problems };
	struct rule_error_text error;
	uint64_t taken = 0;
	bool ok;

	problems->reasons = reasons;
	ok = rule_compile(files, &report, fd, counts, &error);
	if (ok) {
		taken = print_counts(files, counts);
		build_table_print(reasons, fd);
	} else {
		screen_error("%s", error.text);
	}
	problems->reasons = NULL;
	build_reasons_clear(reasons);
	if (!ok || taken > 0)
		return ok;
	screen_error("not one rule can be used");
	return false;
}

static uint64_t print_counts(const struct rule_files *files,
			     const struct build_count *counts)
{
	char text[QUANTITY_TEXT_MAX];
	uint64_t taken = 0;

	for (size_t i = 0; i < files->file_count; i++) {
		if (files->files[i].role != BUILD_RULES)
			continue;
		screen_text(slice_of(files->files[i].path));
		screen_print(SCREEN_PLAIN, ": %s taken",
			     quantity_show_count(counts[i].taken, text));
		if (counts[i].skipped > 0)
			screen_print(SCREEN_PLAIN, ", %s left out",
				     quantity_show_count(counts[i].skipped, text));
		if (counts[i].refused > 0)
			screen_print(SCREEN_DOUBT, ", %s refused",
				     quantity_show_count(counts[i].refused, text));
		screen_print(SCREEN_PLAIN, "\n");
		taken += counts[i].taken;
	}
	for (size_t i = 0; i < files->source_count; i++) {
		if (files->sources[i].unread == 0)
			continue;
		screen_text(slice_of(files->sources[i].path));
		screen_print(SCREEN_DOUBT, ": %zu more cannot be read yet (",
			     files->sources[i].unread);
		screen_text(slice_of(files->sources[i].unread_name));
		screen_print(SCREEN_DOUBT, ")\n");
	}
	return taken;
}

static int run_check(struct invocation *invocation)
{
	AUTO_CLOSE int fd = memfd_create("custos-rules", MFD_CLOEXEC);
	struct problems problems = { .show_max = PROBLEMS_CHECKED, .with_notes = true };
	struct rule_files files = { 0 };
	AUTO_FREE char *pua_text = NULL;
	bool ok = fd >= 0 && take_files(invocation, &files, &pua_text) &&
		  compile(&files, &problems, fd);

	rule_files_clear(&files);
	if (!ok)
		return EXIT_ERROR;
	return problems.refused > 0 ? EXIT_FOUND : EXIT_OK;
}

static int run_build(struct invocation *invocation)
{
	const char *output = invocation_text(invocation, "output");
	struct problems problems = { .show_max = PROBLEMS_SHOWN, .with_notes = true };
	struct rule_files files = { 0 };
	AUTO_FREE char *pua_text = NULL;
	AUTO_FREE char *beside = NULL;
	AUTO_CLOSE int fd = -1;
	bool ok;

	if (!output || asprintf(&beside, "%s.%ld", output, (long)getpid()) < 0) {
		screen_error("where to? Give --output FILE.cseg");
		return EXIT_ERROR;
	}
	ok = take_files(invocation, &files, &pua_text);
	if (ok) {
		fd = open(beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		ok = fd >= 0;
		if (!ok)
			screen_error("%s: %s", output, strerror(errno));
	}
	ok = ok && compile(&files, &problems, fd);
	if (ok && (fsync(fd) != 0 || rename(beside, output) != 0)) {
		screen_error("%s: %s", output, strerror(errno));
		ok = false;
	}
	if (!ok && fd >= 0)
		unlink(beside);
	if (ok)
		problems_end(&problems);
	rule_files_clear(&files);
	return ok ? EXIT_OK : EXIT_ERROR;
}
