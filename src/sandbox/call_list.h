/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of system calls that a locked process may make. Compiled once, in
 * the zygote, so that locking a worker costs one system call.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

enum { CALL_LIST_LEN_MAX = 256 };

struct call_list {
	struct sock_filter code[CALL_LIST_LEN_MAX];
	unsigned short len;
};

/* Descriptors that a locked process keeps: the list names them by number. */
enum {
	SANDBOX_SOCKET_FD = 3, /* to the parent */
	SANDBOX_WRITE_FD = 4,  /* spool or segment; may be absent */
};

/* What a process does: bits, for the table of calls. */
enum {
	CALLS_SCAN = 1 << 0,
	CALLS_COMPILE = 1 << 1,
};

/* An entry of the table, for those who print or test it. */
struct call_entry {
	int number;
	unsigned roles; /* CALLS_… */
	const char *name;
	const char *reason;
};

/* Entry `index` of the table, or NULL behind the last. */
const struct call_entry *call_list_entry(size_t index);

/* Compiles the list of one role (CALLS_SCAN or CALLS_COMPILE). False, with errno, if that fails. */
MUST_CHECK bool call_list_compile(unsigned role, struct call_list *out);

/* Is there a kernel here that will take it, and kill the process that breaks it? */
MUST_CHECK bool call_list_is_available(void);

/* From here on this process is held to the list. No way back. False, with errno. */
MUST_CHECK bool call_list_load(const struct call_list *list);
