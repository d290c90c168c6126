/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One step of the walk is one name (or one root): it is looked at, and ends as
 * an item, or as a directory on the trail whose names come next. A step that
 * fails for want of something changes nothing, so that it can be taken again.
 */
#include "host/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/copy.h"
#include "host/ignore.h"
#include "host/opener.h"
#include "host/reach.h"
#include "host/roots.h"
#include "host/trail.h"

#define COPY_BYTES_MAX (16ULL << 30)

struct walk {
	struct walk_options options;
	struct roots roots;
	struct reach reach;
	struct trail trail;
	struct walk_counts counts;
	struct slice root_path;
	uint64_t root;
	uint64_t root_device;
	bool root_waits; /* it was taken from the list, and its step not yet taken */
};

/* An item that is being made. */
struct step {
	struct walk_item *item;
	bool is_ready; /* false: the step gave none */
};

static enum status step_root(struct walk *walk, struct step *step);
static enum status step_name(struct walk *walk, struct step *step);
static enum status leave_directory(struct walk *walk);
static enum status visit_root(struct walk *walk, struct step *step);
static enum status visit_input(struct walk *walk, struct step *step);
static enum status visit_name(struct walk *walk, const struct name *name,
			      struct step *step);
static enum status visit(struct walk *walk, enum status status, struct sight *sight,
			 struct step *step);
static enum status admit(struct walk *walk, struct sight *sight, struct step *step);
static enum status admit_file(struct walk *walk, const struct sight *sight,
			      struct step *step);
static enum status admit_directory(struct walk *walk, struct sight *sight,
				   struct step *step);
static enum status leave_out(struct walk *walk, struct sight *sight, struct step *step);
static enum status push(struct walk *walk, struct sight *sight, struct names *names);
static enum status note(struct walk *walk, enum walk_kind kind, struct step *step);
static enum status note_other(struct walk *walk, uint16_t mode, struct step *step);
static enum status note_errno(struct walk *walk, struct step *step);
static enum status note_silent(struct walk *walk, size_t domain, struct step *step);
static void set_file_system(const struct walk *walk, size_t domain,
			    struct walk_item *item);

enum status walk_new(const struct walk_options *options, struct walk **out)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	uint32_t answer_ms = options->answer_ms ? options->answer_ms : WALK_ANSWER_MS;

	if (!walk)
		return STATUS_NO_MEMORY;
	walk->options = *options;
	walk->options.answer_ms = answer_ms;
	if (walk->options.copy_bytes_max == 0)
		walk->options.copy_bytes_max = COPY_BYTES_MAX;
	walk->roots = (struct roots){
		.arguments = options->roots,
		.argument_count = options->root_count,
		.list_fd = options->list_fd,
		.separator = options->list_separator,
		.stop = options->stop,
	};

	enum status status = reach_init(&walk->reach, answer_ms, options->stop);

	if (status != STATUS_OK) {
		int saved = errno;

		walk_free(walk);
		errno = saved;
		return status;
	}
	*out = walk;
	return STATUS_OK;
}

void walk_free(struct walk *walk)
{
	if (!walk)
		return;
	trail_clear(&walk->trail);
	reach_clear(&walk->reach);
	roots_clear(&walk->roots);
	free(walk);
}

const struct walk_counts *walk_counts(const struct walk *walk)
{
	return &walk->counts;
}

enum status walk_next(struct walk *walk, struct walk_item *out)
{
	const struct position *start = walk->options.start;

	for (;;) {
		struct walk_item item = { .fd = -1 };
		struct step step = { .item = &item };
		enum status status = STATUS_END;

		if (walk->options.stop && *walk->options.stop)
			return STATUS_END;
		if (trail_top(&walk->trail))
			status = step_name(walk, &step);
		else
			status = step_root(walk, &step);
		if (status == STATUS_OK && step.is_ready &&
		    (!start || position_compare(walk_item_position(&item), *start) > 0)) {
			walk->counts.kind[item.kind]++;
			*out = item;
			return STATUS_OK;
		}

		int saved = errno;

		walk_item_clear(&item);
		errno = saved;
		/* Directories far above can be opened again. */
		if (status == STATUS_LIMIT && trail_close_far(&walk->trail))
			continue;
		if (status != STATUS_OK)
			return status;
	}
}

