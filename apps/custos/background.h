/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * From here on this process, and those it starts, use only processor and disk time that
 * nobody else wants. What the system refuses is said on stderr and changes nothing else.
 */
void background_enter(void);
