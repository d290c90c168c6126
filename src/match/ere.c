/* SPDX-License-Identifier: Apache-2.0 */
#include "match/ere.h"

#include <string.h>

#include "base/checked.h"
#include "bytes/reader.h"

/* The states reached before the byte at `at`. */
struct run {
	const struct ere *ere;
	struct slice text;
	size_t at;
	uint16_t *list;
	size_t count;
	uint32_t mark; /* what stands in `reached` of a state in the list */
	bool matches;
};

static bool states_are_good(const struct ere *ere, size_t set_count);
static bool has_literal(const struct ere *ere, struct slice text);
static void reach(struct run *run, uint16_t state);
static void step(struct run *run, uint8_t byte, uint16_t *list);
static bool takes(const struct ere *ere, const struct ere_state *state, uint8_t byte);

static uint8_t lower(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (uint8_t)(byte | 0x20);
	return byte;
}

enum status ere_open(struct slice program, struct arena *arena, struct ere *out)
{
	struct reader in = reader_of_slice(program);
	struct ere ere = { .state_count = reader_u16le(&in) };
	uint16_t set_count = reader_u16le(&in);
	uint16_t flags = reader_u16le(&in);
	uint16_t literal_len = reader_u16le(&in);

	if (!reader_ok(&in) || ere.state_count == 0 || ere.state_count > ERE_STATES_MAX)
		return STATUS_MALFORMED;
	struct ere_state *states = arena_new_array(arena, struct ere_state,
						   ere.state_count);
	size_t room = 2 * (size_t)ere.state_count + 1;
	ere.now = arena_new_array(arena, uint16_t, room);
	ere.then = arena_new_array(arena, uint16_t, room);
	ere.reached = arena_new_array(arena, uint32_t, ere.state_count);
	if (!states || !ere.now || !ere.then || !ere.reached)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < ere.state_count; i++) {
		states[i].op = reader_u8(&in);
		states[i].byte = reader_u8(&in);
		states[i].x = reader_u16le(&in);
		states[i].y = reader_u16le(&in);
	}
	ere.states = states;
	ere.sets = reader_slice(&in, (size_t)set_count * ERE_SET_LEN).base;
	ere.literal = reader_slice(&in, literal_len);
	ere.fold = flags & ERE_FOLD;
	if (!reader_ok(&in) || !states_are_good(&ere, set_count))
		return STATUS_MALFORMED;
	*out = ere;
	return STATUS_OK;
}

/* Once it is known that no state leads out of the machine, running it asks no more. */
static bool states_are_good(const struct ere *ere, size_t set_count)
{
	for (size_t i = 0; i < ere->state_count; i++) {
		const struct ere_state *state = &ere->states[i];
		bool goes_on = state->op != ERE_MATCH && state->op != ERE_SPLIT &&
			       state->op != ERE_JUMP;

		if (state->op >= ERE_OPS || (goes_on && i + 1 == ere->state_count) ||
		    (state->op == ERE_SET && state->x >= set_count))
			return false;
		if ((state->op == ERE_SPLIT || state->op == ERE_JUMP) &&
		    (state->x >= ere->state_count || state->y >= ere->state_count))
			return false;
	}
	return true;
}

enum status ere_search(const struct ere *ere, struct slice text, uint64_t *steps,
		       bool *ret_matches)
{
	struct run run = { .ere = ere, .text = text, .list = ere->now };
	uint16_t *other = ere->then;
	uint64_t most;

	*ret_matches = false;
	if (!has_literal(ere, text))
		return STATUS_OK;
	if (!mul_u64((uint64_t)text.len + 1, ere->state_count, &most) || most > *steps) {
		*steps = 0;
		return STATUS_LIMIT;
	}
	*steps -= most;
	memset(ere->reached, 0, ere->state_count * sizeof(*ere->reached));
	run.mark = 1;
	for (;;) {
		/* A match may begin at every byte. */
		reach(&run, 0);
		if (run.matches || run.at == text.len)
			break;
		uint16_t *spent = run.list;
		step(&run, text.base[run.at], other);
		other = spent;
	}
	*ret_matches = run.matches;
	return STATUS_OK;
}

static bool has_literal(const struct ere *ere, struct slice text)
{
	struct slice literal = ere->literal;
	size_t last = text.len - min_size(literal.len, text.len);

	if (literal.len == 0)
		return true;
	if (literal.len > text.len)
		return false;
	for (size_t at = 0; at <= last; at++) {
		size_t i = 0;

		while (i < literal.len &&
		       (ere->fold ? lower(text.base[at + i]) : text.base[at + i]) ==
			       literal.base[i])
			i++;
		if (i == literal.len)
			return true;
	}
	return false;
}

/*
 * Adds a state and all that are reached from it without a byte. Those still to be
 * followed wait behind the list, one more for each state that is new at most.
 */
static void reach(struct run *run, uint16_t first)
{
	const struct ere *ere = run->ere;
	uint16_t *waiting = &run->list[ere->state_count];
	size_t count = 0;

	waiting[count++] = first;
	while (count > 0 && !run->matches) {
		uint16_t index = waiting[--count];
		const struct ere_state *state = &ere->states[index];
		bool is_end = run->at == run->text.len;

		if (ere->reached[index] == run->mark)
			continue;
		ere->reached[index] = run->mark;
		if (state->op == ERE_MATCH) {
			run->matches = true;
		} else if (state->op == ERE_SPLIT || state->op == ERE_JUMP) {
			waiting[count++] = state->x;
			if (state->op == ERE_SPLIT)
				waiting[count++] = state->y;
		} else if (state->op == ERE_BEGIN || state->op == ERE_END) {
			if (state->op == ERE_BEGIN ? run->at == 0 : is_end)
				waiting[count++] = (uint16_t)(index + 1);
		} else {
			run->list[run->count++] = index;
		}
	}
}

/* Over one byte: the states that took it, in the other list. */
static void step(struct run *run, uint8_t byte, uint16_t *list)
{
	const struct ere *ere = run->ere;
	struct run next = *run;

	if (ere->fold)
		byte = lower(byte);
	next.list = list;
	next.count = 0;
	next.mark++;
	next.at++;
	for (size_t i = 0; i < run->count && !next.matches; i++)
		if (takes(ere, &ere->states[run->list[i]], byte))
			reach(&next, (uint16_t)(run->list[i] + 1));
	*run = next;
}

static bool takes(const struct ere *ere, const struct ere_state *state, uint8_t byte)
{
	if (state->op == ERE_ANY)
		return true;
	if (state->op == ERE_BYTE)
		return state->byte == byte;
	return ere->sets[(size_t)state->x * ERE_SET_LEN + byte / 8] >> byte % 8 & 1;
}
