/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON (RFC 8259), on one line, into memory. Whoever uses it says what there is,
 * in order; commas, quotes and escapes are put here.
 *
 *	json_begin_object(&json, NULL);
 *	json_slice(&json, "path", path);
 *	if (!utf8_valid(path))
 *		json_base64(&json, "path_b64", path);
 *	json_end_object(&json);
 *
 * A value takes its key first: inside an object the key must be given, outside one it
 * must be NULL. Strings may hold any bytes: each byte that is not UTF-8 becomes U+FFFD,
 * and what base/escape.h calls unsafe is written \uNNNN, so that a line shown on a
 * terminal is harmless.
 *
 * When memory ends, `failed` is set and stays set, and nothing more is written: ask
 * json_result() once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

enum { JSON_DEPTH_MAX = 64 };

struct json {
	char *bytes;
	size_t len;
	size_t size;
	bool is_growing; /* `bytes` is from malloc and may be moved */
	bool failed;
	bool wants_comma;
	unsigned depth;
	uint64_t objects; /* bit d: depth d is inside an object, not an array */
};

/* Writes into the caller's buffer, and fails when that is full. */
void json_init_fixed(struct json *json, char *buffer, size_t size);

/* Writes into memory that grows, given back by json_clear(). */
void json_init(struct json *json);
void json_clear(struct json *json);

/* Starts a new text in the same memory. */
void json_reset(struct json *json);

void json_begin_object(struct json *json, const char *key);
void json_end_object(struct json *json);
void json_begin_array(struct json *json, const char *key);
void json_end_array(struct json *json);

void json_slice(struct json *json, const char *key, struct slice text);
void json_text(struct json *json, const char *key, const char *text);
void json_base64(struct json *json, const char *key, struct slice bytes);
void json_hex(struct json *json, const char *key, struct slice bytes);
void json_u64(struct json *json, const char *key, uint64_t value);
void json_i64(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/*
 * The text, without a newline, as long as nothing more is written. All that was begun
 * must be ended. Returns false, and leaves *out alone, if memory ended on the way.
 */
MUST_CHECK bool json_result(const struct json *json, struct slice *out);
