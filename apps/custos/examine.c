/* SPDX-License-Identifier: Apache-2.0 */
#include "examine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "feed.h"
#include "hexdump.h"
#include "host/lookup.h"
#include "interrupt.h"
#include "memory.h"
#include "print.h"
#include "result.h"
#include "scanner.h"
#include "screen.h"

enum { BEFORE = 32, AFTER = 32, SHOWN_MAX = 256 };

/* The bytes around a hit, as far as they have come. */
struct window {
	uint64_t start;
	size_t len;
	size_t got; /* from the start on: the rest has not come */
	uint8_t bytes[BEFORE + SHOWN_MAX + AFTER];
};

struct examining {
	struct examination *asked;
	struct scanner scanner;
	struct result *result;
	struct outcome outcome;
	struct judgement judgement;
	struct window *windows; /* one for each hit, while bytes are collected */
	bool is_failed;         /* an argument could not be opened; that was said */
	/* The rules to be explained, and the one that is: */
	struct named_rule *rules;
	size_t rule_count, rule_index;
	bool explains;
};

struct named_rule {
	uint32_t segment, rule;
};

static bool open_all(struct examining *examining, const struct config *config);
static bool take_item(void *context, struct walk *walk, struct walk_item *item);
static bool examine_item(struct examining *examining, struct walk_item *item);
static bool find_rules(struct examining *examining);
static void on_named(void *context, uint32_t segment, uint32_t rule,
		     const struct rule_info *info);
static bool explain_all(struct examining *examining, int fd);
static bool run_job(struct examining *examining, int fd, unsigned flags);
static bool collect(struct examining *examining, int fd);
static void show(struct examining *examining);
static void show_hit(struct examining *examining, size_t index);
static void on_object(void *context, void *job, const struct pool_object *object);
static void print_place(struct slice path, const struct pool_object *object);
static void on_leave(void *context, void *job, const struct pool_object *object,
		     const struct outcome *outcome);
static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit);
static void on_incomplete(void *context, void *job, const struct pool_object *object,
			  const struct pool_gap *gap);
static void on_data(void *context, void *job, const struct pool_object *object,
		    const struct view_data *data);
static void on_line(void *context, void *job, const struct pool_object *object,
		    const struct pool_line *line);
static void on_done(void *context, void *job, const struct pool_done *done);

static const struct pool_events events = {
	.object = on_object,
	.leave = on_leave,
	.hit = on_hit,
	.incomplete = on_incomplete,
	.data = on_data,
	.line = on_line,
	.done = on_done,
};

bool examine(struct examination *examination, const struct config *config)
{
	struct examining examining = { .asked = examination };
	struct walk_options options = {
		.roots = examination->paths,
		.root_count = examination->path_count,
		.list_fd = -1,
		.stop = &interrupted,
	};
	struct feed feed = { .take = take_item, .context = &examining };
	bool ok;

	if (!open_all(&examining, config))
		return false;
	ok = (!examination->explains || find_rules(&examining)) &&
	     feed_walk(&examining.scanner, &options, &feed) && !examining.is_failed &&
	     !interrupted;
	scanner_close(&examining.scanner);
	free(examining.rules);
	return ok;
}

static bool find_rules(struct examining *examining)
{
	const char *name = examining->asked->rule;

	lookup_name(&(struct lookup){ &examining->scanner.catalog.database, on_named,
				      examining },
		    slice_of(name));
	if (examining->rule_count > 0)
		return true;
	screen_error("no rule is called '%s'", name);
	return false;
}

static void on_named(void *context, uint32_t segment, uint32_t rule,
		     const struct rule_info *info)
{
	struct examining *examining = context;

	(void)info;
	examining->rules = memory_grow(examining->rules, examining->rule_count,
				       sizeof(*examining->rules));
	examining->rules[examining->rule_count++] = (struct named_rule){ segment, rule };
}

static bool open_all(struct examining *examining, const struct config *config)
{
	struct scanner *scanner = &examining->scanner;

	if (!scanner_open(scanner, config))
		return false;
	interrupt_watch();
	scanner->user = examining;
	examining->judgement = (struct judgement){
		.catalog = &scanner->catalog,
		.allow = &scanner->allow,
		.all_matches = true,
		.now = time(NULL),
	};
	if (scanner_start(scanner, config, &events))
		return true;
	scanner_close(scanner);
	return false;
}

static bool take_item(void *context, struct walk *walk, struct walk_item *item)
{
	struct examining *examining = context;
	char why[256];

	if (item->kind == WALK_FILE)
		return examine_item(examining, item);
	if (item->is_root) {
		AUTO_FREE char *path = memory_text(item->path);

		walk_item_explain(walk, item, why, sizeof(why));
		screen_error("%s: %s", path, why);
		examining->is_failed = true;
	}
	return true;
}

