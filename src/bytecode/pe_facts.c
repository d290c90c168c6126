/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of a PE file (Microsoft, "PE Format"). What programs are given, at:
 *
 *	0   offset of the PE header if the file begins elsewhere, 0     4
 *	4   entry point, in the file                                    4
 *	8   sections                                                    2 + 2
 *	12  "PE\0\0" and the file header                                24
 *	36  the optional header of 32-bit programs, or zeros            224
 *	260 zeros                                                       4
 *	264 the optional header of 64-bit programs, or zeros            240
 *	504 the directories once more                                   128
 *	632 offset of the PE header; overlay: where, how long; length of the headers
 */
#include "bytecode/pe_facts.h"
#include "bytecode/memory.h"

#include "base/checked.h"
#include "bytes/store.h"

enum {
	DOS_LEN = 64,
	FILE_HEADER_LEN = 24,
	OPTIONAL_32 = 224,
	OPTIONAL_64 = 240,
	DIRECTORIES_32 = 96,
	DIRECTORIES_64 = 112,
	DIRECTORIES_LEN = 128,
	SECTION_LEN = 40,
	ALIGNMENT_LEAST = 0x200,
	MAGIC_64 = 0x20b,
};

static uint32_t round_down(uint32_t n, uint32_t unit)
{
	return unit == 0 ? n : n - n % unit;
}

static uint32_t round_up(uint32_t n, uint32_t unit)
{
	uint64_t up = n;

	if (unit != 0 && n % unit != 0)
		up = (uint64_t)n - n % unit + unit;
	return up > UINT32_MAX ? UINT32_MAX : (uint32_t)up;
}

/* Up to `len` bytes of the object.  False after a trap. */
static bool view(struct machine *machine, uint64_t at, size_t len, struct reader *out)
{
	enum status status = source_view(&machine->host->file, machine->arena, at, len,
					 out);

	if (status == STATUS_OK)
		return true;
	return machine_trap(machine, status, "the object could not be read");
}

static void read_section(struct reader *in, struct pe_section *out)
{
	reader_skip(in, 8);
	out->own_memory_len = reader_u32le(in);
	out->own_address = reader_u32le(in);
	out->own_len = reader_u32le(in);
	out->own_offset = reader_u32le(in);
	reader_skip(in, 12);
	out->flags = reader_u32le(in);
}

/* 0x200, if a section does not keep to what the header says. */
static uint32_t file_alignment(const struct pe_facts *facts, uint32_t unit)
{
	for (uint32_t i = 0; i < facts->section_count && unit != 0; i++) {
		const struct pe_section *section = &facts->sections[i];

		if (section->own_len > 0 && section->own_offset % unit != 0 &&
		    section->own_offset % ALIGNMENT_LEAST == 0)
			return ALIGNMENT_LEAST;
	}
	return unit;
}

static void round_sections(struct pe_facts *facts, uint64_t size, uint32_t memory_unit,
			   uint32_t file_unit)
{
	for (uint32_t i = 0; i < facts->section_count; i++) {
		struct pe_section *section = &facts->sections[i];

		section->address = round_down(section->own_address, memory_unit);
		section->memory_len = round_up(section->own_memory_len, memory_unit);
		section->offset = round_down(section->own_offset, file_unit);
		section->len = round_up(section->own_len, file_unit);
		if (section->memory_len == 0 && section->len > 0)
			section->memory_len = round_up(section->own_len, memory_unit);
		if (section->len > 0 && section->offset < size &&
		    section->len > size - section->offset)
			section->len = (uint32_t)(size - section->offset);
		uint64_t end = (uint64_t)section->offset + section->len;
		if (end > facts->overlay)
			facts->overlay = end > UINT32_MAX ? UINT32_MAX : (uint32_t)end;
	}
	if (facts->overlay < size)
		facts->overlay_len = (uint32_t)min_u64(size - facts->overlay, UINT32_MAX);
	else
		facts->overlay = 0;
}

uint32_t pe_facts_offset(const struct pe_facts *facts, uint64_t size, uint32_t address)
{
	if (address < facts->headers_len)
		return address < size ? address : PE_NO_OFFSET;
	for (uint32_t i = facts->section_count; i > 0; i--) {
		const struct pe_section *section = &facts->sections[i - 1];

		if (section->len > 0 && address >= section->address &&
		    address - section->address < section->len)
			return address - section->address + section->offset;
	}
	return PE_NO_OFFSET;
}

