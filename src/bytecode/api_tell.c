/* SPDX-License-Identifier: Apache-2.0 */
/* What a program says: names of what it found, files that it makes, texts. */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

enum { NAME_MAX = 128 };

/* The text up to its NUL; what follows in `arguments` says how long it thinks that is. */
bool api_found(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct slice name;

	*result = 0;
	if (!machine_text(machine, arguments[0], &name))
		return false;
	if (name.len > NAME_MAX)
		name.len = NAME_MAX;
	if (!arena_copy(machine->arena, name, &machine->name))
		return machine_trap(machine, STATUS_NO_MEMORY, "out of memory");
	return true;
}

bool api_child_write(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t size = api_signed(arguments[1]);

	if (size < 0)
		return machine_trap(machine, STATUS_MALFORMED, "a length below zero");
	const uint8_t *bytes = machine_bytes(machine, arguments[0], (uint64_t)size,
					     false);
	if (!bytes || !machine_work(machine, (uint64_t)size))
		return false;
	if ((size_t)size > machine->child_left)
		return machine_trap(machine, STATUS_LIMIT, "what it makes is too large");
	machine->child_left -= (size_t)size;
	*result = (uint64_t)size;
	return machine_append(machine, &machine->child, bytes, (size_t)size);
}

/*
 * What was made is handed on, and looked at when the program has ended: whether
 * something is found in it is not known here, so the answer is always 0.
 */
bool api_child_next(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct bytecode_host *host = machine->host;
	struct slice bytes = { machine->child.bytes, machine->child.len };

	*result = 0;
	if (bytes.len > 0 && host->child &&
	    !host->child(host->context, bytes, machine->child_id))
		return machine_trap(machine, STATUS_LIMIT, "it makes too much");
	machine->child = (struct buffer){ 0 };
	machine->child_id = (uint32_t)arguments[0];
	machine->reads_child = false;
	return true;
}

/* Types are ours to tell; the number is only checked. */
bool api_child_container(struct machine *machine, const uint64_t *arguments,
			 uint64_t *result)
{
	enum { TYPE_NUMBERS_END = 1000 };

	(void)machine;
	*result = arguments[0] >= TYPE_NUMBERS_END ? api_int(-1) : 0;
	return true;
}

static void print(struct machine *machine, struct slice text)
{
	const struct bytecode_host *host = machine->host;

	if (host->print)
		host->print(host->context, text);
}

/* A length of 0 means up to the NUL. */
bool api_print_text(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct slice text;

	*result = 0;
	if (arguments[1] == 0) {
		if (!machine_text(machine, arguments[0], &text))
			return false;
	} else {
		text = (struct slice){ machine_bytes(machine, arguments[0], arguments[1],
						     false),
				       (size_t)arguments[1] };
		if (!text.base)
			return false;
	}
	if (!machine_work(machine, text.len))
		return false;
	print(machine, text);
	return true;
}

bool api_print_number(struct machine *machine, const uint64_t *arguments,
		      uint64_t *result)
{
	uint8_t digits[10];
	size_t at = sizeof(digits);
	uint64_t left = arguments[0];

	do
		digits[--at] = (uint8_t)('0' + left % 10);
	while ((left /= 10) > 0);
	print(machine, (struct slice){ &digits[at], sizeof(digits) - at });
	*result = 0;
	return true;
}

/* A program says that something went wrong in it; it goes on. */
bool api_error(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	print(machine, slice_of("error "));
	return api_print_number(machine, arguments, result);
}

bool api_memory(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct region region = { .size = (uint32_t)arguments[0], .kind = REGION_MEMORY };

	if (!machine_work(machine, region.size))
		return false;
	region.bytes = machine_alloc(machine, region.size);
	return region.bytes && machine_region(machine, region, result);
}

bool api_test1(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	*result = 0x55;
	if (arguments[0] == 0xf00dbeef && arguments[1] == 0xbeeff00d)
		*result = 0x12345678;
	return true;
}

bool api_test2(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	*result = arguments[0] == 0xf00d ? 0xd00f : 0x5555;
	return true;
}

bool api_ignore(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	(void)arguments;
	*result = 0;
	return true;
}

bool api_zero(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	return api_ignore(machine, arguments, result);
}

bool api_none(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	(void)arguments;
	*result = api_int(-1);
	return true;
}
