/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules on a corpus in which nothing should be found: what each finds there all the same,
 * and what it costs. For `custos db test --corpus`.
 *
 * Costs are of evaluation: what is done for a rule once the filter has let it through.
 * Steps are counted, the same in every run; time is what a clock said.
 */
#pragma once

#include "command.h"

/* The operands are rules, used instead of `database`, if there are any. */
int trial_run(struct invocation *invocation, const char *corpus);
