/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker that scans, once it is locked up.
 */
#pragma once

#include "worker/engine.h"

/*
 * Takes batches from SANDBOX_SOCKET_FD until the parent hangs up; the exit status.
 * `batch` is room for one.
 */
int scan_worker_run(struct engine *engine, struct crumb *crumb, struct message *batch);
