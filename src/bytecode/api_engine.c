/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions about the engine. The platform that programs are told of is always the same,
 * so that they do the same everywhere: Linux on a 64-bit little-endian machine.
 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

#include "bytes/store.h"

enum {
	PLATFORM_SYSTEM = 10,
	PLATFORM_MACHINE = 2,
	PLATFORM_COMPILER = 1,
	PLATFORM_POINTER = 8,
	ANY = 0xff,
	ANY_NIBBLE = 0xf,
	ENVIRONMENT_LEVEL_AT = 20, /* and behind it the one of fixes */
	ENVIRONMENT_LEN_MAX = 4096,
};

bool api_engine_level(struct machine *machine, const uint64_t *arguments,
		      uint64_t *result)
{
	(void)arguments;
	*result = machine->host->functionality_level;
	return true;
}

bool api_engine_scan_options(struct machine *machine, const uint64_t *arguments,
			     uint64_t *result)
{
	(void)arguments;
	*result = machine->host->scan_options;
	return true;
}

bool api_engine_database_options(struct machine *machine, const uint64_t *arguments,
				 uint64_t *result)
{
	(void)arguments;
	*result = machine->host->database_options;
	return true;
}

/* All findings are told, and everything is parsed that can be; other options are off. */
bool api_engine_option(struct machine *machine, const uint64_t *arguments,
		       uint64_t *result)
{
	const uint8_t *bytes = machine_bytes(machine, arguments[0], arguments[1], false);
	struct slice name = { bytes, (size_t)arguments[1] };

	if (!bytes || !machine_work(machine, name.len))
		return false;
	*result = slice_is(name, "general allmatch") ||
		  slice_is(name, "general heuristics") ||
		  slice_begins_nocase(name, "parse ");
	return true;
}

bool api_environment(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	uint64_t len = arguments[1];
	uint8_t known[ENVIRONMENT_LEVEL_AT + 8] = { 0 };

	*result = api_int(-1);
	if (len > ENVIRONMENT_LEN_MAX)
		return true;
	uint8_t *out = machine_bytes(machine, arguments[0], len, true);
	if (!out)
		return false;
	store_u32le(&known[ENVIRONMENT_LEVEL_AT], machine->host->functionality_level);
	store_u32le(&known[ENVIRONMENT_LEVEL_AT + 4], machine->host->functionality_level);
	memset(out, 0, len);
	memcpy(out, known, len < sizeof(known) ? len : sizeof(known));
	*result = 0;
	return true;
}

/* Only a program that runs at the start may ask for that, and none is run there. */
bool api_disable(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	(void)arguments;
	*result = api_int(-1);
	return true;
}

static bool field_fits(uint64_t field, uint64_t any, uint64_t value)
{
	return field == any || field == value;
}

bool api_platform(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	uint64_t a = arguments[0], b = arguments[1], c = arguments[2];
	uint32_t level = machine->host->functionality_level;

	*result = field_fits(a >> 24, ANY, PLATFORM_SYSTEM) &&
		  field_fits(a >> 20 & ANY_NIBBLE, ANY_NIBBLE, PLATFORM_MACHINE) &&
		  field_fits(a >> 16 & ANY_NIBBLE, ANY_NIBBLE, PLATFORM_COMPILER) &&
		  field_fits(a >> 8 & ANY, ANY, level) &&
		  field_fits(a & ANY, ANY, level) && field_fits(b >> 28, ANY_NIBBLE, 0) &&
		  field_fits(b >> 24 & ANY_NIBBLE, ANY_NIBBLE, PLATFORM_POINTER) &&
		  field_fits(b & 0xffffff, 0xffffff, 0) && field_fits(c >> 24, ANY, 0) &&
		  field_fits(c & 0xffffff, 0xffffff, 0);
	return true;
}
