/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it text, and in which encoding? Told from the first bytes alone.
 */
#pragma once

#include "type/sample.h"
#include "type/type.h"

/* How many bytes are looked at. */
enum { ENCODING_LOOK_LEN = 4096 };

/*
 * TEXT_ASCII (also for the many encodings of one byte, or two, to a character that
 * share ASCII's lower half), TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE, or BINARY_DATA.
 */
enum file_type encoding_of(const struct sample *sample);

/*
 * The first characters of a text in `encoding`, as bytes, for looking at signs that are
 * all ASCII: UTF-16 is narrowed (what is not ASCII becomes '?'), a byte order mark
 * is left out. At most `size` bytes go to `buffer`, which is used for UTF-16 alone.
 */
struct reader encoding_narrow(const struct sample *sample, enum file_type encoding,
			      uint8_t *buffer, size_t size);
