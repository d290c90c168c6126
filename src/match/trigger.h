/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of the exact table of grams (match/filter.h): which gram leads to which
 * literals, and these to their rules. Numbers are little-endian.
 */
#pragma once

#include <stdint.h>

#include "bytes/reader.h"

struct trigger_record {   /* 12 bytes: SECTION_TRIGGERS */
	uint32_t literal; /* LITERALS */
	uint32_t rule;
	/* bit t: fits objects of target t; rules for target 0 have all bits */
	uint16_t targets;
	uint8_t len;     /* of the literal, at most FILTER_LITERAL_MAX; TRIGGER_FOLD */
	uint8_t gram_at; /* where in it this one of its grams begins; TRIGGER_LAST */
};

enum {
	TRIGGER_FOLD = 0x80, /* letters in either case */
	TRIGGER_LAST = 0x80, /* of those of its gram */
	TRIGGER_NUMBER = 0x7f,
	TRIGGERS_MAX = UINT16_MAX, /* of one gram */
	TRIGGER_RECORD_LEN = 12,
	GRAM_RECORD_LEN = 8,
};

/*
 * 8 bytes: SECTION_GRAMS; open addressing. Grams of other lengths than eight differ: the
 * unused high bytes of short ones are 0, and no folded byte is.
 */
struct gram_record {
	/* folded bytes, the first one lowest, unused high bytes 0; or the print of eight */
	uint32_t gram;
	/* 1 + the first of its TRIGGERS, and GRAM_LONG if it has eight bytes; 0: empty slot */
	uint32_t place;
};

#define GRAM_LONG UINT32_C(0x80000000)

/* From its TRIGGER_RECORD_LEN bytes. */
static inline struct trigger_record trigger_read(struct slice bytes)
{
	struct reader in = reader_of_slice(bytes);
	struct trigger_record trigger;

	trigger.literal = reader_u32le(&in);
	trigger.rule = reader_u32le(&in);
	trigger.targets = reader_u16le(&in);
	trigger.len = reader_u8(&in);
	trigger.gram_at = reader_u8(&in);
	return trigger;
}
