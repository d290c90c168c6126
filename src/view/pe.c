/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PE (Microsoft, "PE Format"):
 *
 *   0     "MZ", and at 60 where the PE header is
 *   PE    "PE\0\0", then at 6 the number of sections, at 20 the length of the
 *         optional header, at 24 that header: at 0 its magic (20b: 64 bits), at 16
 *         the entry point (RVA), at 32 and 36 the alignment of sections in memory and
 *         in the file, at 60 the length of all headers, at 64 a checksum, at 92 (64
 *         bits: 108) the number of data directories, which follow: address and
 *         length of 4 bytes each
 *   then  the section table, 40 bytes each: at 8 the size in memory, at 12 the RVA,
 *         at 16 the size in the file, at 20 where that is in the file
 *
 * Which numbers are rounded, and how, is what rules were written against: offsets
 * in the file down and sizes up to the alignment in the file (0x200 if some section
 * is not aligned to what the header says), addresses likewise in memory. Seen with
 * clamscan 1.4.6, and so is that an entry point of 0, which a library may have,
 * stands for the start of the file.
 */
#include "base/checked.h"
#include "view/executable_format.h"
#include "view/pe_image.h"

enum {
	DOS_HEADER_LEN = 64,
	PE_HEADER_LEN = 24,
	OPTIONAL_LEN_32 = 96, /* without directories */
	OPTIONAL_LEN_64 = 112,
	DIRECTORY_LEN = 8,
	MAGIC_64 = 0x20b,
	SECTION_LEN = 40,
	FILE_ALIGNMENT_LEAST = 0x200,
};

struct pe_header {
	uint64_t sections_at;
	size_t section_count;
	uint32_t entry;
	uint32_t memory_alignment, file_alignment;
	struct pe_image image;
};

struct pe_section {
	uint32_t memory_len, address, len, offset;
};

static enum status read_header(const struct source *source, struct arena *arena,
			       struct pe_header *out);
static enum status parse_header(struct reader *in, uint64_t at, struct pe_header *out);
static enum status parse_sections(struct reader table, struct pe_header *header,
				  uint64_t size, struct executable *out);
static struct pe_section read_section(struct reader *table);
static void read_directories(struct reader *in, struct pe_image *image, size_t count);
static bool is_negative(const struct pe_section *section, uint64_t len);
static uint32_t file_alignment(struct reader table, const struct pe_header *header);
static void find_entry(const struct pe_header *header, uint64_t size,
		       struct executable *out);
static uint64_t round_down(uint64_t n, uint32_t unit);
static uint64_t round_up(uint64_t n, uint32_t unit);

enum status pe_parse(const struct source *source, struct arena *arena,
		     struct executable *out)
{
	struct pe_header header;
	struct reader table;
	struct executable executable = { 0 };
	enum status status = read_header(source, arena, &header);

	if (status != STATUS_OK)
		return status;
	executable.sections = arena_new_array(arena, struct executable_section,
					      header.section_count);
	if (!executable.sections)
		return STATUS_NO_MEMORY;
	executable.section_count = header.section_count;
	struct pe_image *image = arena_new(arena, struct pe_image);
	if (!image)
		return STATUS_NO_MEMORY;
	*image = header.image;
	image->source = *source;
	image->sections = executable.sections;
	image->section_count = executable.section_count;
	executable.pe = image;

	struct arena_mark mark = arena_mark(arena);
	status = source_view(source, arena, header.sections_at,
			     header.section_count * SECTION_LEN, &table);
	if (status == STATUS_OK)
		status = parse_sections(table, &header, source->size, &executable);
	if (status == STATUS_OK)
		find_entry(&header, source->size, &executable);
	arena_rewind(arena, mark);
	if (status == STATUS_OK)
		*out = executable;
	return status;
}

static enum status read_header(const struct source *source, struct arena *arena,
			       struct pe_header *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct reader in;
	enum status status = source_view(source, arena, 0, DOS_HEADER_LEN, &in);

	if (status != STATUS_OK)
		return status;
	uint16_t magic = reader_u16le(&in);
	reader_seek(&in, 60);
	uint32_t at = reader_u32le(&in);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	if ((magic != 0x5a4d && magic != 0x4d5a) || at == 0)
		return STATUS_MALFORMED;

	status = source_view(
		source, arena, at,
		PE_HEADER_LEN + OPTIONAL_LEN_64 + PE_DIRECTORIES * DIRECTORY_LEN, &in);
	if (status == STATUS_OK)
		status = parse_header(&in, at, out);
	arena_rewind(arena, mark);
	return status;
}

static enum status parse_header(struct reader *in, uint64_t at, struct pe_header *out)
{
	struct pe_header header = { 0 };
	struct pe_image *image = &header.image;

