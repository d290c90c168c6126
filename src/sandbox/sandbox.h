/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shutting a process in, in two steps and in this order:
 *
 *	sandbox_prepare()  once, in the zygote: what its workers inherit
 *	   compile the list of system calls, namespaces, user id, landlock
 *	sandbox_fork()     a worker, in a pid namespace of its own
 *	sandbox_lock()     in the worker: what cannot be inherited or would
 *	   hinder the zygote: descriptors, death with the parent, limits,
 *	   capabilities, landlock once more, and the list of system calls
 *
 * A wall that this kernel does not offer is put down as missing and the work
 * goes on; without the list of system calls there is no work. Each mechanism
 * has a file of its own, the tables in there say why each entry is there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "sandbox/call_list.h"
#include "sandbox/walls.h"

enum sandbox_role {
	SANDBOX_SCAN,    /* looks at files; may write its spool */
	SANDBOX_COMPILE, /* reads rule text; may write one segment */
};

struct sandbox {
	enum sandbox_role role;
	uint64_t memory_bytes;  /* private memory, all of it */
	uint64_t file_bytes;    /* the largest file it may write */
	uint32_t descriptors;   /* open at once */
	struct call_list calls; /* made by sandbox_prepare() */
	struct walls walls;     /* what stands so far */
};

/*
 * Must be called by a process with one thread. Role and limits are filled in
 * by the caller, the rest is zero. Afterwards this process can open no file
 * and reach no network, but can still fork. False: no list of system calls
 * can be had here (errno says why); nothing may be scanned.
 */
MUST_CHECK bool sandbox_prepare(struct sandbox *sandbox);

/*
 * fork(), into a new pid namespace where that is possible. Like fork() it
 * returns twice; -1 with errno.
 */
pid_t sandbox_fork(struct sandbox *sandbox);

/*
 * The socket must be SANDBOX_SOCKET_FD, what may be written SANDBOX_WRITE_FD;
 * all other descriptors are closed. False: this process is not locked and must
 * end at once; errno says why.
 */
MUST_CHECK bool sandbox_lock(struct sandbox *sandbox);
