/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What parent and zygote say to each other. A worker has a slot, and in it a
 * life: the next worker in the same slot has the next number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/limits.h"
#include "base/slice.h"
#include "ipc/message.h"

enum { SETUP_SEGMENTS_MAX = 4, RECORD_WALLS_MAX = 16 };

/* First message; brings the segments' descriptors, in order. */
struct record_setup {
	uint32_t role; /* 0: scan, 1: compile */
	uint64_t memory_bytes;
	uint64_t file_bytes; /* spool or output: the most that may be written */
	uint32_t descriptors;
	uint32_t segment_count;
	bool clamav_compat; /* rules mean what clamscan makes of them */
	bool no_bytecode;   /* programs of rules are not run */
	uint32_t cpu_path;  /* enum cpu_path */
	struct scan_limits limits;
};

/* A worker is wanted. Brings its socket, its crumb and, with has_write_fd, that. */
struct record_worker {
	uint32_t slot;
	uint32_t life;
	bool has_write_fd;
};

struct record_kill {
	uint32_t slot;
	uint32_t life;
};

/* Why there is no scanning. The names are part of the messages people see. */
enum setup_failure {
	SETUP_PROTOCOL, /* parent and worker program do not fit */
	SETUP_SEGMENT,  /* a segment cannot be mapped or is none */
	SETUP_DIGESTS,  /* OpenSSL lacks one */
	SETUP_SANDBOX,  /* no list of system calls */
	SETUP_MEMORY,
};

enum { SETUP_FAILURE_COUNT = SETUP_MEMORY + 1 };

struct record_failed {
	uint32_t failure; /* enum setup_failure */
	uint32_t segment;
	uint32_t status; /* SEGMENT: enum status */
	int32_t error;   /* errno, or 0 */
};

/* The answer to record_worker. */
struct record_started {
	uint32_t slot;
	uint32_t life;
	uint32_t pid;  /* 0: it could not be started */
	int32_t error; /* then */
};

struct record_ended {
	uint32_t slot;
	uint32_t life;
	bool is_signal;
	uint32_t code; /* signal, or exit status */
};

/* The first that a locked worker says; parallel to struct walls. */
struct record_hello {
	uint32_t raised;
	uint32_t missing;
	uint32_t landlock_abi;
	int32_t cause[RECORD_WALLS_MAX];
};

MUST_CHECK bool zygote_add_setup(struct message *to, const struct record_setup *setup);
MUST_CHECK bool zygote_get_setup(struct slice body, struct record_setup *out);
MUST_CHECK bool zygote_add_worker(struct message *to, const struct record_worker *worker);
MUST_CHECK bool zygote_get_worker(struct slice body, struct record_worker *out);
MUST_CHECK bool zygote_add_kill(struct message *to, const struct record_kill *kill);
MUST_CHECK bool zygote_get_kill(struct slice body, struct record_kill *out);
MUST_CHECK bool zygote_add_ready(struct message *to);
MUST_CHECK bool zygote_get_ready(struct slice body);
MUST_CHECK bool zygote_add_failed(struct message *to, const struct record_failed *failed);
MUST_CHECK bool zygote_get_failed(struct slice body, struct record_failed *out);
MUST_CHECK bool zygote_add_started(struct message *to,
				   const struct record_started *started);
MUST_CHECK bool zygote_get_started(struct slice body, struct record_started *out);
MUST_CHECK bool zygote_add_ended(struct message *to, const struct record_ended *ended);
MUST_CHECK bool zygote_get_ended(struct slice body, struct record_ended *out);
MUST_CHECK bool zygote_add_hello(struct message *to, const struct record_hello *hello);
MUST_CHECK bool zygote_get_hello(struct slice body, struct record_hello *out);
