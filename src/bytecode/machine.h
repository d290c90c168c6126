/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program while it runs: its memory, its frames, and what the engine's functions keep
 * for it. Not for anybody outside this folder.
 *
 * A pointer of a program is a number of ours, never an address: a region above, an
 * offset below. A region's number has a generation in it, so that a pointer to what is
 * no more finds nothing, not something else. Whatever a program makes of such numbers,
 * it gets no further than the regions of its own run.
 */
#pragma once

#include "base/compiler.h"
#include "bytecode/api.h"
#include "bytecode/bytecode.h"

enum {
	MACHINE_CALLS_MAX = 10000,    /* nested calls, as in ClamAV */
	MACHINE_STACK_MAX = 16 << 20, /* bytes of all frames */
	MACHINE_OBJECTS_MAX = 256,    /* pipes, sets, maps, decoders: of each kind */
	MACHINE_BYTES_PER_STEP = 16,  /* of long operations */
};

enum region_kind { REGION_FREE, REGION_MEMORY, REGION_CONSTANT, REGION_STACK };

struct region {
	uint8_t *bytes; /* not REGION_STACK, whose memory moves when it grows */
	uint32_t at;    /* REGION_STACK: in the stack */
	uint32_t size;
	uint16_t generation;
	uint8_t kind;
};

struct frame {
	uint32_t function;
	uint32_t next; /* instruction */
	uint32_t base; /* in the stack */
};

/* A sequence of bytes that grows; see machine_append(). */
struct buffer {
	uint8_t *bytes;
	size_t len, room;
};

struct pipe;
struct decoding;
struct set;
struct map;

/* Things that programs know by small numbers: 0 is the first. */
struct objects {
	void **list; /* NULL where one was given back */
	uint32_t count, room;
};

struct machine {
	const struct program *program;
	const struct bytecode_host *host;
	struct arena *arena;
	struct budget budget;
	uint64_t steps_max;
	size_t memory_left;
	size_t child_left;

	struct region *regions;
	uint32_t region_count, region_room;
	uint32_t *free_regions;
	uint32_t free_count, free_room;
	uint8_t *globals;
	uint64_t *global_pointers;  /* to each of them */
	uint64_t *context_pointers; /* to what the engine has; CONTEXT_… */

	uint8_t *stack;
	uint32_t stack_used, stack_room;
	struct frame *frames;
	uint32_t frame_count, frame_room;

	uint64_t result;
	enum status status;
	const char *why;

	uint64_t position; /* in the file that is read */
	bool reads_child;  /* that file is the one being written */
	struct buffer child;
	uint32_t child_id;
	struct slice name; /* what it found, in the arena */
	struct objects pipes, decoders, sets, maps;
	bool pe_is_known, is_pe;
	struct pe_facts *pe;
};

/* Ends the run. Always false; the first reason stays. */
bool machine_trap(struct machine *machine, enum status status, const char *why);

/* Takes what `bytes` bytes of work cost. */
MUST_CHECK bool machine_work(struct machine *machine, uint64_t bytes);

/* globals.c: the program's globals and what they point to.  False after a trap. */
MUST_CHECK bool machine_make_globals(struct machine *machine);

/* calls.c */
MUST_CHECK bool machine_enter(struct machine *machine, uint32_t function);
void machine_leave(struct machine *machine);

/* A result of 32 bits that may be negative. */
static inline uint64_t api_int(int64_t value)
{
	return (uint64_t)value & UINT32_MAX;
}

static inline int32_t api_signed(uint64_t argument)
{
	return (int32_t)(uint32_t)argument;
}
