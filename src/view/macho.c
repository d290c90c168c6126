/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mach-O for one processor (Apple, <mach-o/loader.h>), both widths and both orders:
 *
 *   0     feedface (32 bit) or feedfacf (64), processor, its kind, type of file,
 *         number of load commands, their length, flags (4 each), at 64 bit 4 more
 *   then  load commands: kind (4), length (4) with these eight, and what the kind has:
 *         LC_SEGMENT (1, 64 bit: 19)  sections, in this order those of the file
 *         LC_THREAD (4), LC_UNIXTHREAD (5)  first values of the registers
 *         LC_MAIN (80000028)  where main() is in the file
 *
 * What the header says about the commands' length is not believed, and the last command
 * may be longer than the file.
 *
 * A section's length is rounded up to its alignment, as clamscan 1.4.6 has it. That
 * reads the entry point from threads of PowerPC alone and takes the start of the file
 * for all others, which is done here where there is none.
 */
#include "base/checked.h"
#include "view/executable_format.h"

enum {
	LC_SEGMENT_32 = 0x1,
	LC_THREAD = 0x4,
	LC_UNIXTHREAD = 0x5,
	LC_SEGMENT_64 = 0x19,
	TYPE_MASK = 0xff, /* of a section's flags: these two have no bytes */
	ZERO_FILL = 0x1,
	GB_ZERO_FILL = 0xc,
	POWERPC = 18,
	POWERPC_64 = 0x1000012,
	COMMANDS_MAX = 1024,
	HEADER_LEN_32 = 28,
	HEADER_LEN_64 = 32,
};
#define LC_MAIN UINT32_C(0x80000028)

/* Where a section is in memory. */
struct span {
	uint64_t address, len;
};

struct macho {
	bool is_big, is_64;
	uint32_t processor;
	uint32_t command_count;
	struct reader commands;
	struct executable_section *sections;
	struct span *spans;
	size_t section_count;
	bool has_address; /* entry_at is an address, not an offset */
	uint64_t entry_at;
};

static enum status read_header(const struct source *source, struct arena *arena,
			       struct macho *macho);
static enum status count_sections(struct macho *macho, size_t *ret_count);
static bool next_command(const struct macho *macho, struct reader *commands,
			 uint32_t *ret_kind, struct reader *ret_command);
static bool is_segment(const struct macho *macho, uint32_t kind);
static uint32_t begin_segment(const struct macho *macho, struct reader *command);
static void read_commands(struct macho *macho);
static void read_section(struct macho *macho, struct reader *in);
static void read_thread(struct macho *macho, struct reader *in);
static void find_entry(const struct macho *macho, struct executable *out);

enum status macho_parse(const struct source *source, struct arena *arena,
			struct executable *out)
{
	struct macho macho = { 0 };
	size_t count = 0;
	enum status status = read_header(source, arena, &macho);

	if (status == STATUS_OK)
		status = count_sections(&macho, &count);
	if (status != STATUS_OK)
		return status;
	macho.sections = arena_new_array(arena, struct executable_section, count);
	macho.spans = arena_new_array(arena, struct span, count);
	if (!macho.sections || !macho.spans)
		return STATUS_NO_MEMORY;
	read_commands(&macho);
	*out = (struct executable){
		.sections = macho.sections,
		.section_count = macho.section_count,
	};
	find_entry(&macho, out);
	return STATUS_OK;
}

static enum status read_header(const struct source *source, struct arena *arena,
			       struct macho *macho)
{
	struct reader in;
	enum status status = source_view(source, arena, 0, HEADER_LEN_64, &in);

	if (status != STATUS_OK)
		return status;
	uint32_t magic = reader_u32be(&in);
	macho->is_big = magic == 0xfeedface || magic == 0xfeedfacf;
	macho->is_64 = magic == 0xfeedfacf || magic == 0xcffaedfe;
	macho->processor = executable_u32(&in, macho->is_big);
	reader_skip(&in, 8);
	macho->command_count = executable_u32(&in, macho->is_big);
	/* Their length is not believed: they end with their number, or the file. */
	reader_skip(&in, 4);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	if (!macho->is_big && magic != 0xcefaedfe && magic != 0xcffaedfe)
		return STATUS_MALFORMED;
	if (macho->command_count == 0 || macho->command_count > COMMANDS_MAX)
		return STATUS_MALFORMED;
	return source_view(source, arena, macho->is_64 ? HEADER_LEN_64 : HEADER_LEN_32,
			   SOURCE_VIEW_MAX, &macho->commands);
}

/* Also sees that all commands are there. */
static enum status count_sections(struct macho *macho, size_t *ret_count)
{
	struct reader commands = macho->commands;
	struct reader command;
	size_t count = 0;
	uint32_t kind;

