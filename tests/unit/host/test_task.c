/* SPDX-License-Identifier: Apache-2.0 */
#include "host/task.h"

#include <fcntl.h>
#include <unistd.h>

#include "ipc/job_record.h"
#include "test.h"

static struct message message;
static struct channel_fds fds;

static void add(struct task_queue *queue, uint64_t id, uid_t owner, uint64_t size)
{
	task_queue_add(queue, task_new(&(struct pool_job){ .fd = -1,
							   .owner = owner,
							   .size_bytes = size },
				       id));
}

static struct batch fill(struct task_queue *queue, size_t files_max)
{
	const struct batch_terms terms = { files_max, 1000 };
	struct batch batch;

	batch_fill(&batch, queue, &terms, &message, &fds);
	CHECK_EQ(fds.count, batch.count);
	CHECK_EQ(message.records, batch.count);
	return batch;
}

static void free_all(struct batch *batch, struct task_queue *queue)
{
	batch_put_back(batch, queue, 0);
	for (struct task *task; (task = task_queue_take(queue)) != NULL;)
		task_free(task);
}

TEST("tasks leave the queue in the order they came")
{
	struct task_queue queue = { 0 };

	for (uint64_t id = 1; id <= 3; id++)
		add(&queue, id, 0, 1);
	CHECK_EQ(queue.count, 3);
	for (uint64_t id = 1; id <= 3; id++) {
		struct task *task = task_queue_take(&queue);
		REQUIRE(task != NULL);
		CHECK_EQ(task->id, id);
		task_free(task);
	}
	CHECK(task_queue_take(&queue) == NULL);
	CHECK_EQ(queue.count, 0);
}

TEST("a batch is of one owner")
{
	struct task_queue queue = { 0 };

	add(&queue, 1, 7, 1);
	add(&queue, 2, 7, 1);
	add(&queue, 3, 8, 1);
	struct batch batch = fill(&queue, 64);
	CHECK_EQ(batch.count, 2);
	CHECK_EQ(queue.first->id, 3);
	free_all(&batch, &queue);
}

TEST("a batch holds so many files and so many bytes, and a large file is alone")
{
	struct task_queue queue = { 0 };

	for (uint64_t id = 1; id <= 5; id++)
		add(&queue, id, 0, 300);
	struct batch batch = fill(&queue, 2);
	CHECK_EQ(batch.count, 2);
	batch_put_back(&batch, &queue, 0);
	batch = fill(&queue, 64);
	CHECK_EQ(batch.count, 3);
	free_all(&batch, &queue);

	add(&queue, 1, 0, 5000);
	add(&queue, 2, 0, 1);
	batch = fill(&queue, 64);
	CHECK_EQ(batch.count, 1);
	free_all(&batch, &queue);
}

TEST("a task that has cost two workers gets one to itself")
{
	struct task_queue queue = { 0 };

	for (uint64_t id = 1; id <= 3; id++)
		add(&queue, id, 0, 1);
	queue.first->next->attempts = 2;
	struct batch batch = fill(&queue, 64);
	CHECK_EQ(batch.count, 1);
	struct batch alone = fill(&queue, 64);
	CHECK_EQ(alone.count, 1);
	CHECK_EQ(alone.tasks[0]->id, 2);
	batch_put_back(&alone, &queue, 0);
	free_all(&batch, &queue);
}

TEST("what is not answered goes back in order, with an attempt more")
{
	struct task_queue queue = { 0 };

	for (uint64_t id = 1; id <= 4; id++)
		add(&queue, id, 0, 1);
	struct batch batch = fill(&queue, 3);
	task_free(batch.tasks[0]);
	batch.answered = 1;
	batch_put_back(&batch, &queue, 1);
	CHECK_EQ(queue.count, 3);
	for (uint64_t id = 2; id <= 4; id++) {
		struct task *task = task_queue_take(&queue);
		CHECK_EQ(task->id, id);
		CHECK_EQ(task->attempts, id < 4);
		task_free(task);
	}
}

TEST("a task brought forward leaves the order of the others")
{
	struct task_queue queue = { 0 };

	for (uint64_t id = 1; id <= 4; id++)
		add(&queue, id, 0, 1);
	struct batch batch = fill(&queue, 64);
	batch.answered = 1;
	CHECK_EQ(batch_bring_forward(&batch, 3)->id, 4);
	CHECK_EQ(batch_current(&batch)->id, 4);
	CHECK_EQ(batch.tasks[2]->id, 2);
	CHECK_EQ(batch.tasks[3]->id, 3);
	batch.answered = 0;
	free_all(&batch, &queue);
}

TEST("runs of data that cannot be are left out, so that a job can always be sent")
{
	const struct extent extents[] = { { 0, 10 }, { 5, 10 }, { 90, 50 }, { 100, 1 } };
	struct pool_job job = {
		.fd = -1, .size_bytes = 100, .extents = extents, .extent_count = 4
	};
	struct task *task = task_new(&job, 1);

	CHECK_EQ(task->job.extent_count, 2);
	CHECK_EQ(task->job.extents[0].len, 10);
	CHECK_EQ(task->job.extents[1].offset, 90);
	CHECK_EQ(task->job.extents[1].len, 10);
	task_free(task);
	job.extent_count = 0;
	task = task_new(&job, 2);
	CHECK(task->job.extents != NULL);
	task_free(task);
}

TEST("a task's descriptor is closed once")
{
	int fd = open("/dev/null", O_RDONLY);
	struct task *task = task_new(&(struct pool_job){ .fd = fd }, 1);

	REQUIRE(fd >= 0);
	task_close(task);
	CHECK(fcntl(fd, F_GETFD) < 0);
	task_free(task);
}

TEST_MAIN()