/* The sections, and what is found with their help. */
static bool read_sections(struct machine *machine, struct pe_facts *facts)
{
	uint64_t size = machine->host->file.size;
	struct reader optional = reader_of(facts->header, facts->header_len);
	struct reader table;

	reader_seek(&optional, 20);
	uint64_t table_at = (uint64_t)facts->header_at + FILE_HEADER_LEN +
			    reader_u16le(&optional);
	reader_seek(&optional, FILE_HEADER_LEN + 16);
	uint32_t entry = reader_u32le(&optional);
	reader_skip(&optional, 12);
	uint32_t memory_unit = reader_u32le(&optional);
	uint32_t file_unit = reader_u32le(&optional);
	reader_skip(&optional, 20);
	facts->headers_len = round_up(reader_u32le(&optional), memory_unit);

	facts->sections = machine_alloc(machine,
					facts->section_count * sizeof(*facts->sections));
	if (!facts->sections ||
	    !view(machine, table_at, facts->section_count * SECTION_LEN, &table))
		return false;
	for (uint32_t i = 0; i < facts->section_count; i++)
		read_section(&table, &facts->sections[i]);
	round_sections(facts, size, memory_unit, file_alignment(facts, file_unit));
	facts->entry = pe_facts_offset(facts, size, entry);
	if (facts->entry == PE_NO_OFFSET)
		facts->entry = 0;
	return true;
}

static bool read_facts(struct machine *machine, struct pe_facts *facts, bool *ret_is_pe)
{
	struct reader in;

	if (!view(machine, 0, DOS_LEN, &in))
		return false;
	reader_seek(&in, 60);
	facts->header_at = reader_u32le(&in);
	if (!reader_ok(&in))
		return true;
	if (!view(machine, facts->header_at, FILE_HEADER_LEN + OPTIONAL_64, &in))
		return false;
	facts->header = in.base;
	facts->header_len = in.len;
	uint32_t signature = reader_u32le(&in);
	reader_skip(&in, 2);
	facts->section_count = reader_u16le(&in);
	*ret_is_pe = reader_ok(&in) && signature == 0x4550 &&
		     facts->section_count <= EXECUTABLE_SECTIONS_MAX &&
		     in.len >= FILE_HEADER_LEN + DIRECTORIES_32;
	return !*ret_is_pe || read_sections(machine, facts);
}

/* What no loader would take (host->executable) has no facts. */
bool pe_facts_of(struct machine *machine, const struct pe_facts **out)
{
	if (!machine->pe_is_known) {
		machine->pe_is_known = true;
		if (machine->host->type == TYPE_MSEXE && machine->host->executable) {
			struct pe_facts *facts = machine_alloc(machine, sizeof(*facts));

			if (!facts || !read_facts(machine, facts, &machine->is_pe))
				return false;
			machine->pe = facts;
		}
	}
	*out = machine->is_pe ? machine->pe : NULL;
	return true;
}

bool pe_facts_write(struct machine *machine, uint8_t *out)
{
	const struct pe_facts *facts;

	if (!pe_facts_of(machine, &facts))
		return false;
	if (!facts)
		return true;
	struct reader in = reader_of(facts->header, facts->header_len);
	reader_bytes(&in, &out[12], FILE_HEADER_LEN);
	struct reader magic = in;
	bool is_64 = reader_u16le(&magic) == MAGIC_64;
	size_t len = min_size(reader_left(&in), is_64 ? OPTIONAL_64 : OPTIONAL_32);
	size_t directories = is_64 ? DIRECTORIES_64 : DIRECTORIES_32;

	store_u32le(&out[4], facts->entry);
	store_u16le(&out[8], (uint16_t)facts->section_count);
	reader_bytes(&in, &out[is_64 ? 264 : 36], len);
	if (len > directories) {
		size_t at = (is_64 ? 264 : 36) + directories;

		memcpy(&out[504], &out[at], min_size(len - directories, DIRECTORIES_LEN));
	}
	store_u32le(&out[632], facts->header_at);
	store_u32le(&out[636], facts->overlay);
	store_u32le(&out[640], facts->overlay_len);
	store_u32le(&out[644], facts->headers_len);
	return true;
}
