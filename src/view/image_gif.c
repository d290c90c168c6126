/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GIF: a screen with a table of colours, then blocks; the first picture among them is
 * laid onto the screen, black where it does not reach. Its pixels are numbers of
 * colours, packed by LZW: codes of 3 to 12 bits, the lowest bit first, in pieces of up
 * to 255 bytes.
 *
 *	"GIF87a" or "GIF89a", width (2), height (2), flags, background, aspect, colours
 *	0x21 kind {length, bytes}… 0		an extension
 *	0x2c left top width height (2 each), flags, colours, code size {…}… 0
 *	0x3b					the end
 */
#include "base/checked.h"
#include "bytes/reader.h"
#include "view/image_formats.h"

enum {
	CODE_BITS_MAX = 12,
	CODES = 1 << CODE_BITS_MAX,
	NO_CODE = CODES,
	PIECE_MAX = 255,
	BUFFER_LEN = 16 * 1024,
	FLAG_COLOURS = 0x80,
	FLAG_INTERLACED = 0x40,
};

struct gif {
	const struct source *source;
	uint64_t at;
	enum status status; /* once it is not OK, everything reads as 0 */
	uint8_t buffer[BUFFER_LEN];
	uint64_t buffer_at;
	size_t buffer_len;

	uint8_t shades[256];
	uint32_t width, height; /* of the screen */
	uint8_t *screen;
	uint32_t left, top, columns, rows; /* of the picture */
	bool is_interlaced;

	unsigned start_bits, clear; /* of the first codes; the one that starts anew */
	unsigned next;              /* code to be given */
	unsigned width_of_code;
	unsigned previous;   /* code, or NO_CODE */
	unsigned piece_left; /* bytes of a piece */
	uint32_t bits;       /* not yet used */
	unsigned bit_count;
	uint16_t before[CODES]; /* each code is another one … */
	uint8_t last[CODES];    /* … and this colour */
	uint8_t stack[CODES];
};

static bool read_screen(struct gif *gif, struct arena *arena);
static bool find_picture(struct gif *gif);
static void read_pixels(struct gif *gif);
static void put_pixel(struct gif *gif, uint64_t index, uint8_t colour);
static unsigned next_code(struct gif *gif);

enum status image_read_gif(const struct source *source, struct arena *arena,
			   struct image *out)
{
	struct gif *gif = arena_new(arena, struct gif);

	if (!gif)
		return STATUS_NO_MEMORY;
	gif->source = source;
	if (read_screen(gif, arena) && find_picture(gif))
		read_pixels(gif);
	if (gif->status == STATUS_OK)
		*out = (struct image){ gif->width, gif->height, gif->screen };
	return gif->status;
}

static void fail(struct gif *gif, enum status status)
{
	if (gif->status == STATUS_OK)
		gif->status = status;
}

static uint8_t byte(struct gif *gif)
{
	if (gif->status != STATUS_OK)
		return 0;
	if (gif->at - gif->buffer_at >= gif->buffer_len) {
		gif->buffer_at = gif->at;
		fail(gif, source_read(gif->source, gif->at, gif->buffer, BUFFER_LEN,
				      &gif->buffer_len));
		if (gif->buffer_len == 0)
			fail(gif, STATUS_TRUNCATED);
		if (gif->status != STATUS_OK)
			return 0;
	}
	return gif->buffer[gif->at++ - gif->buffer_at];
}

static uint32_t word(struct gif *gif)
{
	uint32_t low = byte(gif);

	return low | (uint32_t)byte(gif) << 8;
}

/* A table of 2, 4 … 256 colours, if the flags say that there is one. */
static void read_colours(struct gif *gif, unsigned flags)
{
	unsigned count = 2u << (flags & 7);

	if (!(flags & FLAG_COLOURS))
		return;
	for (unsigned i = 0; i < count; i++) {
		unsigned red = byte(gif);
		unsigned green = byte(gif);
		unsigned blue = byte(gif);

		gif->shades[i] = image_shade(red, green, blue);
	}
}

static bool read_screen(struct gif *gif, struct arena *arena)
{
	if (byte(gif) != 'G' || byte(gif) != 'I' || byte(gif) != 'F')
		fail(gif, STATUS_UNSUPPORTED);
	gif->at += 3;
	gif->width = word(gif);
	gif->height = word(gif);
	unsigned flags = byte(gif);
	gif->at += 2;
	read_colours(gif, flags);
	if (gif->status == STATUS_OK)
		fail(gif, image_room(gif->width, gif->height, arena, &gif->screen));
	return gif->status == STATUS_OK;
}

