/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people see: lines on standard output, messages and one line of status
 * on standard error. Whatever is not ours (names, rules, file content) is
 * escaped here, and nothing in this program writes it in any other way.
 *
 * The status line is drawn over itself and is wiped before anything else is
 * written, so that it never mixes with a result. It exists only where
 * standard error is a terminal.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/slice.h"

enum screen_style {
	SCREEN_PLAIN,
	SCREEN_BAD,   /* a finding */
	SCREEN_DOUBT, /* incomplete */
	SCREEN_GOOD,
	SCREEN_FAINT,
	SCREEN_STRONG,
};

/* How `color` is to be understood: its choices in their order. */
enum screen_color { SCREEN_COLOR_AUTO, SCREEN_COLOR_ALWAYS, SCREEN_COLOR_NEVER };

void screen_set_color(enum screen_color color);

/* "custos: ..." on standard error; the whole line is escaped. */
void screen_error(const char *format, ...) PRINTF_LIKE(1, 2);
void screen_warning(const char *format, ...) PRINTF_LIKE(1, 2);
void screen_hint(const char *format, ...) PRINTF_LIKE(1, 2);

/* To standard output, without a line's end: our own words, styled where that is shown. */
void screen_print(enum screen_style style, const char *format, ...) PRINTF_LIKE(2, 3);

/* To standard output: anybody's bytes, escaped. */
void screen_text(struct slice text);

/* Somebody's bytes, escaped, in memory of the caller's: free() it. Never NULL. */
char *screen_escaped(struct slice text);

/*
 * Cuts an escaped text at its front, where paths are alike, so that it takes at most
 * `columns`; in place. Returns `text`.
 */
char *screen_shorten(char *text, size_t columns);

/* Columns of the terminal on standard output; 0 if it is none. */
unsigned screen_width(void);

/* Is there a terminal to draw a status line on? */
bool screen_has_status(void);

/* Columns of that terminal. */
unsigned screen_columns(void);

/* Draws the status line; the text is ours or escaped, and is cut to the terminal. */
void screen_status(const char *text);
void screen_status_wipe(void);

/*
 * Hands on what was printed. False if nobody takes it any more (a reader that
 * went away, a full disk; errno says which): then there is no point in going on.
 */
MUST_CHECK bool screen_flush(void);
