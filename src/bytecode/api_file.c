/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: the object, or, after input_switch(1), the file that the program is making.
 * Programs know offsets of 31 bits; what lies behind them is not there for them.
 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

#include "base/checked.h"
#include "base/hex.h"

enum { FIND_MAX = 1024, WINDOW = 64 * 1024, SEEK_FROM_END = 2 };

static struct source current(const struct machine *machine)
{
	if (machine->reads_child)
		return source_of_memory(machine->child.bytes, machine->child.len);
	return source_window(&machine->host->file, 0, INT32_MAX);
}

/* Up to `len` bytes at an offset.  False after a trap. */
static bool read_at(struct machine *machine, uint64_t offset, uint8_t *out, size_t len,
		    size_t *ret_len)
{
	struct source source = current(machine);

	if (!machine_work(machine, len))
		return false;
	enum status status = source_read(&source, offset, out, len, ret_len);
	if (status != STATUS_OK)
		return machine_trap(machine, status, "the object could not be read");
	return true;
}

bool api_file_read(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t size = api_signed(arguments[1]);
	size_t got;

	if (size < 0)
		return machine_trap(machine, STATUS_MALFORMED, "a length below zero");
	uint8_t *out = machine_bytes(machine, arguments[0], (uint64_t)size, true);
	if (!out || !read_at(machine, machine->position, out, (size_t)size, &got))
		return false;
	machine->position += got;
	*result = got;
	return true;
}

bool api_file_seek(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int64_t to = api_signed(arguments[0]);
	int64_t size = (int64_t)current(machine).size;

	if (arguments[1] == 1)
		to += (int64_t)machine->position;
	else if (arguments[1] == SEEK_FROM_END)
		to += size;
	if (arguments[1] > SEEK_FROM_END || to < 0 || to > size) {
		*result = api_int(-1);
		return true;
	}
	machine->position = (uint64_t)to;
	*result = (uint64_t)to;
	return true;
}

/* Looks from the position to before `end`, window by window. */
static bool find(struct machine *machine, const struct slice *what, uint64_t end,
		 uint64_t *result)
{
	struct arena_mark mark = arena_mark(machine->arena);
	uint8_t *window = arena_alloc(machine->arena, WINDOW);
	uint64_t at = machine->position;
	bool is_good = window != NULL;
	size_t got, found;

	*result = api_int(-1);
	if (!is_good)
		machine_trap(machine, STATUS_NO_MEMORY, "out of memory");
	while (is_good && at + what->len <= end) {
		size_t len = (size_t)min_u64(WINDOW, end - at);

		is_good = read_at(machine, at, window, len, &got);
		if (!is_good || got < what->len)
			break;
		struct reader in = reader_of(window, got);
		if (reader_find(&in, 0, *what, &found)) {
			*result = at + found;
			break;
		}
		at += got - what->len + 1;
	}
	arena_rewind(machine->arena, mark);
	return is_good;
}

static bool find_text(struct machine *machine, const uint64_t *arguments, uint64_t end,
		      uint64_t *result)
{
	uint64_t len = arguments[1];

	*result = api_int(-1);
	if (len == 0 || len > FIND_MAX)
		return true;
	const uint8_t *bytes = machine_bytes(machine, arguments[0], len, false);
	if (!bytes)
		return false;
	struct slice what = { bytes, (size_t)len };
	return find(machine, &what, min_u64(end, current(machine).size), result);
}

bool api_file_find(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	return find_text(machine, arguments, INT32_MAX, result);
}

bool api_file_find_before(struct machine *machine, const uint64_t *arguments,
			  uint64_t *result)
{
	int32_t end = api_signed(arguments[2]);

	return find_text(machine, arguments, end < 0 ? 0 : (uint64_t)end, result);
}

bool api_file_byte(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	uint8_t byte;
	size_t got;

	if (!read_at(machine, arguments[0], &byte, 1, &got))
		return false;
	*result = got == 1 ? byte : api_int(-1);
	return true;
}

/* What follows the cursor moves to the front; the rest is filled from the file. */
bool api_file_fill(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	uint64_t len = arguments[1], filled = arguments[2], cursor = arguments[3];
	size_t got;

	*result = api_int(-1);
	uint8_t *buffer = machine_bytes(machine, arguments[0], len, true);
	if (!buffer)
		return false;
	if (filled > len || cursor > filled || (filled - cursor == len && len > 0))
		return true;
	size_t kept = (size_t)(filled - cursor);
	if (!machine_work(machine, kept))
		return false;
	memmove(buffer, &buffer[cursor], kept);
	if (!read_at(machine, machine->position, &buffer[kept], (size_t)len - kept, &got))
		return false;
	machine->position += got;
	*result = got == 0 ? 0 : kept + got;
	return true;
}

/* The next number of that radix; the position is then behind it. */
bool api_file_number(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	uint64_t radix = arguments[0], value = 0, at = machine->position;
	bool is_number = false;
	uint8_t byte;
	size_t got;

	*result = api_int(-1);
	if (radix != 10 && radix != 16)
		return true;
	for (;; at++) {
		if (!budget_take(&machine->budget, 1))
			return machine_trap(machine, machine->budget.status,
					    "too many steps");
		if (!read_at(machine, at, &byte, 1, &got))
			return false;
		if (got == 0)
			break;
		unsigned digit = (unsigned)hex_digit(byte);
		if (digit < radix) {
			is_number = true;
			value = min_u64(value * radix + digit, (uint64_t)UINT32_MAX + 1);
		} else if (is_number) {
			break;
		}
	}
	if (!is_number || value > UINT32_MAX)
		return true;
	machine->position = at;
	*result = value;
	return true;
}

bool api_file_switch(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	bool to_child = arguments[0] != 0;

	*result = 0;
	if (to_child && machine->child.len == 0) {
		*result = api_int(-1);
		return true;
	}
	machine->reads_child = to_child;
	machine->position = 0;
	return true;
}
