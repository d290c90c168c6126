/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of numbers of 32 bits: an open hash table, at most three quarters full. What was
 * taken out leaves a mark, so that what was put in behind it is still found.
 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

enum { FIRST_SLOTS = 64 };

enum slot_state { SLOT_FREE, SLOT_TAKEN, SLOT_LEFT };

struct set {
	uint32_t *keys;
	uint8_t *states;
	uint32_t slots; /* a power of two */
	uint32_t used;  /* taken or left */
	uint32_t count;
};

static struct set *set_of(const struct machine *machine, uint64_t id)
{
	return machine_object(&machine->sets, id);
}

static bool make_slots(struct machine *machine, struct set *set, uint32_t slots)
{
	set->keys = machine_alloc(machine, slots * sizeof(*set->keys));
	set->states = machine_alloc(machine, slots);
	set->slots = slots;
	set->used = set->count = 0;
	return set->keys && set->states;
}

/*
 * Where a key is or, if *ret_is_there is false, where it would be put. Keys are the
 * program's choice, and so is how far they are from their places: each step there costs.
 * False after a trap.
 */
static bool find(struct machine *machine, const struct set *set, uint32_t key,
		 uint32_t *ret_at, bool *ret_is_there)
{
	const uint32_t mask = set->slots - 1;
	uint32_t at = (key * 0x9e3779b1u) & mask;
	uint64_t passed = 0;

	while (set->states[at] != SLOT_FREE &&
	       (set->states[at] != SLOT_TAKEN || set->keys[at] != key)) {
		at = (at + 1) & mask;
		passed++;
	}
	*ret_at = at;
	*ret_is_there = set->states[at] == SLOT_TAKEN;
	return machine_work(machine, passed * MACHINE_BYTES_PER_STEP);
}

static bool put(struct machine *machine, struct set *set, uint32_t key)
{
	uint32_t at;
	bool is_there;

	if (!find(machine, set, key, &at, &is_there))
		return false;
	if (is_there)
		return true;
	set->states[at] = SLOT_TAKEN;
	set->keys[at] = key;
	set->used++;
	set->count++;
	return true;
}

static bool grow(struct machine *machine, struct set *set)
{
	struct set old = *set;

	if (!machine_work(machine, (uint64_t)old.slots * MACHINE_BYTES_PER_STEP) ||
	    !make_slots(machine, set, old.slots * 2))
		return false;
	for (uint32_t i = 0; i < old.slots; i++)
		if (old.states[i] == SLOT_TAKEN && !put(machine, set, old.keys[i]))
			return false;
	return true;
}

bool api_set_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct set *set = machine_alloc(machine, sizeof(*set));
	int32_t id;

	(void)arguments;
	if (!set || !make_slots(machine, set, FIRST_SLOTS) ||
	    !machine_object_add(machine, &machine->sets, set, &id))
		return false;
	*result = api_int(id);
	return true;
}

bool api_set_add(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct set *set = set_of(machine, arguments[0]);

	*result = api_int(-1);
	if (!set)
		return true;
	if (set->used >= set->slots / 4 * 3 && !grow(machine, set))
		return false;
	*result = 0;
	return put(machine, set, (uint32_t)arguments[1]);
}

bool api_set_remove(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct set *set = set_of(machine, arguments[0]);
	uint32_t at;
	bool is_there;

	*result = api_int(-1);
	if (!set)
		return true;
	if (!find(machine, set, (uint32_t)arguments[1], &at, &is_there))
		return false;
	if (!is_there)
		return true;
	set->states[at] = SLOT_LEFT;
	set->count--;
	*result = 0;
	return true;
}

bool api_set_has(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct set *set = set_of(machine, arguments[0]);
	uint32_t at;
	bool is_there;

	*result = api_int(-1);
	if (!set)
		return true;
	if (!find(machine, set, (uint32_t)arguments[1], &at, &is_there))
		return false;
	*result = is_there;
	return true;
}

bool api_set_done(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	*result = machine_object_drop(&machine->sets, arguments[0]) ? 0 : api_int(-1);
	return true;
}

/* A set that is not there is empty. */
bool api_set_empty(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct set *set = set_of(machine, arguments[0]);

	*result = !set || set->count == 0;
	return true;
}
