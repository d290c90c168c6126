/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries: the rules that are neither patterns nor plain hashes. Each is a name, the
 * line it came from, and data in an encoding of its language's own, which the reader in
 * rules/ writes and whoever acts on it reads, with a bounds-checked reader
 * (docs/formats/segment.md has them all). Entries of one language stand together, in
 * the order of their rule files.
 *
 * A database without entries of a language costs one look at an empty table.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/tables.h"

struct entry_record {      /* 32 bytes */
	uint32_t name;     /* STRINGS */
	uint32_t text;     /* STRINGS: its line; empty if it was a file of its own */
	uint32_t data;     /* ENTRY_DATA, under the veil (match/veil.h) */
	uint32_t data_len; /* of any length: there is no limit of 64 KiB here */
	/* RULES: the patterns that it waits for, or ENTRY_NO_TRIGGER */
	uint32_t trigger;
	uint32_t line;
	uint16_t file;    /* FILES */
	uint16_t flags;   /* enum rule_flags */
	uint8_t language; /* enum rule_language */
	uint8_t kind;     /* what its language makes of it */
	uint16_t reserved;
};

enum { ENTRY_RECORD_LEN = 32 };

/* The kinds of RULE_FILE_TYPE. */
enum file_type_kind {
	FILE_TYPE_HEAD = 0,      /* bytes near the start of an object */
	FILE_TYPE_PATTERN = 1,   /* a pattern: its trigger says all */
	FILE_TYPE_PARTITION = 4, /* bytes near the start of a partition */
};

#define ENTRY_NO_TRIGGER UINT32_MAX

/* Entries by their index, `first` to before `end`. */
struct entry_range {
	uint32_t first;
	uint32_t end;
};

/* Entry `index`, all zeros where the table has none. */
struct entry_record table_entry(const struct tables *tables, uint32_t index);

/* The entries of one language. In a damaged table: others, or none. */
struct entry_range table_entries(const struct tables *tables,
				 enum rule_language language);

/*
 * Its data, the veil taken off, in the arena; empty unless all of it is there.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status table_entry_data(const struct tables *tables,
					const struct entry_record *entry,
					struct arena *arena, struct slice *out);

/* The id of entry 0, as database_rule() knows it; that of entry n is n more. */
uint32_t table_entry_first_id(const struct tables *tables);
