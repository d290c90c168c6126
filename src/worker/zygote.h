/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The zygote: loads once what all workers need, shuts itself in, and from then
 * on only forks workers and tells how they end. It has one thread and looks
 * into no file.
 */
#pragma once

#include "ipc/crumb.h"

/* Exit statuses of zygote and workers. A worker that answers never exits by itself. */
enum {
	EXIT_WORKER_OK = 0, /* the parent hung up */
	EXIT_WORKER_NOT_LOCKED = 70,
	EXIT_WORKER_PROTOCOL = 71, /* the parent said what it never says */
	EXIT_WORKER_ASSERT = 72,   /* a failed assertion; the crumb has its text */
};

/*
 * Serves the parent at descriptor SANDBOX_SOCKET_FD until it hangs up. Returns
 * in the zygote and in its workers alike: what to exit with. `on_worker` is
 * called in each worker with the page to leave word in.
 */
int zygote_run(void (*on_worker)(struct crumb *crumb));
