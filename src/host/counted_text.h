/* SPDX-License-Identifier: Apache-2.0 */
/* Texts behind their length (u32, little-endian): nothing in one can pass for another. */
#pragma once

#include <stdio.h>

#include "bytes/reader.h"
#include "bytes/store.h"

/* What goes wrong is told by fclose(). */
static inline void counted_text_write(FILE *out, struct slice text)
{
	uint8_t len[sizeof(uint32_t)];

	store_u32le(len, (uint32_t)text.len);
	fwrite(len, 1, sizeof(len), out);
	fwrite(text.base, 1, text.len, out);
}

/* Borrowed; empty where there is none. */
static inline struct slice counted_text_read(struct reader *texts)
{
	return reader_slice(texts, reader_u32le(texts));
}
