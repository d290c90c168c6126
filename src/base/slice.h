/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A piece of text or bytes that somebody else owns: never NUL-terminated,
 * possibly hostile, possibly holding NULs. Printing one goes through
 * base/escape.h, always.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *base; /* may be NULL if len is 0 */
	size_t len;
};

/* A slice of a string literal or another NUL-terminated string of ours. */
static inline struct slice slice_of(const char *text)
{
	return (struct slice){ (const uint8_t *)text, strlen(text) };
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.base, b.base, a.len) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

/* Does `a` begin with this, whatever the case of ASCII letters? `text` is in lower case. */
static inline bool slice_begins_nocase(struct slice a, const char *text)
{
	size_t i = 0;

	for (; text[i] != '\0'; i++) {
		if (i == a.len)
			return false;
		uint8_t c = a.base[i];
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != (uint8_t)text[i])
			return false;
	}
	return true;
}

/* The same for its end. */
static inline bool slice_ends_nocase(struct slice a, const char *text)
{
	size_t len = strlen(text);

	return a.len >= len &&
	       slice_begins_nocase((struct slice){ &a.base[a.len - len], len }, text);
}

static inline bool slice_is_nocase(struct slice a, const char *text)
{
	return a.len == strlen(text) && slice_begins_nocase(a, text);
}
