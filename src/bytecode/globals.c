/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of a program's globals, made from their constants, and what the engine
 * itself has for it: how often its subsignatures matched and where, and what is known of
 * the file. Both can be read, and not be written.
 */
#include "bytecode/machine.h"
#include "bytecode/memory.h"

#include "bytecode/pe_facts.h"
#include "bytes/store.h"

/* Fills one global; its constants are used up one after another. */
struct filling {
	struct machine *machine;
	const uint64_t *pointers; /* to each global */
	const struct program_global *global;
	uint32_t used;
	uint64_t at;
};

static bool fill(struct filling *filling, uint32_t type);

static uint64_t next_constant(struct filling *filling)
{
	uint32_t used = filling->used++;

	return filling->machine->program->constants[filling->global->first + used];
}

/* Numbers that name nothing make a pointer to nothing. */
static uint64_t pointer_to(const struct filling *filling, uint64_t what)
{
	const struct machine *machine = filling->machine;

	if (what < machine->program->global_count)
		return filling->pointers[what];
	if (what >= CONTEXT_MATCH_COUNTS && what < CONTEXT_END)
		return machine->context_pointers[what - CONTEXT_MATCH_COUNTS];
	return 0;
}

static void fill_scalar(struct filling *filling, uint32_t type)
{
	const struct program *program = filling->machine->program;
	uint64_t size = program_type_size(program, type);
	uint64_t value = next_constant(filling);
	uint8_t bytes[8];

	if (program_type_is_pointer(program, type)) {
		uint64_t target = pointer_to(filling, next_constant(filling));

		if (target != 0)
			value = target + (value & UINT32_MAX);
	}
	store_u64le(bytes, value);
	memcpy(&filling->machine->globals[filling->at], bytes, size);
	filling->at += size;
}

/* A type's parts may be many more than its constants, so each costs a step. */
static bool fill(struct filling *filling, uint32_t type)
{
	const struct program *program = filling->machine->program;
	const struct program_type *own = NULL;
	uint64_t times = 1;

	if (type >= TYPE_OWN)
		own = &program->types[type - TYPE_OWN];
	if (!own || own->shape == SHAPE_POINTER || own->shape == SHAPE_FUNCTION) {
		fill_scalar(filling, type);
		return true;
	}
	if (own->leaves == 0)
		return true;
	if (own->shape == SHAPE_ARRAY)
		times = own->count;
	for (uint64_t i = 0; i < times; i++)
		for (uint32_t k = 0; k < own->part_count; k++)
			if (!machine_work(filling->machine, MACHINE_BYTES_PER_STEP) ||
			    !fill(filling, program->parts[own->first + k]))
				return false;
	return true;
}

static bool make_context(struct machine *machine, enum program_context what,
			 uint8_t *bytes, uint32_t size)
{
	struct region region = { .bytes = bytes, .size = size, .kind = REGION_CONSTANT };

	return machine_region(machine, region,
			      &machine->context_pointers[what - CONTEXT_MATCH_COUNTS]);
}

static bool make_contexts(struct machine *machine)
{
	enum { COUNTS = 4 * BYTECODE_SUBS, TOTAL = 2 * COUNTS + 2 + 4 };
	const struct bytecode_host *host = machine->host;
	uint64_t size = host->file.size;
	uint8_t *bytes = machine_alloc(machine, TOTAL);
	uint8_t *pe = machine_alloc(machine, PE_DATA_SIZE);

	machine->context_pointers = machine_alloc(
		machine, (CONTEXT_END - CONTEXT_MATCH_COUNTS) *
				 sizeof(*machine->context_pointers));
	if (!bytes || !pe || !machine->context_pointers)
		return false;
	for (unsigned i = 0; i < BYTECODE_SUBS; i++) {
		store_u32le(&bytes[4 * i], host->match_counts[i]);
		store_u32le(&bytes[COUNTS + 4 * i], host->match_offsets[i]);
	}
	store_u16le(&bytes[2 * COUNTS], (uint16_t)machine->program->kind);
	store_u32le(&bytes[2 * COUNTS + 2],
		    size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
	if (!pe_facts_write(machine, pe))
		return false;
	return make_context(machine, CONTEXT_MATCH_COUNTS, bytes, COUNTS) &&
	       make_context(machine, CONTEXT_MATCH_OFFSETS, &bytes[COUNTS], COUNTS) &&
	       make_context(machine, CONTEXT_KIND, &bytes[2 * COUNTS], 2) &&
	       make_context(machine, CONTEXT_FILE_SIZE, &bytes[2 * COUNTS + 2], 4) &&
	       make_context(machine, CONTEXT_PE_DATA, pe, PE_DATA_SIZE);
}

/* A single zero stands for all zeros, whatever the type. */
static bool is_zero(const struct program *program, const struct program_global *global)
{
	return global->constant_count == 0 ||
	       (global->constant_count == 1 && program->constants[global->first] == 0);
}

bool machine_make_globals(struct machine *machine)
{
	const struct program *program = machine->program;
	uint64_t *pointers;

	if (!make_contexts(machine))
		return false;
	machine->globals = machine_alloc(machine, program->globals_size);
	pointers = machine_alloc(machine, program->global_count * sizeof(*pointers));
	if (!machine->globals || !pointers)
		return false;
	for (uint32_t i = 0; i < program->global_count; i++) {
		struct region region = {
			.bytes = &machine->globals[program->globals[i].at],
			.size = (uint32_t)program->globals[i].size,
			.kind = REGION_CONSTANT,
		};

		if (!machine_region(machine, region, &pointers[i]))
			return false;
	}
	machine->global_pointers = pointers;
	for (uint32_t i = 0; i < program->global_count; i++) {
		struct filling filling = {
			.machine = machine,
			.pointers = pointers,
			.global = &program->globals[i],
			.at = program->globals[i].at,
		};

		if (!is_zero(program, filling.global) &&
		    !fill(&filling, filling.global->type))
			return false;
	}
	return true;
}
