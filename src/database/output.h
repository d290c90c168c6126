/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment on its way out: bytes one after another, gathered into pieces
 * for build_options.write, and the places of the sections among them. The head
 * is written last.
 *
 * After a failed write nothing more is written: ask output_finish() once.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "database/build.h"
#include "database/rows.h"
#include "database/segment.h"

enum { OUTPUT_PIECE = 64 * 1024 };

struct output {
	const struct build_options *options;
	uint64_t at; /* where the next byte goes */
	size_t used; /* of the piece */
	uint8_t *piece;
	bool failed;
	struct section_place places[SECTION_COUNT];
};

/* False: no memory. */
MUST_CHECK bool output_init(struct output *output, const struct build_options *options);

/* Begins a section, at the next multiple of SEGMENT_ALIGN; it ends where the next begins. */
void output_begin(struct output *output, enum section_id id);
void output_end(struct output *output, enum section_id id);

void output_put(struct output *output, const void *bytes, size_t len);
/* The same under the veil; `at` is where in their section the bytes will stand. */
void output_veiled(struct output *output, struct slice bytes, uint64_t at);
void output_u16(struct output *output, uint16_t value);
void output_u32(struct output *output, uint32_t value);

/* A section that is all of these rows; of bytes, veiled. */
void output_rows(struct output *output, enum section_id id, const struct rows *rows);
void output_veiled_rows(struct output *output, enum section_id id,
			const struct rows *rows);

/* Writes the head. OK, or IO: a write failed. */
MUST_CHECK enum status output_finish(struct output *output, uint64_t *ret_size_bytes);
