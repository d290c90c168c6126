/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts that a walk comes through, and how far each can still be relied
 * on. One that leaves questions unanswered too often is asked no more: a dead
 * server with a million files must not cost a million times ten seconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "host/mounts.h"

enum {
	DOMAIN_SILENCES_MAX = 8,    /* questions in a row without an answer */
	DOMAIN_SILENT_SUM_MAX = 24, /* in all */
};

struct domain {
	int mount_id; /* -1: not to be found out */
	enum mount_class class;
	char type[MOUNT_TYPE_LEN + 1];
	bool has_volume; /* it was asked for */
	uint64_t volume; /* host/volume.h; 0: nothing on it can be remembered */
	unsigned silences;
	unsigned silent_sum;
};

/* Starts as all zeros. */
struct domains {
	struct mounts mounts; /* as they were last read */
	struct domain *list;
	size_t count;
};

/* OK; IO, NO_MEMORY as mounts_read(). */
MUST_CHECK enum status domains_init(struct domains *domains);
void domains_clear(struct domains *domains);

/*
 * The domain of an open descriptor (O_PATH will do), by its number. What is on
 * no known mount is treated as one that may not answer. OK or NO_MEMORY.
 */
MUST_CHECK enum status domains_of_fd(struct domains *domains, int fd, size_t *out);

/* The same for a mount of the table. */
MUST_CHECK enum status domains_of_mount(struct domains *domains,
					const struct mount *mount, size_t *out);

/* A question was answered, or not. */
void domain_note(struct domain *domain, bool answered);

/* Is it to be asked no more? */
bool domain_is_silent(const struct domain *domain);
