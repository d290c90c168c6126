/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of rules: a line is read and what came of it is shown as text, so that a
 * test is a line and what it must look like.
 *
 *	refused      "14: the gap ends before it begins"   (column, message)
 *	left out     "skip 3: an unknown target"
 *	nothing      "-"
 *	hash         "hash md5 44d8… 68 Name"   "allow …"
 *	ignore       "ignore Name"   "ignore Name md5 of line"
 *	entry        "entry Name kind 0 flags 2 00ff1234"   (its data)
 *	patterns     "Name target 0 weak if size 1-2 expr s0 | any: lit 616263"
 */
#pragma once

#include "rules/rule.h"

/* Reads a line of the language with that suffix. The text lasts until the next call. */
const char *show_line(const char *suffix, const char *line);

/*
 * A program, a word or two for an operation; until the next call:
 *	lit 6162  fold 6162  mask 60/f0  skip 2  gap 1-5  gap 0-  alt(…|…)  not(…|…)
 *	B> (looks behind it)  <B (before it)  B (consumes)  !B  W~> (wide)
 */
const char *show_program(struct slice program);
