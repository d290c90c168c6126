/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ELF (System V ABI, "Object Files"), both classes and both orders of bytes:
 *
 *   0     7f "ELF", class (1: 32 bit, 2: 64), order (1: little-endian)
 *   24    entry point (address), where the program headers are, where the section
 *         headers are (words), flags (4), header length (2), length and number of
 *         program headers (2, 2), the same of section headers (2, 2)
 *
 * The entry point's place is told by the first program header that has its address.
 * Without one, as in object files and some libraries, it is the start of the file
 * (as with clamscan 1.4.6). A damaged section table costs the sections alone: it is
 * what those who hide something strip first, and no loader asks for it.
 */
#include "base/checked.h"
#include "view/executable_format.h"

/* Above this clamscan gives up. */
enum { SEGMENTS_SEEN = 128 };

struct elf_header {
	bool is_big, is_64;
	uint64_t entry;
	uint64_t segments_at, sections_at;
	size_t segment_len, segment_count;
	size_t section_len, section_count;
};

struct elf_segment {
	uint64_t offset, address, memory_len;
};

static enum status read_header(const struct source *source, struct arena *arena,
			       struct elf_header *out);
static enum status find_entry(const struct source *source, struct arena *arena,
			      const struct elf_header *header, struct executable *out);
static struct elf_segment read_segment(struct reader in, const struct elf_header *header);
static enum status read_sections(const struct source *source, struct arena *arena,
				 const struct elf_header *header, struct executable *out);
static struct executable_section read_section(struct reader in,
					      const struct elf_header *header);

enum status elf_parse(const struct source *source, struct arena *arena,
		      struct executable *out)
{
	struct elf_header header;
	struct executable executable = { 0 };
	enum status status = read_header(source, arena, &header);

	if (status == STATUS_OK)
		status = find_entry(source, arena, &header, &executable);
	if (status == STATUS_OK)
		status = read_sections(source, arena, &header, &executable);
	if (status == STATUS_OK)
		*out = executable;
	return status;
}

static enum status read_header(const struct source *source, struct arena *arena,
			       struct elf_header *out)
{
	struct elf_header header = { 0 };
	struct reader in;
	enum status status = source_view(source, arena, 0, 64, &in);

	if (status != STATUS_OK)
		return status;
	uint32_t magic = reader_u32be(&in);
	uint8_t class = reader_u8(&in);
	header.is_64 = class == 2;
	header.is_big = reader_u8(&in) != 1;
	reader_skip(&in, 18);
	header.entry = executable_word(&in, header.is_big, header.is_64);
	header.segments_at = executable_word(&in, header.is_big, header.is_64);
	header.sections_at = executable_word(&in, header.is_big, header.is_64);
	reader_skip(&in, 6);
	header.segment_len = executable_u16(&in, header.is_big);
	header.segment_count = executable_u16(&in, header.is_big);
	header.section_len = executable_u16(&in, header.is_big);
	header.section_count = executable_u16(&in, header.is_big);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	if (magic != 0x7f454c46 || class == 0 || class > 2)
		return STATUS_MALFORMED;
	*out = header;
	return STATUS_OK;
}

static enum status find_entry(const struct source *source, struct arena *arena,
			      const struct elf_header *header, struct executable *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct reader table;
	size_t len = min_size(header->segment_count * header->segment_len,
			      SOURCE_VIEW_MAX);

	if (header->segment_count == 0 || header->entry == 0) {
		out->has_entry = true;
		return STATUS_OK;
	}
	enum status status = source_view(source, arena, header->segments_at, len, &table);
	if (status != STATUS_OK)
		return status;
	if (reader_left(&table) < header->segment_count * header->segment_len ||
	    header->segment_count > SEGMENTS_SEEN ||
	    header->segment_len != (header->is_64 ? 56 : 32))
		out->is_refused_by_clamscan = true;
	for (size_t i = 0; i < header->segment_count && !out->has_entry; i++) {
		struct reader in = reader_take(&table, header->segment_len);
		struct elf_segment segment = read_segment(in, header);

		if (header->entry - segment.address >= segment.memory_len)
			continue;
		out->has_entry = add_u64(header->entry - segment.address, segment.offset,
					 &out->entry_offset);
	}
	arena_rewind(arena, mark);
	if (!out->has_entry)
		out->is_refused_by_clamscan = true;
	return STATUS_OK;
}

/* One that is not there has no length, and so no address. */
static struct elf_segment read_segment(struct reader in, const struct elf_header *header)
{
	struct elf_segment segment;

	reader_skip(&in, header->is_64 ? 8 : 4);
	segment.offset = executable_word(&in, header->is_big, header->is_64);
	segment.address = executable_word(&in, header->is_big, header->is_64);
	reader_skip(&in, header->is_64 ? 16 : 8);
	segment.memory_len = executable_word(&in, header->is_big, header->is_64);
	return segment;
}

static enum status read_sections(const struct source *source, struct arena *arena,
				 const struct elf_header *header, struct executable *out)
{
	size_t len = header->section_count * header->section_len;
	struct reader table;

	if (header->section_count == 0)
		return STATUS_OK;
	/* clamscan takes a table as it should be, or nothing of the file. */
	if (header->section_len != (header->is_64 ? 64 : 40))
		out->is_refused_by_clamscan = true;
	if (header->section_count > EXECUTABLE_SECTIONS_MAX || len > SOURCE_VIEW_MAX ||
	    header->section_len < (header->is_64 ? 64U : 40U)) {
		out->is_refused_by_clamscan = true;
		return STATUS_OK;
	}
	out->sections = arena_new_array(arena, struct executable_section,
					header->section_count);
	if (!out->sections)
		return STATUS_NO_MEMORY;

	struct arena_mark mark = arena_mark(arena);
	enum status status = source_view(source, arena, header->sections_at, len, &table);
	if (status != STATUS_OK)
		return status;
	if (reader_left(&table) != len)
		out->is_refused_by_clamscan = true;
	if (reader_left(&table) == len) {
		out->section_count = header->section_count;
		for (size_t i = 0; i < header->section_count; i++)
			out->sections[i] = read_section(
				reader_take(&table, header->section_len), header);
	}
	arena_rewind(arena, mark);
	return STATUS_OK;
}

static struct executable_section read_section(struct reader in,
					      const struct elf_header *header)
{
	struct executable_section section;

	reader_skip(&in, header->is_64 ? 16 : 12);
	section.address = executable_word(&in, header->is_big, header->is_64);
	section.offset = executable_word(&in, header->is_big, header->is_64);
	section.len = executable_word(&in, header->is_big, header->is_64);
	return section;
}
