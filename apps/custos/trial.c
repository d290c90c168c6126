/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "config/quantity.h"
#include "feed.h"
#include "interrupt.h"
#include "memory.h"
#include "scanner.h"
#include "screen.h"

enum { SHOWN = 20 };

/* Of one rule, in the whole corpus. */
struct record {
	uint32_t segment, rule;
	uint64_t files; /* in which it matches */
	uint64_t hits;
	uint64_t evaluations, steps, nanoseconds;
	char *example; /* the first file in which it matches */
	uint64_t last; /* the number of the file it matched in last, from 1 */
};

struct trial {
	struct scanner scanner;
	struct record *records; /* open addressing, a power of two of places */
	size_t count, room;
	uint64_t begun, files, files_hit, incomplete;
	uint64_t unread; /* of the incomplete: nobody looked into them at all */
};

/* One file. */
struct trial_job {
	char *path;
	uint64_t number;
	bool is_hit;
};

static bool open_trial(struct trial *trial, struct invocation *invocation);
static bool take_item(void *context, struct walk *walk, struct walk_item *item);
static struct record *record_of(struct trial *trial, uint32_t segment, uint32_t rule);
static void grow(struct trial *trial);
static size_t place_of(const struct trial *trial, uint32_t segment, uint32_t rule);
static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit);
static void on_cost(void *context, void *job, const struct pool_cost *cost);
static void on_done(void *context, void *job, const struct pool_done *done);
static size_t print_trial(struct trial *trial, bool all);
static void print_record(const struct trial *trial, const struct record *record);
static int compare(const void *a, const void *b);
static void close_trial(struct trial *trial);

static const struct pool_events events = {
	.hit = on_hit,
	.cost = on_cost,
	.done = on_done,
};

int trial_run(struct invocation *invocation, const char *corpus)
{
	struct trial trial = { 0 };
	const struct walk_options options = {
		.roots = &corpus,
		.root_count = 1,
		.list_fd = -1,
		.stop = &interrupted,
	};
	struct feed feed = { .take = take_item, .context = &trial };
	int code = EXIT_ERROR;

	if (!open_trial(&trial, invocation))
		return EXIT_ERROR;
	if (feed_walk(&trial.scanner, &options, &feed) && !interrupted) {
		size_t found = print_trial(&trial, invocation_has(invocation, "all"));

		code = EXIT_OK;
		if (found > 0)
			code = EXIT_FOUND;
		else if (trial.unread > 0)
			code = EXIT_INCOMPLETE;
	}
	close_trial(&trial);
	return interrupted ? EXIT_INTERRUPTED : code;
}

static bool open_trial(struct trial *trial, struct invocation *invocation)
{
	struct config_place place = { ORIGIN_OPTION, "RULES" };
	struct config_error error;

	for (size_t i = 0; i < invocation->operand_count; i++)
		if (!config_set(&invocation->config, SETTING_DATABASE, place,
				invocation->operands[i], &error)) {
			screen_error("%s", error.text);
			return false;
		}
	if (!scanner_open(&trial->scanner, &invocation->config))
		return false;
	interrupt_watch();
	trial->scanner.user = trial;
	if (scanner_start(&trial->scanner, &invocation->config, &events))
		return true;
	scanner_close(&trial->scanner);
	return false;
}

static bool take_item(void *context, struct walk *walk, struct walk_item *item)
{
	struct trial *trial = context;
	char why[256];

	if (item->kind == WALK_FILE) {
		struct trial_job *file = memory_zeroed(1, sizeof(*file));
		struct pool_job job = feed_job(item);

		file->path = memory_text(item->path);
		file->number = ++trial->begun;
		job.flags = JOB_COSTS;
		job.user = file;
		pool_submit(trial->scanner.pool, &job);
	} else if (item->is_root) {
		AUTO_FREE char *path = memory_text(item->path);

		walk_item_explain(walk, item, why, sizeof(why));
		screen_error("%s: %s", path, why);
		return false;
	} else if (item->kind == WALK_UNREADABLE || item->kind == WALK_NO_ANSWER) {
		trial->files++;
		trial->incomplete++;
		trial->unread++;
	}
	return true;
}

static struct record *record_of(struct trial *trial, uint32_t segment, uint32_t rule)
{
	if (2 * (trial->count + 1) > trial->room)
		grow(trial);
	size_t at = place_of(trial, segment, rule);
	struct record *record = &trial->records[at];

	if (record->evaluations == 0 && record->hits == 0) {
		record->segment = segment;
		record->rule = rule;
		trial->count++;
	}
	return record;
}

static void grow(struct trial *trial)
{
	struct record *old = trial->records;
	size_t room = trial->room;

	trial->room = room > 0 ? 2 * room : 1024;
	trial->records = memory_zeroed(trial->room, sizeof(*old));
	for (size_t i = 0; i < room; i++)
		if (old[i].evaluations > 0 || old[i].hits > 0)
			trial->records[place_of(trial, old[i].segment, old[i].rule)] =
				old[i];
	free(old);
}

