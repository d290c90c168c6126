/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parsers that cfg entries switch off, which is obeyed only where clamscan is followed:
 * what is not opened then is told as incomplete, never as clean.
 */
#include "match/config_entry.h"
#include "match/entry.h"
#include "scan/level.h"

static const struct {
	enum file_type type;
	enum config_section section;
	uint32_t bit;
} switches[] = {
	{ TYPE_RAR, CONFIG_ARCHIVE, 0x1 },
	{ TYPE_ZIP, CONFIG_ARCHIVE, 0x2 },
	{ TYPE_GZ, CONFIG_ARCHIVE, 0x4 },
	{ TYPE_BZ, CONFIG_ARCHIVE, 0x8 },
	{ TYPE_MSSZDD, CONFIG_ARCHIVE, 0x10 },
	{ TYPE_MSCAB, CONFIG_ARCHIVE, 0x20 },
	{ TYPE_MSCHM, CONFIG_ARCHIVE, 0x40 },
	{ TYPE_MSOLE2, CONFIG_ARCHIVE, 0x80 },
	{ TYPE_POSIX_TAR, CONFIG_ARCHIVE, 0x100 },
	{ TYPE_BINHEX, CONFIG_ARCHIVE, 0x200 },
	{ TYPE_SIS, CONFIG_ARCHIVE, 0x400 },
	{ TYPE_NULSFT, CONFIG_ARCHIVE, 0x800 },
	{ TYPE_ARJ, CONFIG_ARCHIVE, 0x1000 },
	{ TYPE_AUTOIT, CONFIG_ARCHIVE, 0x2000 },
	{ TYPE_CPIO_OLD, CONFIG_ARCHIVE, 0x4000 },
	{ TYPE_CPIO_ODC, CONFIG_ARCHIVE, 0x4000 },
	{ TYPE_CPIO_NEWC, CONFIG_ARCHIVE, 0x4000 },
	{ TYPE_CPIO_CRC, CONFIG_ARCHIVE, 0x4000 },
	{ TYPE_ISHIELD_CAB, CONFIG_ARCHIVE, 0x8000 },
	{ TYPE_ISHIELD_MSI, CONFIG_ARCHIVE, 0x8000 },
	{ TYPE_SEVENZ, CONFIG_ARCHIVE, 0x10000 },
	{ TYPE_ISO9660, CONFIG_ARCHIVE, 0x20000 },
	{ TYPE_DMG, CONFIG_ARCHIVE, 0x40000 },
	{ TYPE_XAR, CONFIG_ARCHIVE, 0x80000 },
	{ TYPE_PART_HFSPLUS, CONFIG_ARCHIVE, 0x100000 },
	{ TYPE_XZ, CONFIG_ARCHIVE, 0x200000 },
	{ TYPE_MBR, CONFIG_ARCHIVE, 0x800000 },
	{ TYPE_GPT, CONFIG_ARCHIVE, 0x1000000 },
	{ TYPE_APM, CONFIG_ARCHIVE, 0x2000000 },
	{ TYPE_EGG, CONFIG_ARCHIVE, 0x4000000 },
	{ TYPE_UDF, CONFIG_ARCHIVE, 0x8000000 },
	{ TYPE_LHA_LZH, CONFIG_ARCHIVE, 0x10000000 },
	{ TYPE_ALZ, CONFIG_ARCHIVE, 0x20000000 },
	{ TYPE_HTML, CONFIG_DOCUMENT, 0x1 },
	{ TYPE_RTF, CONFIG_DOCUMENT, 0x2 },
	{ TYPE_PDF, CONFIG_DOCUMENT, 0x4 },
	{ TYPE_SWF, CONFIG_DOCUMENT, 0x40 },
	{ TYPE_ONENOTE, CONFIG_DOCUMENT, 0x400 },
	{ TYPE_MAIL, CONFIG_MAIL, 0x1 },
	{ TYPE_TNEF, CONFIG_MAIL, 0x2 },
	{ TYPE_UUENCODED, CONFIG_OTHER, 0x1 },
	{ TYPE_SCRENC, CONFIG_OTHER, 0x2 },
	{ TYPE_CRYPTFF, CONFIG_OTHER, 0x10 },
};

static enum status find_word(struct scan *scan, enum config_section section,
			     uint32_t *out);

bool switches_let_open(struct scan *scan, enum file_type type)
{
	uint32_t word = UINT32_MAX;
	size_t i = 0;

	if (!scan->setup->clamav_compat)
		return true;
	while (i < ARRAY_LEN(switches) && switches[i].type != type)
		i++;
	if (i == ARRAY_LEN(switches) ||
	    find_word(scan, switches[i].section, &word) != STATUS_OK)
		return true;
	return word & switches[i].bit;
}

/* What the last entry for a section says. */
static enum status find_word(struct scan *scan, enum config_section section,
			     uint32_t *out)
{
	const struct database *database = scan->setup->database;
	struct arena *arena = scan->setup->arena;
	struct arena_mark mark = arena_mark(arena);
	enum status status = STATUS_OK;
	struct slice bytes = { 0 };

	for (size_t s = 0; s < database->segment_count; s++) {
		const struct tables *tables = &database->segments[s];
		struct entry_range range = table_entries(tables, RULE_CONFIG);

		for (uint32_t i = range.first; i < range.end && status == STATUS_OK;
		     i++) {
			struct entry_record entry = table_entry(tables, i);

			if (entry.kind != section)
				continue;
			status = table_entry_data(tables, &entry, arena, &bytes);
			struct reader data = reader_of_slice(bytes);
			if (status == STATUS_OK && bytes.len > 0)
				*out = reader_u32le(&data);
		}
	}
	arena_rewind(arena, mark);
	return status;
}
