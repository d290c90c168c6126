/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An assembler of ClamAV bytecode for tests: readable text in, the text of a `cbc` file
 * out. It checks nothing that a reader should check, so that wrong programs can be made,
 * too.
 *
 *	level 7                       of the format; 6 if not said
 *	kind 256
 *	levels 51 255                 lowest and highest feature level
 *	name Test.{A};Target:0;0;6162
 *	type fn 0 32 65               types are numbered from 69: a function (result,
 *	type struct 8 32              arguments), a struct, a packed one, an array, a pointer
 *	type packed 8 32
 *	type array 4 8
 *	type ptr 72
 *	api 7 69 debug_print_uint     number, type, name
 *	highest-api 7                 if it is not the highest of those
 *	context 0x8000                the highest global of the engine that is used
 *	global 71 1 2 3 4             type, constants
 *	func 1 32 : 32 32 16a         arguments, result : types of values; `a`: has an address
 *	block
 *	32 2 add v0 c5:4              type and number of the result, operation, operands
 *	T ret 32 v2                   the last of a block
 *
 * Operands are vN (value), cN:SIZE (constant), gN (global) and plain numbers, whose order
 * is the one of docs/formats/bytecode.md. `#` begins a comment.
 */
#pragma once

#include "text_buffer.h"

/* Ends the program at a line it does not understand. */
void assemble(const char *text, struct text_buffer *out);
