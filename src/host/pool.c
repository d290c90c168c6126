/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool's one loop. Each turn of it: give work to whoever is idle, wait for
 * somebody to speak, listen, look who has been silent for too long.
 *
 * Everything that a worker could make the parent wait for has a deadline, and
 * everything it could send is checked in hearing.c.
 */
#include "host/pool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/checked.h"
#include "host/crew.h"
#include "host/crew_setup.h"
#include "ipc/local_engine.h"

/* Jobs that may be pending: two batches for each worker, and one that is being made up. */
enum { JOBS_PER_WORKER = 2 * CHANNEL_FDS_MAX, JOBS_BESIDE = CHANNEL_FDS_MAX };

/* Descriptors: of a worker's, and of everybody else in this process. */
enum { FDS_PER_WORKER = 4, FDS_BESIDE = 128 };

/* poll() may be late by so much before it counts as having been stopped. */
enum { LATE_MS = 1000 };

struct pool {
	struct crew crew;
	size_t jobs_max;
	uint64_t next_id;
	uint64_t left_ms; /* when pool_poll() last returned */
	void *local;      /* an engine in this process, or NULL */
};

static size_t room_for_jobs(unsigned workers);
static void wait_and_hear(struct pool *pool, struct pollfd *also, size_t also_count,
			  int timeout_ms);
static void hear_all(struct pool *pool, const struct pollfd *polled, uint64_t now_ms);
static int shorter(const struct crew *crew, int timeout_ms, uint64_t now_ms);
static bool open_local(struct pool *pool, struct pool_error *error);
static void run_local(struct pool *pool);
static bool take_local(void *context, const struct message *message);
static uint64_t clock_ms(void);

bool pool_open(const struct pool_options *options, struct pool **out,
	       struct pool_error *error)
{
	const struct pool_options filled = crew_defaults(options);
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool) {
		pool_error_set(error, "no memory");
		return false;
	}
	pool->left_ms = clock_ms();
	pool->jobs_max = room_for_jobs(filled.jobs);
	if (!crew_open(&pool->crew, &filled, pool->left_ms)) {
		*error = pool->crew.error;
		pool_close(pool);
		return false;
	}
	if (filled.engine && !open_local(pool, error)) {
		pool_close(pool);
		return false;
	}
	*out = pool;
	return true;
}

void pool_close(struct pool *pool)
{
	if (!pool)
		return;
	if (pool->local)
		pool->crew.options.engine->close(pool->local);
	crew_close(&pool->crew);
	free(pool);
}

bool pool_has_room(const struct pool *pool)
{
	return pool->crew.pending < pool->jobs_max;
}

