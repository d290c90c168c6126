/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos replay: one file, alone in a fresh worker, and every object told as
 * it is entered, so that the last line says where a worker died. The place
 * comes from the worker's own note: a claim, but of a worker that has seen
 * nothing but this file.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/death.h"
#include "host/walk.h"
#include "interrupt.h"
#include "scanner.h"
#include "screen.h"

struct replay {
	struct scanner scanner;
	struct slice path;
	struct pool_done done;
	bool is_done;
};

static int run_replay(struct invocation *invocation);
static int replay_path(struct replay *replay, const char *path);
static bool replay_item(struct replay *replay, struct walk_item *item);
static void on_object(void *context, void *job, const struct pool_object *object);
static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit);
static void on_incomplete(void *context, void *job, const struct pool_object *object,
			  const struct pool_gap *gap);
static void on_done(void *context, void *job, const struct pool_done *done);
static void print_object(const struct pool_object *object);
static void print_end(const struct replay *replay);
static void print_death(const struct pool_death *death);
static int code_of(const struct outcome *outcome);

static const enum setting_id replay_settings[] = { SCANNER_SETTINGS };

const struct command command_replay = {
	.name = "replay",
	.summary = "see what one file does to a worker",
	.operands = "FILE",
	.about = "Scans one file alone in a fresh worker and tells of every object in it "
		 "as it is\n"
		 "entered. For a file that is `incomplete (worker)': says whether the "
		 "worker\n"
		 "crashed, hung or broke the protocol, with the signal and the place.\n"
		 "\n"
		 "Ends as a scan of this file does: 3 if the worker did not answer.\n",
	.run = run_replay,
	.settings = replay_settings,
	.setting_count = ARRAY_LEN(replay_settings),
};

static const struct pool_events events = {
	.object = on_object,
	.hit = on_hit,
	.incomplete = on_incomplete,
	.done = on_done,
};

static int run_replay(struct invocation *invocation)
{
	struct replay replay = { 0 };
	int code = EXIT_ERROR;

	if (invocation->operand_count != 1) {
		screen_error("replay takes one file");
		return EXIT_ERROR;
	}
	interrupt_watch();
	if (!scanner_open(&replay.scanner, &invocation->config))
		return EXIT_ERROR;
	replay.scanner.user = &replay;
	if (scanner_start(&replay.scanner, &invocation->config, &events))
		code = replay_path(&replay, invocation->operands[0]);
	scanner_close(&replay.scanner);
	return code;
}

/* The walk opens it: with all the care that it takes with files. */
static int replay_path(struct replay *replay, const char *path)
{
	const struct walk_options options = {
		.roots = &path,
		.root_count = 1,
		.list_fd = -1,
		.stop = &interrupted,
	};
	struct walk *walk;
	struct walk_item item;
	char why[256];
	int code = EXIT_ERROR;

	if (walk_new(&options, &walk) != STATUS_OK) {
		screen_error("%s: %s", path, strerror(errno));
		return EXIT_ERROR;
	}
	if (walk_next(walk, &item) == STATUS_OK) {
		if (!item.is_root) {
			screen_error("%s: not a file, but a folder", path);
		} else if (item.kind != WALK_FILE) {
			walk_item_explain(walk, &item, why, sizeof(why));
			screen_error("%s: %s", path, why);
		} else if (replay_item(replay, &item)) {
			code = code_of(&replay->done.outcome);
		}
		walk_item_clear(&item);
	}
	walk_free(walk);
	return interrupted ? EXIT_INTERRUPTED : code;
}

static bool replay_item(struct replay *replay, struct walk_item *item)
{
	struct pool *pool = replay->scanner.pool;
	struct pool_error error;
	const struct pool_job job = {
		.fd = steal_fd(&item->fd),
		.size_bytes = item->size,
		.extents = item->extents,
		.extent_count = item->extent_count,
		.owner = item->facts.uid,
		.flags = JOB_ALL_OBJECTS | JOB_AT_ONCE,
	};

	replay->path = item->path;
	pool_submit(pool, &job);
	while (!replay->is_done) {
		if (interrupted) {
			pool_cancel(pool, REASON_INTERRUPTED);
		} else if (!pool_poll(pool, NULL, 0, 200, &error)) {
			screen_error("%s", error.text);
			return false;
		}
	}
	print_end(replay);
	return true;
}

static struct replay *replay_of(void *context)
{
	return ((struct scanner *)context)->user;
}

static void on_object(void *context, void *job, const struct pool_object *object)
{
	(void)job;
	screen_text(replay_of(context)->path);
	print_object(object);
	screen_print(SCREEN_PLAIN, ": %s, %ju bytes\n", type_name(object->type),
		     (uintmax_t)object->size_bytes);
	/* Should the next object take us along, this line is there. */
	(void)!screen_flush();
}

static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	const struct replay *replay = replay_of(context);
	struct rule_info rule = { 0 };

	(void)job;
	(void)object;
	if (database_is_removed(&replay->scanner.catalog.database, hit->segment,
				hit->rule))
		return;
	screen_print(SCREEN_BAD, "  found ");
	if (database_rule(&replay->scanner.catalog.database, hit->segment, hit->rule,
			  &rule))
		screen_text(rule.name);
	screen_print(SCREEN_PLAIN, " at byte %ju\n", (uintmax_t)hit->offset);
}

static void on_incomplete(void *context, void *job, const struct pool_object *object,
			  const struct pool_gap *gap)
{
	(void)context;
	(void)job;
	(void)object;
	screen_print(SCREEN_DOUBT, "  incomplete (%s)", reason_name(gap->reason));
	screen_print(SCREEN_PLAIN, " at byte %ju ", (uintmax_t)gap->offset);
	screen_text(gap->detail);
	screen_print(SCREEN_PLAIN, "\n");
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct replay *replay = replay_of(context);

	(void)job;
	replay->done = *done;
	replay->is_done = true;
}

/* " ! member ! member", from the outermost to the object. */
static void print_object(const struct pool_object *object)
{
	for (unsigned depth = 1; depth <= object->depth; depth++) {
		const struct pool_object *at = object;
		while (at->depth > depth)
			at = at->parent;
		screen_print(SCREEN_PLAIN, " ! ");
		screen_text(at->name);
	}
}

static void print_end(const struct replay *replay)
{
	const struct pool_done *done = &replay->done;

	if (done->death.end != POOL_END_NONE) {
		print_death(&done->death);
		return;
	}
	screen_print(SCREEN_PLAIN, "the worker answered: %s; %u objects, %ju bytes\n",
		     verdict_name(outcome_verdict(&done->outcome, 0)), done->objects,
		     (uintmax_t)done->bytes);
}

static void print_death(const struct pool_death *death)
{
	char text[DEATH_TEXT_MAX];

	death_explain(death, text);
	screen_print(SCREEN_BAD, "the worker did not answer: ");
	screen_text(slice_of(text));
	screen_print(SCREEN_PLAIN, "\n");
}

static int code_of(const struct outcome *outcome)
{
	switch (outcome_verdict(outcome, 0)) {
	case VERDICT_CLEAN:
		return EXIT_OK;
	case VERDICT_FOUND:
		return EXIT_FOUND;
	case VERDICT_INCOMPLETE:
		break;
	}
	return EXIT_INCOMPLETE;
}
