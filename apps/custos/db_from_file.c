/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db from-file: lines of rules for files, by digest or by icon. A worker looks
 * into the files and says what such rules would have to say; here they get their names.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "db.h"
#include "feed.h"
#include "interrupt.h"
#include "memory.h"
#include "scanner.h"
#include "screen.h"

/* Languages are three letters, a line begins behind them and a blank. */
enum { LANGUAGE_LEN = 3, NAME_MAX_LEN = 120 };

struct printing {
	const struct invocation *invocation;
	struct scanner scanner;
	const struct walk_item *item;
	char language[LANGUAGE_LEN + 1]; /* of the line before */
	bool has_line;                   /* was there any for this file? */
	bool is_failed;
};

static int run_from_file(struct invocation *invocation);
static bool is_language(const char *name);
static bool print_all(struct printing *printing);
static bool take_item(void *context, struct walk *walk, struct walk_item *item);
static bool print_file(struct printing *printing, struct walk_item *item);
static void complain(struct printing *printing, const struct walk_item *item,
		     const char *why);
static void on_object(void *context, void *job, const struct pool_object *object);
static void on_line(void *context, void *job, const struct pool_object *object,
		    const struct pool_line *line);
static void print_name(const struct printing *printing, const struct pool_object *object);
static void on_done(void *context, void *job, const struct pool_done *done);

static const struct pool_events events = {
	.object = on_object,
	.line = on_line,
	.done = on_done,
};

static const enum setting_id from_file_settings[] = { SCANNER_SETTINGS };

static const struct option_spec from_file_options[] = {
	{ "as", 'a', "LANGUAGE",
	  "lines of this language alone: hsb hdb msb mdb imp idb" },
	{ "name", 0, "NAME", "call the rules so [the file's name]" },
	{ "inside", 'i', NULL, "also for what is inside the files" },
	{ 0 },
};

const struct command db_from_file_command = {
	.name = "from-file",
	.summary = "make rules for files, by digest or by icon",
	.operands = "FILE...",
	.about = "Prints rules for the SHA-256 (hsb) and the MD5 (hdb) of each FILE, and "
		 "of PE files\n"
		 "for those of their sections (msb, mdb), for the MD5 of their imports "
		 "(imp) "
		 "and for\n"
		 "what their icons look like (idb: put the groups in that rules ask "
		 "for).\n"
		 "\n"
		 "  custos db from-file --as hsb bad.exe >>mine.hsb\n"
		 "  custos db from-file --as msb --name Some.Packer packed.exe\n",
	.run = run_from_file,
	.options = from_file_options,
	.settings = from_file_settings,
	.setting_count = ARRAY_LEN(from_file_settings),
};

static int run_from_file(struct invocation *invocation)
{
	struct printing printing = { .invocation = invocation };
	bool ok;

	if (invocation->operand_count == 0) {
		screen_error("from which file?");
		return EXIT_ERROR;
	}
	if (!is_language(invocation_text(invocation, "as")))
		return EXIT_ERROR;
	if (!scanner_open(&printing.scanner, &invocation->config))
		return EXIT_ERROR;
	interrupt_watch();
	printing.scanner.user = &printing;
	ok = scanner_start(&printing.scanner, &invocation->config, &events) &&
	     print_all(&printing);
	scanner_close(&printing.scanner);
	if (interrupted)
		return EXIT_INTERRUPTED;
	return ok && !printing.is_failed ? EXIT_OK : EXIT_ERROR;
}

/* One whose lines are printed, or none. */
static bool is_language(const char *name)
{
	static const char *const languages[] = {
		"hsb", "hdb", "msb", "mdb", "imp", "idb"
	};

	for (size_t i = 0; name && i < ARRAY_LEN(languages); i++)
		if (strcmp(name, languages[i]) == 0)
			return true;
	if (name)
		screen_error("no lines of '%s' are made: hsb, hdb, msb, mdb, imp or idb",
			     name);
	return !name;
}

