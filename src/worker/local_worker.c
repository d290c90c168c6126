/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/local_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "worker/engine.h"

#ifndef CUSTOS_ENGINE_IN_PROCESS
#error "the engine runs in the parent's process in sanitizer builds only"
#endif

struct local {
	struct engine engine;
	struct local_sink sink;
	FILE *spool;
};

static void *open_local(const struct record_setup *setup,
			const struct channel_fds *segments, const struct local_sink *sink,
			struct record_failed *failed);
static bool run_local(void *context, const struct message *batch,
		      struct channel_fds *fds);
static void close_local(void *context);
static bool send(void *context, const struct message *message);
static uint64_t now_ms(void *context);

const struct local_engine local_worker = { open_local, run_local, close_local };

static void *open_local(const struct record_setup *setup,
			const struct channel_fds *segments, const struct local_sink *sink,
			struct record_failed *failed)
{
	struct local *local = calloc(1, sizeof(*local));

	*failed = (struct record_failed){ .failure = SETUP_MEMORY };
	if (!local)
		return NULL;
	local->sink = *sink;
	if (!engine_open(&local->engine, setup, segments, failed) ||
	    !engine_read_segments(&local->engine, failed)) {
		close_local(local);
		return NULL;
	}
	local->engine.answer.send = send;
	local->engine.answer.context = local;
	local->engine.answer.clock = (struct clock){ now_ms, NULL };
	local->spool = tmpfile();
	if (local->spool)
		spool_init(&local->engine.spool, fileno(local->spool), setup->file_bytes);
	return local;
}

static bool run_local(void *context, const struct message *batch, struct channel_fds *fds)
{
	struct local *local = context;

	return engine_run(&local->engine, batch, fds) == ENGINE_OK;
}

static void close_local(void *context)
{
	struct local *local = context;

	engine_close(&local->engine);
	if (local->spool)
		fclose(local->spool);
	free(local);
}

static bool send(void *context, const struct message *message)
{
	const struct local *local = context;

	return local->sink.take(local->sink.context, message);
}

static uint64_t now_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
