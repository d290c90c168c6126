/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of program_check(), each NULL or what is wrong; they are called in this
 * order, and each believes what those before it have seen.
 */
#pragma once

#include "bytecode/code.h"

const char *program_check_types(struct program *program);
const char *program_check_globals(struct program *program);
const char *program_check_functions(struct program *program);
const char *program_check_code(const struct program *program);

bool program_type_exists(const struct program *program, uint32_t type);
