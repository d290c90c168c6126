/* SPDX-License-Identifier: Apache-2.0 */
#include "database/number_set.h"

#include <assert.h>

bool number_set_init(struct number_set *set, struct arena *arena, size_t count)
{
	unsigned log2 = 4;

	while (log2 < 40 && ((size_t)1 << log2) / 2 < count + 1)
		log2++;
	set->shift = 64 - log2;
	set->slots = arena_new_array(arena, uint64_t, (size_t)1 << log2);
	return set->slots;
}

void number_set_add(struct number_set *set, uint64_t number)
{
	size_t mask = ((size_t)1 << (64 - set->shift)) - 1;
	size_t i = number_set_slot(set, number);

	assert(number != 0);
	while (set->slots[i] && set->slots[i] != number)
		i = (i + 1) & mask;
	set->slots[i] = number;
}
