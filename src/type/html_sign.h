/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words by which clamscan 1.4.6 knows a page, wherever in a text they stand, in large
 * or small letters:
 *
 *	<html>  <head>  <script  <iframe  <img  <table  <object
 *
 * and "<a " with "href" anywhere behind it.
 *
 * Without one of them even "<!doctype html>" is text to it; with one, a script or a
 * letter is a page. type/ goes by what an object begins with; this is asked so that
 * rules for pages and for text are asked about what they were written for.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/source.h"

/* In other files than text it looks for them in so many bytes. */
enum { HTML_SIGN_HEAD = 1024 };

/*
 * Is one of them within the first `len` bytes?
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status html_sign_find(struct arena *arena, const struct source *source,
				      uint64_t len, bool *out);

/* The same of some bytes in memory. */
bool html_sign_is_in(struct slice text);
