/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two ends of a channel (ipc/channel.h). Only the parent makes them.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* Both close on exec. Ours never waits; theirs does. False, with errno. */
MUST_CHECK bool socket_pair(int *ret_ours, int *ret_theirs);
