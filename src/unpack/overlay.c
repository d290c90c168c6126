/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a container: what stands in its file behind all that its headers describe.
 *
 *   headers, sections [symbols, strings] | bytes [signature] bytes
 *
 * Installers and packed interpreters keep their archive there. What it is, is told from its
 * own first bytes when it is looked at as a child. An Authenticode signature is a child too:
 * its padding is not signed, and has carried code before.
 */
#include "unpack/overlay.h"

#include "base/checked.h"
#include "type/program_end.h"
#include "unpack/ranges.h"
#include "unpack/zeros.h"

enum { PARTS_MAX = 3 };

struct overlay {
	struct unpack *unpack;
	struct range parts[PARTS_MAX];
	size_t next;
};

static enum status overlay_open(struct unpack *unpack, void **state);
static enum status add_strings(const struct unpack *unpack, struct program_end *program);
static void divide(struct overlay *overlay, const struct program_end *program);
static enum status overlay_next(void *state, struct child *child);

const struct unpacker overlay_unpacker = {
	.type = TYPE_SFX,
	.name = "overlay",
	.open = overlay_open,
	.next = overlay_next,
};

static enum status overlay_open(struct unpack *unpack, void **state)
{
	struct overlay *overlay = arena_new(unpack->arena, struct overlay);
	struct arena_mark mark = arena_mark(unpack->arena);
	struct program_end program;
	struct reader head;

	if (!overlay)
		return STATUS_NO_MEMORY;
	overlay->unpack = unpack;
	enum status status = source_view(&unpack->source, unpack->arena, 0, TYPE_HEAD_LEN,
					 &head);
	if (status == STATUS_OK && !program_end_read(head, &program))
		status = STATUS_MALFORMED;
	arena_rewind(unpack->arena, mark);
	if (status == STATUS_OK)
		status = add_strings(unpack, &program);
	if (status != STATUS_OK)
		return status;
	divide(overlay, &program);
	*state = overlay;
	return STATUS_OK;
}

/* The table behind the symbols of a PE file says how long it is in its first four bytes. */
static enum status add_strings(const struct unpack *unpack, struct program_end *program)
{
	uint8_t bytes[4] = { 0 };
	size_t got;

	if (program->strings_at == 0)
		return STATUS_OK;
	enum status status = source_read(&unpack->source, program->strings_at, bytes,
					 sizeof(bytes), &got);
	struct reader len = reader_of(bytes, sizeof(bytes));
	program->end = max_u64(program->end, program->strings_at + reader_u32le(&len));
	return status;
}

static void divide(struct overlay *overlay, const struct program_end *program)
{
	uint64_t size = overlay->unpack->source.size;
	uint64_t from = min_u64(program->end, size);
	uint64_t signature = size, behind = size;

	if (program->signature_at >= from && program->signature_at < size) {
		signature = program->signature_at;
		behind = min_u64(signature + program->signature_len, size);
	}
	overlay->parts[0] = (struct range){ from, signature };
	overlay->parts[1] = (struct range){ signature, behind };
	overlay->parts[2] = (struct range){ behind, size };
}

static enum status overlay_next(void *state, struct child *child)
{
	struct overlay *overlay = state;
	const struct source *source = &overlay->unpack->source;

	while (overlay->next < PARTS_MAX) {
		struct range part = overlay->parts[overlay->next++];
		uint64_t first;
		enum status status = zeros_end(source, part.start, part.end, &first);

		if (status != STATUS_OK)
			return status;
		/* Padding in front would hide what the child begins with. */
		if (first >= part.end)
			continue;
		child->source = source_window(source, first, part.end - first);
		child->packed_bytes = child->source.size;
		child->claimed_bytes = child->source.size;
		return STATUS_OK;
	}
	return STATUS_END;
}
