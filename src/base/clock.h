/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time as an argument: the engine is handed a clock and asks nobody else. A
 * test hands in one that it moves by itself.
 */
#pragma once

#include <stdint.h>

struct clock {
	/* milliseconds since any fixed moment; never falls */
	uint64_t (*now_ms)(void *context);
	void *context;
};

static inline uint64_t clock_now_ms(const struct clock *clock)
{
	return clock->now_ms(clock->context);
}
