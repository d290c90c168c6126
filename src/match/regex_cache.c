/* SPDX-License-Identifier: Apache-2.0 */
#include "match/regex_cache.h"

#include <assert.h>

#include "base/checked.h"
#include "base/text_hash.h"

/* What an arena takes beside what is asked of it, for two pieces. */
enum { ARENA_OVERHEAD = 128 };

static void empty(struct regex_cache *cache, struct regex_slot *slot);
static struct regex_slot *oldest(struct regex_cache *cache, size_t bytes_min);

void regex_cache_init(struct regex_cache *cache, size_t bytes_max)
{
	*cache = (struct regex_cache){ .bytes_max = bytes_max };
}

void regex_cache_clear(struct regex_cache *cache)
{
	for (size_t i = 0; i < REGEX_CACHE_SLOTS; i++)
		empty(cache, &cache->slots[i]);
}

static uint64_t hash_of(const struct regex *regex)
{
	return text_hash(TEXT_HASH_START ^ regex->flags, regex->text);
}

void *regex_cache_find(struct regex_cache *cache, const struct regex *regex)
{
	const uint64_t hash = hash_of(regex);

	for (size_t i = 0; i < REGEX_CACHE_SLOTS; i++) {
		struct regex_slot *slot = &cache->slots[i];

		if (!slot->code || slot->hash != hash || slot->flags != regex->flags ||
		    !slice_equal(slot->text, regex->text))
			continue;
		cache->clock++;
		slot->used = cache->clock;
		cache->found++;
		return slot->code;
	}
	cache->compiled++;
	return NULL;
}

struct regex_slot *regex_cache_slot(struct regex_cache *cache, const struct regex *regex,
				    size_t code_bytes)
{
	struct regex_slot *slot;
	size_t bytes;

	if (!add_size(code_bytes, regex->text.len, &bytes) ||
	    !add_size(bytes, ARENA_OVERHEAD, &bytes) || bytes > cache->bytes_max)
		return NULL;
	while (cache->bytes > cache->bytes_max - bytes)
		empty(cache, oldest(cache, 1));
	slot = oldest(cache, 0);
	empty(cache, slot);
	arena_init(&slot->memory, bytes);
	if (!arena_copy(&slot->memory, regex->text, &slot->text)) {
		empty(cache, slot);
		return NULL;
	}
	slot->flags = regex->flags;
	slot->hash = hash_of(regex);
	cache->clock++;
	slot->used = cache->clock;
	slot->bytes = bytes;
	cache->bytes += bytes;
	return slot;
}

static void empty(struct regex_cache *cache, struct regex_slot *slot)
{
	cache->bytes -= slot->bytes;
	arena_clear(&slot->memory);
	*slot = (struct regex_slot){ 0 };
}

/*
 * The one that was not used for longest, of those that have so many bytes at least. Empty
 * ones were never used; there is one that has some where the cache has.
 */
static struct regex_slot *oldest(struct regex_cache *cache, size_t bytes_min)
{
	struct regex_slot *found = NULL;

	for (size_t i = 0; i < REGEX_CACHE_SLOTS; i++) {
		struct regex_slot *slot = &cache->slots[i];

		if (slot->bytes >= bytes_min && (!found || slot->used < found->used))
			found = slot;
	}
	assert(found);
	return found;
}
