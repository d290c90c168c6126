/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker that compiles rules, once it is locked up.
 */
#pragma once

#include <stdint.h>

#include "base/digest.h"
#include "ipc/message.h"

/*
 * Takes one order from SANDBOX_SOCKET_FD, writes the segment to
 * SANDBOX_WRITE_FD and tells what came of it. The exit status. `received` is
 * room for a message.
 */
int rule_worker_run(uint64_t memory_bytes, const struct digests *digests,
		    struct message *received);
