/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers of ClamAV's form that nobody signed, made in a test.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cvd_maker {
	const char *const *names; /* up to a NULL */
	const char *const *texts;
	bool has_no_list; /* else a list of all members stands in front */
	bool is_packed;
	const char *list;   /* instead of the list that fits */
	const char *header; /* instead of a good one */
};

/* malloc()ed. */
uint8_t *cvd_make(const struct cvd_maker *maker, size_t *ret_len);
