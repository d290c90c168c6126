/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGINT, SIGTERM and SIGHUP ask to stop: the first sets a flag, so that what
 * is known can still be told; a second one ends the program at once. A signal
 * that was ignored when the program started (nohup) stays so.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t interrupted;

void interrupt_watch(void);
