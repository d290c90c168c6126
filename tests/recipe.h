/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recipes: bytes written down as text, so that nothing in the tree is a blob that
 * nobody can read. One step on a line, each appending to what is there:
 *
 *	hex 50 4b 03 04		bytes; blanks are free
 *	text "BO" "X1\n\x00"	strings, joined; escapes are \n \r \t \" \\ and \xHH
 *	le 4 1000		an integer, little-endian, in 4 bytes (1 to 8)
 *	be 2 0x1f		the same, big-endian
 *	fill 512 00		a byte, 512 times
 *	to 1024 00		a byte, until the whole is 1024 bytes long
 *	# comment
 *
 * A pattern that a scanner would find is cut into several strings. Golden cases are
 * written in the same steps and a few more: docs/formats/recipe.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECIPE_BYTES_MAX = 64 << 20 };

struct recipe {
	uint8_t *bytes; /* never NULL after success */
	size_t len;
	char error[160]; /* after failure: what is wrong, with its line */
};

/* Follows the recipe `text` (a string). False on a bad step: see `error`. */
bool recipe_build(const char *text, struct recipe *out);

/* The same for a file. */
bool recipe_load(const char *path, struct recipe *out);

void recipe_free(struct recipe *recipe);