uint32_t walk_answer_ms(const struct walk *walk)
{
	return walk->options.answer_ms;
}

static enum status step_root(struct walk *walk, struct step *step)
{
	const struct position *start = walk->options.start;

	if (!walk->root_waits) {
		enum status status = roots_next(&walk->roots, &walk->root_path);

		if (status != STATUS_OK)
			return status;
		walk->root = walk->roots.number - 1;
		walk->root_waits = true;
	}

	enum status status = STATUS_OK;

	if (!start || walk->root >= start->root)
		status = visit_root(walk, step);
	if (status == STATUS_OK)
		walk->root_waits = false;
	return status;
}

static enum status step_name(struct walk *walk, struct step *step)
{
	struct trail *trail = &walk->trail;
	size_t depth = trail->count - 1;
	struct frame *frame = &trail->frames[depth];

	if (frame->next == frame->names.count)
		return leave_directory(walk);
	frame->next++;

	enum status status = visit_name(walk, &frame->names.list[frame->next - 1], step);

	/* Frames may have moved; this one is still at its depth. */
	if (status != STATUS_OK)
		trail->frames[depth].next--;
	return status;
}

static enum status leave_directory(struct walk *walk)
{
	struct trail *trail = &walk->trail;
	const struct frame *frame = trail_top(trail);

	if (trail->count > 1 && trail->frames[trail->count - 2].fd < 0) {
		struct frame *above = &trail->frames[trail->count - 2];
		struct reach_from from = { frame->fd, frame->domain };
		enum status status = STATUS_IO;

		if (frame->fd >= 0)
			status = reach_up(&walk->reach, from, above, &above->fd);
		if (status == STATUS_LIMIT || status == STATUS_END ||
		    status == STATUS_NO_MEMORY)
			return status;
	}
	trail_pop(trail);
	return STATUS_OK;
}

static enum status visit_root(struct walk *walk, struct step *step)
{
	struct slice path = walk->root_path;
	bool is_argument = walk->root < walk->options.root_count;
	struct sight sight;

	if (!trail_start(&walk->trail, path))
		return STATUS_NO_MEMORY;
	step->item->is_root = true;
	if (is_argument && slice_is(path, "-"))
		return walk->options.look_only ? note(walk, WALK_FILE, step) :
						 visit_input(walk, step);
	if (path.len > WALK_PATH_MAX) {
		errno = ENAMETOOLONG;
		return note_errno(walk, step);
	}

	enum status status = reach_root(&walk->reach, (const char *)path.base, &sight);

	if (status == STATUS_OK)
		walk->root_device = sight.facts.device;
	return visit(walk, status, &sight, step);
}

static enum status visit_input(struct walk *walk, struct step *step)
{
	struct walk_item *item = step->item;
	AUTO_CLOSE int place = -1;
	enum status status = copy_place(UINT64_MAX, &place);
	struct copy copy = { .from = STDIN_FILENO,
			     .to = place,
			     .limit = walk->options.copy_bytes_max,
			     .waits = true,
			     .stop = walk->options.stop };

	if (status == STATUS_OK) {
		copy.limit = min_u64(copy.limit, copy_room(place));
		status = copy_stream(&copy);
	}
	if (status == STATUS_OK)
		status = target_look(place, &item->facts);
	if (status == STATUS_IO)
		return note_errno(walk, step);
	if (status != STATUS_OK)
		return status;
	/* It was read and is gone: there is no second try with a better descriptor. */
	if (opener_read_only(walk->reach.own_fds, place, &item->fd) != STATUS_OK)
		item->fd = steal_fd(&place);
	item->is_copy = true;
	item->is_cut = copy.is_cut;
	item->size = copy.len;
	return note(walk, WALK_FILE, step);
}

static bool is_excluded(const struct walk *walk, bool is_directory)
{
	const struct walk_options *options = &walk->options;
	const struct trail *trail = &walk->trail;
	const struct slice path = { (const uint8_t *)trail->path, trail->path_len };

	if (options->excludes &&
	    ignore_matches(options->excludes, trail_below(trail), is_directory))
		return true;
	return options->leaves_out &&
	       options->leaves_out(options->leaves_out_context, path, trail->below,
				   is_directory);
}

