/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Microsoft's Script Encoder (1999, screnc.exe) makes of a script, and what its
 * engines take back apart for JScript.Encode and VBScript.Encode:
 *
 *	#@~^ LLLLLL== text SSSSSS== ^#~@
 *
 * L and S are 32-bit numbers in base64, the low byte first: how many bytes the text has
 * here, and the sum of the characters that it stands for. Each of 94 characters has three
 * others that stand for it, and which of the three does so at a place goes by a cycle of
 * 64. '@' begins a pair: @& @# @! @* @$ are LF, CR, '<', '>' and '@'. Line ends and NUL
 * mean nothing. A byte from 0x80 on stands for itself, as does the one behind it (scripts
 * were written in DBCS), and both count as one.
 *
 * The layout and the three alphabets are common knowledge, as in Didier Stevens's
 * decode-vbe.py (public domain); what lengths, pairs and bytes from 0x80 on come to was
 * found by giving files to clamscan 1.4.6.
 *
 * Here bytes come one at a time, and what is not encoded passes through. A length that is
 * too short does not end a text before its trailer, and one that is too long takes the
 * trailer for text; either is damage, and so are a sum that is not right and a missing end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCRENC_HEAD_LEN = 12,    /* the sign and a number */
	SCRENC_TRAILER_LEN = 12, /* a number and the sign the other way round */
	SCRENC_HELD = 12, /* so many bytes are looked at before the first comes out */
};

struct screnc {
	/* Set by who uses it: … */
	bool is_due;      /* the next sign counts, whatever stands behind it */
	bool ends_at_tag; /* "</script" is the end, wherever it comes */
	/* … the rest is the decoder's. */
	bool in_text;
	bool is_damaged;
	bool is_over; /* the tag came: what came out last is it and what is behind it */
	uint32_t blocks; /* that came to their end */
	uint8_t held[SCRENC_HELD];
	size_t held_len;
	uint32_t left; /* of the length that was told */
	uint32_t sum;
	unsigned phase;
	bool is_pair;    /* '@' came */
	bool is_double;  /* the first of two bytes as they are came */
	bool has_double; /* such are in this text, and nobody knows how to sum them */
};

enum screnc_kind {
	SCRENC_PLAIN, /* as it stands there */
	SCRENC_HEAD,  /* the sign and the number */
	SCRENC_DECODED,
};

/* What came out. */
struct screnc_out {
	enum screnc_kind kind; /* of all of them */
	uint8_t bytes[SCRENC_HELD];
	size_t len;
};

void screnc_take(struct screnc *screnc, uint8_t c, struct screnc_out *out);

/* No more bytes come. To be called until nothing comes out. */
void screnc_end(struct screnc *screnc, struct screnc_out *out);
