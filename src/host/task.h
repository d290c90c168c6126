/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs on their way: in the queue, in a batch that a worker has, and, done but
 * not settled, until the batch is over.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/job.h"
#include "ipc/channel.h"

struct task {
	struct task *next;   /* in the queue */
	uint64_t id;         /* on the wire; never 0 */
	struct pool_job job; /* its extents are the task's own; fd -1 once it is closed */
	bool is_tainted;     /* by what somebody else said of it: not to be remembered */
	unsigned attempts;   /* workers that had it and ended before they answered */
};

struct task_queue {
	struct task *first;
	struct task *last;
	size_t count;
};

/* A task of the job; aborts when there is no memory. */
struct task *task_new(const struct pool_job *job, uint64_t id);

/* Closes its descriptor. */
void task_close(struct task *task);

/* Closes what is open. */
void task_free(struct task *task);

void task_queue_add(struct task_queue *queue, struct task *task);
void task_queue_add_first(struct task_queue *queue, struct task *task);
struct task *task_queue_take(struct task_queue *queue);

/* What a worker was given at once, in this order. */
struct batch {
	struct task *tasks[CHANNEL_FDS_MAX];
	size_t count;
	size_t answered; /* the first so many are done */
};

/* How a batch is made up. */
struct batch_terms {
	size_t files_max;
	uint64_t bytes_max; /* a larger file is alone */
};

/*
 * Takes tasks from the front of the queue: all of one owner, and one that has
 * cost several workers already by itself. The message is finished, the
 * descriptors listed in its order. The queue must not be empty.
 */
void batch_fill(struct batch *batch, struct task_queue *queue,
		const struct batch_terms *terms, struct message *message,
		struct channel_fds *fds);

/* Makes the task at `index`, not answered yet, the current one. */
struct task *batch_bring_forward(struct batch *batch, size_t index);

/* Puts the tasks that are not answered back, in order, with so many attempts more. */
void batch_put_back(struct batch *batch, struct task_queue *queue, unsigned attempts);

static inline struct task *batch_current(const struct batch *batch)
{
	return batch->answered < batch->count ? batch->tasks[batch->answered] : NULL;
}