/* Were this name and all that may be below it finished before we started? */
static bool is_finished(const struct walk *walk)
{
	const struct position *start = walk->options.start;
	struct slice below = trail_below(&walk->trail);

	return start && walk->root == start->root &&
	       !position_below(start->path, below) &&
	       position_compare_paths(below, start->path) < 0;
}

static enum status visit_name(struct walk *walk, const struct name *name,
			      struct step *step)
{
	const struct frame *frame = trail_top(&walk->trail);
	const char *text = &frame->names.bytes[name->at];
	struct reach_from from = { frame->fd, frame->domain };
	bool is_local = reach_domain(&walk->reach, frame->domain)->class == MOUNT_LOCAL;
	/* What somebody else's file system says of its names may be a lie. */
	uint8_t type = is_local ? name->type : DT_UNKNOWN;
	struct sight sight;

	if (!trail_enter_name(&walk->trail, text))
		return STATUS_NO_MEMORY;
	if (is_finished(walk))
		return STATUS_OK;
	if (walk->trail.path_len > WALK_PATH_MAX || from.folder < 0) {
		errno = from.folder < 0 ? ESTALE : ENAMETOOLONG;
		return note_errno(walk, step);
	}
	if (type != DT_UNKNOWN && is_excluded(walk, type == DT_DIR))
		return note(walk, WALK_EXCLUDED, step);
	if (type != DT_UNKNOWN && type != DT_REG && type != DT_DIR)
		return note_other(walk, (uint16_t)DTTOIF(type), step);

	enum status status = reach_name(&walk->reach, from, text, type, &sight);

	if (status == STATUS_OK && type == DT_UNKNOWN &&
	    is_excluded(walk, S_ISDIR(sight.facts.mode))) {
		cleanup_close(&sight.fd);
		return note(walk, WALK_EXCLUDED, step);
	}
	return visit(walk, status, &sight, step);
}

/* Takes the sight over, whatever the status is that came with it. */
static enum status visit(struct walk *walk, enum status status, struct sight *sight,
			 struct step *step)
{
	if (status == STATUS_OK)
		status = admit(walk, sight, step);
	else if (status == STATUS_TIME)
		status = note_silent(walk, sight->domain, step);
	else if (status == STATUS_IO)
		status = note_errno(walk, step);
	cleanup_close(&sight->fd);
	return status;
}

static enum status admit(struct walk *walk, struct sight *sight, struct step *step)
{
	enum mount_class class = reach_domain(&walk->reach, sight->domain)->class;
	bool is_directory = S_ISDIR(sight->facts.mode);
	bool is_foreign = sight->facts.device != walk->root_device;

	if (sight->is_mounted && (class == MOUNT_KERNEL || class == MOUNT_TRIGGER))
		return leave_out(walk, sight, step);
	/* Only directories tell the device of their file system in all of them. */
	if (walk->options.one_file_system && is_foreign &&
	    (is_directory || sight->is_mounted)) {
		set_file_system(walk, sight->domain, step->item);
		return note(walk, WALK_LEFT_OUT, step);
	}
	if (is_directory)
		return admit_directory(walk, sight, step);
	if (S_ISREG(sight->facts.mode))
		return admit_file(walk, sight, step);
	return note_other(walk, sight->facts.mode, step);
}

static enum status admit_file(struct walk *walk, const struct sight *sight,
			      struct step *step)
{
	struct walk_item *item = step->item;
	struct reached_file file;

	item->facts = sight->facts;
	item->size = sight->facts.size;
	if (walk->options.look_only)
		return note(walk, WALK_FILE, step);
	if (walk->options.knows) {
		item->volume = reach_volume(&walk->reach, sight);
		item->is_known = item->volume != 0 &&
				 walk->options.knows(walk->options.knows_context,
						     item->volume, &item->facts);
		if (item->is_known)
			return note(walk, WALK_FILE, step);
	}

	enum status status = reach_open(&walk->reach, sight, walk->options.copy_bytes_max,
					&file);

