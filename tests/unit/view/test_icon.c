/* SPDX-License-Identifier: Apache-2.0 */
/* The digits are what clamscan 1.4.6 prints of the same icons. */
#include "view/icon.h"

#include "bytes/store.h"
#include "test.h"

enum { HEADER = 40, ROOM = 96 * 1024 };

struct icon_case {
	unsigned width, height, bits, kind; /* kind: of colour_at() */
	bool is_masked;
	const char *digits;
};

/* A file with an icon that begins at START. */
enum { START = 7 };
static uint8_t made[ROOM];
static size_t made_len;

static void colour_at(unsigned kind, unsigned x, unsigned y, uint8_t out[4])
{
	static const uint8_t blue[4] = { 40, 90, 220, 0 }, red[4] = { 200, 60, 40, 0 };

	switch (kind) {
	case 0:
		out[0] = (uint8_t)(x * x * 3 + y * 7);
		out[1] = (uint8_t)(y * y * 5 + x * 11);
		out[2] = (uint8_t)(x * y * 13);
		out[3] = (uint8_t)(x * 17 + y * 29);
		return;
	case 1:
		memset(out, (int)((x / 5 * 37 + y / 3 * 91) & 255), 3);
		out[3] = 255;
		return;
	case 2:
		memcpy(out, x > y ? red : blue, 4);
		return;
	default:
		memset(out, 255, 4);
		return;
	}
}

static void put_pixel(uint8_t *row, unsigned x, unsigned bits, const uint8_t colour[4])
{
	if (bits < 24) {
		unsigned shift = 8 - bits - x * bits % 8;

		row[x * bits / 8] |= (uint8_t)(colour[0] >> (8 - bits) << shift);
		return;
	}
	uint8_t *to = &row[x * bits / 8];
	to[0] = colour[2];
	to[1] = colour[1];
	to[2] = colour[0];
	if (bits == 32)
		to[3] = colour[3];
}

static void make(const struct icon_case *icon)
{
	size_t row_len = (icon->width * icon->bits + 31) / 32 * 4;
	size_t mask_len = (icon->width + 31) / 32 * 4;
	uint8_t *at = &made[START + HEADER];

	memset(made, 0, sizeof(made));
	store_u32le(&made[START], HEADER);
	store_u32le(&made[START + 4], icon->width);
	store_u32le(&made[START + 8], 2 * icon->height);
	made[START + 14] = (uint8_t)icon->bits;
	for (unsigned i = 0; icon->bits < 24 && i < 1U << icon->bits; i++) {
		at[0] = (uint8_t)(i * 53);
		at[1] = (uint8_t)(i * 91);
		at[2] = (uint8_t)(i * 37);
		at += 4;
	}
	for (unsigned y = icon->height; y-- > 0; at += row_len) {
		for (unsigned x = 0; x < icon->width; x++) {
			uint8_t colour[4];

			colour_at(icon->kind, x, y, colour);
			put_pixel(at, x, icon->bits, colour);
		}
	}
	for (unsigned y = icon->height; y-- > 0; at += mask_len)
		for (unsigned x = 0; icon->is_masked && x < icon->width; x++)
			if (x * y % 7 == 3)
				at[x / 8] |= (uint8_t)(0x80 >> x % 8);
	made_len = (size_t)(at - made);
}

static enum status look(size_t len, struct icon_look *out)
{
	struct source source = source_of_memory(made, len);
	struct arena arena;

	arena_init(&arena, 1 << 20);
	enum status status = icon_read(&source, START, &arena, out);
	arena_clear(&arena);
	return status;
}

