/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps: keys of one length, values of one length or, if that is 0, each of its own. A
 * map remembers the key that was added or found last. Entries stand in a list of
 * buckets, of which there are as many as entries, about.
 */
#include "base/checked.h"
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

enum { KEY_MAX = 1 << 16, VALUE_MAX = 1 << 20, FIRST_BUCKETS = 64 };

struct map_entry {
	struct map_entry *next;
	uint8_t *key, *value;
	uint32_t value_len;
	uint64_t pointer; /* to the value; 0: not asked for yet */
};

struct map {
	uint32_t key_len;
	uint32_t value_len; /* 0: of any length */
	struct map_entry **buckets;
	uint32_t bucket_count; /* a power of two */
	uint32_t count;
	struct map_entry *last_added, *last_found;
};

static struct map *map_of(const struct machine *machine, uint64_t id)
{
	return machine_object(&machine->maps, id);
}

static uint32_t hash_of(const uint8_t *key, uint32_t len)
{
	uint32_t hash = 0x811c9dc5;

	for (uint32_t i = 0; i < len; i++)
		hash = (hash ^ key[i]) * 0x01000193;
	return hash ^ hash >> 15;
}

bool api_map_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct map *map;
	int32_t id;

	*result = api_int(-1);
	if (arguments[0] == 0 || arguments[0] > KEY_MAX || arguments[1] > VALUE_MAX)
		return true;
	map = machine_alloc(machine, sizeof(*map));
	if (!map)
		return false;
	map->key_len = (uint32_t)arguments[0];
	map->value_len = (uint32_t)arguments[1];
	map->bucket_count = FIRST_BUCKETS;
	map->buckets = machine_alloc(machine, map->bucket_count * sizeof(*map->buckets));
	if (!map->buckets || !machine_object_add(machine, &machine->maps, map, &id))
		return false;
	*result = api_int(id);
	return true;
}

static bool grow(struct machine *machine, struct map *map)
{
	uint32_t count = map->bucket_count * 2;
	struct map_entry **buckets;

	if (!machine_work(machine, (uint64_t)map->count * map->key_len))
		return false;
	buckets = machine_alloc(machine, count * sizeof(*buckets));
	if (!buckets)
		return false;
	for (uint32_t i = 0; i < map->bucket_count; i++) {
		struct map_entry *next;

		for (struct map_entry *entry = map->buckets[i]; entry; entry = next) {
			uint32_t at = hash_of(entry->key, map->key_len) & (count - 1);

			next = entry->next;
			entry->next = buckets[at];
			buckets[at] = entry;
		}
	}
	map->buckets = buckets;
	map->bucket_count = count;
	return true;
}

/* A call with a key: the map, the key, and where it is. */
struct lookup {
	struct map *map;
	const uint8_t *key;
	struct map_entry **at; /* what points to the entry, or to where it would be */
};

/*
 * False after a trap. `map` is NULL if there is none with that number, or it has keys of
 * another length.
 */
static bool look_up(struct machine *machine, const uint64_t *arguments,
		    struct lookup *out)
{
	struct map *map = map_of(machine, arguments[2]);

	*out = (struct lookup){ 0 };
	if (!map || arguments[1] != map->key_len)
		return true;
	const uint8_t *key = machine_bytes(machine, arguments[0], map->key_len, false);
	if (!key || !machine_work(machine, map->key_len))
		return false;
	uint32_t bucket = hash_of(key, map->key_len) & (map->bucket_count - 1);
	struct map_entry **at = &map->buckets[bucket];
	while (*at && memcmp((*at)->key, key, map->key_len) != 0) {
		if (!machine_work(machine, map->key_len + MACHINE_BYTES_PER_STEP))
			return false;
		at = &(*at)->next;
	}
	*out = (struct lookup){ map, key, at };
	return true;
}

bool api_map_add(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct lookup lookup;

	*result = api_int(-1);
	if (!look_up(machine, arguments, &lookup))
		return false;
	struct map *map = lookup.map;
	if (!map)
		return true;
	*result = 0;
	if (!*lookup.at) {
		struct map_entry *entry = machine_alloc(machine, sizeof(*entry));

		if (!entry)
			return false;
		entry->key = machine_alloc(machine, map->key_len);
		if (!entry->key)
			return false;
		memcpy(entry->key, lookup.key, map->key_len);
		*lookup.at = entry;
		map->count++;
		*result = 1;
	}
	map->last_added = *lookup.at;
	return map->count < map->bucket_count || grow(machine, map);
}

bool api_map_set(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct map *map = map_of(machine, arguments[2]);
	uint64_t len = arguments[1];

	*result = api_int(-1);
	if (!map || !map->last_added || len > VALUE_MAX ||
	    (map->value_len > 0 && len != map->value_len))
		return true;
	const uint8_t *value = machine_bytes(machine, arguments[0], len, false);
	if (!value || !machine_work(machine, len))
		return false;
	struct map_entry *entry = map->last_added;
	if (entry->value_len != len || !entry->value) {
		machine_region_free(machine, entry->pointer);
		entry->pointer = 0;
		entry->value = machine_alloc(machine, (size_t)len);
		if (!entry->value)
			return false;
		entry->value_len = (uint32_t)len;
	}
	memcpy(entry->value, value, (size_t)len);
	*result = 0;
	return true;
}

bool api_map_remove(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct lookup lookup;

	*result = api_int(-1);
	if (!look_up(machine, arguments, &lookup))
		return false;
	struct map *map = lookup.map;
	if (!map)
		return true;
	struct map_entry *entry = *lookup.at;
	*result = entry != NULL;
	if (!entry)
		return true;
	*lookup.at = entry->next;
	machine_region_free(machine, entry->pointer);
	map->count--;
	if (map->last_added == entry)
		map->last_added = NULL;
	if (map->last_found == entry)
		map->last_found = NULL;
	return machine->status == STATUS_OK;
}

bool api_map_find(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct lookup lookup;

	*result = api_int(-1);
	if (!look_up(machine, arguments, &lookup))
		return false;
	if (!lookup.map)
		return true;
	lookup.map->last_found = *lookup.at;
	*result = *lookup.at != NULL;
	return true;
}

bool api_map_size(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct map *map = map_of(machine, arguments[0]);

	*result = api_int(-1);
	if (map && map->value_len > 0)
		*result = map->value_len;
	else if (map && map->last_found)
		*result = map->last_found->value_len;
	return true;
}

/* A pointer to the value of the key found last; to nothing, if that is not so long. */
bool api_map_value(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct map *map = map_of(machine, arguments[0]);

	*result = 0;
	if (!map || !map->last_found || !map->last_found->value ||
	    map->last_found->value_len != arguments[1])
		return true;
	struct map_entry *entry = map->last_found;
	struct region region = { .bytes = entry->value,
				 .size = entry->value_len,
				 .kind = REGION_MEMORY };
	if (entry->pointer == 0 && !machine_region(machine, region, &entry->pointer))
		return false;
	*result = entry->pointer;
	return true;
}

bool api_map_done(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	*result = machine_object_drop(&machine->maps, arguments[0]) ? 0 : api_int(-1);
	return true;
}