	if (status == STATUS_TIME)
		return note_silent(walk, sight->domain, step);
	if (status == STATUS_IO)
		return note_errno(walk, step);
	if (status != STATUS_OK)
		return status;
	item->fd = file.fd;
	item->size = file.facts.size;
	item->is_copy = file.is_copy;
	item->is_cut = file.is_cut;
	item->has_changed = file.has_changed;
	status = target_extents(file.fd, &file.facts, &item->extents,
				&item->extent_count);
	if (status != STATUS_OK)
		return status;
	return note(walk, WALK_FILE, step);
}

static enum status admit_directory(struct walk *walk, struct sight *sight,
				   struct step *step)
{
	enum mount_class class = reach_domain(&walk->reach, sight->domain)->class;
	struct names names = { 0 };

	/* Numbers of inodes that somebody makes up could hide a directory from us. */
	if ((class == MOUNT_LOCAL || sight->is_mounted) &&
	    trail_has(&walk->trail, &sight->facts))
		return note(walk, WALK_LOOP, step);

	enum status status = reach_list(&walk->reach, sight, &names);
	bool is_whole = status == STATUS_OK;

	if (status == STATUS_TIME)
		status = note_silent(walk, sight->domain, step);
	else if (status == STATUS_IO)
		status = note_errno(walk, step);
	if (status != STATUS_OK) {
		names_clear(&names);
		return status;
	}
	/* What was listed before a failure is walked all the same. */
	status = push(walk, sight, &names);
	if (status == STATUS_OK && is_whole)
		walk->counts.directories++;
	return status;
}

/* A mount without files; but there may be others inside it (/dev/shm, what automount mounted). */
static enum status leave_out(struct walk *walk, struct sight *sight, struct step *step)
{
	struct names names = { 0 };
	enum status status = STATUS_OK;

	set_file_system(walk, sight->domain, step->item);
	if (S_ISDIR(sight->facts.mode) && !walk->options.one_file_system)
		status = reach_list_mounts(&walk->reach, sight->domain, &names);
	if (status == STATUS_IO)
		status =
			STATUS_NO_MEMORY; /* the table of mounts is longer than any list may be */
	if (status == STATUS_OK)
		status = note(walk, WALK_LEFT_OUT, step);
	if (status == STATUS_OK)
		return push(walk, sight, &names);
	names_clear(&names);
	return status;
}

/* Takes the names over. A directory without any is not entered. */
static enum status push(struct walk *walk, struct sight *sight, struct names *names)
{
	struct frame frame = { .fd = sight->fd,
			       .device = sight->facts.device,
			       .inode = sight->facts.inode,
			       .domain = sight->domain,
			       .names = *names };

	if (names->count == 0 || !trail_push(&walk->trail, &frame)) {
		enum status status = names->count ? STATUS_NO_MEMORY : STATUS_OK;

		names_clear(names);
		return status;
	}
	sight->fd = -1;
	return STATUS_OK;
}

/* Makes the item, of the present path. */
static enum status note(struct walk *walk, enum walk_kind kind, struct step *step)
{
	const struct trail *trail = &walk->trail;
	struct walk_item *item = step->item;
	uint8_t *path = malloc(trail->path_len + 1);

	if (!path)
		return STATUS_NO_MEMORY;
	memcpy(path, trail->path, trail->path_len + 1);
	item->kind = kind;
	item->path = (struct slice){ path, trail->path_len };
	item->below = trail->below;
	item->root = walk->root;
	step->is_ready = true;
	return STATUS_OK;
}

/* Neither a file nor a directory. */
static enum status note_other(struct walk *walk, uint16_t mode, struct step *step)
{
	if (S_ISLNK(mode))
		return note(walk, WALK_SYMLINK, step);
	step->item->facts.mode = mode;
	return note(walk, WALK_SPECIAL, step);
}

static enum status note_errno(struct walk *walk, struct step *step)
{
	step->item->error = errno;
	if (errno == ENOENT && !step->item->is_root)
		return note(walk, WALK_VANISHED, step);
	return note(walk, WALK_UNREADABLE, step);
}

static enum status note_silent(struct walk *walk, size_t domain, struct step *step)
{
	set_file_system(walk, domain, step->item);
	return note(walk, WALK_NO_ANSWER, step);
}

static void set_file_system(const struct walk *walk, size_t domain,
			    struct walk_item *item)
{
	if (domain < walk->reach.domains.count)
		memcpy(item->file_system, reach_domain(&walk->reach, domain)->type,
		       sizeof(item->file_system));
}