TEST("icons have the digits that clamscan finds")
{
	static const struct icon_case cases[] = {
		{ 16, 16, 32, 0, false,
		  "106b709086a7000468e070009800001c2010821d0704f30506ed0a03ea0a0b"
		  "b50002be0401c400068f0204750a0770060a1c0000330a003300091c202823" },
		{ 16, 16, 24, 0, true,
		  "10962050b93d00069210706341000055305015bc0308da0609d40603ce0a08"
		  "4100008b04009e00048e070580010570070b1c00003704003d0800201f2547" },
		{ 24, 24, 8, 0, false,
		  "18c1b0008bc3020eabd00016eb0a1077c06027d41010e00105db000bcb0611"
		  "a30700ae1000ae09108508107c0604740f0e3100073e000d40100022241e57" },
		{ 32, 32, 4, 0, true,
		  "209e3000791b0e038dd0f156c704136c80f0a7250900d31201cc1212ca0005"
		  "9d1209a30000a4090069091467010e6716134013004000004a001723221f46" },
		{ 32, 32, 1, 0, false,
		  "2047b00123b10503384091312400001ef051621c09004800123b0503380913"
		  "1200001f0516220900c00808b907159e060009120e2712003500001e470032" },
		{ 32, 32, 24, 1, false,
		  "20077090e07713140721602051090e05c13140601602a3021595110092020c"
		  "590a0459140a5d000083130a830904780817480c004f000d51001700000000" },
		{ 16, 16, 24, 3, false,
		  "100fe02080fe06080fe0a080aa02080ae06080ee0a08ff0000ff0400ff0800"
		  "ff0000ff0400ff0800fe0204fe0604fe0a04750000a3000baa040000000000" },
		{ 32, 32, 32, 2, true,
		  "20aeb0007aeb0015aeb0e159ae0a019ae13029ae160ae0010ae00612e00f16"
		  "cd0e00cd150ece16007c04057c12137a0a0d420e004316004e150838002c58" },
		{ 48, 48, 24, 0, false,
		  "1877a0609759000a732100048e0b084c10c114ee0311b40109b41000b20f0b"
		  "89000095090498070e8b040a71100e640a0b3b0000400011440e0426231a48" },
		{ 128, 128, 32, 0, true,
		  "2004e090604a01060400c1303a090603a010603c0c13cd1406cc0816cc090c"
		  "c60110c70c04c716105a14135915075604122a0600381600390c0f00000000" },
		{ 20, 22, 24, 0, false,
		  "18b8b0f00a51050e9e3090549900006f70308785010fd60e0acd0605cd030e"
		  "3d0000920008af0600720c11710f096d02101a0000370600410c00201f2552" },
		{ 33, 40, 8, 1, true,
		  "20aa90515a511511a030208579000057f0a055bc1509df1602db0514da1017"
		  "9600009b0a05a3130a71160867050f6216163605173609003e1500300f254b" },
		{ 22, 19, 24, 2, false,
		  "18c0d0007c0d000dc0d060db440400b440a00b441000dc0007dc000ddc060d"
		  "c80400c80a00c81000590506580d10400100000800000e00000e063e002664" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct icon_look found;
		char digits[ICON_DIGITS + 1] = "";

		make(&cases[i]);
		if (CHECK_EQ(look(made_len, &found), STATUS_OK))
			icon_digits(&found, digits);
		CHECK_STR(digits, cases[i].digits);
	}
}

TEST("what is no icon of a size to look at is told")
{
	static const struct {
		unsigned width, height, bits;
		enum status status;
	} cases[] = {
		{ 15, 15, 32, STATUS_MALFORMED },   { 16, 22, 24, STATUS_OK },
		{ 16, 23, 24, STATUS_MALFORMED },   { 23, 17, 24, STATUS_OK },
		{ 39, 28, 24, STATUS_MALFORMED },   { 257, 256, 1, STATUS_MALFORMED },
		{ 256, 192, 1, STATUS_OK },         { 256, 191, 1, STATUS_MALFORMED },
		{ 72, 72, 24, STATUS_UNSUPPORTED }, { 120, 120, 24, STATUS_UNSUPPORTED },
		{ 96, 96, 24, STATUS_OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct icon_case icon = { cases[i].width, cases[i].height,
					  cases[i].bits,  0,
					  false,          NULL };
		struct icon_look found;

		make(&icon);
		CHECK_EQ(look(made_len, &found), cases[i].status);
	}
}

TEST("a header of another kind is no icon")
{
	static const struct icon_case icon = { 16, 16, 32, 0, false, NULL };
	static const struct {
		size_t at;
		uint32_t value;
		enum status status;
	} cases[] = {
		{ 0, 39, STATUS_MALFORMED },
		{ 0, UINT32_MAX, STATUS_TRUNCATED },
		{ 4, 0xfffffff0, STATUS_MALFORMED },
		{ 8, 0xffffffe0, STATUS_MALFORMED },
		{ 12, 16 << 16, STATUS_UNSUPPORTED },
		{ 12, 31 << 16, STATUS_UNSUPPORTED },
		{ 16, 3, STATUS_OK },
		{ 32, 99, STATUS_OK },
	};
	struct icon_look found;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		make(&icon);
		store_u32le(&made[START + cases[i].at], cases[i].value);
		CHECK_EQ(look(made_len, &found), cases[i].status);
	}
}

TEST("the mask has to be there where it says something")
{
	struct icon_case icon = { 16, 16, 32, 0, false, NULL };
	struct icon_look found;

	make(&icon);
	CHECK_EQ(look(made_len - 64, &found), STATUS_OK);
	CHECK_EQ(look(made_len - 65, &found), STATUS_TRUNCATED);
	icon.kind = 2;
	make(&icon);
	CHECK_EQ(look(made_len - 1, &found), STATUS_TRUNCATED);
	icon.bits = 24;
	make(&icon);
	CHECK_EQ(look(made_len - 1, &found), STATUS_TRUNCATED);
	CHECK_EQ(look(made_len, &found), STATUS_OK);
	CHECK_EQ(look(START + 39, &found), STATUS_TRUNCATED);
	icon.bits = 8;
	make(&icon);
	CHECK_EQ(look(START + HEADER + 1023, &found), STATUS_TRUNCATED);
}

TEST_MAIN()
