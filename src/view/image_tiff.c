/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TIFF: "II" and little-endian numbers or "MM" and big-endian ones, 42, the offset of a
 * directory: a count (2), then entries of tag (2), kind (2), count (4) and value or
 * offset (4). The picture lies in strips of rows. Read are those with 8 bits of each of
 * 1, 3 or 4 samples that stand together, shades of grey or red, green, blue, plain or
 * packed by PackBits, LZW or Deflate, also as differences from the pixel before.
 */
#include "base/checked.h"
#include "bytes/reader.h"
#include "codec/decoder.h"
#include "codec/inflate.h"
#include "view/image_formats.h"

enum tiff_packing {
	TIFF_PLAIN = 1,
	TIFF_LZW = 5,
	TIFF_DEFLATE = 8,
	TIFF_PACKBITS = 32773,
	TIFF_OLD_DEFLATE = 32946,
};

enum { ENTRIES_MAX = 256, ENTRY_LEN = 12, STRIPS_MAX = 1 << 16 };
enum { LZW_CLEAR = 256, LZW_END = 257, LZW_FIRST = 258, LZW_CODES = 4096, LZW_BITS = 12 };

struct tiff {
	const struct source *source;
	struct arena *arena;
	bool is_big; /* endian */
	uint32_t width, height, rows_per_strip;
	uint32_t packing, meaning, samples, planes, predictor, tiles;
	struct strips {
		uint64_t at; /* of the list */
		uint32_t count;
		unsigned len; /* of each number in it */
	} offsets, lengths, bits;
};

/* Bytes of a strip while they are unpacked. */
struct strip {
	struct reader in;
	uint8_t *out;
	size_t len, done;
};

static enum status read_directory(struct tiff *tiff);
static enum status number_at(const struct tiff *tiff, const struct strips *list,
			     uint32_t index, uint32_t *out);
static enum status read_strip(const struct tiff *tiff, uint32_t index, uint8_t *shades,
			      uint32_t rows);
static enum status unpack(const struct tiff *tiff, uint64_t at, uint32_t packed_len,
			  struct strip *strip);
static void unpack_bits(struct strip *strip);
static enum status unpack_lzw(struct strip *strip, struct arena *arena);
static enum status inflate_strip(const struct tiff *tiff, uint64_t at,
				 uint32_t packed_len, struct strip *strip);

enum status image_read_tiff(const struct source *source, struct arena *arena,
			    struct image *out)
{
	struct tiff tiff = { .source = source, .arena = arena, .samples = 1 };
	uint8_t *shades;
	enum status status = read_directory(&tiff);

	if (status == STATUS_OK)
		status = image_room(tiff.width, tiff.height, arena, &shades);
	for (uint32_t y = 0, i = 0; status == STATUS_OK && y < tiff.height; i++) {
		uint32_t rows = tiff.height - y;
		struct arena_mark mark = arena_mark(arena);

		if (rows > tiff.rows_per_strip)
			rows = tiff.rows_per_strip;
		status = read_strip(&tiff, i, &shades[(size_t)y * tiff.width], rows);
		arena_rewind(arena, mark);
		y += rows;
	}
	if (status == STATUS_OK)
		*out = (struct image){ tiff.width, tiff.height, shades };
	return status;
}

static uint32_t u16(const struct tiff *tiff, struct reader *in)
{
	return tiff->is_big ? reader_u16be(in) : reader_u16le(in);
}

static uint32_t u32(const struct tiff *tiff, struct reader *in)
{
	return tiff->is_big ? reader_u32be(in) : reader_u32le(in);
}

static void take_entry(struct tiff *tiff, struct reader entry, uint64_t at)
{
	uint32_t tag = u16(tiff, &entry);
	uint32_t kind = u16(tiff, &entry);
	uint32_t count = u32(tiff, &entry);
	struct reader field = entry;
	uint32_t number = kind == 3 ? u16(tiff, &entry) : u32(tiff, &entry);
	unsigned len = kind == 3 ? 2 : 4;
	struct strips list = { at + 8, count, len };

	if ((uint64_t)count * len > 4)
		list.at = u32(tiff, &field);
	switch (tag) {
	case 256:
		tiff->width = number;
		break;
	case 257:
		tiff->height = number;
		break;
	case 258:
		tiff->bits = list;
		break;
	case 259:
		tiff->packing = number;
		break;
	case 262:
		tiff->meaning = number;
		break;
	case 273:
		tiff->offsets = list;
		break;
	case 277:
		tiff->samples = number;
		break;
	case 278:
		tiff->rows_per_strip = number;
		break;
	case 279:
		tiff->lengths = list;
		break;
	case 284:
		tiff->planes = number;
		break;
	case 317:
		tiff->predictor = number;
		break;
	case 322:
		tiff->tiles = number;
		break;
	}
}

