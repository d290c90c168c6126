/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One huge file, several workers: while nothing waits in the queue, workers that have
 * nothing to do look at pieces of files that others are at (ipc/share_record.h). The
 * owner of a file goes through it from the front, pieces are given away from the end.
 *
 * A piece takes some milliseconds, so whoever comes into the queue does not wait longer
 * than that for a worker that helps. What a helper says are hints: the owner verifies
 * each candidate, and looks itself at what it has no hints about. A helper that dies or
 * lies costs a file only that it is not remembered as clean.
 */
#pragma once

#include <stdint.h>

#include "host/crew.h"
#include "ipc/share_record.h"

/* Gives pieces to all who have nothing to do. */
void sharing_assign(struct crew *crew, uint64_t now_ms);

/* What a helper said, checked, goes to the owner; `context` is the crew. */
void sharing_hand_on(void *context, const struct record_shared *shared);

/* The helper is no more to be trusted: nor is what it said to who still listens. */
void sharing_taint(struct crew *crew, const struct hand *helper);
