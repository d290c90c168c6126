/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a courier (host/courier.h) and the process that sent it say to each
 * other, over a SOCK_SEQPACKET pair: one order, with its path behind it and
 * descriptors beside it; then answers, the last of which is ERRAND_DONE.
 * Both ends are the same program: nothing here needs to be checked for malice,
 * but names are bytes of strangers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "host/opener.h"
#include "host/target.h"

enum errand { ERRAND_LOOK, ERRAND_LIST, ERRAND_FETCH };

struct errand_order {
	enum errand errand;
	enum look_how how; /* LOOK */
	bool has_folder;   /* LOOK: relative to a descriptor */
	bool is_endless;   /* FETCH */
	bool trust_holes;  /* FETCH */
	uint32_t owner;    /* LIST, FETCH: for opener_read() */
	uint64_t limit;    /* FETCH */
};

enum errand_word {
	ERRAND_PLACE,    /* LOOK: `is_other_mount`; the descriptor is beside it */
	ERRAND_NAMES,    /* LIST: behind it, for each name: type, bytes, NUL */
	ERRAND_PROGRESS, /* FETCH: `bytes` more are copied */
	ERRAND_DONE,     /* `error` is 0 or an errno; all the rest */
};

struct errand_answer {
	enum errand_word word;
	int error;
	bool is_other_mount;
	bool is_cut;
	bool has_changed;
	uint64_t bytes; /* FETCH, DONE: the length of the copy */
	struct target_facts facts;
};

enum { ERRAND_NAMES_BYTES = 32 * 1024, ERRAND_FDS_MAX = 2 };

/* A message of two parts, with descriptors. */
struct errand_message {
	void *head;
	size_t head_len;
	void *body;      /* may be NULL */
	size_t body_len; /* receiving: room, then what came */
	int fds[ERRAND_FDS_MAX];
	size_t fd_count;
};

/* False: errno says why. */
MUST_CHECK bool errand_send(int socket, const struct errand_message *message);

/*
 * Receives one; descriptors are close-on-exec and the caller's. False: the
 * other end is gone (errno 0), or errno says why; nothing is to be closed then.
 */
MUST_CHECK bool errand_receive(int socket, struct errand_message *message);

/* The courier's side: runs errands until the socket is closed at the other end. */
void errand_serve(int socket);
