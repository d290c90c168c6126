/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page, its scripts with it, and the other readings of text. Where a page is cut into
 * pieces, which is at 8 KiB, is not reached by small inputs: its first byte says how much
 * white space stands before the rest.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "type/html_sign.h"
#include "view/html.h"
#include "view/plain_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static enum status read_slice(void *state, uint64_t offset, uint8_t *buffer, size_t len)
{
	const struct slice *bytes = state;

	memcpy(buffer, &bytes->base[offset], len);
	return STATUS_OK;
}

/* In memory and piece by piece the answer is the same. */
static void find_sign(struct arena *arena, const struct source *memory)
{
	struct slice bytes = { memory->memory, (size_t)memory->size };
	struct source pieces = { .kind = SOURCE_READER,
				 .size = memory->size,
				 .read = read_slice,
				 .state = &bytes };
	bool one, other;

	if (html_sign_find(arena, memory, memory->size, &one) == STATUS_OK &&
	    html_sign_find(arena, &pieces, pieces.size, &other) == STATUS_OK)
		assert(one == other);
}

static void read_plain(struct arena *arena, const struct source *source)
{
	struct plain_text *text;
	uint8_t buffer[512];
	size_t total = 0, got;
	struct reader head;

	if (source_view(source, arena, 0, PLAIN_TEXT_WIDE_HEAD, &head) != STATUS_OK)
		return;
	(void)plain_text_reads_wide(head);

	if (plain_text_open(arena, *source, &text) != STATUS_OK)
		return;
	struct stream stream = plain_text_stream(text);
	while (stream_read(&stream, buffer, sizeof(buffer), &got) == STATUS_OK)
		total += got;
	assert(total <= source->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct html_limits limits = { 1 << 20, 1 << 16, { no_time, NULL }, 1 };
	bool is_wide = size > 1 && (data[0] ^ data[1]) == 1;
	bool is_late = size > 0 && data[0] >= 0xe0 && !is_wide;
	size_t before = is_late ? 8192u - 256 + data[0] : 0;
	uint8_t *page = calloc(1, before + size + 1);
	struct html_views views;
	struct arena arena;

	if (!page)
		return 0;
	memset(page, ' ', before);
	if (size > 0)
		memcpy(&page[before], data, size);
	arena_init(&arena, 16 << 20);
	struct source source = source_of_memory(page, before + size);
	if (html_read(&arena, &source, is_wide ? TYPE_HTML_UTF16 : TYPE_HTML, &limits,
		      &views) == STATUS_OK)
		assert(views.page.len <= limits.bytes_max);
	find_sign(&arena, &source);
	read_plain(&arena, &source);
	arena_clear(&arena);
	free(page);
	return 0;
}
