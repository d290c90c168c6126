/* SPDX-License-Identifier: Apache-2.0 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"
#include "bytecode/pe_facts.h"
#include "bytes/store.h"

bool api_pe_offset(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct pe_facts *facts;

	if (!pe_facts_of(machine, &facts))
		return false;
	*result = PE_NO_OFFSET;
	if (facts)
		*result = pe_facts_offset(facts, machine->host->file.size,
					  (uint32_t)arguments[0]);
	return true;
}

/* Nine numbers of 32 bits, in the order of struct pe_section. */
bool api_pe_section(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct pe_facts *facts;

	*result = api_int(-1);
	if (!pe_facts_of(machine, &facts))
		return false;
	if (!facts || arguments[1] >= facts->section_count)
		return true;
	uint8_t *out = machine_bytes(machine, arguments[0], PE_SECTION_SIZE, true);
	if (!out)
		return false;
	const struct pe_section *section = &facts->sections[arguments[1]];
	const uint32_t numbers[] = {
		section->address,        section->memory_len,
		section->offset,         section->len,
		section->flags,          section->own_address,
		section->own_memory_len, section->own_offset,
		section->own_len,
	};
	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
		store_u32le(&out[4 * i], numbers[i]);
	*result = 0;
	return true;
}
