/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody would try who has taken over a worker. Each attack is one
 * function that gets as far as it can and says how far that was. It runs in a
 * process of its own, first in the open, then behind the walls.
 *
 * In the open, possibly as root, an attack that gets through must do no harm:
 * it works on scratch files, asks for what is so already, or stops at the
 * error that comes behind the permission (bad address, bad flags), which is
 * then listed under `through`.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* What an attack has to work with. */
struct stage {
	int read_fd; /* a file, as a job brings it */
	int write_fd; /* another one that happens to be open for writing, and should not be */
	int socket; /* to the parent */
	int spool;  /* what may be written */
	pid_t parent;
	const void *secret;    /* an address in the parent's memory */
	uint64_t file_bytes;   /* what the spool may hold */
	uint64_t memory_bytes; /* private memory allowed */
	const char *folder;    /* a scratch folder … */
	const char *file;      /* … and a file in it */
	const char *other;     /* … and a name in it that is free */
};

enum { ATTACK_THROUGH_MAX = 3 };

/* The attack ends with the parent: it has got the descriptors, or refused them. */
enum { ATTACK_SENDS_DESCRIPTORS = -1 };

struct attack {
	const char *name;
	const char *what; /* it would be good for */
	/* 0: got through; else the error it ended with. */
	int (*run)(const struct stage *stage);
	int through[ATTACK_THROUGH_MAX]; /* errors that come behind the permission */
};

/* By what they are after; each ends with an element without a name. */
extern const struct attack attacks_on_files[];
extern const struct attack attacks_on_descriptors[];
extern const struct attack attacks_on_network[];
extern const struct attack attacks_on_processes[];
extern const struct attack attacks_on_memory[];
extern const struct attack attacks_on_kernel[];
extern const struct attack attacks_by_other_doors[];

/* 0, or errno if a system call returned -1. */
int attack_result(long returned);
