/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/*
 *   first byte   bytes  smallest number of that length
 *   00..7f       1      0
 *   c2..df       2      80
 *   e0..ef       3      800
 *   f0..f4       4      10000
 */
size_t utf8_decode(struct slice text, size_t pos, uint32_t *ret_code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = 1;

	if (pos >= text.len)
		return 0;

	uint32_t code = text.base[pos];
	if (code >= 0xc2 && code <= 0xdf)
		len = 2;
	else if (code >= 0xe0 && code <= 0xef)
		len = 3;
	else if (code >= 0xf0 && code <= 0xf4)
		len = 4;
	else if (code >= 0x80)
		return 0;
	if (len > text.len - pos)
		return 0;

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
