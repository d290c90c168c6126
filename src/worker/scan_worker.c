/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/scan_worker.h"

#include <time.h>

#include "sandbox/call_list.h"
#include "worker/zygote.h"

static bool receive(void *context, struct message *message);
static bool send(void *context, const struct message *message);
static uint64_t now_ms(void *context);

int scan_worker_run(struct engine *engine, struct crumb *crumb, struct message *batch)
{
	struct channel_fds fds;

	engine->answer.send = send;
	engine->answer.crumb = crumb;
	engine->helped.receive = receive;
	engine->answer.clock = (struct clock){ now_ms, NULL };
	for (;;) {
		switch (channel_receive(SANDBOX_SOCKET_FD, batch, &fds)) {
		case CHANNEL_OK:
			break;
		case CHANNEL_CLOSED:
			return EXIT_WORKER_OK;
		case CHANNEL_AGAIN:
		case CHANNEL_BROKEN:
		case CHANNEL_FAILED:
			return EXIT_WORKER_PROTOCOL;
		}
		switch (engine_run(engine, batch, &fds)) {
		case ENGINE_OK:
			break;
		case ENGINE_NOBODY_LISTENS:
			return EXIT_WORKER_OK;
		case ENGINE_BAD_BATCH:
			return EXIT_WORKER_PROTOCOL;
		}
	}
}

static bool send(void *context, const struct message *message)
{
	(void)context;
	return channel_send(SANDBOX_SOCKET_FD, message, NULL) == CHANNEL_OK;
}

/* An end that has closed is heard of when it is spoken to. */
static bool receive(void *context, struct message *message)
{
	(void)context;
	return channel_receive_now(SANDBOX_SOCKET_FD, message) == CHANNEL_OK;
}

static uint64_t now_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
