/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries are sorted by source, by a hash of the name and by the line's digest,
 * and found by binary search; the name itself decides.
 */
#include "database/ignored.h"

#include <string.h>

#include "base/text_hash.h"
#include "bytes/store.h"

enum { KEY_LEN = 12, MD5_LEN = 16, ORDER_LEN = KEY_LEN + 1 + MD5_LEN };

struct entry {
	/*
	 * Source and hash of the name, big-endian; then 0, or 1 and the digest of
	 * the line. memcmp() orders it.
	 */
	uint8_t order[ORDER_LEN];
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
		.name = ignored->names.count,
		.name_len = rule->name.len,
	};

	make_key(source, rule->name, entry.order);
	if (rule->has_line_digest) {
		entry.order[KEY_LEN] = 1;
		memcpy(&entry.order[KEY_LEN + 1], rule->line_digest, MD5_LEN);
		ignored->has_digests = true;
	}
	return rows_append(&ignored->names, rule->name.base, rule->name.len) &&
	       rows_append(&ignored->entries, &entry, 1);
}

void ignored_finish(struct ignored *ignored)
{
	rows_sort(&ignored->entries, ORDER_LEN);
}

static const struct entry *entry_at(const struct ignored *ignored, size_t index)
{
	return (const struct entry *)(const void *)rows_at(&ignored->entries, index);
}

/* The first entry whose order is not less. */
static size_t first_of(const struct ignored *ignored, const uint8_t order[ORDER_LEN])
{
	size_t low = 0;
	size_t high = ignored->entries.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(entry_at(ignored, middle)->order, order, ORDER_LEN) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is there an entry of this order for this name? Others of the order have its hash. */
static bool find(const struct ignored *ignored, const uint8_t order[ORDER_LEN],
		 struct slice name)
{
	for (size_t i = first_of(ignored, order); i < ignored->entries.count; i++) {
		const struct entry *entry = entry_at(ignored, i);

		if (memcmp(entry->order, order, ORDER_LEN) != 0)
			return false;
		if (is_name(ignored, entry, name))
			return true;
	}
	return false;
}

enum status ignored_has(struct ignored *ignored, uint32_t source, struct slice name,
			struct slice line, bool *ret_is_ignored)
{
	uint8_t order[ORDER_LEN] = { 0 };
	struct digest digest;

	*ret_is_ignored = false;
	if (ignored->entries.count == 0)
		return STATUS_OK;
	make_key(source, name, order);
	*ret_is_ignored = find(ignored, order, name);
	if (*ret_is_ignored || !ignored->has_digests)
		return STATUS_OK;
	enum status status = digest_of(ignored->digest, DIGEST_MD5, line, &digest);
	if (status != STATUS_OK)
		return status;
	order[KEY_LEN] = 1;
	memcpy(&order[KEY_LEN + 1], digest.bytes, MD5_LEN);
	*ret_is_ignored = find(ignored, order, name);
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
