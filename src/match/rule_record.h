/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of the tables, decoded. On disk each is packed in this order,
 * little-endian; names in comments are the sections that offsets point into.
 * The prefilter's records are in match/filter.h.
 */
#pragma once

#include <stdint.h>

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
	uint8_t language; /* enum rule_language */
	uint16_t flags;
};

enum {
	RULE_RECORD_LEN = 40,
	SUB_RECORD_LEN = 32,
	HASH_RECORD_LEN = 16,
	MACRO_RECORD_LEN = 12,
	IMAGE_RECORD_LEN = 12,
};

/* ClamAV's endings stand behind; entries (match/entry.h) are those from RULE_CONTAINER on. */
enum rule_language {
	RULE_NDB,
	RULE_LDB,
	RULE_HASH,         /* hdb, hsb, mdb, msb, imp */
	RULE_ALLOW,        /* fp, sfp */
	RULE_IGNORE,       /* ign, ign2 */
	RULE_CONTAINER,    /* cdb: members of containers by name, size … */
	RULE_FILE_TYPE,    /* ftm: what files of a type look like */
	RULE_PASSWORD,     /* pwdb */
	RULE_CONFIG,       /* cfg */
	RULE_LINK_WATCHED, /* pdb */
	RULE_LINK_ALLOWED, /* wdb */
	RULE_LINK_HASH,    /* gdb */
	RULE_ICON,         /* idb */
	RULE_CERTIFICATE,  /* crb */
	RULE_CATALOG,      /* cat */
	RULE_BYTECODE,     /* cbc */
	RULE_LANGUAGES,
};

/* The level of features that rules ask for with `Engine:` and `MinFL`: ClamAV 1.4.6's. */
enum { RULE_FEATURE_LEVEL = 216 };

enum rule_flags {
	RULE_WEAK = 1, /* potentially unwanted: told only if nothing stronger is found */
	/* says something to the engine or silences: is not counted among what finds */
	RULE_FINDS_NOTHING = 2,
	/* what it matches is looked at as another type, too: COND_RETYPE of match/expr.h */
	RULE_RETYPES = 4,
	/* triggers of its regular expressions count matches, too */
	RULE_COUNTING_TRIGGERS = 8,
};

/* Kinds of subsignatures; what each has in PROGRAMS stands behind it. */
enum sub_kind {
	/* a list of pattern programs: u16 count, then u32 length and bytes of each */
	SUB_PATTERN,
	/* u16 flags, u16 length of the trigger (an expression), trigger, text */
	SUB_REGEX,
	/*
	 * u8 subsignature, u8 form, u8 flags, u32 bytes, s64 offset from where its last
	 * match begins, u8 count, then u8 how ('=', '<', '>') and s64 value of each
	 * comparison (match/compare.h)
	 */
	SUB_COMPARE,
	/* u32 min, u32 max, u8 group: bytes behind the start of the subsignature before it */
	SUB_MACRO,
	/* u64, a hash of what an image looks like */
	SUB_IMAGE_HASH,
};

enum offset_kind {
	OFFSET_ANY,        /* anywhere */
	OFFSET_ABSOLUTE,   /* from the start of the object */
	OFFSET_FROM_END,   /* `value` bytes before its end */
	OFFSET_ENTRY_PLUS, /* from the entry point's offset in the file */
	OFFSET_ENTRY_MINUS,
	OFFSET_SECTION_PLUS, /* from the start of section `section` */
	OFFSET_LAST_SECTION_PLUS,
	OFFSET_IN_SECTION,   /* anywhere inside section `section` */
	OFFSET_VERSION_INFO, /* inside of a PE file's version information */
	OFFSET_MACRO,        /* where a macro of group `value` asks; by itself nowhere */
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
	SUB_LAST = 2,    /* somebody asks where the last match is */
};

struct hash_record {   /* 16 bytes */
	uint32_t size; /* of what is hashed; HASH_ANY_SIZE: any */
	uint32_t name; /* STRINGS */
	uint32_t line;
	uint16_t file;
	uint16_t flags; /* enum hash_flags */
};

enum hash_flags {
	HASH_REPEATED = 1, /* another line says the same, and is left out for it */
};

struct macro_record { /* 12 bytes: a pattern that is a member of a macro's group */
	uint32_t source;
	uint32_t sub; /* SUBS */
	uint8_t group;
	uint8_t target; /* of its rule */
	uint16_t reserved;
};

struct image_record {  /* 12 bytes: an image with this hash makes a rule a candidate */
	uint64_t hash; /* ascending */
	uint32_t rule;
};

/* Of a record of FILES (database/segment.h), only where its source stands matters here. */
enum { FILE_RECORD_LEN = 40, FILE_SOURCE_AT = 4 };

#define HASH_ANY_SIZE UINT32_MAX