	uint32_t signature = reader_u32le(in);
	reader_skip(in, 2);
	header.section_count = reader_u16le(in);
	reader_skip(in, 12);
	uint16_t optional_len = reader_u16le(in);
	reader_skip(in, 2);
	struct reader optional = *in;
	image->is_64 = reader_u16le(&optional) == MAGIC_64;
	reader_skip(&optional, 14);
	header.entry = reader_u32le(&optional);
	reader_skip(&optional, 12);
	header.memory_alignment = reader_u32le(&optional);
	header.file_alignment = reader_u32le(&optional);
	reader_skip(&optional, 20);
	image->headers_len = (uint32_t)round_up(reader_u32le(&optional),
						header.memory_alignment);
	image->checksum_at = at + optional.pos;
	reader_skip(&optional, image->is_64 ? 44 : 28);
	size_t count = min_size(reader_u32le(&optional), PE_DIRECTORIES);
	image->directories_at = at + optional.pos;
	header.sections_at = at + PE_HEADER_LEN + optional_len;

	if (signature != 0x4550 && reader_ok(in))
		return STATUS_MALFORMED;
	if (!reader_ok(&optional))
		return STATUS_TRUNCATED;
	size_t fixed_len = image->is_64 ? OPTIONAL_LEN_64 : OPTIONAL_LEN_32;
	if (optional_len < fixed_len + count * DIRECTORY_LEN ||
	    header.section_count == 0 || header.section_count > EXECUTABLE_SECTIONS_MAX)
		return STATUS_MALFORMED;
	read_directories(&optional, image, count);
	*out = header;
	return STATUS_OK;
}

/* Those behind the end of the file are none. */
static void read_directories(struct reader *in, struct pe_image *image, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pe_directory directory = { .address = reader_u32le(in) };

		directory.len = reader_u32le(in);
		if (reader_ok(in))
			image->directories[i] = directory;
	}
}

static enum status parse_sections(struct reader table, struct pe_header *header,
				  uint64_t size, struct executable *out)
{
	header->file_alignment = file_alignment(table, header);
	for (size_t i = 0; i < header->section_count; i++) {
		struct pe_section section = read_section(&table);
		uint64_t offset = round_down(section.offset, header->file_alignment);
		/* In 32 bits: what wraps is nothing. */
		uint64_t len = (uint32_t)round_up(section.len, header->file_alignment);

		if (is_negative(&section, len))
			return STATUS_MALFORMED;
		if (offset >= size || section.offset >= size)
			len = 0;
		else
			len = min_u64(len, size - offset);
		out->sections[i] = (struct executable_section){
			.offset = offset,
			.len = len,
			.address = round_down(section.address, header->memory_alignment),
		};
	}
	return reader_ok(&table) ? STATUS_OK : STATUS_TRUNCATED;
}

static struct pe_section read_section(struct reader *table)
{
	struct pe_section section;

	reader_skip(table, 8);
	section.memory_len = reader_u32le(table);
	section.address = reader_u32le(table);
	section.len = reader_u32le(table);
	section.offset = reader_u32le(table);
	reader_skip(table, 16);
	return section;
}

/* Numbers with the highest bit set, but for lengths that the file's end cuts. */
static bool is_negative(const struct pe_section *section, uint64_t len)
{
	uint32_t bits = section->address | section->memory_len;

	if (len == 0)
		bits |= section->len;
	return bits >> 31;
}

static uint32_t file_alignment(struct reader table, const struct pe_header *header)
{
	uint32_t unit = header->file_alignment;

	for (size_t i = 0; i < header->section_count && unit != 0; i++) {
		struct pe_section section = read_section(&table);
		if (section.len > 0 && section.offset % unit != 0 &&
		    section.offset % FILE_ALIGNMENT_LEAST == 0)
			return FILE_ALIGNMENT_LEAST;
	}
	return unit;
}

static void find_entry(const struct pe_header *header, uint64_t size,
		       struct executable *out)
{
	out->has_entry = pe_place(out->pe, header->entry, &out->entry_offset);
	if (header->entry < out->pe->headers_len)
		out->has_entry = header->entry < size;
	out->is_refused_by_clamscan = !out->has_entry;
}

bool pe_place(const struct pe_image *image, uint64_t address, uint64_t *ret_offset)
{
	if (address < image->headers_len) {
		*ret_offset = address;
		return true;
	}
	for (size_t i = image->section_count; i > 0; i--) {
		const struct executable_section *section = &image->sections[i - 1];

		if (address < section->address ||
		    address - section->address >= section->len)
			continue;
		*ret_offset = address - section->address + section->offset;
		return true;
	}
	return false;
}

enum status pe_view(const struct pe_image *image, struct arena *arena, uint64_t address,
		    size_t len, struct reader *out)
{
	uint64_t offset = 0;

	if (!pe_place(image, address, &offset))
		len = 0;
	return source_view(&image->source, arena, offset, len, out);
}

static uint64_t round_down(uint64_t n, uint32_t unit)
{
	return unit == 0 ? n : n - n % unit;
}

static uint64_t round_up(uint64_t n, uint32_t unit)
{
	return unit == 0 || n % unit == 0 ? n : n - n % unit + unit;
}
