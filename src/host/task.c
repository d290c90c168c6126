/* SPDX-License-Identifier: Apache-2.0 */
#include "host/task.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/checked.h"
#include "ipc/job_record.h"

/* From this attempt on a task has a worker to itself: then it is known who is to blame. */
enum { ATTEMPTS_ALONE = 2 };

static void copy_extents(struct pool_job *job);
static bool fits(const struct batch *batch, const struct task *task, uint64_t bytes,
		 const struct batch_terms *terms);
static bool add_job(struct message *message, const struct task *task);

struct task *task_new(const struct pool_job *job, uint64_t id)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		abort();
	task->id = id;
	task->job = *job;
	if (job->extents)
		copy_extents(&task->job);
	return task;
}

void task_close(struct task *task)
{
	if (task->job.fd >= 0)
		close(task->job.fd);
	task->job.fd = -1;
}

void task_free(struct task *task)
{
	task_close(task);
	free((void *)task->job.extents);
	free(task);
}

void task_queue_add(struct task_queue *queue, struct task *task)
{
	task->next = NULL;
	if (queue->last)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
	queue->count++;
}

void task_queue_add_first(struct task_queue *queue, struct task *task)
{
	task->next = queue->first;
	queue->first = task;
	if (!queue->last)
		queue->last = task;
	queue->count++;
}

struct task *task_queue_take(struct task_queue *queue)
{
	struct task *task = queue->first;

	if (!task)
		return NULL;
	queue->first = task->next;
	if (!queue->first)
		queue->last = NULL;
	task->next = NULL;
	queue->count--;
	return task;
}

void batch_fill(struct batch *batch, struct task_queue *queue,
		const struct batch_terms *terms, struct message *message,
		struct channel_fds *fds)
{
	uint64_t bytes = 0;

	assert(queue->first);
	*batch = (struct batch){ 0 };
	fds->count = 0;
	message_start(message);
	while (queue->first && fits(batch, queue->first, bytes, terms) &&
	       add_job(message, queue->first)) {
		struct task *task = task_queue_take(queue);
		bytes = add_u64_capped(bytes, task->job.size_bytes);
		fds->list[fds->count++] = task->job.fd;
		batch->tasks[batch->count++] = task;
	}
	assert(batch->count > 0);
	message_finish(message);
}

struct task *batch_bring_forward(struct batch *batch, size_t index)
{
	struct task *task = batch->tasks[index];

	assert(index >= batch->answered && index < batch->count);
	for (size_t i = index; i > batch->answered; i--)
		batch->tasks[i] = batch->tasks[i - 1];
	batch->tasks[batch->answered] = task;
	return task;
}

void batch_put_back(struct batch *batch, struct task_queue *queue, unsigned attempts)
{
	while (batch->count > batch->answered) {
		struct task *task = batch->tasks[--batch->count];
		task->attempts += attempts;
		task_queue_add_first(queue, task);
	}
}

/* The runs that can be believed: a file may have changed while they were asked for. */
static void copy_extents(struct pool_job *job)
{
	/* One more, so that none at all is a pointer, too. */
	struct extent *copy = calloc(job->extent_count + 1, sizeof(*copy));
	uint64_t end = 0;
	size_t count = 0;

	if (!copy)
		abort();
	assert(job->extent_count <= JOB_EXTENTS_MAX);
	for (size_t i = 0; i < job->extent_count; i++) {
		struct extent extent = job->extents[i];
		if (extent.offset < end || extent.offset >= job->size_bytes)
			continue;
		extent.len = min_u64(extent.len, job->size_bytes - extent.offset);
		end = extent.offset + extent.len;
		copy[count++] = extent;
	}
	job->extents = copy;
	job->extent_count = count;
}

static bool fits(const struct batch *batch, const struct task *task, uint64_t bytes,
		 const struct batch_terms *terms)
{
	if (batch->count == 0)
		return true;
	if (batch->count >= terms->files_max || batch->count >= CHANNEL_FDS_MAX)
		return false;
	if (batch->tasks[0]->job.owner != task->job.owner)
		return false;
	if (task->attempts >= ATTEMPTS_ALONE ||
	    batch->tasks[0]->attempts >= ATTEMPTS_ALONE)
		return false;
	return add_u64_capped(bytes, task->job.size_bytes) <= terms->bytes_max;
}

static bool add_job(struct message *message, const struct task *task)
{
	static_assert((int)JOB_ALL_OBJECTS == (int)RECORD_JOB_ALL_OBJECTS &&
			      (int)JOB_DATA == (int)RECORD_JOB_DATA &&
			      (int)JOB_AT_ONCE == (int)RECORD_JOB_AT_ONCE &&
			      (int)JOB_DIGESTS == (int)RECORD_JOB_DIGESTS &&
			      (int)JOB_EXPLAIN == (int)RECORD_JOB_EXPLAIN &&
			      (int)JOB_COSTS == (int)RECORD_JOB_COSTS &&
			      (int)JOB_PRINTS == (int)RECORD_JOB_PRINTS,
		      "flags are the same on both sides");
	static_assert((int)JOB_EXTENTS_MAX == (int)RECORD_EXTENTS_MAX,
		      "and so are extents");

	const struct record_job record = {
		.id = task->id,
		.size_bytes = task->job.size_bytes,
		.flags = task->job.flags,
		.known = task->job.known,
		.segment = task->job.segment,
		.rule = task->job.rule,
		.has_extents = task->job.extents != NULL,
		.extent_count = (uint32_t)task->job.extent_count,
		.extents = (struct extent *)task->job.extents,
	};

	return job_add(message, &record);
}
