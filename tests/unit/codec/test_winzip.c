/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/winzip.h"

#include "guard.h"
#include "test.h"

enum { BUDGET = 1 << 20, OUT_MAX = 128 };

static char out[OUT_MAX];

/* Members as 7-Zip made them with the password "secret". */
#define TEXT "some text some text some text"

static const uint8_t member_128_stored[] = {
	0x41, 0x39, 0xe3, 0x55, 0xf5, 0xde, 0x97, 0xec, 0x5a, 0xf0, 0xde, 0xa6, 0x7b,
	0xd2, 0x01, 0xb5, 0x2c, 0x32, 0xab, 0xf1, 0x06, 0x4e, 0xe2, 0x88, 0xce, 0x69,
	0x8a, 0x0e, 0x37, 0xa4, 0xbc, 0x63, 0x99, 0x5e, 0xdb, 0xcf, 0xe4, 0xb5, 0xb9,
	0x29, 0x96, 0x7a, 0xfd, 0xe3, 0x57, 0x1b, 0x20, 0x85, 0xe7,
};
static const uint8_t member_128_deflated[] = {
	0xdc, 0xd9, 0xf0, 0x59, 0xfe, 0x64, 0x37, 0x68, 0xc8, 0x10, 0xf3, 0x9e,
	0x28, 0x5c, 0x75, 0x0f, 0xd9, 0x5e, 0xf1, 0x3e, 0xe1, 0xf9, 0xf8, 0xfc,
	0xf4, 0xf9, 0x1d, 0x0e, 0x91, 0x6e, 0xf8, 0xa9, 0x4c, 0xb2, 0xef, 0xc4,
	0xaa, 0x43, 0xd7, 0x1c, 0x93, 0xb3, 0x27, 0xcb, 0x6c, 0x95,
};
static const uint8_t member_192_stored[] = {
	0x15, 0xcd, 0x23, 0xf7, 0x7f, 0xf0, 0x53, 0xd1, 0x67, 0x91, 0xf5,
	0x63, 0xb9, 0x3d, 0xb1, 0xba, 0xb2, 0x37, 0x83, 0xee, 0x53, 0x43,
	0xf5, 0xca, 0xaa, 0x58, 0x5a, 0xf0, 0x14, 0xf7, 0xd2, 0xb8, 0x41,
	0x22, 0xda, 0x5f, 0xff, 0xe4, 0x7d, 0xd8, 0xa2, 0xc4, 0xad, 0xdc,
	0x5d, 0x9d, 0x42, 0xe1, 0xe6, 0x50, 0x7f, 0xe5, 0x10,
};
static const uint8_t member_192_deflated[] = {
	0xfd, 0x81, 0x80, 0x02, 0x33, 0x35, 0x5f, 0x0d, 0xb8, 0x10, 0x1b, 0x17, 0x1b,
	0x63, 0xa2, 0x44, 0xdd, 0x93, 0xb8, 0x8d, 0xd7, 0x29, 0x76, 0x38, 0xb4, 0x9d,
	0xe6, 0x00, 0x60, 0x49, 0x4b, 0xd4, 0xdc, 0x2e, 0xd2, 0x32, 0x93, 0x1b, 0x91,
	0xaf, 0x2c, 0xb1, 0x0c, 0x74, 0xef, 0x29, 0x92, 0x1f, 0xba, 0x85,
};
static const uint8_t member_256_stored[] = {
	0x17, 0x53, 0x78, 0xa9, 0x41, 0xde, 0x29, 0xad, 0x38, 0x49, 0x2d, 0x4b,
	0x15, 0x04, 0xde, 0x99, 0xd5, 0x11, 0x4e, 0x8f, 0x07, 0xdc, 0x3f, 0xb6,
	0x34, 0x65, 0x3a, 0x0c, 0x6f, 0xd0, 0x3d, 0xcc, 0x92, 0xd6, 0x16, 0xb7,
	0x5d, 0x88, 0x57, 0x20, 0x34, 0xf3, 0x7a, 0x7a, 0x89, 0x7f, 0xb2, 0xab,
	0x1b, 0x07, 0xbf, 0x24, 0x36, 0x61, 0xe7, 0x74, 0x59,
};
static const uint8_t member_256_deflated[] = {
	0x88, 0x45, 0x27, 0x80, 0xe5, 0xeb, 0xaa, 0x98, 0x6b, 0x40, 0x12,
	0x66, 0x55, 0x6a, 0x47, 0x49, 0x50, 0x43, 0xaa, 0x4b, 0x1e, 0x61,
	0x77, 0xbe, 0x3a, 0x50, 0xc4, 0x23, 0x54, 0x62, 0xba, 0x61, 0xc2,
	0xe7, 0x1c, 0xbb, 0x32, 0xab, 0x0b, 0x47, 0xd5, 0xf2, 0xa9, 0x39,
	0x28, 0xda, 0x58, 0x53, 0xe3, 0xf6, 0x12, 0x9f, 0x85, 0x76,
};

