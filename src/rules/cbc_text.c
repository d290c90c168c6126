/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/cbc_text.h"

enum {
	LETTER_NUMBER = 0x60,
	LETTER_CONSTANT = 0x40,
	LETTER_WIDE = 0x70, /* a number of sixteen half bytes */
	HALF_BYTES_MAX = 16,
};

static void fail(struct reader *in)
{
	in->failed = true;
}

uint64_t cbc_fixed(struct reader *in, unsigned width)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < width; i++) {
		uint8_t letter = reader_u8(in);

		if ((letter & 0xf0) != LETTER_NUMBER)
			fail(in);
		value |= (uint64_t)(letter & 0xf) << (4 * i);
	}
	return reader_ok(in) ? value : 0;
}

uint64_t cbc_number(struct reader *in)
{
	unsigned letter = reader_u8(in);

	if (letter < LETTER_NUMBER || letter > LETTER_WIDE) {
		fail(in);
		return 0;
	}
	return cbc_fixed(in, letter - LETTER_NUMBER);
}

uint32_t cbc_number32(struct reader *in)
{
	uint64_t value = cbc_number(in);

	if (value > UINT32_MAX) {
		fail(in);
		return 0;
	}
	return (uint32_t)value;
}

bool cbc_take(struct reader *in, char letter)
{
	if (!reader_ok(in) || reader_peek(in, in->pos) != letter)
		return false;
	reader_skip(in, 1);
	return true;
}

static uint64_t constant(struct reader *in)
{
	unsigned letter = reader_u8(in);

	if (letter < LETTER_CONSTANT || letter > LETTER_CONSTANT + HALF_BYTES_MAX) {
		fail(in);
		return 0;
	}
	return cbc_fixed(in, letter - LETTER_CONSTANT);
}

bool cbc_constant(struct reader *in, uint64_t *out)
{
	if (cbc_take(in, LETTER_NUMBER))
		return false;
	*out = constant(in);
	return reader_ok(in);
}

struct program_operand cbc_operand(struct reader *in)
{
	struct program_operand operand = { .kind = OPERAND_VALUE };
	int letter = reader_peek(in, in->pos);

	if (letter < LETTER_CONSTANT || letter >= LETTER_NUMBER) {
		operand.value = cbc_number(in);
		return operand;
	}
	operand.value = constant(in);
	operand.size = (uint8_t)cbc_fixed(in, 1);
	operand.kind = operand.size == 0 ? OPERAND_GLOBAL : OPERAND_CONSTANT;
	return operand;
}

enum status cbc_string(struct reader *in, struct arena *arena, struct slice *out)
{
	uint64_t len = cbc_take(in, '|') ? cbc_number(in) : UINT64_MAX;

	*out = (struct slice){ 0 };
	if (len == 0 || len > reader_left(in) / 2) {
		fail(in);
		return STATUS_OK;
	}
	uint8_t *bytes = arena_alloc(arena, (size_t)len);
	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)cbc_fixed(in, 2);
	*out = (struct slice){ bytes, (size_t)len };
	if (bytes[len - 1] == 0)
		out->len--;
	return STATUS_OK;
}
