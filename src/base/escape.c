/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include <assert.h>
#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"

/* Where escape_text() writes; `needed` goes on when the buffer is full. */
struct output {
	char *buffer;
	size_t size;
	size_t used;
	size_t needed;
};

static void put(struct output *output, const char *piece, size_t len);
static void put_hex(struct output *output, uint8_t byte);

size_t escape_text(struct slice text, char *buffer, size_t size)
{
	struct output output = { .buffer = buffer, .size = size };
	uint32_t code = 0;

	assert(size > 0);
	for (size_t pos = 0; pos < text.len;) {
		size_t len = utf8_decode(text, pos, &code);
		bool keep = len > 0 && !escape_is_unsafe(code);

		if (len == 0)
			len = 1;
		if (keep && code == '\\')
			put(&output, "\\\\", 2);
		else if (keep)
			put(&output, (const char *)&text.base[pos], len);
		for (size_t i = 0; !keep && i < len; i++)
			put_hex(&output, text.base[pos + i]);
		pos += len;
	}
	buffer[output.used] = '\0';
	return output.needed;
}

bool escape_is_unsafe(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} unsafe[] = {
		{ 0x0000, 0x001f }, /* C0 */
		{ 0x007f, 0x009f }, /* DEL, C1 */
		{ 0x061c, 0x061c }, /* Arabic letter mark */
		{ 0x200b,
		  0x200b }, /* zero-width space; the joiners beside it are letters' own */
		{ 0x200e, 0x200f }, /* left-to-right and right-to-left marks */
		{ 0x2028, 0x202e }, /* separators, bidi embeddings and overrides */
		{ 0x2060, 0x206f }, /* word joiner, invisible operators, bidi isolates */
		{ 0xfeff, 0xfeff }, /* byte order mark */
		{ 0xfff9, 0xfffb }, /* interlinear annotations */
		{ 0xe0000, 0xe007f }, /* tags: invisible copies of ASCII */
	};

	for (size_t i = 0; i < ARRAY_LEN(unsafe); i++)
		if (code >= unsafe[i].first && code <= unsafe[i].last)
			return true;
	return (code & 0xfffe) == 0xfffe;
}

/* All of the piece or nothing; once something was left out, so is all that follows. */
static void put(struct output *output, const char *piece, size_t len)
{
	if (output->used == output->needed && len < output->size - output->used) {
		memcpy(&output->buffer[output->used], piece, len);
		output->used += len;
	}
	output->needed += len;
}

static void put_hex(struct output *output, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";
	char piece[] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

	put(output, piece, sizeof(piece));
}
