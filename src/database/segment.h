/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that compiled rules lie in: a header, a table of sections, the
 * sections. Everything is little-endian and nothing is a pointer, so that it
 * is the same file on every machine and is used where it was mapped.
 * docs/formats/segment.md has every byte.
 *
 *	header (64 bytes)      magic, version, sizes, checksum of header and table
 *	section table          SECTION_COUNT entries of 24 bytes
 *	sections               each begins at a multiple of 64
 *
 * The records of match/ are in match/tables.h and match/filter.h; those that
 * only database/ reads are here.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "match/tables.h"

#define SEGMENT_MAGIC \
	"\x89" \
	"CSEG\r\n\x1a" /* 8 bytes: text-mode copying is noticed */

enum {
	SEGMENT_VERSION = 5,
	SEGMENT_MAGIC_LEN = 8,
	SEGMENT_HEADER_LEN = 64,
	SEGMENT_ENTRY_LEN = 24,
	SEGMENT_ALIGN = 64,
	SEGMENT_TABLE_LEN = SECTION_COUNT * SEGMENT_ENTRY_LEN,
	/* where the first section begins */
	SEGMENT_SECTIONS_AT = (SEGMENT_HEADER_LEN + SEGMENT_TABLE_LEN + SEGMENT_ALIGN -
			       1) /
			      SEGMENT_ALIGN * SEGMENT_ALIGN,
};

/* SECTION_INFO holds one. */
struct info_record {       /* 40 bytes */
	uint32_t build_id; /* STRINGS */
	uint32_t sources;
	uint32_t pattern_rules;
	uint32_t hash_rules;
	uint32_t allow_entries;
	uint32_t always_rules;
	uint32_t refused_rules;
	uint32_t skipped_rules;
	uint32_t entries;
	uint32_t targets; /* bit t: there are pattern rules for target t */
};

struct source_record {     /* 20 bytes */
	uint32_t name;     /* STRINGS */
	uint32_t coverage; /* STRINGS */
	uint32_t licence;  /* STRINGS */
	uint32_t rules;    /* that find, of every language */
	uint32_t flags;    /* SOURCE_TRUSTED */
};

struct file_record {     /* 40 bytes */
	uint32_t name;   /* STRINGS */
	uint32_t source; /* SOURCES */
	uint32_t taken;
	uint32_t refused;
	uint32_t skipped;
	uint32_t flags;    /* enum file_flags */
	uint32_t version;  /* of a container, and of what is in it */
	uint64_t built_at; /* likewise; Unix seconds, 0: not known */
	uint32_t reserved;
};

enum file_flags {
	FILE_CONTAINER = 1, /* its members are the files behind it */
	FILE_VERIFIED = 2,  /* signed by ClamAV, or a member of what is */
	FILE_REFUSED =
		4, /* a container that is not to be believed: nothing of it is here */
	FILE_OLDER = 8,    /* a newer version of it was there: nothing of it is here */
	FILE_VOUCHED = 16, /* a container that a detached signature alone vouches for */
};

/*
 * Marks of so many lines of a file, 8 bytes each (database/marks.h), which stand in STRINGS
 * between the texts. Those of one file have the order of its lines.
 */
struct marks_record {  /* 12 bytes */
	uint32_t file; /* FILES */
	uint32_t at;   /* STRINGS */
	uint32_t count;
};

/* What TOMBSTONES begins with: as whoever keeps segments calls the base. */
enum { TOMBSTONES_BASE_LEN = 64, TOMBSTONE_LEN = 4 };

enum {
	MARKS_RECORD_LEN = 12,
	INFO_RECORD_LEN = 40,
	INFO_TARGETS_AT = 36,
	SOURCE_RECORD_LEN = 20,
};
enum { SOURCE_TRUSTED = 1 };

/* Where a section lies in the file. */
struct section_place {
	uint64_t offset;
	uint64_t len;
};

/* Fills in header and table: the first SEGMENT_SECTIONS_AT bytes of a segment. */
void segment_head(const struct section_place places[SECTION_COUNT], uint64_t size_bytes,
		  uint8_t out[SEGMENT_SECTIONS_AT]);

/*
 * The places of the sections of a segment of `size_bytes`, of which `head` has the first
 * SEGMENT_SECTIONS_AT bytes, or all.
 *   OK, MALFORMED, TRUNCATED, UNSUPPORTED   as segment_open()
 */
MUST_CHECK enum status segment_places(struct slice head, uint64_t size_bytes,
				      struct section_place out[SECTION_COUNT]);

/*
 * Finds the sections of a segment in memory. Looks at header and table only.
 *   OK
 *   MALFORMED    no segment, or its header or table is damaged
 *   TRUNCATED    shorter than its header says
 *   UNSUPPORTED  of another format version
 */
MUST_CHECK enum status segment_open(struct slice bytes, struct tables *out);
