/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/compiler.h"
#include "view/html_machine.h"

/*
 * Takes the first of the bytes, all that are of the most frequent kind for the place in
 * the page, which is then as if they had been taken one by one. Returns how many.
 */
MUST_CHECK size_t html_take_run(struct html *html, struct slice bytes);
