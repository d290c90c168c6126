/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest_many.h"

#include <string.h>

#include "base/digest_kernel.h"
#include "gen.h"
#include "guard.h"
#include "test.h"

enum { BLOCKS_MAX = 40, LEN_MAX = BLOCKS_MAX * DIGEST_BLOCK_LEN, ROUNDS = 60 };

static struct digests digests;
static struct digest_state state;

static void load(void)
{
	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
}

static void unload(void)
{
	digest_state_clear(&state);
	digests_clear(&digests);
}

/* Every kind of lanes says what OpenSSL says. */
static void agree(const struct slice *messages, size_t count)
{
	const struct digest_kernel *kernels[DIGEST_KERNELS_MAX];
	size_t kernel_count = digest_kernels(kernels);

	for (size_t k = 0; k < kernel_count; k++)
		for (unsigned kind = 0; kind < DIGEST_COUNT; kind++) {
			struct digest got[DIGEST_MANY_MAX], want;

			REQUIRE(digest_many(kernels[k], &state,
					    &(struct digest_batch){
						    (enum digest_kind)kind, messages,
						    count, got }) == STATUS_OK);
			for (size_t i = 0; i < count; i++) {
				REQUIRE(digest_of(&state, (enum digest_kind)kind,
						  messages[i], &want) == STATUS_OK);
				CHECK(digest_equal(&got[i], &want));
			}
		}
}

TEST("messages of every length up to some blocks, as many at once as there are lanes")
{
	uint8_t bytes[4 * DIGEST_BLOCK_LEN];
	struct slice messages[DIGEST_LANES_MAX];
	struct gen gen = gen_start();

	load();
	gen_bytes(&gen, bytes, sizeof(bytes));
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		for (size_t i = 0; i < DIGEST_LANES_MAX; i++)
			messages[i] = (struct slice){ bytes, len };
		agree(messages, DIGEST_LANES_MAX);
	}
	unload();
}

TEST("any number of messages, each at the end of its memory, none, some and many blocks "
     "long")
{
	struct guard guards[DIGEST_MANY_MAX];
	struct slice messages[DIGEST_MANY_MAX];
	struct gen gen = gen_start();

	load();
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t count = gen_below(&gen, DIGEST_MANY_MAX + 1);

		for (size_t i = 0; i < count; i++) {
			size_t len = gen_below(&gen, 2) ? gen_below(&gen, LEN_MAX) :
							  gen_below(&gen, 130);

			guards[i] = guard_new(len);
			gen_bytes(&gen, guards[i].bytes, len);
			messages[i] = (struct slice){ guards[i].bytes, len };
		}
		agree(messages, count);
		for (size_t i = 0; i < count; i++)
			guard_free(&guards[i]);
	}
	unload();
}

TEST("without lanes, and where no kernel is for the path, messages are taken one by one")
{
	struct slice messages[] = { slice_of("abc"), slice_of("") };
	struct digest got[2];
	char hex[DIGEST_HEX_MAX];

	load();
	REQUIRE(digest_many(NULL, &state,
			    &(struct digest_batch){ DIGEST_MD5, messages, 2, got }) ==
		STATUS_OK);
	digest_hex(&got[0], hex);
	CHECK_STR(hex, "900150983cd24fb0d6963f7d28e17f72");
	digest_hex(&got[1], hex);
	CHECK_STR(hex, "d41d8cd98f00b204e9800998ecf8427e");
	CHECK(!digest_kernel_of(CPU_PORTABLE));
	unload();
}

TEST("the best kernel is the last; each is found by its path")
{
	const struct digest_kernel *kernels[DIGEST_KERNELS_MAX];
	size_t count = digest_kernels(kernels);

	for (size_t i = 0; i < count; i++) {
		CHECK(digest_kernel_of(kernels[i]->path) == kernels[i]);
		CHECK(kernels[i]->take[DIGEST_MD5] != NULL);
	}
	CHECK(digest_kernel_of(CPU_BEST) == (count > 0 ? kernels[count - 1] : NULL));
}

/* digest_kernels() gives one of the two with half as many lanes, by what else there is. */
#ifdef __x86_64__
TEST("what eight lanes do for SHA, though the processor has instructions for it")
{
	static const uint8_t bytes[3 * DIGEST_BLOCK_LEN + 7] = "some bytes, and zeros";
	struct slice messages[9];

	if (!__builtin_cpu_supports("avx2"))
		SKIP("no AVX2");
	load();
	for (size_t i = 0; i < 9; i++)
		messages[i] = (struct slice){ bytes, sizeof(bytes) - 8 * i };
	for (unsigned kind = 0; kind < DIGEST_COUNT; kind++) {
		struct digest got[9], want;

		REQUIRE(digest_many(&digest_avx2, &state,
				    &(struct digest_batch){ (enum digest_kind)kind,
							    messages, 9, got }) ==
			STATUS_OK);
		for (size_t i = 0; i < 9; i++) {
			REQUIRE(digest_of(&state, (enum digest_kind)kind, messages[i],
					  &want) == STATUS_OK);
			CHECK(digest_equal(&got[i], &want));
		}
	}
	unload();
}
#endif

TEST_MAIN()
