/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of rule text while it is being read: pieces of it, the numbers in
 * them, and the place where an error is kept.
 *
 * A piece is a pair of positions, never a pointer, so that whatever is wrong
 * with it can be told with its column.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "rules/rule.h"

struct rule_line {
	struct slice bytes;
	struct arena *arena;
	struct rule_error *error;
};

/* The bytes of a line from `start` to before `end`. */
struct span {
	size_t start;
	size_t end;
};

static inline size_t span_len(struct span span)
{
	return span.end - span.start;
}

struct span line_whole(const struct rule_line *line);
struct slice line_slice(const struct rule_line *line, struct span span);

/* The byte at a position, or -1 at and behind the end of the line. */
int line_byte(const struct rule_line *line, size_t at);

bool line_is(const struct rule_line *line, struct span span, const char *text);
bool line_starts(const struct rule_line *line, struct span span, const char *text);

/* Where `byte` first stands in the span; its end if it does not. */
size_t line_find(const struct rule_line *line, struct span span, char byte);

/*
 * Cuts a span at each separator. Returns how many fields it has; when those
 * are more than `max`, only the first `max` are written.
 */
size_t line_split(const struct rule_line *line, struct span span, char separator,
		  struct span *fields, size_t max);

/* What follows a span and the byte behind it, to the end of the line. */
struct span line_behind(const struct rule_line *line, struct span span);

/* A decimal number, all digits, at most `max`. False, and *out left alone, if it is none. */
MUST_CHECK bool line_number(const struct rule_line *line, struct span span, uint64_t max,
			    uint64_t *out);

/* The value of the hexadecimal digit at a position, or -1. */
int line_digit(const struct rule_line *line, size_t at);

/*
 * Bytes written as pairs of hexadecimal digits, at least one, in the line's arena.
 * OK, NO_MEMORY, or the line is refused.
 */
MUST_CHECK enum status line_hex(const struct rule_line *line, struct span span,
				struct slice *out);

/* Notes why the line is refused, and gives `status` back (MALFORMED or UNSUPPORTED). */
enum status line_refuse(const struct rule_line *line, struct span span,
			enum status status, const char *message);

/* The line is well-formed but not for this engine. Returns UNSUPPORTED. */
enum status line_skip(const struct rule_line *line, struct span span,
		      const char *message);

/*
 * The feature levels that a rule asks for: `fields` are none, the lowest, or
 * the lowest and the highest one; an empty field asks for nothing. OK, or the
 * line is refused or skipped.
 */
enum status line_feature_levels(const struct rule_line *line, const struct span *fields,
				size_t count);

/* The part before ':' or ';' that names a rule. OK, or the line is refused. */
enum status line_name(const struct rule_line *line, struct span span, struct rule *out);
