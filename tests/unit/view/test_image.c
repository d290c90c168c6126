/* SPDX-License-Identifier: Apache-2.0 */
#include "view/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <jpeglib.h>

#include "bytes/store.h"
#include "test.h"

enum { WIDTH = 60, HEIGHT = 50, ROOM = 64 * 1024 };

/* A file while it is written. */
struct made {
	uint8_t bytes[ROOM];
	size_t len;
};

static struct made made;

static void put(const void *bytes, size_t len)
{
	if (len > ROOM - made.len)
		abort();
	memcpy(&made.bytes[made.len], bytes, len);
	made.len += len;
}

static void put_u16le(unsigned value)
{
	uint8_t bytes[2];

	store_u16le(bytes, (uint16_t)value);
	put(bytes, 2);
}

static void put_u32le(uint32_t value)
{
	uint8_t bytes[4];

	store_u32le(bytes, value);
	put(bytes, 4);
}

static void put_u32be(uint32_t value)
{
	uint8_t bytes[4];

	store_u32be(bytes, value);
	put(bytes, 4);
}

/* The picture that all of the files hold: red, green, blue. */
static uint8_t colour(unsigned x, unsigned y, unsigned channel)
{
	const unsigned channels[] = { x * 4, y * 5, x * y };

	return (uint8_t)channels[channel];
}

/* Rows from the top, three bytes a pixel, each row with `before` in front if it is >= 0. */
static void rows_of(uint8_t *out, int before)
{
	size_t at = 0;

	for (unsigned y = 0; y < HEIGHT; y++) {
		if (before >= 0)
			out[at++] = (uint8_t)before;
		for (unsigned i = 0; i < WIDTH * 3; i++)
			out[at++] = colour(i / 3, y, i % 3);
	}
}

static void make_bmp(void)
{
	made.len = 0;
	put("BM", 2);
	put_u32le(54 + HEIGHT * WIDTH * 3);
	put_u32le(0);
	put_u32le(54);
	put_u32le(40);
	put_u32le(WIDTH);
	put_u32le(HEIGHT);
	put_u16le(1);
	put_u16le(24);
	for (int i = 0; i < 6; i++)
		put_u32le(0);
	for (unsigned y = HEIGHT; y-- > 0;) {
		for (unsigned x = 0; x < WIDTH; x++) {
			uint8_t pixel[] = { colour(x, y, 2), colour(x, y, 1),
					    colour(x, y, 0) };
			put(pixel, 3);
		}
	}
}

static void put_entry(unsigned tag, unsigned kind, uint32_t count, uint32_t value)
{
	put_u16le(tag);
	put_u16le(kind);
	put_u32le(count);
	put_u32le(value);
}

/* One strip; packing 1 is none, 32773 PackBits, which packs nothing here. */
static void make_tiff(unsigned packing)
{
	static uint8_t rows[HEIGHT * WIDTH * 3];
	const unsigned entries = 9;
	uint32_t len = sizeof(rows);

	rows_of(rows, -1);
	made.len = 0;
	put("II*\0\0\0\0\0", 8);
	for (size_t at = 0; at < sizeof(rows); at += 100) {
		if (packing != 1) {
			put("\x63", 1);
			len++;
		}
		put(&rows[at], 100);
	}
	store_u32le(&made.bytes[4], (uint32_t)made.len);
	uint32_t behind = (uint32_t)made.len + 2 + entries * 12 + 4;
	put_u16le(entries);
	put_entry(256, 4, 1, WIDTH);
	put_entry(257, 4, 1, HEIGHT);
	put_entry(258, 3, 3, behind);
	put_entry(259, 3, 1, packing);
	put_entry(262, 3, 1, 2);
	put_entry(273, 4, 1, 8);
	put_entry(277, 3, 1, 3);
	put_entry(278, 4, 1, HEIGHT);
	put_entry(279, 4, 1, len);
	put_u32le(0);
	for (int i = 0; i < 3; i++)
		put_u16le(8);
}

static void put_chunk(const char *name, const uint8_t *bytes, size_t len)
{
	uint8_t sum[ROOM];

	memcpy(sum, name, 4);
	memcpy(&sum[4], bytes, len);
	put_u32be((uint32_t)len);
	put(sum, len + 4);
	put_u32be((uint32_t)crc32(0, sum, (uInt)len + 4));
}