static const struct member {
	const uint8_t *bytes;
	size_t len;
	unsigned strength;
	bool is_deflated;
} members[] = {
	{ member_128_stored, sizeof(member_128_stored), WINZIP_128, false },
	{ member_128_deflated, sizeof(member_128_deflated), WINZIP_128, true },
	{ member_192_stored, sizeof(member_192_stored), WINZIP_192, false },
	{ member_192_deflated, sizeof(member_192_deflated), WINZIP_192, true },
	{ member_256_stored, sizeof(member_256_stored), WINZIP_256, false },
	{ member_256_deflated, sizeof(member_256_deflated), WINZIP_256, true },
};

static struct winzip_parameters parameters_for(const struct member *member,
					       const char *password)
{
	size_t salt = winzip_salt_len(member->strength);
	struct winzip_parameters parameters = {
		.is_deflated = member->is_deflated,
		.len = member->len - salt - WINZIP_CHECK_LEN - WINZIP_MAC_LEN,
	};

	winzip_make_keys(slice_of(password), (struct slice){ member->bytes, salt },
			 member->strength, &parameters.keys);
	return parameters;
}

static bool check_fits(const struct member *member, const struct winzip_parameters *made)
{
	return memcmp(&member->bytes[winzip_salt_len(member->strength)], made->keys.check,
		      WINZIP_CHECK_LEN) == 0;
}

/* Decodes with windows of these sizes, each of which ends at a page nobody may touch. */
static enum status decode(void *state, struct slice in, size_t step, size_t *ret_used)
{
	enum status status = STATUS_OK;
	size_t used = 0, made = 0;

	while (status == STATUS_OK) {
		size_t n = in.len - used < step ? in.len - used : step;
		struct guard part = guard_copy(in.base + used, n);
		struct codec_io io = {
			.in = part.bytes,
			.in_len = n,
			.in_ends = used + n == in.len,
			.out = (uint8_t *)out + made,
			.out_len = step < OUT_MAX - 1 - made ? step : OUT_MAX - 1 - made,
		};
		status = winzip_codec.step(state, &io);
		CHECK(io.in_pos <= n);
		used += io.in_pos;
		made += io.out_pos;
		guard_free(&part);
	}
	out[made] = '\0';
	*ret_used = used;
	return status;
}

static struct slice body_of(const struct member *member)
{
	size_t head = winzip_salt_len(member->strength) + WINZIP_CHECK_LEN;

	return (struct slice){ &member->bytes[head], member->len - head };
}

TEST("the three strengths, stored and deflated, in windows of any size")
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct winzip_parameters parameters = parameters_for(&members[i],
								     "secret");
		struct slice body = body_of(&members[i]);
		struct arena arena;
		void *state;
		size_t used;

		CHECK(check_fits(&members[i], &parameters));
		arena_init(&arena, BUDGET);
		REQUIRE(winzip_codec.init(&arena, &parameters, &state) == STATUS_OK);
		for (size_t step = 1; step < 100; step++) {
			REQUIRE(winzip_codec.reset(state) == STATUS_OK);
			CHECK_EQ(decode(state, body, step, &used), STATUS_END);
			CHECK_EQ(used, body.len);
			CHECK_STR(out, TEXT);
		}
		arena_clear(&arena);
	}
}

TEST("every cut and every other byte is noticed at the end")
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct winzip_parameters parameters = parameters_for(&members[i],
								     "secret");
		struct slice body = body_of(&members[i]);
		uint8_t spoiled[128];
		struct arena arena;
		void *state;
		size_t used;

		arena_init(&arena, BUDGET);
		REQUIRE(winzip_codec.init(&arena, &parameters, &state) == STATUS_OK);
		for (size_t len = 0; len < body.len; len++) {
			REQUIRE(winzip_codec.reset(state) == STATUS_OK);
			CHECK_EQ(decode(state, (struct slice){ body.base, len }, 64,
					&used),
				 STATUS_TRUNCATED);
		}
		for (size_t at = 0; at < body.len; at++) {
			memcpy(spoiled, body.base, body.len);
			spoiled[at] ^= 0x10;
			REQUIRE(winzip_codec.reset(state) == STATUS_OK);
			enum status status = decode(
				state, (struct slice){ spoiled, body.len }, 64, &used);
			CHECK(status == STATUS_MALFORMED ||
			      (members[i].is_deflated && status == STATUS_TRUNCATED));
		}
		arena_clear(&arena);
	}
}

TEST("keys are those of RFC 6070's function, and of any password")
{
	static const char longest[] = "a password that is longer than a block of SHA-1, "
				      "which is 64 bytes";
	struct winzip_parameters other = parameters_for(&members[0], "secreT");
	struct winzip_keys keys, again;

	CHECK(!check_fits(&members[0], &other));
	CHECK_EQ(winzip_salt_len(0), 0);
	CHECK_EQ(winzip_salt_len(WINZIP_256), 16);
	CHECK_EQ(winzip_salt_len(4), 0);
	winzip_make_keys(slice_of(longest), slice_of("saltsalt"), WINZIP_128, &keys);
	winzip_make_keys(slice_of(longest), slice_of("saltsalt"), WINZIP_128, &again);
	CHECK(memcmp(keys.check, again.check, 2) == 0);
	CHECK_EQ(keys.check[0], 0x67);
	CHECK_EQ(keys.check[1], 0x37);
}

TEST_MAIN()
