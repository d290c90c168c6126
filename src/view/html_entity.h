/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters of HTML that are written by name or number.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/growing.h"
#include "base/slice.h"

/* The character that has this name (case counts), or false. */
bool html_entity_find(struct slice name, uint16_t *ret_unit);

/* Writes a character: up to 0xfe as a byte, full stops as '.', others as "&#x20ac;". */
void html_entity_write(struct growing *to, uint16_t unit);
