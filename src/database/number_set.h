/* SPDX-License-Identifier: Apache-2.0 */
/* A set of numbers other than 0, of a size that is known beforehand. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct number_set {
	uint64_t *slots; /* a power of two of them, at least twice as many as numbers */
	unsigned shift;
};

/* Room for `count` numbers. False: no memory. */
MUST_CHECK bool number_set_init(struct number_set *set, struct arena *arena,
				size_t count);
void number_set_add(struct number_set *set, uint64_t number);

static inline size_t number_set_slot(const struct number_set *set, uint64_t number)
{
	return (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> set->shift);
}

static inline bool number_set_has(const struct number_set *set, uint64_t number)
{
	size_t mask = ((size_t)1 << (64 - set->shift)) - 1;

	for (size_t i = number_set_slot(set, number); set->slots[i]; i = (i + 1) & mask)
		if (set->slots[i] == number)
			return true;
	return false;
}
