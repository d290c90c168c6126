/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

/*
 * The name, in lower case, of a function that is imported by its number; NULL where
 * numbers have no known names. `library` is in lower case, with its ending.
 */
const char *pe_ordinal_name(struct slice library, uint16_t number);
