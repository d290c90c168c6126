/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of what stands in a PE file's section: a file of one section, at 512 in
 * the file and at 0x1000 in memory, that a test fills in.
 */
#pragma once

#include <string.h>

#include "prefix.h"
#include "test.h"
#include "view/executable.h"
#include "view/pe_image.h"

enum { BLOB_AT = 512, BLOB_ADDRESS = 0x1000, BLOB_MAX = 16384 };

struct blob {
	uint8_t bytes[BLOB_MAX];
	size_t len;
	/* the bytes as a file: parsed with blob_open() */
	struct source source;
	struct arena arena;
	struct executable executable;
};

static inline void blob_set(struct blob *blob, size_t at, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		blob->bytes[at + i] = (uint8_t)value;
		value >>= 8;
	}
}

static inline size_t blob_put(struct blob *blob, uint64_t value, size_t len)
{
	size_t at = blob->len;

	blob_set(blob, at, value, len);
	blob->len += len;
	return at;
}

static inline size_t blob_text(struct blob *blob, const char *text)
{
	size_t at = blob->len;

	memcpy(blob->bytes + at, text, strlen(text) + 1);
	blob->len += strlen(text) + 1;
	return at;
}

/* UTF-16LE, with a zero behind it. */
static inline size_t blob_wide(struct blob *blob, const char *text)
{
	size_t at = blob->len;

	for (size_t i = 0; i <= strlen(text); i++)
		blob_put(blob, (uint8_t)text[i], 2);
	return at;
}

static inline void blob_align(struct blob *blob, size_t unit)
{
	while (blob->len % unit != 0)
		blob_put(blob, 0, 1);
}

/* The address of a place in the blob. */
static inline uint32_t blob_address(size_t at)
{
	return (uint32_t)(at - BLOB_AT + BLOB_ADDRESS);
}

/* Headers of a PE32 or PE32+ file, then nothing: the section begins at BLOB_AT. */
static inline void blob_init(struct blob *blob, bool is_64)
{
	size_t options = 64 + 24, fixed = is_64 ? 112 : 96, section = options + 240;

	memset(blob, 0, sizeof(*blob));
	memcpy(blob->bytes, "MZ", 2);
	blob_set(blob, 60, 64, 4);
	memcpy(blob->bytes + 64, "PE", 2);
	blob_set(blob, 64 + 6, 1, 2);
	blob_set(blob, 64 + 20, 240, 2);
	blob_set(blob, options, is_64 ? 0x20b : 0x10b, 2);
	blob_set(blob, options + 32, 0x1000, 4);
	blob_set(blob, options + 36, 0x200, 4);
	blob_set(blob, options + 60, 0x200, 4);
	blob_set(blob, options + fixed - 4, 16, 4);
	blob_set(blob, section + 8, BLOB_MAX - BLOB_AT, 4);
	blob_set(blob, section + 12, BLOB_ADDRESS, 4);
	blob_set(blob, section + 16, BLOB_MAX - BLOB_AT, 4);
	blob_set(blob, section + 20, BLOB_AT, 4);
	blob->len = BLOB_AT;
}

static inline void blob_directory(struct blob *blob, size_t index, size_t at, size_t len)
{
	bool is_64 = blob->bytes[64 + 24 + 1] == 2;
	size_t entry = 64 + 24 + 96 + 8 * index;

	if (is_64)
		entry += 16;
	blob_set(blob, entry, blob_address(at), 4);
	blob_set(blob, entry + 4, len, 4);
}

/* Reads the headers of these bytes. False, with nothing to close. */
static inline bool blob_open_bytes(struct blob *blob, const uint8_t *bytes, size_t len)
{
	blob->source = source_of_memory(bytes, len);
	arena_init(&blob->arena, 16 << 20);
	if (executable_parse(&blob->source, TYPE_MSEXE, &blob->arena,
			     &blob->executable) == STATUS_OK)
		return true;
	arena_clear(&blob->arena);
	return false;
}

/* Of all that a blob may hold. */
static inline bool blob_open(struct blob *blob)
{
	return blob_open_bytes(blob, blob->bytes, BLOB_MAX);
}

static inline void blob_close(struct blob *blob)
{
	arena_clear(&blob->arena);
}
