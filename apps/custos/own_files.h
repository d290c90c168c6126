/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled rules in use, and root's cache of them: hundreds of megabytes in which
 * nothing could be found but by chance (match/veil.h). Known by device and inode,
 * never by name, and left out; the summary says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/target.h"

/* More are not known: they are scanned like any file. */
enum { OWN_FILES_MAX = 64 };

struct own_file {
	int fd; /* keeps the inode from being given to another file */
	uint64_t device;
	uint64_t inode;
};

struct own_files {
	struct own_file list[OWN_FILES_MAX];
	size_t count;
};

/* The descriptor (O_PATH will do) is copied. */
void own_files_add(struct own_files *own, int fd);

/* Every file in a folder that nobody but the effective user can look into; else none. */
void own_files_add_folder(struct own_files *own, const char *path);

bool own_files_has(const struct own_files *own, const struct target_facts *facts);

void own_files_clear(struct own_files *own);
