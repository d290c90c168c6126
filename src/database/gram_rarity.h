/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How rare a few bytes are in ordinary files, in bits: one in 2^bits places is
 * where they begin. An estimate from what bytes follow each other how often
 * (gram_table.h), letters in either case taken together.
 */
#pragma once

#include "base/slice.h"

/* Of the whole piece. Every byte adds at least 0 and at most 15 bits. */
unsigned gram_rarity(struct slice bytes);
