/* SPDX-License-Identifier: Apache-2.0 */
#include "match/id_set.h"

#include <string.h>

enum { FIRST_LOG2 = 6, LOG2_MAX = 31 };

static size_t slot_of(const struct id_set *set, uint64_t id);
static bool grow(struct id_set *set);

void id_set_init(struct id_set *set, struct arena *arena)
{
	*set = (struct id_set){ .arena = arena };
}

void id_set_clear(struct id_set *set)
{
	if (set->count > 0)
		memset(set->slots, 0, sizeof(set->slots[0]) << set->log2);
	set->count = 0;
}

bool id_set_has(const struct id_set *set, uint64_t id)
{
	return set->count > 0 && set->slots[slot_of(set, id)] != 0;
}

bool id_set_add(struct id_set *set, uint64_t id)
{
	if (id_set_has(set, id))
		return true;
	/* Half of the slots stay empty. */
	if (!set->slots || set->count == (size_t)1 << (set->log2 - 1))
		if (!grow(set))
			return false;
	set->ids[set->count++] = id;
	set->slots[slot_of(set, id)] = (uint32_t)set->count;
	return true;
}

/* Where the id is, or the empty slot where it would be. */
static size_t slot_of(const struct id_set *set, uint64_t id)
{
	size_t mask = ((size_t)1 << set->log2) - 1;
	size_t slot = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> (64 - set->log2));

	while (set->slots[slot] != 0 && set->ids[set->slots[slot] - 1] != id)
		slot = (slot + 1) & mask;
	return slot;
}

static bool grow(struct id_set *set)
{
	struct id_set larger = *set;

	larger.log2 = set->slots ? set->log2 + 1 : FIRST_LOG2;
	if (larger.log2 > LOG2_MAX)
		return false;
	larger.slots = arena_new_array(set->arena, uint32_t, (size_t)1 << larger.log2);
	larger.ids = arena_new_array(set->arena, uint64_t,
				     (size_t)1 << (larger.log2 - 1));
	if (!larger.slots || !larger.ids)
		return false;
	if (set->count > 0)
		memcpy(larger.ids, set->ids, set->count * sizeof(set->ids[0]));
	for (size_t i = 0; i < set->count; i++)
		larger.slots[slot_of(&larger, larger.ids[i])] = (uint32_t)(i + 1);
	*set = larger;
	return true;
}
