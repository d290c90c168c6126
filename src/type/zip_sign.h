/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zip is read from its end, so it may stand behind anything: a program, a picture, a
 * document. And a zip may be an office document, which its first members tell.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bytes/reader.h"
#include "type/type.h"

enum { ZIP_END_LEN = 22 };

/*
 * Looks backwards from `before` for an end record (APPNOTE 4.3.16) whose comment does
 * not reach beyond the end and whose sizes could be true. On success *ret_pos is where it
 * begins in `tail`. To look for an earlier one, ask again with `before` = *ret_pos.
 */
bool zip_find_end(struct reader tail, size_t before, size_t *ret_pos);

/*
 * OOXML_WORD, OOXML_XL, OOXML_PPT or OOXML_HWP, if names of members at the start say so;
 * else ZIP.
 */
enum file_type zip_kind(struct reader head);
