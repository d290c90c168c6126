/* SPDX-License-Identifier: Apache-2.0 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

#include "base/checked.h"
#include "base/hex.h"

enum { NUMBER_MAX = INT32_MAX };

bool api_text_find(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t size = api_signed(arguments[1]), len = api_signed(arguments[3]);
	size_t found;

	*result = api_int(-1);
	if (size < 0 || len <= 0)
		return true;
	const uint8_t *bytes = machine_bytes(machine, arguments[0], (uint64_t)size,
					     false);
	const uint8_t *what = machine_bytes(machine, arguments[2], (uint64_t)len, false);
	if (!bytes || !what || !machine_work(machine, (uint64_t)size))
		return false;
	struct reader in = reader_of(bytes, (size_t)size);
	if (reader_find(&in, 0, (struct slice){ what, (size_t)len }, &found))
		*result = found;
	return true;
}

bool api_text_hex(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int high = hex_digit((uint8_t)arguments[0]);
	int low = hex_digit((uint8_t)arguments[1]);

	(void)machine;
	*result = high < 0 || low < 0 ? api_int(-1) : (uint64_t)(high * 16 + low);
	return true;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Blanks, perhaps a plus, digits, and whatever follows; -1 if it is not so. */
bool api_text_number(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t size = api_signed(arguments[1]);
	uint64_t value = 0;
	int32_t i = 0;

	*result = api_int(-1);
	if (size < 0)
		return true;
	const uint8_t *text = machine_bytes(machine, arguments[0], (uint64_t)size, false);
	if (!text || !machine_work(machine, (uint64_t)size))
		return false;
	while (i < size && is_space(text[i]))
		i++;
	i += i < size && text[i] == '+';
	if (i == size || text[i] < '0' || text[i] > '9')
		return true;
	for (; i < size && text[i] >= '0' && text[i] <= '9'; i++)
		value = min_u64(value * 10 + text[i] - '0', (uint64_t)NUMBER_MAX + 1);
	if (value <= NUMBER_MAX)
		*result = value;
	return true;
}

/* Takes the digits at the start off a text. */
static uint64_t take_number(struct reader *in)
{
	uint64_t value = 0;
	int c;

	while ((c = reader_peek(in, in->pos)) >= '0' && c <= '9') {
		value = min_u64(value * 10 + (uint64_t)(c - '0'), UINT32_MAX);
		reader_skip(in, 1);
	}
	return value;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Numbers by their value, everything else byte by byte; what goes on is greater. */
static int compare_versions(struct reader a, struct reader b)
{
	for (;;) {
		int x = reader_peek(&a, a.pos), y = reader_peek(&b, b.pos);

		if (is_digit(x) && is_digit(y)) {
			uint64_t left = take_number(&a), right = take_number(&b);

			if (left != right)
				return left < right ? -1 : 1;
			continue;
		}
		if (x != y)
			return x < y ? -1 : 1;
		if (x < 0)
			return 0;
		reader_skip(&a, 1);
		reader_skip(&b, 1);
	}
}

bool api_version_compare(struct machine *machine, const uint64_t *arguments,
			 uint64_t *result)
{
	const uint8_t *a = machine_bytes(machine, arguments[0], arguments[1], false);
	const uint8_t *b = machine_bytes(machine, arguments[2], arguments[3], false);

	if (!a || !b || !machine_work(machine, arguments[1] + arguments[3]))
		return false;
	*result = api_int(compare_versions(reader_of(a, (size_t)arguments[1]),
					   reader_of(b, (size_t)arguments[3])));
	return true;
}