	for (uint32_t i = 0; i < macho->command_count; i++) {
		if (!next_command(macho, &commands, &kind, &command))
			return STATUS_TRUNCATED;
		if (is_segment(macho, kind))
			count += begin_segment(macho, &command);
		if (count > EXECUTABLE_SECTIONS_MAX || !reader_ok(&command))
			return STATUS_MALFORMED;
	}
	*ret_count = count;
	return STATUS_OK;
}

static bool next_command(const struct macho *macho, struct reader *commands,
			 uint32_t *ret_kind, struct reader *ret_command)
{
	uint32_t kind = executable_u32(commands, macho->is_big);
	uint32_t len = executable_u32(commands, macho->is_big);

	if (len < 8 || !reader_ok(commands))
		return false;
	*ret_kind = kind;
	*ret_command = reader_take(commands, min_size(len - 8, reader_left(commands)));
	return true;
}

static bool is_segment(const struct macho *macho, uint32_t kind)
{
	return kind == (macho->is_64 ? LC_SEGMENT_64 : LC_SEGMENT_32);
}

/* Goes to the sections of a segment and says how many they are. */
static uint32_t begin_segment(const struct macho *macho, struct reader *command)
{
	reader_skip(command, macho->is_64 ? 56 : 40);
	uint32_t count = executable_u32(command, macho->is_big);
	reader_skip(command, 4);
	return count;
}

static void read_commands(struct macho *macho)
{
	struct reader commands = macho->commands;
	struct reader command;
	uint32_t kind;

	for (uint32_t i = 0; i < macho->command_count; i++) {
		if (!next_command(macho, &commands, &kind, &command))
			return;
		if (is_segment(macho, kind)) {
			uint32_t count = begin_segment(macho, &command);
			for (uint32_t j = 0; j < count; j++)
				read_section(macho, &command);
		} else if (kind == LC_THREAD || kind == LC_UNIXTHREAD) {
			read_thread(macho, &command);
		} else if (kind == LC_MAIN) {
			macho->has_address = false;
			macho->entry_at = executable_word(&command, macho->is_big, true);
		}
	}
}

static void read_section(struct macho *macho, struct reader *in)
{
	struct span span;

	reader_skip(in, 32);
	span.address = executable_word(in, macho->is_big, macho->is_64);
	span.len = executable_word(in, macho->is_big, macho->is_64);
	uint32_t offset = executable_u32(in, macho->is_big);
	uint32_t align_log2 = executable_u32(in, macho->is_big);
	reader_skip(in, 8);
	uint32_t flags = executable_u32(in, macho->is_big);
	reader_skip(in, macho->is_64 ? 12 : 8);

	uint64_t unit = UINT64_C(1) << (align_log2 & 31);
	uint64_t rest = span.len % unit;
	uint64_t len = span.len;
	if (rest > 0)
		len = add_u64_capped(len, unit - rest);
	if ((flags & TYPE_MASK) == ZERO_FILL || (flags & TYPE_MASK) == GB_ZERO_FILL)
		len = 0;
	macho->sections[macho->section_count] = (struct executable_section){
		.offset = offset,
		.len = len,
		.address = span.address,
	};
	macho->spans[macho->section_count] = span;
	macho->section_count++;
}

/* The program counter, among the registers of the processor. */
static void read_thread(struct macho *macho, struct reader *in)
{
	static const struct {
		uint32_t processor;
		uint16_t at;
		bool is_64;
	} counters[] = {
		{ 7, 40, false },         /* x86: eip */
		{ 0x1000007, 128, true }, /* x86-64: rip */
		{ 12, 60, false },        /* ARM: pc */
		{ 0x100000c, 256, true }, /* ARM 64: pc */
		{ 18, 0, false },         /* PowerPC: srr0 */
		{ 0x1000012, 0, true },   /* PowerPC 64: srr0 */
	};

	reader_skip(in, 8);
	for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
		if (counters[i].processor != macho->processor)
			continue;
		reader_skip(in, counters[i].at);
		uint64_t counter = executable_word(in, macho->is_big, counters[i].is_64);
		macho->has_address = reader_ok(in);
		macho->entry_at = reader_ok(in) ? counter : 0;
	}
}

static void find_entry(const struct macho *macho, struct executable *out)
{
	out->is_entry_unknown_to_clamscan = macho->processor != POWERPC &&
					    macho->processor != POWERPC_64;
	out->has_entry = !macho->has_address;
	out->entry_offset = macho->entry_at;
	for (size_t i = 0; i < macho->section_count && !out->has_entry; i++) {
		const struct span *span = &macho->spans[i];

		if (macho->entry_at - span->address >= span->len)
			continue;
		out->entry_offset = macho->entry_at - span->address +
				    macho->sections[i].offset;
		out->has_entry = true;
	}
	if (!out->has_entry && !out->is_entry_unknown_to_clamscan)
		out->is_refused_by_clamscan = true;
}
