/* SPDX-License-Identifier: Apache-2.0 */
#include "type/tar_sign.h"

enum { SUM_AT = 148, SUM_LEN = 8 };

static bool read_sum(struct reader field, int32_t *out);

bool tar_sum_fits(struct reader block)
{
	struct reader field = block;
	int32_t stated;
	int32_t as_unsigned = 0, as_signed = 0;

	if (block.len < TAR_BLOCK)
		return false;
	reader_seek(&field, SUM_AT);
	if (!read_sum(reader_take(&field, SUM_LEN), &stated))
		return false;
	for (size_t pos = 0; pos < TAR_BLOCK; pos++) {
		/* The sum is taken as if its own field were blank. */
		uint8_t byte = ' ';
		if (pos < SUM_AT || pos >= SUM_AT + SUM_LEN)
			byte = (uint8_t)reader_peek(&block, pos);
		as_unsigned += byte;
		as_signed += (int8_t)byte;
	}
	return stated == as_unsigned || stated == as_signed;
}

/* Blanks, one octal number, then blanks or a NUL. A negative sum is written as 18 bits. */
static bool read_sum(struct reader field, int32_t *out)
{
	int32_t value = 0;
	unsigned digits = 0;
	bool ended = false;

	for (size_t i = 0; i < SUM_LEN; i++) {
		uint8_t c = reader_u8(&field);
		if (c >= '0' && c <= '7' && !ended) {
			value = value * 8 + (c - '0');
			digits++;
		} else if (c == ' ' && digits == 0) {
			continue;
		} else if (c == ' ' || c == '\0') {
			ended = true;
		} else {
			return false;
		}
	}
	*out = value;
	return digits > 0;
}
