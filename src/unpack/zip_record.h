/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two records that a zip has of each member: one in the directory at its end, one
 * in front of the member's bytes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "bytes/readahead.h"

enum {
	ZIP_CENTRAL_LEN = 46,
	ZIP_LOCAL_LEN = 30,
	/* The largest record: its name and its extra field have 16 bits each. */
	ZIP_RECORD_MAX = ZIP_CENTRAL_LEN + 2 * 65535,

	ZIP_FLAG_ENCRYPTED = 1,
	ZIP_FLAG_DESCRIPTOR = 8, /* sizes and sum follow the bytes */
	ZIP_FLAG_STRONG = 64,    /* another encryption */

	ZIP_STORED = 0,
	ZIP_DEFLATED = 8,
	ZIP_AES = 99,
};

struct zip_record {
	uint16_t flags;
	uint16_t method;
	uint16_t time; /* of day, when it was changed */
	uint32_t crc;
	uint64_t packed;   /* bytes it takes */
	uint64_t size;     /* bytes it has */
	struct slice name; /* borrowed from the readahead: valid until it is used again */
	uint64_t len;      /* of the record itself */
	uint64_t local_at; /* directory: where the other record is, as it says */
	uint32_t disk;     /* directory: the volume that is on */
	uint16_t needs;    /* version of the format that is needed to read it */
	/* ZIP_AES, in the extra field; strength 0: it is not there */
	struct zip_aes {
		uint16_t version; /* 1: the sum is that of the bytes; 2: there is none */
		uint8_t strength; /* enum winzip_strength */
		uint16_t method;  /* under it */
	} aes;
};

/*
 * The record at `at`. `ahead` has room for ZIP_RECORD_MAX.
 *   OK
 *   MALFORMED   there is none: other bytes
 *   TRUNCATED   it is not all there
 *   CHANGED, IO
 */
MUST_CHECK enum status zip_central_read(struct readahead *ahead, uint64_t at,
					struct zip_record *out);
MUST_CHECK enum status zip_local_read(struct readahead *ahead, uint64_t at,
				      struct zip_record *out);

/* A name that ends with a slash, and no bytes. */
bool zip_is_folder(const struct zip_record *record);
