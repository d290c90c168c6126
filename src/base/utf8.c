/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

static size_t sequence_len(uint8_t first);

size_t utf8_decode(struct slice text, size_t pos, uint32_t *ret_code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (pos >= text.len)
		return 0;
	size_t len = sequence_len(text.base[pos]);
	if (len == 0 || len > text.len - pos)
		return 0;

	uint32_t code = text.base[pos];
	if (len > 1)
		code &= 0x7fU >> len;
	for (size_t i = 1; i < len; i++) {
		uint8_t next = text.base[pos + i];
		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	if (code < smallest[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return len;
}

/* 0: no character begins with this byte. */
static size_t sequence_len(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

bool utf8_valid(struct slice text)
{
	uint32_t code;
	size_t len;

	for (size_t pos = 0; pos < text.len; pos += len) {
		len = utf8_decode(text, pos, &code);
		if (len == 0)
			return false;
	}
	return true;
}
