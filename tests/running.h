/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytecode in a test: a program as the assembler's text, or as the text of a `cbc` file,
 * run over some bytes, and what it did.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "bytecode/bytecode.h"
#include "text_buffer.h"

struct running {
	/* set by running_start(), to be changed before a run */
	struct bytecode_host host;
	struct bytecode_limits limits;
	const void *file;
	size_t file_len;

	/* of the last run */
	enum status read; /* what the reader of rules said */
	const char *refused;
	enum status status;
	struct bytecode_result result;
	char name[256];              /* of the rule */
	char found[256];             /* the name it gave to what it found */
	struct text_buffer printed;  /* texts and numbers, one after another */
	struct text_buffer children; /* "NUMBER:BYTES;" each */
};

void running_start(struct running *running);

/* Reads and runs a cbc file. Ends the program when it has no memory. */
void running_text(struct running *running, const char *cbc, size_t len);

/* The same of the assembler's text. */
void running_run(struct running *running, const char *text);

/*
 * One function: its values ("32 32 65a"), its code, and lines for types, functions of
 * the engine and globals in front of it.
 */
void running_code(struct running *running, const char *before, const char *values,
		  const char *code);