void pool_submit(struct pool *pool, const struct pool_job *job)
{
	/* What a worker is given it can read, and nothing else. */
	assert((fcntl(job->fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	task_queue_add(&pool->crew.queue, task_new(job, ++pool->next_id));
	pool->crew.pending++;
}

size_t pool_pending(const struct pool *pool)
{
	return pool->crew.pending;
}

bool pool_poll(struct pool *pool, struct pollfd *also, size_t also_count, int timeout_ms,
	       struct pool_error *error)
{
	struct crew *crew = &pool->crew;
	const uint64_t now_ms = clock_ms();
	struct pool_done lost = { .fd = -1, .death.end = POOL_END_NO_START };

	/* While we were elsewhere nobody could be heard. */
	crew_shift(crew, now_ms - pool->left_ms);
	if (pool->local) {
		run_local(pool);
		if (crew->pending > 0)
			timeout_ms = 0;
	} else if (!crew->is_over) {
		crew_assign(crew, now_ms);
	}
	if (!crew->is_over)
		wait_and_hear(pool, also, also_count, timeout_ms);
	if (!crew->is_over && !pool->local)
		crew_assign(crew, clock_ms());
	if (crew->is_over) {
		outcome_add_reason(&lost.outcome, REASON_WORKER);
		crew_abandon(crew, &lost, clock_ms());
		*error = crew->error;
	}
	pool->left_ms = clock_ms();
	return !crew->is_over;
}

void pool_cancel(struct pool *pool, enum reason reason)
{
	struct pool_done done = { .fd = -1 };

	outcome_add_reason(&done.outcome, reason);
	crew_abandon(&pool->crew, &done, clock_ms());
}

bool pool_walls(const struct pool *pool, struct walls *out)
{
	const struct record_hello *hello = &pool->crew.walls;

	if (!pool->crew.has_walls)
		return false;
	*out = (struct walls){
		.raised = hello->raised,
		.missing = hello->missing,
		.landlock_abi = (int)hello->landlock_abi,
	};
	for (size_t i = 0; i < WALL_COUNT; i++)
		out->cause[i] = hello->cause[i];
	return true;
}

size_t pool_workers(const struct pool *pool, pid_t *out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->crew.hand_count && count < max; i++) {
		if (pool->crew.hands[i].is_live && pool->crew.hands[i].pid > 0)
			out[count++] = pool->crew.hands[i].pid;
	}
	return count;
}

uint32_t pool_deaths(const struct pool *pool)
{
	return pool->crew.deaths;
}

/* As many as there may be descriptors; we ask for as many as we may have. */
static size_t room_for_jobs(unsigned workers)
{
	const rlim_t wanted = (rlim_t)workers * JOBS_PER_WORKER + JOBS_BESIDE;
	const rlim_t beside = (rlim_t)workers * FDS_PER_WORKER + FDS_BESIDE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return CHANNEL_FDS_MAX;
	if (limit.rlim_cur < wanted + beside && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = min_u64(wanted + beside, limit.rlim_max);
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted + beside)
		return (size_t)wanted;
	if (limit.rlim_cur <= beside)
		return 1;
	return (size_t)(limit.rlim_cur - beside);
}

static void wait_and_hear(struct pool *pool, struct pollfd *also, size_t also_count,
			  int timeout_ms)
{
	struct crew *crew = &pool->crew;
	const size_t own_count = crew->hand_count + CREW_ZYGOTES;
	struct pollfd *polled = calloc(own_count + also_count, sizeof(*polled));
	const uint64_t before_ms = clock_ms();

	if (!polled)
		abort();
	for (size_t i = 0; i < crew->hand_count; i++) {
		const struct hand *hand = &crew->hands[i];
		polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
		if (hand->is_live && !hand->has_hung_up)
			polled[i].fd = hand->socket;
	}
	for (size_t i = 0; i < CREW_ZYGOTES; i++)
		polled[crew->hand_count + i] = (struct pollfd){
			.fd = crew->zygotes[i].link.socket, .events = POLLIN
		};
	if (also_count > 0)
		memcpy(&polled[own_count], also, also_count * sizeof(*also));
	if (crew->pending == 0 && also_count == 0)
		timeout_ms = 0;

	const int wait_ms = shorter(crew, timeout_ms, before_ms);
	int ready = poll(polled, own_count + also_count, wait_ms);
	const uint64_t took_ms = clock_ms() - before_ms;
	if (wait_ms >= 0 && took_ms > (uint64_t)wait_ms + LATE_MS)
		crew_shift(crew, took_ms - (uint64_t)wait_ms);
	for (size_t i = 0; i < also_count; i++)
		also[i].revents = ready > 0 ? polled[own_count + i].revents : 0;
	if (ready > 0)
		hear_all(pool, polled, clock_ms());
	if (!crew->is_over)
		crew_check_deadlines(crew, clock_ms());
	free(polled);
}

/* Workers first: the zygote may have news of the end of one that still has something to say. */
static void hear_all(struct pool *pool, const struct pollfd *polled, uint64_t now_ms)
{
	struct crew *crew = &pool->crew;

	for (size_t i = 0; i < crew->hand_count; i++) {
		if (polled[i].revents && crew->hands[i].is_live)
			crew_hear(crew, &crew->hands[i], now_ms);
	}
	for (unsigned i = 0; i < CREW_ZYGOTES; i++) {
		if (polled[crew->hand_count + i].revents && !crew->is_over)
			crew_hear_zygote(crew, i, now_ms);
	}
}

/* The caller's timeout, or less if something is due before. */
static int shorter(const struct crew *crew, int timeout_ms, uint64_t now_ms)
{
	const uint64_t next_ms = crew_next_ms(crew);
	uint64_t due_ms = 0;

	if (next_ms == UINT64_MAX)
		return timeout_ms;
	if (next_ms > now_ms)
		due_ms = min_u64(next_ms - now_ms, INT32_MAX);
	if (timeout_ms >= 0 && (uint64_t)timeout_ms < due_ms)
		return timeout_ms;
	return (int)due_ms;
}

static bool open_local(struct pool *pool, struct pool_error *error)
{
	const struct local_engine *engine = pool->crew.options.engine;
	const struct local_sink sink = { take_local, pool };
	struct record_failed failed;
	struct channel_fds segments;
	const struct record_setup setup = crew_setup(&pool->crew.options, &segments);

	pool->local = engine->open(&setup, &segments, &sink, &failed);
	if (!pool->local)
		zygote_link_explain(&failed, error);
	return pool->local != NULL;
}

/* One job. */
static void run_local(struct pool *pool)
{
	struct crew *crew = &pool->crew;
	const struct hand_terms terms = crew_terms(crew, clock_ms());
	const struct pool_death lied = { .end = POOL_END_LIED, .breach = "no answer" };
	struct hand *hand = &crew->hands[0];
	struct channel_fds fds;

	if (!crew->queue.first)
		return;
	hand_give_local(hand, &terms, &fds);
	(void)crew->options.engine->run(pool->local, crew->room, &fds);
	if (hand_current(hand))
		hand_bury(hand, &terms, &lied);
}

static bool take_local(void *context, const struct message *message)
{
	struct pool *pool = context;
	const struct hand_terms terms = crew_terms(&pool->crew, clock_ms());

	return hand_hear_message(&pool->crew.hands[0], &terms, message).kind ==
	       HAND_SPOKE;
}

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
