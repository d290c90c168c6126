/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of the engine that a program may call, by their numbers in the text.
 * docs/formats/bytecode.md says what each does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

enum { API_ARGUMENTS_MAX = 5 };

struct api {
	const char *name;
	const char *arguments; /* i: an integer of 32 bits, p: a pointer */
	/*
	 * False: the run is over, and machine_trap() was told why. NULL: not built yet,
	 * programs that call it are refused.
	 */
	bool (*call)(struct machine *machine, const uint64_t arguments[API_ARGUMENTS_MAX],
		     uint64_t *ret_result);
};

/* The one with this number, or NULL. */
const struct api *api_of(uint32_t number);