static bool find_picture(struct gif *gif)
{
	unsigned kind;

	while (kind = byte(gif), gif->status == STATUS_OK && kind == 0x21) {
		unsigned len;

		(void)byte(gif);
		while (len = byte(gif), len > 0)
			gif->at += len;
	}
	if (kind != 0x2c)
		fail(gif, STATUS_MALFORMED);
	gif->left = word(gif);
	gif->top = word(gif);
	gif->columns = word(gif);
	gif->rows = word(gif);
	unsigned flags = byte(gif);
	gif->is_interlaced = flags & FLAG_INTERLACED;
	read_colours(gif, flags);
	return gif->status == STATUS_OK;
}

/* The colours that a code stands for, in `stack`, the last one first. */
static size_t spell(struct gif *gif, unsigned code)
{
	size_t len = 0;

	while (len < CODES) {
		gif->stack[len++] = gif->last[code];
		if (gif->before[code] == NO_CODE)
			break;
		code = gif->before[code];
	}
	return len;
}

static void start_codes(struct gif *gif)
{
	gif->next = gif->clear + 2;
	gif->width_of_code = gif->start_bits + 1;
	gif->previous = NO_CODE;
}

/* What was spelt before and this colour are a code of their own from now on. */
static void add_code(struct gif *gif, uint8_t colour)
{
	if (gif->previous == NO_CODE || gif->next == CODES)
		return;
	gif->before[gif->next] = (uint16_t)gif->previous;
	gif->last[gif->next] = colour;
	gif->next++;
	if (gif->next == 1u << gif->width_of_code && gif->width_of_code < CODE_BITS_MAX)
		gif->width_of_code++;
}

/* Writes a code's colours to places below `count`; returns the place behind them. */
static uint64_t put_code(struct gif *gif, unsigned code, uint64_t done, uint64_t count)
{
	/* The one code that may be used before it is known. */
	bool is_next = code == gif->next && gif->previous != NO_CODE;

	if (!is_next && code >= (gif->previous == NO_CODE ? gif->clear : gif->next)) {
		fail(gif, STATUS_MALFORMED);
		return done;
	}
	size_t len = spell(gif, is_next ? gif->previous : code);
	uint8_t first = gif->stack[len - 1];
	while (len > 0 && done < count)
		put_pixel(gif, done++, gif->stack[--len]);
	if (is_next && done < count)
		put_pixel(gif, done++, first);
	add_code(gif, first);
	gif->previous = code;
	return done;
}

static void read_pixels(struct gif *gif)
{
	const uint64_t count = (uint64_t)gif->columns * gif->rows;
	uint64_t done = 0;

	gif->start_bits = byte(gif);
	if (gif->start_bits < 1 || gif->start_bits > 8) {
		fail(gif, STATUS_MALFORMED);
		return;
	}
	gif->clear = 1u << gif->start_bits;
	for (unsigned i = 0; i < gif->clear; i++) {
		gif->before[i] = NO_CODE;
		gif->last[i] = (uint8_t)i;
	}
	start_codes(gif);
	while (gif->status == STATUS_OK && done < count) {
		unsigned code = next_code(gif);

		if (code == NO_CODE || code == gif->clear + 1)
			fail(gif, STATUS_TRUNCATED);
		else if (code == gif->clear)
			start_codes(gif);
		else
			done = put_code(gif, code, done, count);
	}
}

/* Interlaced rows come as each eighth, each eighth from 4, each fourth from 2, each second. */
static uint32_t row_of(const struct gif *gif, uint32_t row)
{
	static const uint8_t first[] = { 0, 4, 2, 1 };
	static const uint8_t step[] = { 8, 8, 4, 2 };

	if (!gif->is_interlaced)
		return row;
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		uint32_t rows = 0;

		if (gif->rows > first[i])
			rows = (gif->rows - first[i] + step[i] - 1) / step[i];
		if (row < rows)
			return first[i] + row * step[i];
		row -= rows;
	}
	return row;
}

static void put_pixel(struct gif *gif, uint64_t index, uint8_t colour)
{
	uint32_t x = gif->left + (uint32_t)(index % gif->columns);
	uint32_t y = gif->top + row_of(gif, (uint32_t)(index / gif->columns));

	if (x < gif->width && y < gif->height)
		gif->screen[(size_t)y * gif->width + x] = gif->shades[colour];
}

/* NO_CODE: there are no more. */
static unsigned next_code(struct gif *gif)
{
	const unsigned width = gif->width_of_code;

	while (gif->bit_count < width) {
		if (gif->piece_left == 0)
			gif->piece_left = byte(gif);
		if (gif->piece_left == 0 || gif->status != STATUS_OK)
			return NO_CODE;
		gif->bits |= (uint32_t)byte(gif) << gif->bit_count;
		gif->bit_count += 8;
		gif->piece_left--;
	}
	unsigned code = gif->bits & ((1u << width) - 1);
	gif->bits >>= width;
	gif->bit_count -= width;
	return code;
}
