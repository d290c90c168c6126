/* SPDX-License-Identifier: Apache-2.0 */
#include "match/budget.h"

bool budget_check_time(struct budget *budget)
{
	budget->until_clock = BUDGET_CLOCK_STEPS;
	if (clock_now_ms(&budget->clock) < budget->deadline_ms)
		return true;
	budget->status = STATUS_TIME;
	budget->steps = 0;
	return false;
}