static bool examine_item(struct examining *examining, struct walk_item *item)
{
	AUTO_CLOSE int fd = steal_fd(&item->fd);
	bool ok;

	examining->result = result_new(item);
	ok = run_job(examining, fd, JOB_ALL_OBJECTS | JOB_DIGESTS) &&
	     collect(examining, fd);
	if (ok)
		show(examining);
	if (ok && examining->asked->explains)
		ok = explain_all(examining, fd);
	examining->asked->files_scanned++;
	free(examining->windows);
	examining->windows = NULL;
	result_free(examining->result);
	return ok;
}

/* One run of the worker for each rule of the name: who asks has a file and a rule. */
static bool explain_all(struct examining *examining, int fd)
{
	examining->explains = true;
	for (size_t i = 0; i < examining->rule_count; i++) {
		struct rule_info rule;

		examining->rule_index = i;
		if (!database_rule(&examining->scanner.catalog.database,
				   examining->rules[i].segment, examining->rules[i].rule,
				   &rule))
			continue;
		screen_text(rule.file);
		screen_print(SCREEN_FAINT, " line %u, asked step by step:\n", rule.line);
		if (!run_job(examining, fd, JOB_EXPLAIN))
			return false;
	}
	examining->explains = false;
	return true;
}

static bool run_job(struct examining *examining, int fd, unsigned flags)
{
	struct pool_job job = feed_job(&examining->result->item);

	job.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	job.flags = flags;
	if (flags & JOB_EXPLAIN) {
		job.segment = examining->rules[examining->rule_index].segment;
		job.rule = examining->rules[examining->rule_index].rule;
	}
	if (job.fd < 0) {
		screen_error("%s", strerror(errno));
		return false;
	}
	pool_submit(examining->scanner.pool, &job);
	return feed_wait(&examining->scanner) && !interrupted;
}

/* The bytes around each hit. */
static bool collect(struct examining *examining, int fd)
{
	const struct result *result = examining->result;
	bool is_inside = false;

	examining->windows = memory_zeroed(result->hit_count, sizeof(struct window));
	for (size_t i = 0; i < result->hit_count; i++) {
		const struct result_hit *hit = &result->hits[i];
		struct window *window = &examining->windows[i];
		uint64_t end = add_u64_capped(hit->offset, min_u64(hit->len, SHOWN_MAX));

		window->start = hit->offset > BEFORE ? hit->offset - BEFORE : 0;
		end = add_u64_capped(end, AFTER);
		if (hit->view == VIEW_RAW)
			end = min_u64(end, hit->object.size_bytes);
		window->len = end > window->start ? (size_t)(end - window->start) : 0;
		if (hit->object.count > 0 || hit->view != VIEW_RAW) {
			is_inside = true;
			continue;
		}
		ssize_t got = pread(fd, window->bytes, window->len, (off_t)window->start);

		window->got = got > 0 ? (size_t)got : 0;
	}
	return !is_inside || run_job(examining, fd, JOB_ALL_OBJECTS | JOB_DATA);
}

static void show(struct examining *examining)
{
	const struct result *result = examining->result;
	size_t shown = 0;

	for (size_t i = 0; i < result->hit_count; i++) {
		const struct result_hit *hit = &result->hits[i];
		struct rule_info rule;

		if (!database_rule(&examining->scanner.catalog.database, hit->segment,
				   hit->rule, &rule) ||
		    hit->state == HIT_REMOVED ||
		    (examining->asked->rule &&
		     !lookup_is_called(&rule, slice_of(examining->asked->rule))))
			continue;
		show_hit(examining, i);
		shown++;
	}
	for (size_t i = 0; i < result->gap_count; i++)
		print_gap(result, &result->gaps[i]);
	examining->asked->files_hit += shown > 0;
	if (shown > 0)
		return;
	screen_text(result->item.path);
	screen_print(SCREEN_PLAIN, ": nothing found\n");
}

static void print_digest(const struct result_hit *hit)
{
	if (!hit->has_sha256)
		return;
	screen_print(SCREEN_FAINT, "  %-9s", "sha256");
	for (size_t i = 0; i < sizeof(hit->sha256); i++)
		screen_print(SCREEN_PLAIN, "%02x", hit->sha256[i]);
	screen_print(SCREEN_PLAIN, "\n");
}

/* Offsets of a view count in it, and nobody told how long it is. */
static void print_where(const struct result_hit *hit)
{
	screen_print(SCREEN_FAINT, "  %-9s", "where");
	screen_print(SCREEN_PLAIN, "offset %llu", (unsigned long long)hit->offset);
	if (hit->view == VIEW_RAW)
		screen_print(SCREEN_PLAIN, ", %llu of %llu bytes",
			     (unsigned long long)hit->len,
			     (unsigned long long)hit->object.size_bytes);
	else
		screen_print(SCREEN_PLAIN, " of its %s as it is normalised, %llu bytes",
			     view_name(hit->view), (unsigned long long)hit->len);
	screen_print(SCREEN_PLAIN, "%s\n",
		     hit->len > SHOWN_MAX ? "; the first of them:" : "");
}

