/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pkware.h"

#include "guard.h"
#include "test.h"

enum { BUDGET = 1 << 20, OUT_MAX = 128 };

static char out[OUT_MAX];

/* Members as Info-ZIP's zip 3.0 made them with the password "secret". */
static const uint8_t stored[] = {
	0xbd, 0x57, 0x45, 0xc3, 0x6b, 0x21, 0x36, 0x4f, 0xf3,
	0x45, 0x56, 0xf5, 0xe1, 0xc2, 0xea, 0xe2, 0x16, 0x87,
};
static const uint8_t deflated[] = {
	0x60, 0x27, 0xa1, 0x6a, 0x1b, 0x69, 0xcf, 0xb6, 0x1d,
	0xe8, 0x58, 0xfc, 0xa9, 0x94, 0x90, 0xc2, 0xeb, 0x5a,
};

/* Parameters for a member, and the last byte of its head. */
static struct pkware_parameters parameters_for(const uint8_t *member, size_t len,
					       const char *password, uint8_t *ret_last)
{
	struct pkware_parameters parameters = {
		.keys = pkware_keys_of(slice_of(password)),
		.is_deflated = member == deflated,
		.stored_len = len - PKWARE_HEAD_LEN,
	};

	for (size_t i = 0; i < PKWARE_HEAD_LEN; i++)
		*ret_last = pkware_decrypt(&parameters.keys, member[i]);
	return parameters;
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
		status = pkware_codec.step(state, &io);
		CHECK(io.in_pos <= n);
		used += io.in_pos;
		made += io.out_pos;
		guard_free(&part);
	}
	out[made] = '\0';
	*ret_used = used;
	return status;
}

static void check_member(const uint8_t *member, size_t len, const char *want)
{
	uint8_t last = 0, behind[64] = { 0 };
	struct pkware_parameters parameters = parameters_for(member, len, "secret",
							     &last);
	struct arena arena;
	void *state = NULL;
	size_t used;

	/* Something follows a member: it is left alone. */
	memcpy(behind, member + PKWARE_HEAD_LEN, len - PKWARE_HEAD_LEN);
	arena_init(&arena, BUDGET);
	REQUIRE(pkware_codec.init(&arena, &parameters, &state) == STATUS_OK);
	for (size_t step = 1; step < sizeof(behind); step++) {
		REQUIRE(pkware_codec.reset(state) == STATUS_OK);
		CHECK_EQ(decode(state, (struct slice){ behind, sizeof(behind) }, step,
				&used),
			 STATUS_END);
		CHECK_STR(out, want);
		CHECK_EQ(used, len - PKWARE_HEAD_LEN);
	}
	arena_clear(&arena);
}

TEST("what another program encrypted comes out, in pieces of any size")
{
	check_member(stored, sizeof(stored), "hello\n");
	check_member(
		deflated, sizeof(deflated),
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

TEST("the last byte of the head tells most wrong passwords")
{
	uint8_t last = 0;

	/* The time 18:13: these members were written before their sums were known. */
	(void)parameters_for(stored, sizeof(stored), "secret", &last);
	CHECK_EQ(last, 0x8d);
	(void)parameters_for(deflated, sizeof(deflated), "secret", &last);
	CHECK_EQ(last, 0x8d);
	(void)parameters_for(stored, sizeof(stored), "Secret", &last);
	CHECK(last != 0x8d);
}

TEST("a member that is cut is truncated")
{
	uint8_t last = 0;
	struct pkware_parameters parameters = parameters_for(stored, sizeof(stored),
							     "secret", &last);
	struct arena arena;
	void *state = NULL;
	size_t used;

	arena_init(&arena, BUDGET);
	REQUIRE(pkware_codec.init(&arena, &parameters, &state) == STATUS_OK);
	CHECK_EQ(decode(state, (struct slice){ stored + PKWARE_HEAD_LEN, 4 }, 4, &used),
		 STATUS_TRUNCATED);
	CHECK_STR(out, "hell");
	arena_clear(&arena);
}

TEST_MAIN()