static bool is_readable(const struct tiff *tiff)
{
	bool is_grey = tiff->samples == 1 && tiff->meaning <= 1;
	bool is_colour = (tiff->samples == 3 || tiff->samples == 4) && tiff->meaning == 2;

	return (is_grey || is_colour) && tiff->tiles == 0 && tiff->planes <= 1 &&
	       tiff->predictor <= 2;
}

static enum status read_directory(struct tiff *tiff)
{
	struct reader in;
	enum status status = source_view(tiff->source, tiff->arena, 0, 8, &in);

	if (status != STATUS_OK)
		return status;
	tiff->is_big = reader_u8(&in) == 'M';
	reader_skip(&in, 1);
	if (u16(tiff, &in) != 42)
		return STATUS_UNSUPPORTED;
	uint64_t at = u32(tiff, &in);
	status = source_view(tiff->source, tiff->arena, at, 2 + ENTRIES_MAX * ENTRY_LEN,
			     &in);
	if (status != STATUS_OK)
		return status;
	tiff->packing = TIFF_PLAIN;
	tiff->rows_per_strip = UINT32_MAX;
	uint32_t count = u16(tiff, &in);
	if (count > ENTRIES_MAX)
		return STATUS_UNSUPPORTED;
	for (uint32_t i = 0; i < count; i++)
		take_entry(tiff, reader_take(&in, ENTRY_LEN),
			   at + 2 + (uint64_t)i * ENTRY_LEN);
	if (!reader_ok(&in))
		return STATUS_TRUNCATED;
	if (tiff->rows_per_strip == 0 || tiff->offsets.count > STRIPS_MAX)
		return STATUS_MALFORMED;
	if (!is_readable(tiff))
		return STATUS_UNSUPPORTED;
	uint32_t bits = 0;
	for (uint32_t i = 0; i < tiff->samples && status == STATUS_OK; i++) {
		status = number_at(tiff, &tiff->bits, i, &bits);
		if (status == STATUS_OK && bits != 8)
			status = STATUS_UNSUPPORTED;
	}
	return status;
}

/* Number `index` of a list. */
static enum status number_at(const struct tiff *tiff, const struct strips *list,
			     uint32_t index, uint32_t *out)
{
	struct reader in;

	if (index >= list->count)
		return STATUS_TRUNCATED;
	enum status status = source_view(tiff->source, tiff->arena,
					 list->at + (uint64_t)index * list->len,
					 list->len, &in);
	if (status == STATUS_OK)
		*out = list->len == 2 ? u16(tiff, &in) : u32(tiff, &in);
	return status == STATUS_OK && !reader_ok(&in) ? STATUS_TRUNCATED : status;
}

static void shade_row(const struct tiff *tiff, uint8_t *row, uint8_t *shades)
{
	const size_t step = tiff->samples;

	for (size_t i = step; tiff->predictor == 2 && i < tiff->width * step; i++)
		row[i] = (uint8_t)(row[i] + row[i - step]);
	for (size_t x = 0; x < tiff->width; x++) {
		if (step > 1)
			shades[x] = image_shade(row[x * step], row[x * step + 1],
						row[x * step + 2]);
		else
			shades[x] = tiff->meaning == 0 ? (uint8_t)~row[x] : row[x];
	}
}

static enum status read_strip(const struct tiff *tiff, uint32_t index, uint8_t *shades,
			      uint32_t rows)
{
	const size_t row_len = (size_t)tiff->width * tiff->samples;
	struct strip strip = { 0 };
	uint32_t at, packed_len;
	enum status status = number_at(tiff, &tiff->offsets, index, &at);

	if (status == STATUS_OK)
		status = number_at(tiff, &tiff->lengths, index, &packed_len);
	if (status != STATUS_OK)
		return status;
	if (packed_len > tiff->source->size)
		return STATUS_TRUNCATED;
	strip.len = row_len * rows;
	strip.out = arena_alloc(tiff->arena, strip.len);
	if (!strip.out)
		return STATUS_NO_MEMORY;
	status = unpack(tiff, at, packed_len, &strip);
	if (status == STATUS_OK && strip.done < strip.len)
		status = STATUS_TRUNCATED;
	for (uint32_t y = 0; status == STATUS_OK && y < rows; y++)
		shade_row(tiff, &strip.out[y * row_len],
			  &shades[(size_t)y * tiff->width]);
	return status;
}

