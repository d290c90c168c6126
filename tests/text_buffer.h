/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text put together piece by piece, in a buffer of fixed size; a test that needs more
 * ends there.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/compiler.h"

enum { TEXT_BUFFER_SIZE = 64 * 1024 };

struct text_buffer {
	size_t len;
	char text[TEXT_BUFFER_SIZE];
};

static inline void text_clear(struct text_buffer *buffer)
{
	buffer->len = 0;
	buffer->text[0] = '\0';
}

PRINTF_LIKE(2, 3)
static inline void text_add(struct text_buffer *buffer, const char *format, ...)
{
	size_t left = sizeof(buffer->text) - buffer->len;
	va_list args;

	va_start(args, format);
	int len = vsnprintf(buffer->text + buffer->len, left, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= left)
		abort();
	buffer->len += (size_t)len;
}

static inline void text_repeat(struct text_buffer *buffer, const char *piece,
			       size_t times)
{
	for (size_t i = 0; i < times; i++)
		text_add(buffer, "%s", piece);
}
