/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one rule, for people.
 */
#pragma once

#include <stdint.h>

#include "host/catalog.h"

/* Name, source, file and line, licence, and the text with its literals made readable. */
void rule_page_print(const struct catalog *catalog, uint32_t segment, uint32_t rule);
