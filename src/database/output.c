/* SPDX-License-Identifier: Apache-2.0 */
#include "database/output.h"

#include <string.h>

#include "base/checked.h"
#include "bytes/store.h"
#include "match/veil.h"

static void flush(struct output *output);

bool output_init(struct output *output, const struct build_options *options)
{
	*output = (struct output){ .options = options, .at = SEGMENT_SECTIONS_AT };
	output->piece = arena_alloc(options->arena, OUTPUT_PIECE);
	return output->piece;
}

void output_begin(struct output *output, enum section_id id)
{
	static const uint8_t zeros[SEGMENT_ALIGN];
	size_t over = (size_t)(output->at % SEGMENT_ALIGN);

	if (over > 0)
		output_put(output, zeros, SEGMENT_ALIGN - over);
	output->places[id].offset = output->at;
}

void output_end(struct output *output, enum section_id id)
{
	output->places[id].len = output->at - output->places[id].offset;
}

void output_put(struct output *output, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;
	size_t done = 0;

	while (done < len) {
		size_t run = min_size(len - done, OUTPUT_PIECE - output->used);

		memcpy(&output->piece[output->used], &from[done], run);
		output->used += run;
		output->at += run;
		done += run;
		if (output->used == OUTPUT_PIECE)
			flush(output);
	}
}

void output_veiled(struct output *output, struct slice bytes, uint64_t at)
{
	uint8_t veiled[512];

	for (size_t done = 0; done < bytes.len;) {
		size_t run = min_size(bytes.len - done, sizeof(veiled));

		veil_apply(veiled, &bytes.base[done], run, at + done);
		output_put(output, veiled, run);
		done += run;
	}
}

void output_u16(struct output *output, uint16_t value)
{
	uint8_t bytes[2];

	store_u16le(bytes, value);
	output_put(output, bytes, sizeof(bytes));
}

void output_u32(struct output *output, uint32_t value)
{
	uint8_t bytes[4];

	store_u32le(bytes, value);
	output_put(output, bytes, sizeof(bytes));
}

void output_rows(struct output *output, enum section_id id, const struct rows *rows)
{
	output_begin(output, id);
	for (size_t at = 0; at < rows->count;) {
		size_t run = rows_run(rows, at);

		output_put(output, rows_at(rows, at), run * rows->item_len);
		at += run;
	}
	output_end(output, id);
}

void output_veiled_rows(struct output *output, enum section_id id,
			const struct rows *rows)
{
	output_begin(output, id);
	for (size_t at = 0; at < rows->count;) {
		size_t run = rows_run(rows, at);

		output_veiled(output, (struct slice){ rows_at(rows, at), run }, at);
		at += run;
	}
	output_end(output, id);
}

enum status output_finish(struct output *output, uint64_t *ret_size_bytes)
{
	uint8_t head[SEGMENT_SECTIONS_AT];
	const struct build_options *options = output->options;

	flush(output);
	segment_head(output->places, output->at, head);
	if (output->failed || !options->write(options->context, 0, head, sizeof(head)))
		return STATUS_IO;
	*ret_size_bytes = output->at;
	return STATUS_OK;
}

static void flush(struct output *output)
{
	const struct build_options *options = output->options;

	if (output->used > 0 && !output->failed)
		output->failed = !options->write(options->context,
						 output->at - output->used, output->piece,
						 output->used);
	output->used = 0;
}