static void show_hit(struct examining *examining, size_t index)
{
	const struct result *result = examining->result;
	const struct result_hit *hit = &result->hits[index];
	const struct window *window = &examining->windows[index];
	struct rule_info rule = { 0 };

	if (!database_rule(&examining->scanner.catalog.database, hit->segment, hit->rule,
			   &rule))
		return;
	print_hit(&examining->scanner.catalog, result, hit);
	screen_print(SCREEN_FAINT, "  %-9s", "rule");
	screen_text(rule.file);
	screen_print(SCREEN_PLAIN, " line %u\n", rule.line);
	print_where(hit);
	print_digest(hit);
	hexdump_print(&(struct hexdump){
		.bytes = { window->bytes, window->got },
		.offset = window->start,
		.marked = hit->offset,
		.marked_len = hit->len,
	});
}

static struct examining *examining_of(void *context)
{
	return ((struct scanner *)context)->user;
}

static void on_object(void *context, void *job, const struct pool_object *object)
{
	struct examining *examining = examining_of(context);

	(void)job;
	if (examining->explains)
		print_place(examining->result->item.path, object);
	else
		result_object(examining->result, object);
}

/* The file, and what of it is being asked about. */
static void print_place(struct slice path, const struct pool_object *object)
{
	screen_print(SCREEN_PLAIN, "  ");
	screen_text(path);
	for (unsigned depth = 1; depth <= object->depth; depth++) {
		const struct pool_object *at = object;

		while (at->depth > depth)
			at = at->parent;
		screen_print(SCREEN_PLAIN, " ! ");
		screen_text(at->name.len > 0 ? at->name : slice_of("(no name)"));
	}
	screen_print(SCREEN_FAINT, ", %llu bytes of type %s:\n",
		     (unsigned long long)object->size_bytes, type_name(object->type));
}

static void on_leave(void *context, void *job, const struct pool_object *object,
		     const struct outcome *outcome)
{
	struct examining *examining = examining_of(context);

	(void)job;
	(void)outcome;
	if (!examining->windows)
		result_leave(examining->result, object);
}

static void on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	struct examining *examining = examining_of(context);

	(void)job;
	if (!examining->windows)
		result_hit(examining->result, object, hit);
}

static void on_incomplete(void *context, void *job, const struct pool_object *object,
			  const struct pool_gap *gap)
{
	struct examining *examining = examining_of(context);

	(void)job;
	if (!examining->windows)
		result_gap(examining->result, object, gap);
}

/* Bytes come in order: what lies in a hit's window is copied behind what is there. */
static void on_data(void *context, void *job, const struct pool_object *object,
		    const struct view_data *data)
{
	struct examining *examining = examining_of(context);
	const struct result *result = examining->result;
	uint32_t serial = object->depth < result->serial_count ?
				  result->serials[object->depth] :
				  0;

	(void)job;
	for (size_t i = 0; i < result->hit_count; i++) {
		struct window *window = &examining->windows[i];
		uint64_t at = window->start + window->got;
		size_t len;

		if (result->hits[i].object.serial != serial ||
		    result->hits[i].view != data->view || at < data->offset ||
		    at - data->offset >= data->bytes.len)
			continue;
		size_t skip = (size_t)(at - data->offset);
		len = min_size(window->len - window->got, data->bytes.len - skip);
		memcpy(&window->bytes[window->got], &data->bytes.base[skip], len);
		window->got += len;
	}
}

/* The answer stands before what it is an answer to. */
static void on_line(void *context, void *job, const struct pool_object *object,
		    const struct pool_line *line)
{
	static const struct {
		const char *mark;
		enum screen_style style;
	} marks[WATCH_ANSWERS] = {
		[WATCH_TEXT] = { " ", SCREEN_PLAIN },
		[WATCH_NO] = { "-", SCREEN_DOUBT },
		[WATCH_YES] = { "+", SCREEN_STRONG },
		[WATCH_UNKNOWN] = { "?", SCREEN_DOUBT },
	};
	struct examining *examining = examining_of(context);

	(void)job;
	(void)object;
	if (!examining->explains)
		return;
	screen_print(marks[line->answer].style, "  %s %*s", marks[line->answer].mark,
		     (int)(2 * line->level), "");
	screen_text(line->text);
	screen_print(SCREEN_PLAIN, "\n");
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct examining *examining = examining_of(context);

	(void)job;
	/* The second run starts its count of objects anew, and judges nothing. */
	examining->result->serial_next = 0;
	if (!examining->windows)
		result_judge(examining->result, done, &examining->judgement);
}
