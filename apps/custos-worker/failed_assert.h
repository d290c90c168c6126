/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a failed assertion does in a worker. glibc's way, to print and abort(),
 * takes system calls that a locked worker does not have; ours leaves word in
 * the crumb and exits with a code of its own.
 */
#pragma once

#include "ipc/crumb.h"

/* From now on failed assertions are told in there. */
void failed_assert_tell(struct crumb *crumb);
