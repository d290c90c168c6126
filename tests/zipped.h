/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zip archives under construction, for tests: right by themselves, and wrong in whatever
 * way a test makes them before the directory is written.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { ZIPPED_STORED = 0, ZIPPED_DEFLATED = 8 };

/* What a record says. */
struct zipped_record {
	const char *name;
	unsigned flags, method;
	uint32_t crc, packed, size, offset, disk;
	const char *extra;
	unsigned extra_len;
};

struct zipped {
	uint8_t bytes[1 << 17];
	size_t len;
	struct zipped_record listed[64]; /* what the directory will have */
	size_t listed_count;
	size_t directory_at;
};

void zipped_start(struct zipped *zip);

/* Bytes, and a number with its small end first, as they are. */
void zipped_put(struct zipped *zip, const void *bytes, size_t len);
void zipped_put_le(struct zipped *zip, uint64_t value, size_t len);

/* Only the record in front of a member. */
void zipped_local(struct zipped *zip, const struct zipped_record *record);

/* A member; returns its entry in the directory, to be changed. */
struct zipped_record *zipped_member(struct zipped *zip, const char *name,
				    const char *text, unsigned method);

/* The same with sizes and sum behind the bytes, in the form of 12, 16, 20 or 24 bytes. */
struct zipped_record *zipped_streamed(struct zipped *zip, const char *name,
				      const char *text, unsigned method, size_t form);

/* An entry that no member belongs to, or a second one for a member. */
void zipped_list(struct zipped *zip, struct zipped_record entry);

void zipped_directory(struct zipped *zip);
void zipped_end(struct zipped *zip, size_t entries, size_t size, size_t offset,
		struct slice comment);

/* The directory and its end. */
void zipped_finish(struct zipped *zip);