static bool print_all(struct printing *printing)
{
	const struct invocation *invocation = printing->invocation;
	const struct walk_options options = {
		.roots = (const char *const *)invocation->operands,
		.root_count = invocation->operand_count,
		.list_fd = -1,
		.stop = &interrupted,
	};
	struct feed feed = { .take = take_item, .context = printing };

	return feed_walk(&printing->scanner, &options, &feed);
}

static bool take_item(void *context, struct walk *walk, struct walk_item *item)
{
	struct printing *printing = context;
	char why[256];

	if (item->kind == WALK_FILE)
		return print_file(printing, item);
	if (item->is_root || item->kind == WALK_UNREADABLE ||
	    item->kind == WALK_NO_ANSWER) {
		walk_item_explain(walk, item, why, sizeof(why));
		complain(printing, item, why);
	}
	return true;
}

/* Lines stand in the order of the files, so one is waited for before the next. */
static bool print_file(struct printing *printing, struct walk_item *item)
{
	struct pool_job job = feed_job(item);

	job.flags = JOB_PRINTS;
	printing->item = item;
	printing->has_line = false;
	pool_submit(printing->scanner.pool, &job);
	if (!feed_wait(&printing->scanner))
		return false;
	if (!printing->has_line && !interrupted)
		complain(printing, item, "no digest was taken of it");
	return true;
}

static void complain(struct printing *printing, const struct walk_item *item,
		     const char *why)
{
	AUTO_FREE char *path = memory_text(item->path);

	screen_error("%s: %s", path, why);
	printing->is_failed = true;
}

static struct printing *printing_of(void *context)
{
	return ((struct scanner *)context)->user;
}

static void on_object(void *context, void *job, const struct pool_object *object)
{
	struct printing *printing = printing_of(context);

	(void)job;
	(void)object;
	printing->language[0] = '\0';
}

static void on_line(void *context, void *job, const struct pool_object *object,
		    const struct pool_line *line)
{
	struct printing *printing = printing_of(context);
	const char *wanted = invocation_text(printing->invocation, "as");
	AUTO_FREE char *text = memory_text(line->text);

	(void)job;
	if (object->depth > 0 && !invocation_has(printing->invocation, "inside"))
		return;
	if (strlen(text) <= LANGUAGE_LEN + 1 || text[LANGUAGE_LEN] != ' ')
		return;
	printing->has_line = true;
	text[LANGUAGE_LEN] = '\0';
	if (wanted && strcmp(wanted, text) != 0)
		return;
	if (!wanted && strcmp(printing->language, text) != 0) {
		screen_print(SCREEN_FAINT, "# ");
		screen_text(slice_of(text));
		screen_print(SCREEN_PLAIN, "\n");
	}
	snprintf(printing->language, sizeof(printing->language), "%s", text);
	bool is_name_first = strcmp(text, "idb") == 0;
	if (!is_name_first) {
		screen_text(slice_of(&text[LANGUAGE_LEN + 1]));
		screen_print(SCREEN_PLAIN, ":");
	}
	print_name(printing, object);
	if (is_name_first) {
		screen_print(SCREEN_PLAIN, ":");
		screen_text(slice_of(&text[LANGUAGE_LEN + 1]));
	}
	screen_print(SCREEN_PLAIN, "\n");
}

/* What a name may have in every language, and nothing else. */
static void print_name(const struct printing *printing, const struct pool_object *object)
{
	const char *given = invocation_text(printing->invocation, "name");
	struct slice path = object->depth > 0 ? object->name : printing->item->path;
	char name[NAME_MAX_LEN + 1];
	size_t len = 0, from = path.len;

	while (from > 0 && path.base[from - 1] != '/')
		from--;
	for (; from < path.len && len < NAME_MAX_LEN; from++) {
		uint8_t c = path.base[from];

		name[len++] = (char)(isalnum(c) || c == '.' || c == '-' ? c : '_');
	}
	name[len] = '\0';
	screen_print(SCREEN_PLAIN, "%s", given ? given : len > 0 ? name : "no_name");
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct printing *printing = printing_of(context);

	(void)job;
	if (done->outcome.reasons & UINT32_C(1) << REASON_WORKER)
		printing->is_failed = true;
}