static void make_png(uint32_t width, uint32_t height)
{
	static uint8_t rows[HEIGHT * (WIDTH * 3 + 1)];
	static uint8_t packed[ROOM];
	uint8_t head[13] = { [8] = 8, [9] = 2 };
	uLongf len = sizeof(packed);

	made.len = 0;
	put("\x89PNG\r\n\x1a\n", 8);
	store_u32be(&head[0], width);
	store_u32be(&head[4], height);
	put_chunk("IHDR", head, sizeof(head));
	rows_of(rows, 0);
	if (compress(packed, &len, rows, sizeof(rows)) != Z_OK)
		abort();
	put_chunk("IDAT", packed, len);
	put_chunk("IEND", head, 0);
}

static void make_jpeg(void)
{
	static uint8_t rows[HEIGHT * WIDTH * 3];
	struct jpeg_compress_struct encoder;
	struct jpeg_error_mgr errors;
	unsigned char *packed = NULL;
	unsigned long len = 0;

	encoder.err = jpeg_std_error(&errors);
	jpeg_create_compress(&encoder);
	jpeg_mem_dest(&encoder, &packed, &len);
	encoder.image_width = WIDTH;
	encoder.image_height = HEIGHT;
	encoder.input_components = 3;
	encoder.in_color_space = JCS_RGB;
	jpeg_set_defaults(&encoder);
	jpeg_set_quality(&encoder, 95, TRUE);
	jpeg_start_compress(&encoder, TRUE);
	rows_of(rows, -1);
	for (unsigned y = 0; y < HEIGHT; y++) {
		JSAMPROW row = &rows[y * WIDTH * 3];

		if (jpeg_write_scanlines(&encoder, &row, 1) != 1)
			abort();
	}
	jpeg_finish_compress(&encoder);
	jpeg_destroy_compress(&encoder);
	made.len = 0;
	put(packed, len);
	free(packed);
}

/*
 * Four colours, 4 by 4 of them on a screen of 6 by 6, from 1, 1 on; each code of three
 * bits stands for itself: the table is started anew before they become longer.
 */
static void make_gif(unsigned flags)
{
	static const uint8_t colours[] = {
		0, 0, 0, 10, 10, 10, 200, 0, 100, 255, 255, 255
	};
	uint32_t bits = 0;
	unsigned count = 0;
	uint8_t packed[64];
	size_t len = 0;

	made.len = 0;
	put("GIF89a", 6);
	put_u16le(6);
	put_u16le(6);
	put("\x81\x00\x00", 3);
	put(colours, sizeof(colours));
	put("\x21\xf9\x04\x00\x00\x00\x00\x00", 8);
	put("\x2c\x01\x00\x01\x00\x04\x00\x04\x00", 9);
	put(&(uint8_t){ (uint8_t)flags }, 1);
	put("\x02", 1);
	for (unsigned i = 0; i < 25; i++) {
		unsigned code = i % 3 == 0 ? 4 : (i - i / 3 - 1) % 4;

		bits |= (i == 24 ? 5 : code) << count;
		for (count += 3; count >= 8; count -= 8, bits >>= 8)
			packed[len++] = (uint8_t)bits;
	}
	packed[len++] = (uint8_t)bits;
	put(&(uint8_t){ (uint8_t)len }, 1);
	put(packed, len);
	put("\x00\x3b", 2);
}

static enum status read_made(enum file_type type, size_t len, uint64_t *ret_hash)
{
	struct source source = source_of_memory(made.bytes, len);
	struct arena arena;
	struct image image;

	arena_init(&arena, 1 << 20);
	enum status status = image_read(&source, type, &arena, &image);
	if (status == STATUS_OK)
		status = image_hash(&image, &arena, ret_hash);
	arena_clear(&arena);
	return status;
}

/* What clamscan 1.4.6 says of this picture. */
static const uint64_t picture_hash = UINT64_C(0x80031f3f3c787973);

