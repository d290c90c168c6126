/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as people write and read them: `4G`, `120s`, `30d`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Digits alone. False, and *out left alone, on anything else or when it does not fit. */
MUST_CHECK bool quantity_parse_number(const char *text, uint64_t *out);

/* Bytes: digits, then nothing, K, M, G or T (also KiB …, in either case). */
MUST_CHECK bool quantity_parse_size(const char *text, uint64_t *out);

/* Milliseconds: digits, then nothing (seconds), ms, s, m, h or d. */
MUST_CHECK bool quantity_parse_time(const char *text, uint64_t *ret_ms);

/* The longest text the functions below write, its end included. */
enum { QUANTITY_TEXT_MAX = 32 };

/* "812 bytes", "3.1 MiB": for people. Returns `out`. */
const char *quantity_show_size(uint64_t bytes, char out[QUANTITY_TEXT_MAX]);

/* "40 ms", "1.20 s", "12 s", "3 min 05 s", "2 h 04 min": for people. Returns `out`. */
const char *quantity_show_time(uint64_t ms, char out[QUANTITY_TEXT_MAX]);

/* "45,548". Returns `out`. */
const char *quantity_show_count(uint64_t count, char out[QUANTITY_TEXT_MAX]);

/*
 * As quantity_parse_size() and quantity_parse_time() read them: "16G", "120s". Returns
 * `out`.
 */
const char *quantity_write_size(uint64_t bytes, char out[QUANTITY_TEXT_MAX]);
const char *quantity_write_time(uint64_t ms, char out[QUANTITY_TEXT_MAX]);

/* "file" or "files", as the count wants it. */
static inline const char *quantity_word(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}
