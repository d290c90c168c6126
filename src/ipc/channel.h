/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sockets between our processes: pairs of SOCK_SEQPACKET, one message for
 * each datagram.
 *
 * Descriptors travel one way, from the parent down. Whoever expects none gives
 * the kernel no room for them: it then drops what was sent, and tells.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"
#include "ipc/message.h"

/* A batch of files; the kernel takes up to 253 at once. */
enum { CHANNEL_FDS_MAX = 64 };

enum channel_result {
	CHANNEL_OK,
	CHANNEL_AGAIN,  /* would have to wait */
	CHANNEL_CLOSED, /* the other end is gone */
	CHANNEL_BROKEN, /* what came is no message, or brought descriptors unasked */
	CHANNEL_FAILED, /* the system refused; errno says why */
};

struct channel_fds {
	int list[CHANNEL_FDS_MAX];
	size_t count;
};

/* Sends a finished message; `fds` may be NULL, and stay open here. */
MUST_CHECK enum channel_result channel_send(int fd, const struct message *message,
					    const struct channel_fds *fds);

/*
 * Receives a message into *message (not yet opened: message_open() checks it).
 * With `fds` NULL a message that brings descriptors is BROKEN; else those that
 * came belong to the caller and close on exec.
 */
MUST_CHECK enum channel_result channel_receive(int fd, struct message *message,
					       struct channel_fds *fds);

/* The same without descriptors, and AGAIN where there is nothing yet. */
MUST_CHECK enum channel_result channel_receive_now(int fd, struct message *message);