TEST("a picture has the hash that clamscan has for it, whatever the format")
{
	uint64_t hash = 0;

	make_bmp();
	CHECK_EQ(read_made(TYPE_GRAPHICS, made.len, &hash), STATUS_OK);
	CHECK_EQ(hash, picture_hash);
	make_png(WIDTH, HEIGHT);
	hash = 0;
	CHECK_EQ(read_made(TYPE_PNG, made.len, &hash), STATUS_OK);
	CHECK_EQ(hash, picture_hash);
	make_tiff(1);
	hash = 0;
	CHECK_EQ(read_made(TYPE_TIFF, made.len, &hash), STATUS_OK);
	CHECK_EQ(hash, picture_hash);
	make_tiff(32773);
	hash = 0;
	CHECK_EQ(read_made(TYPE_TIFF, made.len, &hash), STATUS_OK);
	CHECK_EQ(hash, picture_hash);
	make_jpeg();
	hash = 0;
	CHECK_EQ(read_made(TYPE_JPEG, made.len, &hash), STATUS_OK);
	CHECK(__builtin_popcountll(hash ^ picture_hash) <= 4);
}

/* The head of a BMP of 6 by 3, and what stands behind it: masks, a palette, pixels. */
static void make_small_bmp(unsigned bits, unsigned method, uint32_t before_pixels)
{
	made.len = 0;
	put("BM", 2);
	put_u32le(0);
	put_u32le(0);
	put_u32le(54 + before_pixels);
	put_u32le(40);
	put_u32le(6);
	put_u32le(3);
	put_u16le(1);
	put_u16le(bits);
	put_u32le(method);
	for (int i = 0; i < 3; i++)
		put_u32le(0);
	put_u32le(before_pixels / 4);
	put_u32le(0);
}

/* The shades of what was made, row by row; "" where it is no picture. */
static const char *small_shades(enum status want)
{
	static char text[64];
	struct source source = source_of_memory(made.bytes, made.len);
	struct arena arena;
	struct image image;

	text[0] = '\0';
	arena_init(&arena, 1 << 20);
	enum status status = image_read(&source, TYPE_GRAPHICS, &arena, &image);
	CHECK_EQ(status, want);
	for (size_t i = 0; i < 18 && status == STATUS_OK; i++)
		snprintf(&text[2 * i], 3, "%02x", image.shades[i]);
	arena_clear(&arena);
	return text;
}

static void put_greys(void)
{
	for (unsigned i = 0; i < 4; i++)
		put_u32le(i * 0x101010);
}

TEST("a BMP may be packed by runs")
{
	make_small_bmp(8, 1, 16);
	put_greys();
	put("\x02\x01\0\x03\x02\x03\x01\0\x09\x01\0\0", 12);
	put("\0\x02\x01\x01\x02\x03\0\x01", 8);
	CHECK_STR(small_shades(STATUS_OK), "003030000000"
					   "000000000000"
					   "101020301010");
	made.len -= 2;
	small_shades(STATUS_TRUNCATED);
	made.len -= 5;
	small_shades(STATUS_TRUNCATED);
	make_small_bmp(4, 2, 16);
	put_greys();
	put("\x05\x12\0\0\0\x05\x12\x31\x20\0\0\x01", 12);
	CHECK_STR(small_shades(STATUS_OK), "000000000000"
					   "102030102000"
					   "102010201000");
	store_u32le(&made.bytes[22], (uint32_t)-3);
	small_shades(STATUS_UNSUPPORTED);
	make_small_bmp(4, 1, 16);
	small_shades(STATUS_UNSUPPORTED);
}

TEST("a BMP may have 16 bits a pixel, and masks for its colours")
{
	const char *const want = "4c4c4c96961d"
				 "ffff00000000"
				 "000000000000";
	const uint16_t row[] = { 0x7c00, 0x7c00, 0x7c00, 0x03e0, 0x03e0, 0x001f,
				 0x7fff, 0xffff, 0,      0,      0,      0 };

	make_small_bmp(16, 0, 0);
	for (size_t i = 0; i < 6; i++)
		put_u16le(0);
	for (size_t i = 6; i < 12; i++)
		put_u16le(row[i]);
	for (size_t i = 0; i < 6; i++)
		put_u16le(row[i]);
	CHECK_STR(small_shades(STATUS_OK), want);
	make_small_bmp(32, 3, 12);
	put_u32le(0x3ff);
	put_u32le(0xffc00);
	put_u32le(0x3ff00000);
	for (size_t i = 0; i < 6; i++)
		put_u32le(0);
	for (size_t i = 6; i < 12; i++)
		put_u32le(row[i] ? 0xffffffff : 0);
	for (size_t i = 0; i < 6; i++)
		put_u32le(i < 3 ? 0x3ff : i < 5 ? 0xffc00 : 0x3ff00000);
	CHECK_STR(small_shades(STATUS_OK), want);
}

