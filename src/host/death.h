/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a worker ended that did not answer, in words.
 */
#pragma once

#include "host/job.h"

enum { DEATH_TEXT_MAX = 512 };

/*
 * "killed by signal 11 (Segmentation fault) in object 3: ZIP, 2 deep, from byte 99".
 * One line; what the worker left as its last words is printable, and a claim.
 */
void death_explain(const struct pool_death *death, char text[DEATH_TEXT_MAX]);
