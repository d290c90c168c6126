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

#include "base/digest.h"
#include "base/slice.h"
#include "bytes/reader.h"

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
	SECTION_STRINGS, /* length-prefixed texts: u16 length, bytes */
	/* struct rule_record: rules with patterns; the id is the index */
	SECTION_RULES,
	/* struct sub_record: subsignatures, in the order of their rules */
	SECTION_SUBS,
	SECTION_PROGRAMS,   /* blob: pattern programs (match/pattern.h) */
	SECTION_CONDITIONS, /* blob: conditions and expressions (match/expr.h) */
	/* u32 rule ids without a usable literal: candidates in every object */
	SECTION_ALWAYS,
	SECTION_LITERALS, /* blob: the literals that trigger rules */
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
	SECTION_TOMBSTONES = SECTION_HASHES + HASH_SCOPES * DIGEST_KINDS,
	/* struct tombstone_record: rules of earlier segments that are no more */
	SECTION_COUNT,
};

/* A run of bytes of the segment. */
struct table {
	const uint8_t *base;
	size_t len;
};

struct tables {
	struct table section[SECTION_COUNT];
};

/* Decoded records. On disk each is packed in this order, little-endian. */

struct rule_record {   /* 40 bytes */
	uint32_t name; /* STRINGS */
	uint32_t text; /* STRINGS: the rule's line as it was written */
	/* CONDITIONS: what must hold before patterns are looked at */
	uint32_t condition;
	uint32_t condition_len;
	uint32_t expression; /* CONDITIONS: over the subsignatures */
	uint32_t expression_len;
	uint32_t sub_first; /* SUBS */
	uint16_t sub_count;
	uint16_t file;    /* FILES */
	uint32_t line;    /* in that file, from 1 */
	uint8_t target;   /* type_target() that it is for; 0: any */
	uint8_t language; /* enum rule_language of rules/rule.h */
	uint16_t flags;
};

enum { RULE_RECORD_LEN = 40, SUB_RECORD_LEN = 32, HASH_RECORD_LEN = 16 };

enum rule_flags {
	RULE_WEAK = 1, /* potentially unwanted: told only if nothing stronger is found */
};

enum sub_kind {
	/* a list of pattern programs: u16 count, then u32 length and bytes of each */
	SUB_PATTERN,
};

enum offset_kind {
	OFFSET_ANY,        /* anywhere */
	OFFSET_ABSOLUTE,   /* from the start of the object */
	OFFSET_FROM_END,   /* `value` bytes before its end */
	OFFSET_ENTRY_PLUS, /* from the entry point's offset in the file */
	OFFSET_ENTRY_MINUS,
	OFFSET_SECTION_PLUS, /* from the start of section `section` */
	OFFSET_LAST_SECTION_PLUS,
	OFFSET_IN_SECTION, /* anywhere inside section `section` */
};

struct sub_record {    /* 32 bytes */
	uint32_t data; /* PROGRAMS */
	uint32_t data_len;
	uint32_t offset_value;
	/* the match may start up to so many bytes behind the offset */
	uint32_t offset_shift;
	uint16_t offset_section;
	uint8_t offset_kind;
	uint8_t kind;   /* enum sub_kind */
	uint16_t flags; /* enum sub_flags */
	uint16_t reserved;
	uint64_t reserved2;
};

enum sub_flags {
	SUB_COUNTED = 1, /* the expression asks how often, not only whether */
};

struct hash_record {   /* 16 bytes */
	uint32_t size; /* of what is hashed; HASH_ANY_SIZE: any */
	uint32_t name; /* STRINGS */
	uint32_t line;
	uint16_t file;
	uint16_t reserved;
};

#define HASH_ANY_SIZE UINT32_MAX

/* Record `index`, all zeros where the table has none. */
struct rule_record table_rule(const struct tables *tables, uint32_t index);
struct sub_record table_sub(const struct tables *tables, uint32_t index);
struct hash_record table_hash(const struct tables *tables, enum section_id id,
			      uint32_t index);

size_t table_count(const struct tables *tables, enum section_id id, size_t record_len);
uint16_t table_u16(const struct tables *tables, enum section_id id, size_t offset);
uint32_t table_u32(const struct tables *tables, enum section_id id, size_t offset);
uint64_t table_u64(const struct tables *tables, enum section_id id, size_t offset);

/* `len` bytes at `offset`: an empty slice unless all of them are there. */
struct slice table_bytes(const struct tables *tables, enum section_id id, size_t offset,
			 size_t len);

/* The string at `offset` in STRINGS; empty where there is none. */
struct slice table_string(const struct tables *tables, uint32_t offset);
