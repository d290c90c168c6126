/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "gen.h"
#include "match/matcher.h"
#include "segment_maker.h"
#include "test.h"

struct found {
	uint32_t rules[16];
	size_t count;
};

static void on_found(void *context, uint32_t rule)
{
	struct found *found = context;

	if (found->count < 16)
		found->rules[found->count++] = rule;
}

static struct found look_up(const struct tables *tables, const uint8_t *digest,
			    size_t len, uint64_t size)
{
	struct found found = { 0 };
	struct digest key = { .len = len };
	struct hash_query query = { HASH_OF_OBJECT, &key, size };

	memcpy(key.bytes, digest, len);
	match_hash(tables, &query, on_found, &found);
	return found;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* The numbers of digests that the search takes different ways for. */
static void every_digest_is_found(struct gen *gen, size_t count, size_t len)
{
	uint8_t(*digests)[32] = calloc(count + 1, 32);
	struct segment_maker maker = { 0 };
	struct made_rule rule = { 0 };

	for (size_t i = 0; i < count; i++)
		gen_bytes(gen, digests[i], len);
	qsort(digests, count, 32, by_bytes);
	make_rule(&maker, &rule, NULL, 0);
	for (size_t i = 0; i < count; i++)
		make_hash(&maker, HASH_OF_OBJECT, (struct slice){ digests[i], len },
			  (uint32_t)i + 1);
	struct tables tables = make_tables(&maker);
	for (size_t i = 0; i < count; i++) {
		struct found found = look_up(&tables, digests[i], len, i + 1);
		if (!CHECK(found.count == 1 && found.rules[0] == i + 1))
			break;
		CHECK_EQ(look_up(&tables, digests[i], len, i + 2).count, 0);
	}
	gen_bytes(gen, digests[count], len);
	CHECK_EQ(look_up(&tables, digests[count], len, 1).count, 0);
	segment_maker_free(&maker);
	free(digests);
}

TEST("every digest is found with its size, and with no other")
{
	struct gen gen = gen_start();

	for (size_t count = 0; count < 20; count++)
		every_digest_is_found(&gen, count, 16);
	every_digest_is_found(&gen, 1000, 20);
	every_digest_is_found(&gen, 5000, 32);
}

TEST("digests that are not spread evenly are found too")
{
	struct segment_maker maker = { 0 };
	uint8_t digest[16] = { 0 };

	for (unsigned i = 0; i < 3000; i++) {
		digest[0] = 0xff;
		digest[14] = (uint8_t)(i >> 8);
		digest[15] = (uint8_t)i;
		make_hash(&maker, HASH_OF_OBJECT, (struct slice){ digest, 16 }, i);
	}
	struct tables tables = make_tables(&maker);
	for (unsigned i = 0; i < 3000; i++) {
		digest[14] = (uint8_t)(i >> 8);
		digest[15] = (uint8_t)i;
		if (!CHECK_EQ(look_up(&tables, digest, 16, i).count, 1))
			break;
	}
	segment_maker_free(&maker);
}

TEST("one digest may have several sizes, and any size")
{
	struct segment_maker maker = { 0 };
	uint8_t digest[20] = { 1, 2, 3 };
	struct slice slice = { digest, sizeof(digest) };

	make_hash(&maker, HASH_OF_OBJECT, slice, 10);
	make_hash(&maker, HASH_OF_OBJECT, slice, 20);
	make_hash(&maker, HASH_OF_OBJECT, slice, HASH_ANY_SIZE);
	struct tables tables = make_tables(&maker);
	CHECK_EQ(look_up(&tables, digest, 20, 10).count, 2);
	CHECK_EQ(look_up(&tables, digest, 20, 20).rules[0], 1);
	CHECK_EQ(look_up(&tables, digest, 20, UINT64_C(1) << 40).count, 1);
	CHECK_EQ(look_up(&tables, digest, 19, 10).count, 0);
	segment_maker_free(&maker);
}

TEST("ids go on over the sections, in their order")
{
	struct segment_maker maker = { 0 };
	uint8_t digest[32] = { 9 };
	struct found found = { 0 };
	struct digest key = { .len = 32 };
	struct hash_query query = { HASH_ALLOWED, &key, 5 };

	make_hash(&maker, HASH_OF_OBJECT, (struct slice){ digest, 16 }, 5);
	make_hash(&maker, HASH_OF_PE_IMPORTS, (struct slice){ digest, 20 }, 5);
	make_hash(&maker, HASH_ALLOWED, (struct slice){ digest, 32 }, 5);
	struct tables tables = make_tables(&maker);
	memcpy(key.bytes, digest, 32);
	match_hash(&tables, &query, on_found, &found);
	REQUIRE(found.count == 1);
	CHECK_EQ(found.rules[0], 2);
	segment_maker_free(&maker);
}

TEST("kinds are those of the size and of any size, by scope")
{
	struct segment_maker maker = { 0 };

	make_size(&maker, 5, 1 << 0);
	make_size(&maker, 7, 1 << 2 | 1 << (HASH_ALLOWED * DIGEST_KINDS + 1));
	make_size(&maker, 4000000000, 1 << 1);
	make_size(&maker, HASH_ANY_SIZE, 1 << 1);
	struct tables tables = make_tables(&maker);
	CHECK_EQ(match_hash_kinds(&tables, HASH_OF_OBJECT, 5), 3);
	CHECK_EQ(match_hash_kinds(&tables, HASH_OF_OBJECT, 6), 2);
	CHECK_EQ(match_hash_kinds(&tables, HASH_OF_OBJECT, 7), 6);
	CHECK_EQ(match_hash_kinds(&tables, HASH_ALLOWED, 7), 2);
	CHECK_EQ(match_hash_kinds(&tables, HASH_ALLOWED, HASH_ANY_SIZE), 0);
	CHECK_EQ(match_hash_kinds(&tables, HASH_OF_OBJECT, UINT64_MAX), 2);
	segment_maker_free(&maker);
}

TEST_MAIN()