/* Where the rule is, or would be. */
static size_t place_of(const struct trial *trial, uint32_t segment, uint32_t rule)
{
	uint64_t key = (uint64_t)segment << 32 | rule;
	size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (;; at++) {
		const struct record *record = &trial->records[at & (trial->room - 1)];

		if ((record->evaluations == 0 && record->hits == 0) ||
		    (record->segment == segment && record->rule == rule))
			return at & (trial->room - 1);
	}
}

static struct trial *trial_of(void *context)
{
	return ((struct scanner *)context)->user;
}

/* A rule may match in several objects of a file. */
static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	struct trial *trial = trial_of(context);
	struct trial_job *file = job;
	struct record *record = record_of(trial, hit->segment, hit->rule);

	(void)object;
	record->hits++;
	record->files += record->last != file->number;
	record->last = file->number;
	if (!record->example)
		record->example = memory_text(slice_of(file->path));
	file->is_hit = true;
}

static void on_cost(void *context, void *job, const struct pool_cost *cost)
{
	struct record *record;

	(void)job;
	if (cost->evaluations == 0)
		return;
	record = record_of(trial_of(context), cost->segment, cost->rule);
	record->evaluations = add_u64_capped(record->evaluations, cost->evaluations);
	record->steps = add_u64_capped(record->steps, cost->steps);
	record->nanoseconds = add_u64_capped(record->nanoseconds, cost->nanoseconds);
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct trial *trial = trial_of(context);
	struct trial_job *file = job;

	trial->files++;
	trial->files_hit += file->is_hit;
	trial->incomplete += done->outcome.reasons != 0;
	trial->unread += outcome_has_reason(&done->outcome, REASON_WORKER);
	free(file->path);
	free(file);
}

/* Returns how many rules matched. */
static size_t print_trial(struct trial *trial, bool all)
{
	AUTO_FREE struct record *sorted = memory_zeroed(trial->count, sizeof(*sorted));
	char text[QUANTITY_TEXT_MAX];
	size_t count = 0, found = 0;

	for (size_t i = 0; i < trial->room; i++)
		if (trial->records[i].evaluations > 0 || trial->records[i].hits > 0)
			sorted[count++] = trial->records[i];
	qsort(sorted, count, sizeof(*sorted), compare);
	while (found < count && sorted[found].hits > 0)
		found++;
	screen_print(SCREEN_STRONG, "%8s %10s %16s %10s  %s\n", "files", "looked at",
		     "steps", "time", "rule");
	for (size_t i = 0; i < count && (all || i < SHOWN || i < found); i++)
		print_record(trial, &sorted[i]);
	screen_print(SCREEN_PLAIN, "\n%s rule%s; ",
		     quantity_show_count(trial->scanner.catalog.rules, text),
		     trial->scanner.catalog.rules == 1 ? "" : "s");
	screen_print(SCREEN_PLAIN, "%s looked at, ", quantity_show_count(count, text));
	screen_print(found > 0 ? SCREEN_BAD : SCREEN_GOOD, "%s matched, ",
		     quantity_show_count(found, text));
	screen_print(SCREEN_PLAIN, "in %s ", quantity_show_count(trial->files_hit, text));
	screen_print(SCREEN_PLAIN, "of %s files",
		     quantity_show_count(trial->files, text));
	if (trial->incomplete > 0)
		screen_print(SCREEN_DOUBT, ", %s of which could not be looked at whole",
			     quantity_show_count(trial->incomplete, text));
	if (trial->unread > 0)
		screen_print(SCREEN_DOUBT, " (%s not at all)",
			     quantity_show_count(trial->unread, text));
	screen_print(SCREEN_PLAIN, "\n");
	return found;
}

static void print_record(const struct trial *trial, const struct record *record)
{
	struct rule_info rule;
	char files[QUANTITY_TEXT_MAX], looks[QUANTITY_TEXT_MAX], steps[QUANTITY_TEXT_MAX];

	if (!database_rule(&trial->scanner.catalog.database, record->segment,
			   record->rule, &rule))
		return;
	screen_print(record->files > 0 ? SCREEN_BAD : SCREEN_PLAIN,
		     "%8s %10s %16s %7.2f ms  ",
		     quantity_show_count(record->files, files),
		     quantity_show_count(record->evaluations, looks),
		     quantity_show_count(record->steps, steps),
		     (double)record->nanoseconds / 1e6);
	screen_text(rule.source);
	screen_print(SCREEN_PLAIN, ":");
	screen_text(rule.name);
	if (record->example) {
		screen_print(SCREEN_FAINT, "  in ");
		screen_text(slice_of(record->example));
	}
	screen_print(SCREEN_PLAIN, "\n");
}

/* False alarms are worse than cost; the same costs stand in the order of the rules. */
static int compare(const void *a, const void *b)
{
	const struct record *first = a, *second = b;

	if (first->files != second->files)
		return first->files > second->files ? -1 : 1;
	if (first->steps != second->steps)
		return first->steps > second->steps ? -1 : 1;
	if (first->segment != second->segment)
		return first->segment < second->segment ? -1 : 1;
	return first->rule < second->rule ? -1 : first->rule > second->rule;
}

static void close_trial(struct trial *trial)
{
	scanner_close(&trial->scanner);
	for (size_t i = 0; i < trial->room; i++)
		free(trial->records[i].example);
	free(trial->records);
}
