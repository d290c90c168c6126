/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under `fold` a whole run is one FOLD operation, digits and all, so that the
 * run stays in one piece for whoever looks for a literal in it; a run without
 * any letter becomes LIT when it ends.
 */
#include "rules/pattern_writer.h"

#include <assert.h>
#include <string.h>

#include "bytes/reader.h"
#include "bytes/store.h"

enum { FIRST_SIZE = 256, RUN_HEADER = 3, ALT_HEADER = 4 };

static bool reserve(struct program *program, size_t more);
static void put(struct program *program, const uint8_t *bytes, size_t len);
static void put_u32(struct program *program, uint32_t value);
static void end_run(struct program *program);
static void set_u16(struct program *program, size_t at, size_t value);
static size_t get_u16(const struct program *program, size_t at);

void program_init(struct program *program, struct arena *arena)
{
	*program = (struct program){ .arena = arena, .run = PROGRAM_NO_RUN };
}

static enum pattern_op byte_op(struct pattern_byte byte)
{
	if (byte.mask != 0xff)
		return PATTERN_MASK;
	return byte.fold ? PATTERN_FOLD : PATTERN_LIT;
}

static bool is_letter(uint8_t byte)
{
	return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

void program_byte(struct program *program, struct pattern_byte byte)
{
	enum pattern_op op = byte_op(byte);

	if (program->status != STATUS_OK)
		return;
	if (byte.mask == 0) {
		program_skip(program, 1);
		return;
	}
	if (program->run == PROGRAM_NO_RUN || program->bytes[program->run] != op) {
		end_run(program);
		size_t start = program->len;
		put(program, (const uint8_t[]){ (uint8_t)op, 0, 0 }, RUN_HEADER);
		program->run = start;
	}
	if (op == PATTERN_FOLD && is_letter(byte.value))
		byte.value |= 0x20;
	put(program, &byte.value, 1);
	if (op == PATTERN_MASK)
		put(program, &byte.mask, 1);
	if (program->status == STATUS_OK)
		set_u16(program, program->run + 1,
			get_u16(program, program->run + 1) + 1);
}

void program_skip(struct program *program, uint32_t count)
{
	if (program->status != STATUS_OK)
		return;
	if (program->run != PROGRAM_NO_RUN &&
	    program->bytes[program->run] == PATTERN_SKIP) {
		struct reader before = reader_of(program->bytes, program->len);

		reader_seek(&before, program->run + 1);
		count += reader_u32le(&before);
		program->len = program->run;
	}
	end_run(program);
	size_t start = program->len;
	put(program, (const uint8_t[]){ PATTERN_SKIP }, 1);
	put_u32(program, count);
	program->run = start;
}

void program_gap(struct program *program, uint32_t min, uint32_t max)
{
	end_run(program);
	put(program, (const uint8_t[]){ PATTERN_GAP }, 1);
	put_u32(program, min);
	put_u32(program, max);
}

void program_mark(struct program *program, enum pattern_mark kind, unsigned flags)
{
	end_run(program);
	put(program, (const uint8_t[]){ PATTERN_MARK, (uint8_t)kind, (uint8_t)flags }, 3);
}

void program_near(struct program *program, unsigned flags, struct pattern_byte byte,
		  uint8_t min, uint8_t max)
{
	uint8_t upper = byte.value & 0xdf;

	if (byte.fold && upper >= 'A' && upper <= 'Z' && byte.mask == 0xff) {
		byte.value = upper;
		byte.mask = 0xdf;
	}
	end_run(program);
	put(program,
	    (const uint8_t[]){ PATTERN_NEAR, (uint8_t)flags, min, max, byte.value,
			       byte.mask },
	    6);
}

void program_alt_open(struct program *program, unsigned flags, struct program_alt *out)
{
	end_run(program);
	*out = (struct program_alt){ .start = program->len };
	put(program, (const uint8_t[]){ PATTERN_ALT, (uint8_t)flags, 0, 0 }, ALT_HEADER);
}

static void end_alternative(struct program *program, const struct program_alt *alt)
{
	end_run(program);
	if (alt->length > 0 && program->status == STATUS_OK)
		set_u16(program, alt->length, program->len - alt->length - 2);
}

void program_alt_next(struct program *program, struct program_alt *alt)
{
	end_alternative(program, alt);
	alt->length = program->len;
	alt->count++;
	put(program, (const uint8_t[]){ 0, 0 }, 2);
}

void program_alt_close(struct program *program, struct program_alt *alt)
{
	end_alternative(program, alt);
	if (program->status == STATUS_OK)
		set_u16(program, alt->start + 2, alt->count);
}

enum status program_finish(struct program *program, struct slice *out)
{
	end_run(program);
	if (program->status != STATUS_OK)
		return program->status;
	*out = (struct slice){ program->bytes, program->len };
	return STATUS_OK;
}

static void end_run(struct program *program)
{
	size_t run = program->run;

	program->run = PROGRAM_NO_RUN;
	if (run == PROGRAM_NO_RUN || program->status != STATUS_OK ||
	    program->bytes[run] != PATTERN_FOLD)
		return;
	for (size_t i = run + RUN_HEADER; i < program->len; i++)
		if (is_letter(program->bytes[i]))
			return;
	program->bytes[run] = PATTERN_LIT;
}

static bool reserve(struct program *program, size_t more)
{
	if (program->status != STATUS_OK)
		return false;
	if (more <= program->size - program->len)
		return true;

	size_t size = program->size ? 2 * program->size : FIRST_SIZE;
	uint8_t *bytes = arena_alloc(program->arena, size);
	if (!bytes) {
		program->status = STATUS_NO_MEMORY;
		return false;
	}
	if (program->len > 0)
		memcpy(bytes, program->bytes, program->len);
	program->bytes = bytes;
	program->size = size;
	return true;
}

static void put(struct program *program, const uint8_t *bytes, size_t len)
{
	assert(len < FIRST_SIZE);
	if (!reserve(program, len))
		return;
	memcpy(&program->bytes[program->len], bytes, len);
	program->len += len;
}

static void put_u32(struct program *program, uint32_t value)
{
	uint8_t bytes[4];

	store_u32le(bytes, value);
	put(program, bytes, sizeof(bytes));
}

static void set_u16(struct program *program, size_t at, size_t value)
{
	if (value > UINT16_MAX) {
		program->status = STATUS_LIMIT;
		return;
	}
	store_u16le(&program->bytes[at], (uint16_t)value);
}

static size_t get_u16(const struct program *program, size_t at)
{
	return (size_t)program->bytes[at] | (size_t)program->bytes[at + 1] << 8;
}
