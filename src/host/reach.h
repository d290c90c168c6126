/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at a name, listing a directory, opening a file: by ourselves where
 * the kernel alone answers (host/opener.h), by courier where somebody else
 * does (host/courier.h). Who walks need not know which.
 *
 * All functions here end with one of
 *   OK
 *   END        *stop was set
 *   TIME       the file system did not answer in time, or is asked no more
 *   LIMIT      no descriptor is free
 *   NO_MEMORY
 *   IO         the system refused; errno says why
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/courier.h"
#include "host/domain.h"
#include "host/names.h"
#include "host/target.h"
#include "host/trail.h"

struct reach {
	struct domains domains;
	struct courier *courier;
	int own_fds;      /* for opener_read() */
	bool sees_mounts; /* the kernel tells when a name leads into another mount */
};

/* IO: there is no /proc. */
MUST_CHECK enum status reach_init(struct reach *reach, uint32_t answer_ms,
				  const volatile sig_atomic_t *stop);
void reach_clear(struct reach *reach);

/* What there is behind a name. */
struct sight {
	int fd;          /* the caller's to close; TIME: may be -1, or not */
	bool is_open;    /* `fd` is a directory open for reading; else it is O_PATH */
	bool is_mounted; /* on another mount than the directory above it */
	size_t domain;   /* without `fd`: that of the directory above, or SIZE_MAX */
	struct target_facts facts; /* OK alone */
};

/* An argument, from the working directory, links followed. */
MUST_CHECK enum status reach_root(struct reach *reach, const char *path,
				  struct sight *out);

/* Where a name is looked for. */
struct reach_from {
	int folder; /* a directory, open or O_PATH */
	size_t domain;
};

/* A name in a directory; `type` is what the directory says it is (DT_UNKNOWN: nothing). */
MUST_CHECK enum status reach_name(struct reach *reach, struct reach_from from,
				  const char *name, uint8_t type, struct sight *out);

/*
 * The directory above one, if it is still the one that is known as `above`; O_PATH.
 * IO with ESTALE: it is another one by now.
 */
MUST_CHECK enum status reach_up(struct reach *reach, struct reach_from from,
				const struct frame *above, int *ret_fd);

/* The names of a directory, sorted; what came before a failure is added. */
MUST_CHECK enum status reach_list(struct reach *reach, const struct sight *directory,
				  struct names *names);

/* Mounts with files inside one that has none: their paths below it, sorted. */
MUST_CHECK enum status reach_list_mounts(struct reach *reach, size_t domain,
					 struct names *names);

struct reached_file {
	int fd;
	bool is_copy;
	bool is_cut;
	bool has_changed;
	struct target_facts facts; /* of what `fd` is */
};

/* Opens a regular file, or has at most `copy_bytes_max` of it copied. */
MUST_CHECK enum status reach_open(struct reach *reach, const struct sight *file,
				  uint64_t copy_bytes_max, struct reached_file *out);

/* What the file system of a sight is known by (host/volume.h); 0: by nothing. */
uint64_t reach_volume(struct reach *reach, const struct sight *sight);

static inline struct domain *reach_domain(const struct reach *reach, size_t domain)
{
	return &reach->domains.list[domain];
}