TEST("the first picture of a GIF is laid onto its screen")
{
	static const uint8_t black[6];
	struct arena arena;
	struct image image;

	arena_init(&arena, 1 << 20);
	make_gif(0);
	struct source source = source_of_memory(made.bytes, made.len);
	REQUIRE(image_read(&source, TYPE_GIF, &arena, &image) == STATUS_OK);
	CHECK_EQ(image.width, 6);
	CHECK_EQ(image.height, 6);
	CHECK_MEM(image.shades, black, 6);
	CHECK_MEM(&image.shades[6], "\0\0\x0a\x47\xff\0", 6);
	CHECK_MEM(&image.shades[24], "\0\0\x0a\x47\xff\0", 6);
	CHECK_MEM(&image.shades[30], black, 6);
	make_gif(0x40);
	REQUIRE(image_read(&source, TYPE_GIF, &arena, &image) == STATUS_OK);
	CHECK_MEM(&image.shades[6], "\0\0\x0a\x47\xff\0", 6);
	arena_clear(&arena);
}

TEST("every beginning of a file is no picture, or one")
{
	static void (*const make[])(void) = { make_bmp, make_jpeg };
	static const enum file_type types[] = { TYPE_GRAPHICS, TYPE_JPEG };
	uint64_t hash;

	for (size_t i = 0; i < ARRAY_LEN(make); i++) {
		make[i]();
		for (size_t len = 0; len + 2 < made.len; len += 1 + len / 64)
			CHECK(read_made(types[i], len, &hash) != STATUS_OK);
	}
	make_png(WIDTH, HEIGHT);
	for (size_t len = 0; len < made.len - 24; len++)
		CHECK(read_made(TYPE_PNG, len, &hash) != STATUS_OK);
	make_tiff(1);
	for (size_t len = 0; len < made.len; len += 7)
		CHECK(read_made(TYPE_TIFF, len, &hash) != STATUS_OK);
	make_gif(0);
	for (size_t len = 0; len < made.len - 4; len++)
		CHECK(read_made(TYPE_GIF, len, &hash) != STATUS_OK);
}

TEST("pictures too large for the limits or the memory are told as such")
{
	uint64_t hash;

	make_png(1 << 15, 1 << 15);
	CHECK_EQ(read_made(TYPE_PNG, made.len, &hash), STATUS_LIMIT);
	make_png(1500, 1000);
	CHECK_EQ(read_made(TYPE_PNG, made.len, &hash), STATUS_NO_MEMORY);
	make_bmp();
	store_u32le(&made.bytes[18], 1 << 30);
	CHECK_EQ(read_made(TYPE_GRAPHICS, made.len, &hash), STATUS_LIMIT);
	store_u32le(&made.bytes[18], 0);
	CHECK_EQ(read_made(TYPE_GRAPHICS, made.len, &hash), STATUS_MALFORMED);
	CHECK_EQ(read_made(TYPE_ZIP, made.len, &hash), STATUS_UNSUPPORTED);
	CHECK(!image_type(TYPE_ZIP));
	CHECK_EQ(read_made(TYPE_TIFF, made.len, &hash), STATUS_UNSUPPORTED);
}

TEST("a picture of one pixel, and one that is flat, have a hash")
{
	const uint8_t shade = 77;
	static uint8_t flat[100 * 37];
	const struct image one = { 1, 1, &shade };
	const struct image many = { 100, 37, flat };
	struct arena arena;
	uint64_t hash = 0;

	arena_init(&arena, 1 << 20);
	CHECK_EQ(image_hash(&one, &arena, &hash), STATUS_OK);
	CHECK_EQ(hash, UINT64_C(1) << 63);
	memset(flat, 200, sizeof(flat));
	CHECK_EQ(image_hash(&many, &arena, &hash), STATUS_OK);
	CHECK_EQ(hash, UINT64_C(1) << 63);
	arena_clear(&arena);
	arena_init(&arena, 1000);
	CHECK_EQ(image_hash(&many, &arena, &hash), STATUS_NO_MEMORY);
	arena_clear(&arena);
}

TEST_MAIN()
