/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Universal Mach-O (Apple, <mach-o/fat.h>), always big-endian:
 *
 *   0     cafebabe (cafebabf: wide), number of members (4)
 *   then  for each: processor (4), its kind (4), offset and length (4 each, wide: 8
 *         each), alignment (4), wide: 4 more
 *
 * Each member is a child, named for its processor; so is what stands between and behind
 * them, but for padding. An entry that points nowhere is none, and one that reaches
 * behind the end of the file ends there, as with clamscan 1.4.6.
 */
#include "unpack/macho_fat.h"

#include "base/checked.h"
#include "unpack/ranges.h"
#include "unpack/zeros.h"

enum { HEAD_LEN = 8, MEMBERS_MAX = 44, ENTRY_LEN = 20, WIDE_ENTRY_LEN = 32 };

#define MAGIC UINT32_C(0xcafebabe)
#define MAGIC_WIDE UINT32_C(0xcafebabf)

struct fat {
	struct unpack *unpack;
	struct reader entries;
	bool is_wide;
	size_t left; /* members */
	struct ranges used;
	bool is_settled;
	uint64_t gap_at;
};

static enum status fat_open(struct unpack *unpack, void **state);
static enum status fat_next(void *state, struct child *child);
static bool next_member(struct fat *fat, struct child *child);
static const char *name_of(uint32_t processor);
static enum status next_gap(struct fat *fat, struct child *child);
static void hand_out(const struct fat *fat, struct range range, struct child *child);

const struct unpacker macho_fat_unpacker = {
	.type = TYPE_MACHO_UNIBIN,
	.name = "macho_fat",
	.open = fat_open,
	.next = fat_next,
};

static enum status fat_open(struct unpack *unpack, void **state)
{
	struct fat *fat = arena_new(unpack->arena, struct fat);

	if (!fat)
		return STATUS_NO_MEMORY;
	fat->unpack = unpack;
	enum status status = source_view(&unpack->source, unpack->arena, 0,
					 HEAD_LEN + MEMBERS_MAX * WIDE_ENTRY_LEN,
					 &fat->entries);
	if (status != STATUS_OK)
		return status;
	uint32_t magic = reader_u32be(&fat->entries);
	uint32_t count = reader_u32be(&fat->entries);
	if ((magic != MAGIC && magic != MAGIC_WIDE) || count > MEMBERS_MAX)
		return STATUS_MALFORMED;
	fat->is_wide = magic == MAGIC_WIDE;
	fat->left = count;
	status = ranges_init(&fat->used, unpack->arena, MEMBERS_MAX + 1);
	*state = fat;
	return status;
}

static enum status fat_next(void *state, struct child *child)
{
	struct fat *fat = state;

	while (fat->left > 0) {
		fat->left--;
		if (next_member(fat, child))
			return STATUS_OK;
	}
	return next_gap(fat, child);
}

/* False: there is nothing where it is said to be. */
static bool next_member(struct fat *fat, struct child *child)
{
	uint64_t size = fat->unpack->source.size;
	struct range range;
	uint64_t len;

	uint32_t processor = reader_u32be(&fat->entries);
	reader_skip(&fat->entries, 4);
	if (fat->is_wide) {
		range.start = reader_u64be(&fat->entries);
		len = reader_u64be(&fat->entries);
		reader_skip(&fat->entries, 8);
	} else {
		range.start = reader_u32be(&fat->entries);
		len = reader_u32be(&fat->entries);
		reader_skip(&fat->entries, 4);
	}
	if (!reader_ok(&fat->entries) || range.start >= size || len == 0)
		return false;
	range.end = min_u64(add_u64_capped(range.start, len), size);
	hand_out(fat, range, child);
	child->name = slice_of(name_of(processor));
	child->claimed_bytes = len;
	/* There is room for all members. */
	return ranges_add(&fat->used, range.start, range.end);
}

static const char *name_of(uint32_t processor)
{
	static const struct {
		uint32_t processor;
		const char *name;
	} names[] = {
		{ 7, "i386" }, { 0x1000007, "x86_64" }, { 12, "arm" },
		{ 18, "ppc" }, { 0x100000c, "arm64" },  { 0x1000012, "ppc64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].processor == processor)
			return names[i].name;
	return "";
}

/* What no member has, without the zeros in front. */
static enum status next_gap(struct fat *fat, struct child *child)
{
	const struct source *source = &fat->unpack->source;
	struct range gap;

	if (!fat->is_settled) {
		fat->is_settled = true;
		fat->gap_at = fat->entries.pos;
		ranges_settle(&fat->used);
	}
	while (ranges_next_gap(&fat->used, fat->gap_at, source->size, &gap)) {
		uint64_t first;
		enum status status = zeros_end(source, gap.start, gap.end, &first);

		if (status != STATUS_OK)
			return status;
		fat->gap_at = gap.end;
		if (first >= gap.end)
			continue;
		hand_out(fat, (struct range){ first, gap.end }, child);
		return STATUS_OK;
	}
	return STATUS_END;
}

static void hand_out(const struct fat *fat, struct range range, struct child *child)
{
	child->source = source_window(&fat->unpack->source, range.start,
				      range.end - range.start);
	child->packed_bytes = child->source.size;
	child->claimed_bytes = child->source.size;
}
