/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries are sorted by source and by a hash of the name, and found by binary
 * search; the name itself decides.
 */
#include "database/ignored.h"

#include <string.h>

#include "bytes/store.h"
#include "database/text_hash.h"

enum { KEY_LEN = 12, MD5_LEN = 16 };

/* The key comes first, big-endian, so that memcmp() orders it. */
struct entry {
	uint8_t key[KEY_LEN]; /* source, hash of the name */
	uint8_t has_digest;
	uint8_t digest[MD5_LEN];
	size_t name; /* in `names` */
	size_t name_len;
};

static void make_key(uint32_t source, struct slice name, uint8_t out[KEY_LEN]);
static bool is_name(const struct ignored *ignored, const struct entry *entry,
		    struct slice name);

void ignored_init(struct ignored *ignored, struct arena *arena,
		  struct digest_state *digest)
{
	*ignored = (struct ignored){ .digest = digest };
	rows_init(&ignored->entries, arena, sizeof(struct entry));
	rows_init(&ignored->names, arena, 1);
}

bool ignored_add(struct ignored *ignored, uint32_t source, const struct rule *rule)
{
	struct entry entry = {
		.has_digest = rule->has_line_digest,
		.name = ignored->names.count,
		.name_len = rule->name.len,
	};

	make_key(source, rule->name, entry.key);
	memcpy(entry.digest, rule->line_digest, MD5_LEN);
	return rows_append(&ignored->names, rule->name.base, rule->name.len) &&
	       rows_append(&ignored->entries, &entry, 1);
}

void ignored_finish(struct ignored *ignored)
{
	rows_sort(&ignored->entries, KEY_LEN + 1 + MD5_LEN);
}

static const struct entry *entry_at(const struct ignored *ignored, size_t index)
{
	return (const struct entry *)(const void *)rows_at(&ignored->entries, index);
}

/* The first entry whose key is not less. */
static size_t first_of(const struct ignored *ignored, const uint8_t key[KEY_LEN])
{
	size_t low = 0;
	size_t high = ignored->entries.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(entry_at(ignored, middle)->key, key, KEY_LEN) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum status ignored_has(struct ignored *ignored, uint32_t source, struct slice name,
			struct slice line, bool *ret_is_ignored)
{
	struct digest digest = { .len = 0 };
	uint8_t key[KEY_LEN];

	*ret_is_ignored = false;
	if (ignored->entries.count == 0)
		return STATUS_OK;
	make_key(source, name, key);
	for (size_t i = first_of(ignored, key); i < ignored->entries.count; i++) {
		const struct entry *entry = entry_at(ignored, i);

		if (memcmp(entry->key, key, KEY_LEN) != 0)
			return STATUS_OK;
		if (!is_name(ignored, entry, name))
			continue;
		if (entry->has_digest && digest.len == 0) {
			enum status status = digest_of(ignored->digest, DIGEST_MD5, line,
						       &digest);
			if (status != STATUS_OK)
				return status;
		}
		if (entry->has_digest &&
		    memcmp(entry->digest, digest.bytes, MD5_LEN) != 0)
			continue;
		*ret_is_ignored = true;
		return STATUS_OK;
	}
	return STATUS_OK;
}

static void make_key(uint32_t source, struct slice name, uint8_t out[KEY_LEN])
{
	uint64_t hash = text_hash(TEXT_HASH_START, name);

	store_u32be(&out[0], source);
	store_u32be(&out[4], (uint32_t)(hash >> 32));
	store_u32be(&out[8], (uint32_t)hash);
}

static bool is_name(const struct ignored *ignored, const struct entry *entry,
		    struct slice name)
{
	if (entry->name_len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (*rows_at(&ignored->names, entry->name + i) != name.base[i])
			return false;
	return true;
}
