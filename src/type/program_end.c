/* SPDX-License-Identifier: Apache-2.0 */
#include "type/program_end.h"

#include "base/checked.h"

enum {
	PE_SECTIONS_MAX = 4096,
	PE_SYMBOL_LEN = 18,
	PE_SECURITY = 4,
	ELF_ENTRIES_MAX = 65535
};

/* An ELF file is written for 32 or 64 bits, in either byte order. */
struct elf {
	struct reader in;
	bool is_wide, is_big;
};

static bool read_pe(struct reader head, struct program_end *out);
static void read_pe_options(struct reader options, struct program_end *out);
static bool read_elf(struct reader head, struct program_end *out);
static void read_segments(struct elf elf, uint64_t at, uint16_t count, uint64_t *end);
static void read_sections(struct elf elf, uint64_t at, uint16_t count, uint64_t *end);
static uint16_t half(struct elf *elf);
static uint64_t word(struct elf *elf);
static uint64_t address(struct elf *elf);
static void stretch(uint64_t *end, uint64_t at, uint64_t len);

bool program_end_read(struct reader head, struct program_end *out)
{
	struct program_end found = { 0 };
	bool is_program;

	reader_seek(&head, 0);
	if (reader_has(&head, 0,
		       slice_of("\x7f"
				"ELF")))
		is_program = read_elf(head, &found);
	else
		is_program = read_pe(head, &found);
	if (is_program)
		*out = found;
	return is_program;
}

/*
 * MZ header: at 60 the offset of "PE\0\0". Behind that the file header (20): machine,
 * sections (2), time (4), symbols' offset (4), their number (4), size of the optional
 * header (2), flags; the optional header; and 40 bytes for each section, of which 16 is
 * the size and 20 the offset in the file.
 */
static bool read_pe(struct reader head, struct program_end *out)
{
	if (!reader_has(&head, 0, slice_of("MZ")))
		return false;
	reader_seek(&head, 60);
	reader_seek(&head, reader_u32le(&head));
	if (reader_u32le(&head) != 0x4550)
		return false;
	reader_skip(&head, 2);
	uint16_t sections = reader_u16le(&head);
	reader_skip(&head, 4);
	uint64_t symbols_at = reader_u32le(&head);
	uint64_t symbols = reader_u32le(&head);
	uint16_t options_len = reader_u16le(&head);
	reader_skip(&head, 2);
	struct reader options = reader_take(&head, options_len);
	if (!reader_ok(&head) || sections > PE_SECTIONS_MAX)
		return false;

	stretch(&out->end, head.pos, (uint64_t)sections * 40);
	for (unsigned i = 0; i < sections; i++) {
		reader_skip(&head, 16);
		uint64_t len = reader_u32le(&head);
		uint64_t at = reader_u32le(&head);
		reader_skip(&head, 16);
		if (at != 0)
			stretch(&out->end, at, len);
	}
	if (symbols_at != 0) {
		out->strings_at = symbols_at + symbols * PE_SYMBOL_LEN;
		stretch(&out->end, symbols_at, symbols * PE_SYMBOL_LEN + 4);
	}
	read_pe_options(options, out);
	return reader_ok(&head);
}

/* The directories of the optional header: the fifth says where a signature lies, in the file. */
static void read_pe_options(struct reader options, struct program_end *out)
{
	bool is_wide = reader_u16le(&options) == 0x20b;

	reader_seek(&options, is_wide ? 108 : 92);
	uint32_t count = reader_u32le(&options);
	reader_skip(&options, PE_SECURITY * 8);
	uint64_t at = reader_u32le(&options);
	uint64_t len = reader_u32le(&options);
	if (!reader_ok(&options) || count <= PE_SECURITY || at == 0)
		return;
	out->signature_at = at;
	out->signature_len = len;
}

/*
 * Behind 16 bytes of identity: kind, machine (2 each), version (4), entry, segments' and
 * sections' offset (4 or 8 each), flags (4), size of this, and of the two tables' entries
 * the size and number, each 2.
 */
static bool read_elf(struct reader head, struct program_end *out)
{
	struct elf elf = {
		.in = head,
		.is_wide = reader_peek(&head, 4) == 2,
		.is_big = reader_peek(&head, 5) == 2,
	};

	reader_seek(&elf.in, 24);
	(void)address(&elf);
	uint64_t segments_at = address(&elf);
	uint64_t sections_at = address(&elf);
	reader_skip(&elf.in, 6);
	uint16_t segment_len = half(&elf);
	uint16_t segments = half(&elf);
	uint16_t section_len = half(&elf);
	uint16_t sections = half(&elf);
	if (!reader_ok(&elf.in))
		return false;

	/* Whatever the tables say, the header is not behind the program. */
	stretch(&out->end, 0, elf.is_wide ? 64 : 52);
	stretch(&out->end, segments_at, (uint64_t)segments * segment_len);
	stretch(&out->end, sections_at, (uint64_t)sections * section_len);
	if (segment_len == (elf.is_wide ? 56 : 32))
		read_segments(elf, segments_at, segments, &out->end);
	if (section_len == (elf.is_wide ? 64 : 40))
		read_sections(elf, sections_at, sections, &out->end);
	return true;
}

/* Kind (4), then with 64 bits flags (4); offset, two addresses, size in the file, … */
static void read_segments(struct elf elf, uint64_t at, uint16_t count, uint64_t *end)
{
	reader_seek(&elf.in, (size_t)at);
	for (unsigned i = 0; i < count && reader_ok(&elf.in); i++) {
		struct elf entry = elf;
		entry.in = reader_take(&elf.in, elf.is_wide ? 56 : 32);
		reader_skip(&entry.in, elf.is_wide ? 8 : 4);
		uint64_t offset = address(&entry);
		(void)address(&entry);
		(void)address(&entry);
		uint64_t len = address(&entry);
		if (reader_ok(&entry.in))
			stretch(end, offset, len);
	}
}

/* Name, kind (4 each), flags, address, offset, size, …; kind 8 has no bytes in the file. */
static void read_sections(struct elf elf, uint64_t at, uint16_t count, uint64_t *end)
{
	/* Mostly the table is at the end, out of sight; then the sections lie before it. */
	if (at >= elf.in.len)
		return;
	reader_seek(&elf.in, (size_t)at);
	for (unsigned i = 0; i < count && reader_ok(&elf.in); i++) {
		struct elf entry = elf;
		entry.in = reader_take(&elf.in, elf.is_wide ? 64 : 40);
		(void)word(&entry);
		uint64_t kind = word(&entry);
		(void)address(&entry);
		(void)address(&entry);
		uint64_t offset = address(&entry);
		uint64_t len = address(&entry);
		if (reader_ok(&entry.in) && kind != 8)
			stretch(end, offset, len);
	}
}

static uint16_t half(struct elf *elf)
{
	return elf->is_big ? reader_u16be(&elf->in) : reader_u16le(&elf->in);
}

static uint64_t word(struct elf *elf)
{
	return elf->is_big ? reader_u32be(&elf->in) : reader_u32le(&elf->in);
}

static uint64_t address(struct elf *elf)
{
	if (!elf->is_wide)
		return word(elf);
	return elf->is_big ? reader_u64be(&elf->in) : reader_u64le(&elf->in);
}

static void stretch(uint64_t *end, uint64_t at, uint64_t len)
{
	*end = max_u64(*end, add_u64_capped(at, len));
}
