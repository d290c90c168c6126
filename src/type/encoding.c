/* SPDX-License-Identifier: Apache-2.0 */
#include "type/encoding.h"

#include "base/checked.h"
#include "base/utf8.h"

static bool is_control(uint8_t c);
static bool has_controls(struct slice text);
static bool is_ascii(struct slice text);
static bool is_utf8(struct slice text, bool is_cut);
static enum file_type utf16_of(struct slice text);
static bool is_mostly_ascii(struct slice text, bool is_big);
static uint16_t unit_at(struct slice text, size_t i, bool is_big);

enum file_type encoding_of(const struct sample *sample)
{
	struct slice text = { sample->head.base,
			      min_size(sample->head.len, ENCODING_LOOK_LEN) };
	enum file_type utf16 = utf16_of(text);

	if (utf16 != TYPE_BINARY_DATA)
		return utf16;
	if (has_controls(text))
		return TYPE_BINARY_DATA;
	if (is_ascii(text))
		return TYPE_TEXT_ASCII;
	if (is_utf8(text, text.len < sample->size))
		return TYPE_TEXT_UTF8;
	return TYPE_TEXT_ASCII;
}

struct reader encoding_narrow(const struct sample *sample, enum file_type encoding,
			      uint8_t *buffer, size_t size)
{
	struct reader text = sample->head;
	bool is_big = encoding == TYPE_TEXT_UTF16BE;
	size_t len = 0;

	if (encoding != TYPE_TEXT_UTF16LE && encoding != TYPE_TEXT_UTF16BE) {
		if (reader_has(&text, 0, slice_of("\xef\xbb\xbf")))
			reader_skip(&text, 3);
		return reader_of_slice(reader_rest(&text));
	}
	while (len < size && reader_left(&text) >= 2) {
		uint16_t unit = is_big ? reader_u16be(&text) : reader_u16le(&text);
		if (unit == 0xfeff && len == 0)
			continue;
		buffer[len++] = unit < 0x80 ? (uint8_t)unit : '?';
	}
	return reader_of(buffer, len);
}

/* A byte that no text has, in any encoding that has ASCII as its lower half. */
static bool is_control(uint8_t c)
{
	const uint32_t spoken = 0x7fu << 7 | 3u << 0x1a;

	return (c < 0x20 && !(spoken >> c & 1)) || c == 0x7f;
}

static bool has_controls(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_control(text.base[i]))
			return true;
	return false;
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.base[i] >= 0x80)
			return false;
	return true;
}

/* `is_cut`: the last character may go on behind what is seen. */
static bool is_utf8(struct slice text, bool is_cut)
{
	uint32_t code;
	size_t len;

	for (size_t pos = 0; pos < text.len; pos += len) {
		len = utf8_decode(text, pos, &code);
		if (len == 0)
			return is_cut && text.len - pos < 4 && text.base[pos] >= 0xc2;
	}
	return true;
}

/*
 * With a byte order mark, UTF-16 unless it is UTF-32. Without one: only if most of the
 * characters are ASCII, and none is a NUL.
 */
static enum file_type utf16_of(struct slice text)
{
	size_t units = text.len / 2;

	if (units == 0)
		return TYPE_BINARY_DATA;
	if (unit_at(text, 0, true) == 0xfeff)
		return TYPE_TEXT_UTF16BE;
	if (unit_at(text, 0, false) == 0xfeff) {
		if (units > 1 && unit_at(text, 1, false) == 0)
			return TYPE_BINARY_DATA;
		return TYPE_TEXT_UTF16LE;
	}
	if (is_mostly_ascii(text, false))
		return TYPE_TEXT_UTF16LE;
	if (is_mostly_ascii(text, true))
		return TYPE_TEXT_UTF16BE;
	return TYPE_BINARY_DATA;
}

static bool is_mostly_ascii(struct slice text, bool is_big)
{
	size_t units = text.len / 2, ascii = 0;

	for (size_t i = 0; i < units; i++) {
		uint16_t unit = unit_at(text, i, is_big);
		uint8_t low = (uint8_t)unit;

		if (unit == 0 || i - ascii > units / 8)
			return false;
		ascii += unit < 0x80 && !is_control(low);
	}
	return units >= 4 && ascii >= units - units / 8;
}

static uint16_t unit_at(struct slice text, size_t i, bool is_big)
{
	uint8_t first = text.base[2 * i], second = text.base[2 * i + 1];

	if (is_big)
		return (uint16_t)(first << 8 | second);
	return (uint16_t)(second << 8 | first);
}
