/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash table of digests, open addressing, at most half full. The key is the
 * first 64 bits of a SHA-256: who finds two lines with the same ones loses a rule
 * of his own.
 */
#include "database/seen.h"

#include <string.h>

#include "bytes/reader.h"
#include "bytes/store.h"

enum { FIRST_SLOTS = 1024 };

static bool grow(struct seen *seen);
static bool find(const struct seen *seen, const uint8_t key[SEEN_KEY_LEN],
		 size_t *ret_slot);

void seen_init(struct seen *seen, struct arena *arena, struct digest_state *digest)
{
	*seen = (struct seen){ .arena = arena, .digest = digest };
}

enum status seen_add(struct seen *seen, uint32_t source, struct slice line,
		     bool *ret_was_there)
{
	struct digest digests[DIGEST_COUNT];
	uint8_t prefix[4];
	size_t slot;

	if (2 * seen->used >= seen->slot_count && !grow(seen))
		return STATUS_NO_MEMORY;
	store_u32le(prefix, source);
	if (digest_start(seen->digest, DIGEST_BIT_SHA256) != STATUS_OK)
		return STATUS_NO_MEMORY;
	digest_update(seen->digest, prefix, sizeof(prefix));
	digest_update(seen->digest, line.base, line.len);
	digest_finish(seen->digest, digests);

	const uint8_t *key = digests[DIGEST_SHA256].bytes;
	*ret_was_there = find(seen, key, &slot);
	if (!*ret_was_there) {
		memcpy(seen->slots[slot], key, SEEN_KEY_LEN);
		seen->used++;
	}
	return STATUS_OK;
}

/* The slot that holds the key (true) or the free one where it belongs. */
static bool find(const struct seen *seen, const uint8_t key[SEEN_KEY_LEN],
		 size_t *ret_slot)
{
	static const uint8_t free_slot[SEEN_KEY_LEN];
	struct reader reader = reader_of(key, SEEN_KEY_LEN);
	size_t slot = (size_t)reader_u64le(&reader) & (seen->slot_count - 1);

	while (memcmp(seen->slots[slot], free_slot, SEEN_KEY_LEN) != 0) {
		if (memcmp(seen->slots[slot], key, SEEN_KEY_LEN) == 0) {
			*ret_slot = slot;
			return true;
		}
		slot = (slot + 1) & (seen->slot_count - 1);
	}
	*ret_slot = slot;
	return false;
}

static bool grow(struct seen *seen)
{
	static const uint8_t free_slot[SEEN_KEY_LEN];
	struct seen larger = *seen;
	size_t slot;

	larger.slot_count = seen->slot_count ? 2 * seen->slot_count : FIRST_SLOTS;
	larger.slots = arena_alloc_array(seen->arena, larger.slot_count, SEEN_KEY_LEN);
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < seen->slot_count; i++) {
		if (memcmp(seen->slots[i], free_slot, SEEN_KEY_LEN) == 0)
			continue;
		(void)find(&larger, seen->slots[i], &slot);
		memcpy(larger.slots[slot], seen->slots[i], SEEN_KEY_LEN);
	}
	*seen = larger;
	return true;
}
