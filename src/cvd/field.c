/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/field.h"

#include "bytes/reader.h"

size_t field_split(struct slice line, char separator, struct slice *fields, size_t max)
{
	struct reader left = reader_of_slice(line);
	const uint8_t byte = (uint8_t)separator;
	size_t count = 0;

	for (;;) {
		size_t end = left.len;
		bool has_next = reader_find(&left, left.pos, (struct slice){ &byte, 1 },
					    &end);
		struct slice field = reader_slice(&left, end - left.pos);

		if (count < max)
			fields[count] = field;
		count++;
		if (!has_next)
			return count;
		reader_skip(&left, 1);
	}
}

bool field_number(struct slice text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = text.base[i] - (unsigned)'0';

		if (digit > 9 || digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}
