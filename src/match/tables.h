/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled rules as the matcher sees them: a handful of tables, each a run
 * of fixed records or a blob, all little-endian, all possibly damaged. Nothing
 * here is checked once and then believed: every access goes through the
 * functions below, which give zeros for what is not there. A flipped byte may
 * cost a rule, never memory safety.
 *
 * database/segment.h says how the tables lie in a file; docs/formats/segment.md
 * has every byte. Offsets are from the start of the table they point into.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/reader.h"
#include "match/rule_record.h"

enum { DIGEST_KINDS = DIGEST_COUNT }; /* a digest kind is an enum digest_kind */

/* What a hash is taken of. */
enum hash_scope {
	HASH_OF_OBJECT,     /* hdb, hsb: the whole object */
	HASH_OF_PE_SECTION, /* mdb, msb */
	HASH_OF_PE_IMPORTS, /* imp */
	HASH_ALLOWED,       /* fp, sfp: silences its own source's rules */
	HASH_SCOPES,
};

enum section_id {
	SECTION_INFO,    /* struct info_record, one */
	SECTION_SOURCES, /* struct source_record */
	SECTION_FILES,   /* struct file_record: the rule files */
	/* length-prefixed texts: u16 length, bytes; rules' lines veiled (match/veil.h) */
	SECTION_STRINGS,
	/* struct rule_record: rules with patterns; the id is the index */
	SECTION_RULES,
	/* struct sub_record: subsignatures, in the order of their rules */
	SECTION_SUBS,
	SECTION_PROGRAMS,   /* blob, veiled: what subsignatures are made of */
	SECTION_CONDITIONS, /* blob: conditions and expressions (match/expr.h) */
	/* u32 rule ids without a usable literal: candidates in every object */
	SECTION_ALWAYS,
	SECTION_LITERALS, /* blob, veiled: the literals that trigger rules */
	SECTION_TRIGGERS, /* struct trigger_record, grouped by gram */
	SECTION_GRAMS,    /* struct gram_record: hash table, a power of two of slots */
	/* blob: for each target, the filter's words; see match/filter.h */
	SECTION_FILTERS,
	/* u32 sizes that hash rules name, ascending; the last may be HASH_ANY_SIZE */
	SECTION_SIZES,
	/* u16 for each size: which digests (bit scope * DIGEST_KINDS + kind) */
	SECTION_SIZE_KINDS,
	/* HASH_SCOPES × DIGEST_KINDS sections: digests, ascending (several may be equal) */
	SECTION_DIGESTS,
	SECTION_HASHES = SECTION_DIGESTS + HASH_SCOPES * DIGEST_KINDS,
	/*
	 * HASH_SCOPES × DIGEST_KINDS sections: struct hash_record, in the digests'
	 * order
	 */
	/*
	 * Of a delta: which base it is of (64 bytes), then u32 ids, ascending: rules of that
	 * base, the segment in front of it, that are no more
	 */
	SECTION_TOMBSTONES = SECTION_HASHES + HASH_SCOPES * DIGEST_KINDS,
	SECTION_ENTRIES,    /* struct entry_record (match/entry.h), by language */
	SECTION_ENTRY_DATA, /* blob, veiled: what entries say */
	SECTION_MACROS,     /* struct macro_record: patterns that macros name */
	SECTION_IMAGES,     /* struct image_record: rules that hashes of images trigger */
	SECTION_DIGEST_FILTERS, /* blob: match/digest_filter.h */
	/* struct marks_record: where the marks of the rule files' lines stand */
	SECTION_MARKS,
	SECTION_COUNT,
};

/* A run of bytes of the segment. */
struct table {
	const uint8_t *base;
	size_t len;
};

struct tables {
	struct table section[SECTION_COUNT];
	/*
	 * Its rules are not asked, as they found nothing in this file before; what it says
	 * of types, passwords and what is allowed still holds.
	 */
	bool is_quiet;
};

/* Record `index`, all zeros where the table has none. */
struct rule_record table_rule(const struct tables *tables, uint32_t index);
struct sub_record table_sub(const struct tables *tables, uint32_t index);
struct macro_record table_macro(const struct tables *tables, uint32_t index);
struct image_record table_image(const struct tables *tables, uint32_t index);
struct hash_record table_hash(const struct tables *tables, enum section_id id,
			      uint32_t index);

/* The bytes of a record; already failed where there is none: then all reads give 0. */
struct reader table_record(const struct tables *tables, enum section_id id,
			   uint32_t index, size_t record_len);

size_t table_count(const struct tables *tables, enum section_id id, size_t record_len);
uint16_t table_u16(const struct tables *tables, enum section_id id, size_t offset);
uint32_t table_u32(const struct tables *tables, enum section_id id, size_t offset);
uint64_t table_u64(const struct tables *tables, enum section_id id, size_t offset);

/* `len` bytes at `offset`: an empty slice unless all of them are there. */
struct slice table_bytes(const struct tables *tables, enum section_id id, size_t offset,
			 size_t len);

/*
 * What a subsignature has in PROGRAMS, its veil taken off, in the arena; empty unless
 * all of it is there.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status table_sub_data(const struct tables *tables,
				      const struct sub_record *sub, struct arena *arena,
				      struct slice *out);

/* The string at `offset` in STRINGS; empty where there is none. */
struct slice table_string(const struct tables *tables, uint32_t offset);

/*
 * The veiled string at `offset` in STRINGS, with a NUL, cut to what `buffer` holds.
 * Returns its whole length.
 */
size_t table_veiled_string(const struct tables *tables, uint32_t offset, char *buffer,
			   size_t size);
