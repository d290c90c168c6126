/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos explain: what a rule is, and where in a file rules match.
 * custos db test: the same look at files, made for those who write rules.
 */
#include "command.h"

#include "db.h"
#include "examine.h"
#include "host/lookup.h"
#include "interrupt.h"
#include "rule_page.h"
#include "scanner.h"
#include "screen.h"
#include "trial.h"

static int run_explain(struct invocation *invocation);
static int explain_file(struct invocation *invocation, const char *path);
static int run_test(struct invocation *invocation);

static const enum setting_id explain_settings[] = { SCANNER_SETTINGS };

static const struct option_spec explain_options[] = {
	{ "file", 'f', "FILE", "show where rules match in it, and the bytes there" },
	{ "rule", 'r', "RULE",
	  "with --file: tell also why this rule matches in it or does not" },
	{ 0 },
};

const struct command command_explain = {
	.name = "explain",
	.summary = "tell what a rule is, or show why a file is found",
	.operands = "RULE... | --file FILE [RULE] | --rule RULE --file FILE",
	.about = "RULE is a rule's name, or source:name. Ends with 1 if there is nothing "
		 "to tell.\n"
		 "\n"
		 "  custos explain Linux.Webshell.Eval\n"
		 "  custos explain --file ~/Downloads/invoice.zip\n"
		 "  custos explain --rule My.Rule --file sample.bin\n"
		 "\n"
		 "The last asks every question of the rule by itself: + is yes, - no, ? "
		 "cannot be told.\n",
	.run = run_explain,
	.options = explain_options,
	.settings = explain_settings,
	.setting_count = ARRAY_LEN(explain_settings),
};

static const struct option_spec test_options[] = {
	{ "corpus", 0, "DIR",
	  "try RULES on files in which nothing should be found: worst first" },
	{ "all", 'a', NULL, "with --corpus: list every rule that was looked at [20]" },
	{ 0 },
};

const struct command db_test_command = {
	.name = "test",
	.summary = "show where rules match; count false alarms and costs",
	.operands = "--database RULES FILE... | --corpus DIR [RULES...]",
	.about =
		"Shows every match in each FILE. Ends with 0 if rules match in all of "
		"them, 1 if\n"
		"not: made for tests of rules.\n"
		"\n"
		"  custos db test --database new.ndb sample.bin\n"
		"\n"
		"With --corpus it shows what rules find where they should find nothing, "
		"and what\n"
		"each costs once the filter has let it through: steps, the same in every "
		"run, and\n"
		"time. Ends with 0 if there was no false alarm, 1 if there was.\n"
		"\n"
		"  custos db test --corpus /usr/bin new.ndb\n",
	.run = run_test,
	.options = test_options,
	.settings = explain_settings,
	.setting_count = ARRAY_LEN(explain_settings),
};

struct explaining {
	const struct catalog *catalog;
	size_t count;
};

static void show_rule(void *context, uint32_t segment, uint32_t rule,
		      const struct rule_info *info)
{
	struct explaining *explaining = context;

	(void)info;
	explaining->count++;
	rule_page_print(explaining->catalog, segment, rule);
}

static int run_explain(struct invocation *invocation)
{
	const char *file = invocation_text(invocation, "file");
	const char *rule = invocation_text(invocation, "rule");
	struct scanner scanner;
	struct explaining explaining = { .catalog = &scanner.catalog };
	int code = EXIT_OK;

	if (file)
		return explain_file(invocation, file);
	if (rule || invocation->operand_count == 0) {
		screen_error(
			rule ? "--rule needs --file: in what is it to be looked for?" :
			       "explain what? Give a rule's name, or --file FILE");
		return EXIT_ERROR;
	}
	if (!scanner_open(&scanner, &invocation->config))
		return EXIT_ERROR;
	for (size_t i = 0; i < invocation->operand_count; i++) {
		size_t before = explaining.count;

		lookup_name(&(struct lookup){ &scanner.catalog.database, show_rule,
					      &explaining },
			    slice_of(invocation->operands[i]));
		if (explaining.count > before)
			continue;
		screen_error("no rule is called '%s'", invocation->operands[i]);
		code = EXIT_FOUND;
	}
	scanner_close(&scanner);
	return code;
}

static int explain_file(struct invocation *invocation, const char *path)
{
	struct examination examination = {
		.paths = &path,
		.path_count = 1,
		.rule = invocation_text(invocation, "rule"),
	};

	examination.explains = examination.rule;
	if (!examination.rule && invocation->operand_count > 0)
		examination.rule = invocation->operands[0];
	if (invocation->operand_count > (examination.explains ? 0 : 1)) {
		screen_error("one rule at a time with --file");
		return EXIT_ERROR;
	}
	if (!examine(&examination, &invocation->config))
		return interrupted ? EXIT_INTERRUPTED : EXIT_ERROR;
	return examination.files_hit > 0 ? EXIT_OK : EXIT_FOUND;
}

static int run_test(struct invocation *invocation)
{
	struct examination examination = {
		.paths = invocation->operands,
		.path_count = invocation->operand_count,
	};
	const char *corpus = invocation_text(invocation, "corpus");

	if (corpus)
		return trial_run(invocation, corpus);
	if (examination.path_count == 0) {
		screen_error("test on what? Give a file");
		return EXIT_ERROR;
	}
	if (!examine(&examination, &invocation->config))
		return interrupted ? EXIT_INTERRUPTED : EXIT_ERROR;
	return examination.files_hit == examination.files_scanned ? EXIT_OK : EXIT_FOUND;
}