static enum status unpack(const struct tiff *tiff, uint64_t at, uint32_t packed_len,
			  struct strip *strip)
{
	if (tiff->packing == TIFF_DEFLATE || tiff->packing == TIFF_OLD_DEFLATE)
		return inflate_strip(tiff, at, packed_len, strip);
	if (tiff->packing == TIFF_PLAIN) {
		strip->done = strip->len;
		return source_read_all(tiff->source, at, strip->out, strip->len);
	}
	uint8_t *packed = arena_alloc(tiff->arena, packed_len);
	if (!packed)
		return STATUS_NO_MEMORY;
	enum status status = source_read_all(tiff->source, at, packed, packed_len);
	if (status != STATUS_OK)
		return status;
	strip->in = reader_of(packed, packed_len);
	if (tiff->packing == TIFF_LZW)
		return unpack_lzw(strip, tiff->arena);
	if (tiff->packing != TIFF_PACKBITS)
		return STATUS_UNSUPPORTED;
	unpack_bits(strip);
	return STATUS_OK;
}

static void put(struct strip *strip, uint8_t byte)
{
	if (strip->done < strip->len)
		strip->out[strip->done++] = byte;
}

/* A count of up to 127 and as many bytes and one; or -count and the byte to repeat. */
static void unpack_bits(struct strip *strip)
{
	while (strip->done < strip->len && reader_left(&strip->in) > 0) {
		unsigned head = reader_u8(&strip->in);

		if (head < 128) {
			for (unsigned i = 0; i <= head && reader_left(&strip->in) > 0;
			     i++)
				put(strip, reader_u8(&strip->in));
		} else if (head > 128) {
			uint8_t byte = reader_u8(&strip->in);

			for (unsigned i = 0; i < 257 - head; i++)
				put(strip, byte);
		}
	}
}

struct lzw {
	uint16_t before[LZW_CODES];
	uint8_t last[LZW_CODES];
	uint8_t stack[LZW_CODES];
	uint32_t bits;
	unsigned bit_count, width, next, previous;
};

/* The highest bit first; LZW_END where the bytes end. */
static unsigned next_code(struct lzw *lzw, struct reader *in)
{
	while (lzw->bit_count < lzw->width) {
		if (reader_left(in) == 0)
			return LZW_END;
		lzw->bits = lzw->bits << 8 | reader_u8(in);
		lzw->bit_count += 8;
	}
	lzw->bit_count -= lzw->width;
	return lzw->bits >> lzw->bit_count & ((1u << lzw->width) - 1);
}

/* Writes what a code stands for; returns its first byte. */
static uint8_t put_code(struct lzw *lzw, struct strip *strip, unsigned code)
{
	size_t len = 0;

	for (; code >= LZW_FIRST && len < LZW_CODES - 1; code = lzw->before[code])
		lzw->stack[len++] = lzw->last[code];
	lzw->stack[len++] = (uint8_t)code;
	uint8_t first = lzw->stack[len - 1];
	while (len > 0)
		put(strip, lzw->stack[--len]);
	return first;
}

static enum status unpack_lzw(struct strip *strip, struct arena *arena)
{
	struct lzw *lzw = arena_new(arena, struct lzw);
	unsigned code = LZW_CLEAR;

	if (!lzw)
		return STATUS_NO_MEMORY;
	lzw->width = 9;
	while (strip->done < strip->len) {
		code = next_code(lzw, &strip->in);
		if (code == LZW_END)
			break;
		if (code == LZW_CLEAR) {
			lzw->width = 9;
			lzw->next = LZW_FIRST;
			lzw->previous = LZW_CLEAR;
			continue;
		}
		/* A code is known, or the one that is about to be. */
		bool is_first = lzw->previous == LZW_CLEAR;
		if (lzw->next < LZW_FIRST || code > lzw->next ||
		    (is_first && code >= LZW_CLEAR))
			return STATUS_MALFORMED;
		bool is_next = code == lzw->next;
		uint8_t first = put_code(lzw, strip, is_next ? lzw->previous : code);
		if (is_next)
			put(strip, first);
		if (!is_first && lzw->next < LZW_CODES) {
			lzw->before[lzw->next] = (uint16_t)lzw->previous;
			lzw->last[lzw->next] = first;
			lzw->next++;
		}
		if (lzw->next + 1 == 1u << lzw->width && lzw->width < LZW_BITS)
			lzw->width++;
		lzw->previous = code;
	}
	return STATUS_OK;
}

static enum status inflate_strip(const struct tiff *tiff, uint64_t at,
				 uint32_t packed_len, struct strip *strip)
{
	static const int window_bits = 15;
	struct source packed = source_window(tiff->source, at, packed_len);
	struct decoder *decoder;
	enum status status = decoder_open(tiff->arena, &inflate_codec, &window_bits,
					  packed, &decoder);

	if (status != STATUS_OK)
		return status;
	struct stream stream = decoder_stream(decoder);
	while (status == STATUS_OK && strip->done < strip->len) {
		size_t got = 0;

		status = stream_read(&stream, &strip->out[strip->done],
				     strip->len - strip->done, &got);
		strip->done += got;
	}
	return status == STATUS_END ? STATUS_OK : status;
}
