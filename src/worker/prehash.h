/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small files of a batch, read before the first of them is scanned, so that their
 * digests can be taken side by side (base/digest_many.h): one after another, MD5 alone would
 * take as long for them as all patterns together. They are scanned from what was read here:
 * nothing is read twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpu_path.h"
#include "base/digest.h"
#include "base/digest_many.h"
#include "base/slice.h"
#include "ipc/channel.h"

enum {
	PREHASH_FILES = CHANNEL_FDS_MAX,
	PREHASH_FILE_LEN = 32 * 1024, /* a longer file is left to its scan */
	PREHASH_LEN = 512 * 1024, /* all of a batch together; what does not fit, too */
};

struct prehash_file {
	bool is_read;
	size_t at, len;
	unsigned kinds;                      /* which digests it is to have */
	struct digest digests[DIGEST_COUNT]; /* len 0: not this one */
};

struct prehash {
	const struct digest_kernel *kernel; /* NULL: of no help on this processor */
	size_t used;
	struct prehash_file files[PREHASH_FILES];
	uint8_t bytes[PREHASH_LEN];
};

void prehash_init(struct prehash *prehash, enum cpu_path path);

/* Forgets the batch before. */
void prehash_begin(struct prehash *prehash);

/* Is it worth while for a batch of so many files? */
bool prehash_helps(const struct prehash *prehash, size_t files);

/*
 * The file with this number in the batch, of which the digests in the set `kinds` are asked
 * for. One that asks for none, or cannot be read as a whole, is left to its scan, which tells
 * why.
 */
void prehash_read(struct prehash *prehash, size_t number, int fd, uint64_t size_bytes,
		  unsigned kinds);

/* The digests of all that was read. */
void prehash_run(struct prehash *prehash, struct digest_state *state);

/* Was the file read? Then these are its bytes; and its digests, which is NULL if not. */
bool prehash_has(const struct prehash *prehash, size_t number);
struct slice prehash_bytes(const struct prehash *prehash, size_t number);
const struct digest *prehash_digests(const struct prehash *prehash, size_t number);
