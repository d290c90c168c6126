/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a container: what stands in its file behind all that its headers describe.
 *
 *   headers, sections [symbols, strings] | bytes [signature] bytes
 *
 * Installers and packed interpreters keep their archive there. What it is, is told from its
 * own first bytes when it is looked at as a child. An Authenticode signature is a child too:
 * its padding is not signed, and has carried code before.
 *
 * clamscan knows archives there, and behind a PE file another one, and nothing else.
 */
#include "unpack/overlay.h"

#include "base/checked.h"
#include "base/compiler.h"
#include "type/program_end.h"
#include "unpack/ranges.h"
#include "unpack/zeros.h"

enum { PARTS_MAX = 3 };

struct overlay {
	struct unpack *unpack;
	struct range parts[PARTS_MAX];
	size_t next;
	bool is_pe; /* else ELF */
};

static enum status overlay_open(struct unpack *unpack, void **state);
static enum status add_strings(const struct unpack *unpack, struct program_end *program);
static void divide(struct overlay *overlay, const struct program_end *program);
static enum status overlay_next(void *state, struct child *child);
static enum status is_taken_by_clamscan(const struct overlay *overlay,
					const struct source *part, bool *out);
static bool is_archive(enum file_type type);

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
	if (status == STATUS_OK)
		overlay->is_pe = reader_has(&head, 0, slice_of("MZ"));
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
		bool is_taken = true;
		if (overlay->unpack->clamav_compat)
			status = is_taken_by_clamscan(overlay, &child->source, &is_taken);
		if (status != STATUS_OK)
			return status;
		if (!is_taken)
			continue;
		child->packed_bytes = child->source.size;
		child->claimed_bytes = child->source.size;
		return STATUS_OK;
	}
	return STATUS_END;
}

static enum status is_taken_by_clamscan(const struct overlay *overlay,
					const struct source *part, bool *out)
{
	struct arena *arena = overlay->unpack->arena;
	struct arena_mark mark = arena_mark(arena);
	uint64_t tail_at = part->size - min_u64(part->size, TYPE_TAIL_LEN);
	struct reader head, tail;

	enum status status = source_view(part, arena, 0, TYPE_HEAD_LEN, &head);
	if (status == STATUS_OK)
		status = source_view(part, arena, tail_at, TYPE_TAIL_LEN, &tail);
	if (status == STATUS_OK) {
		struct types types = type_detect(head, tail, part->size);

		*out = is_archive(types.primary) ||
		       (overlay->is_pe && types.primary == TYPE_MSEXE);
		for (size_t i = 0; i < types.also_count; i++)
			*out = *out || is_archive(types.also[i]);
	}
	arena_rewind(arena, mark);
	return status;
}

static bool is_archive(enum file_type type)
{
	static const enum file_type archives[] = {
		TYPE_ZIP,         TYPE_OOXML_WORD, TYPE_OOXML_XL, TYPE_OOXML_PPT,
		TYPE_OOXML_HWP,   TYPE_RAR,        TYPE_SEVENZ,   TYPE_MSCAB,
		TYPE_ARJ,         TYPE_EGG,        TYPE_NULSFT,   TYPE_AUTOIT,
		TYPE_ISHIELD_MSI,
	};

	for (size_t i = 0; i < ARRAY_LEN(archives); i++)
		if (archives[i] == type)
			return true;
	return false;
}
