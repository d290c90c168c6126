/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unfinished parts are a list in the order of the walk. Each carries what was
 * finished between it and the next one: the last place there, and the numbers.
 * A part that finishes hands its own and what it carries to the part before
 * it, or to the frontier itself if it is the first.
 *
 *	reached | part A | part B | part C
 *	   ^ ........ ^ ........ ^ ......... finished parts, summed up
 */
#include "host/frontier.h"

#include <stdlib.h>
#include <string.h>

/* Finished parts, one behind the other, seen as one. */
struct run {
	bool is_empty;
	uint64_t root;
	char *path; /* of the last of them */
	size_t path_len;
	uint64_t *sums;
};

struct frontier_part {
	struct frontier_part *before;
	struct frontier_part *after;
	uint64_t root;
	char *path;
	size_t path_len;
	struct run run;  /* what is finished behind it */
	uint64_t sums[]; /* of the run */
};

struct frontier {
	struct frontier_part *first;
	struct frontier_part *last;
	struct run reached;
	size_t count;
	uint64_t sums[];
};

static MUST_CHECK bool path_copy(struct slice path, char **out);
static void run_append(struct run *run, struct run *next, size_t count);

enum status frontier_new(size_t count, struct frontier **out)
{
	struct frontier *frontier = calloc(1, sizeof(*frontier) +
						      count * sizeof(frontier->sums[0]));

	if (!frontier)
		return STATUS_NO_MEMORY;
	frontier->count = count;
	frontier->reached.is_empty = true;
	frontier->reached.sums = frontier->sums;
	*out = frontier;
	return STATUS_OK;
}

void frontier_free(struct frontier *frontier)
{
	if (!frontier)
		return;
	while (frontier->first) {
		struct frontier_part *part = frontier->first;

		frontier->first = part->after;
		free(part->run.path);
		free(part->path);
		free(part);
	}
	free(frontier->reached.path);
	free(frontier);
}

enum status frontier_begin(struct frontier *frontier, struct position at,
			   const uint64_t *sums)
{
	char *path;

	if (!path_copy(at.path, &path))
		return STATUS_NO_MEMORY;
	free(frontier->reached.path);
	frontier->reached.is_empty = false;
	frontier->reached.root = at.root;
	frontier->reached.path = path;
	frontier->reached.path_len = at.path.len;
	for (size_t i = 0; i < frontier->count; i++)
		frontier->sums[i] = sums[i];
	return STATUS_OK;
}

enum status frontier_issue(struct frontier *frontier, struct position at,
			   struct frontier_part **out)
{
	struct frontier_part *part = calloc(
		1, sizeof(*part) + frontier->count * sizeof(part->sums[0]));

	if (!part)
		return STATUS_NO_MEMORY;
	if (!path_copy(at.path, &part->path)) {
		free(part);
		return STATUS_NO_MEMORY;
	}
	part->path_len = at.path.len;
	part->root = at.root;
	part->run.is_empty = true;
	part->run.sums = part->sums;
	part->before = frontier->last;
	if (frontier->last)
		frontier->last->after = part;
	else
		frontier->first = part;
	frontier->last = part;
	*out = part;
	return STATUS_OK;
}

void frontier_finish(struct frontier *frontier, struct frontier_part *part,
		     const uint64_t *numbers)
{
	struct run *run = part->before ? &part->before->run : &frontier->reached;
	struct run own = { false, part->root, part->path, part->path_len, NULL };

	for (size_t i = 0; i < frontier->count; i++)
		part->sums[i] += numbers[i];
	if (part->run.is_empty) {
		own.sums = part->sums;
		run_append(run, &own, frontier->count);
	} else {
		free(part->path);
		run_append(run, &part->run, frontier->count);
	}
	if (part->before)
		part->before->after = part->after;
	else
		frontier->first = part->after;
	if (part->after)
		part->after->before = part->before;
	else
		frontier->last = part->before;
	free(part);
}

bool frontier_reached(const struct frontier *frontier, struct position *out,
		      const uint64_t **ret_sums)
{
	const struct run *reached = &frontier->reached;

	if (reached->is_empty)
		return false;
	out->root = reached->root;
	out->path = (struct slice){ (const uint8_t *)reached->path, reached->path_len };
	*ret_sums = frontier->sums;
	return true;
}

/* Takes the path of `next` over. */
static void run_append(struct run *run, struct run *next, size_t count)
{
	free(run->path);
	run->is_empty = false;
	run->root = next->root;
	run->path = next->path;
	run->path_len = next->path_len;
	for (size_t i = 0; i < count; i++)
		run->sums[i] += next->sums[i];
}

static bool path_copy(struct slice path, char **out)
{
	char *copy = malloc(path.len + 1);

	if (!copy)
		return false;
	if (path.len > 0)
		memcpy(copy, path.base, path.len);
	copy[path.len] = '\0';
	*out = copy;
	return true;
}
