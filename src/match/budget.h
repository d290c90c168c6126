/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much work evaluation may do. A step is of the order of a nanosecond: an
 * operation tried, a few bytes compared, eight bytes searched. Whoever loops takes
 * steps as it spends them and stops when there are none left, or when the time is up.
 * What ran out is in `status`, for good.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/status.h"

struct budget {
	uint64_t steps;       /* left */
	uint64_t until_clock; /* steps until the clock is asked again */
	struct clock clock;
	uint64_t deadline_ms;
	enum status status; /* OK, LIMIT: no steps left, TIME */
};

/* Between two looks at the clock: a millisecond of work or so. */
enum { BUDGET_CLOCK_STEPS = 1024 * 1024 };

enum { BUDGET_SEARCHED_PER_STEP = 8 };

/*
 * What may be spent on one object: enough for some hundred searches through all of it, and
 * for small ones a floor. So what content is made to cost stays within 20 times of what is
 * usual (tests/unit/match/test_costs.c); what regular expressions do in a step is dearer.
 */
enum { BUDGET_PER_BYTE = 32, BUDGET_FLOOR = 1 << 22 };

static inline uint64_t budget_steps_of(uint64_t size_bytes)
{
	return BUDGET_FLOOR + min_u64(size_bytes, UINT64_MAX / 64) * BUDGET_PER_BYTE;
}

/* Of every rule that is looked at, whatever it asks for. */
enum { BUDGET_PER_RULE = 128 };

static inline struct budget budget_of(uint64_t steps, struct clock clock,
				      uint64_t deadline_ms)
{
	return (struct budget){
		.steps = steps,
		.until_clock = BUDGET_CLOCK_STEPS,
		.clock = clock,
		.deadline_ms = deadline_ms,
	};
}

/* Asks the clock now. False: the time is up. */
bool budget_check_time(struct budget *budget);

/* False: stop; `status` says why. */
MUST_CHECK static inline bool budget_take(struct budget *budget, uint64_t steps)
{
	if (UNLIKELY(steps > budget->steps)) {
		if (budget->status == STATUS_OK)
			budget->status = STATUS_LIMIT;
		budget->steps = 0;
		return false;
	}
	budget->steps -= steps;
	if (LIKELY(steps < budget->until_clock)) {
		budget->until_clock -= steps;
		return true;
	}
	return budget_check_time(budget);
}
