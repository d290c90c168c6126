/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tar: blocks of 512 bytes. Each member is a header and as many blocks as its bytes need;
 * two blocks of zeros end the archive.
 *
 *   offset  size  field
 *   0       100   name
 *   100     24    mode, owner, group (8 each, octal)
 *   124     12    size: octal, or binary if the first bit is set
 *   136     12    time
 *   148     8     sum of the header's bytes (type/tar_sign.h)
 *   156     1     kind
 *   157     100   what a link points to
 *   257     8     "ustar", NUL, "00"; GNU: "ustar  ", NUL; old: nothing
 *   265     80    names of owner and group, device
 *   345     155   ustar: what the name begins with
 *
 * Some kinds speak of the member that follows them: L (GNU) holds its name, x (pax) holds
 * records that replace fields, K, g and X nothing that matters here. Folders, links
 * and devices have no bytes; yet a header of theirs may state a size, and readers do not
 * agree on whether bytes follow then. The next header tells: it stands either here or
 * behind them.
 *
 * Readers also do not agree on where an archive ends. Some stop at the zeros, some go on
 * behind them, as they must for archives that were joined with cat. We go on, and hand
 * out what is no header; that is a note only where a header had to be.
 *
 * Of a sparse member the bytes that are there are handed out in one piece, without the
 * holes, and the archive is `incomplete`.
 */
#include "unpack/tar.h"

#include <string.h>

#include "base/checked.h"
#include "bytes/readahead.h"
#include "type/tar_sign.h"
#include "unpack/tar_header.h"
#include "unpack/zeros.h"

enum {
	AHEAD = 16 * 1024,
	EXTENSION_BYTES_MAX = SOURCE_VIEW_MAX,
	EXTENSIONS_MAX = 16, /* before one member; writers use up to three */
	SPARSE_BLOCKS_MAX = 4096,
	RESYNC_MAX = 256 * 1024 * 1024, /* how far the next header is looked for */
};

struct tar {
	struct unpack *unpack;
	struct readahead headers;
	uint64_t at; /* of the next header */
};

/* What headers before a member say of it. */
struct extension {
	unsigned count;
	bool has_name, has_size;
	struct slice name;
	uint64_t size;
	bool is_sparse;
};

static enum status tar_open(struct unpack *unpack, void **state);
static enum status tar_next(void *state, struct child *child);
static enum status find_header(struct tar *tar, struct child *child, bool *ret_is_child);
static enum status resync(struct tar *tar, struct child *child);
static enum status is_header(struct tar *tar, uint64_t at, bool *out);
static enum status read_member(struct tar *tar, struct extension *extension,
			       struct child *child, bool *ret_is_child);
static enum status take_extension(struct tar *tar, const struct tar_header *header,
				  struct extension *extension);
static enum status skip_sparse_map(struct tar *tar, const struct tar_header *header);
static enum status has_bytes(struct tar *tar, const struct tar_header *header, bool *out);
static bool is_end(struct tar *tar, uint64_t at);
static void hand_out(struct tar *tar, uint64_t size, struct child *child);
static void skip(struct tar *tar, uint64_t size);

const struct unpacker tar_unpacker = {
	.type = TYPE_POSIX_TAR,
	.name = "tar",
	.open = tar_open,
	.next = tar_next,
};

static enum status tar_open(struct unpack *unpack, void **state)
{
	struct tar *tar = arena_new(unpack->arena, struct tar);

	if (!tar)
		return STATUS_NO_MEMORY;
	tar->unpack = unpack;
	enum status status = readahead_init(&tar->headers, unpack->arena, unpack->source,
					    AHEAD);
	if (status == STATUS_OK)
		*state = tar;
	return status;
}

static enum status tar_next(void *state, struct child *child)
{
	struct tar *tar = state;
	struct extension extension = { 0 };
	struct arena_mark mark = arena_mark(tar->unpack->arena);
	bool is_child = false;

	while (!is_child) {
		/* Any number of folders may come before a file. */
		if (extension.count == 0)
			arena_rewind(tar->unpack->arena, mark);
		enum status status = find_header(tar, child, &is_child);
		if (status == STATUS_OK && !is_child)
			status = read_member(tar, &extension, child, &is_child);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/*
 * Moves to the next header, over the zeros before it.
 *   OK    one is at tar->at; or *ret_is_child: what is there is no header
 *   END   nothing but zeros follows
 */
static enum status find_header(struct tar *tar, struct child *child, bool *ret_is_child)
{
	const struct source *source = &tar->unpack->source;
	bool found;
	enum status status = is_header(tar, tar->at, &found);

	if (status != STATUS_OK || found)
		return status;

	uint64_t first;
	status = zeros_end(source, tar->at, source->size, &first);
	if (status != STATUS_OK)
		return status;
	if (first == source->size)
		return STATUS_END;
	/* A block of zeros ended the archive: what follows may be anything. */
	bool is_behind_end = first - tar->at >= TAR_BLOCK;
	tar->at = first - (first - tar->at) % TAR_BLOCK;
	status = is_header(tar, tar->at, &found);
	if (status != STATUS_OK || found)
		return status;
	if (!is_behind_end) {
		bool is_cut = source->size - tar->at < TAR_BLOCK;
		unpack_note(tar->unpack, is_cut ? STATUS_TRUNCATED : STATUS_MALFORMED,
			    tar->at);
	}
	*ret_is_child = true;
	return resync(tar, child);
}

/* Hands out the blocks up to the next header, or the end, as one child. */
static enum status resync(struct tar *tar, struct child *child)
{
	uint64_t size = tar->unpack->source.size;
	uint64_t from = tar->at, to = from;
	bool found = false;

	while (!found && to < size && to - from < RESYNC_MAX) {
		to += TAR_BLOCK;
		enum status status = is_header(tar, to, &found);
		if (status != STATUS_OK)
			return status;
	}
	if (!found)
		to = size;
	/* All of it would be the same object again. */
	if (from == 0 && to == size)
		return STATUS_MALFORMED;
	hand_out(tar, to - from, child);
	tar->at = to;
	return STATUS_OK;
}

static enum status is_header(struct tar *tar, uint64_t at, bool *out)
{
	struct reader block;
	enum status status = readahead_at(&tar->headers, at, TAR_BLOCK, &block);

	if (status == STATUS_OK)
		*out = tar_sum_fits(block);
	return status;
}

/* The header at tar->at: a child, or what it says of the next one in *extension. */
static enum status read_member(struct tar *tar, struct extension *extension,
			       struct child *child, bool *ret_is_child)
{
	struct reader block;
	struct tar_header header;
	uint64_t at = tar->at;
	enum status status = readahead_at(&tar->headers, at, TAR_BLOCK, &block);

	if (status != STATUS_OK)
		return status;
	status = tar_header_read(block, tar->unpack->arena, &header);
	if (status == STATUS_MALFORMED)
		unpack_note(tar->unpack, status, at);
	else if (status != STATUS_OK)
		return status;

	tar->at += TAR_BLOCK;
	if (header.kind != 0 && strchr("LKxgX", header.kind))
		return take_extension(tar, &header, extension);
	status = skip_sparse_map(tar, &header);
	if (status != STATUS_OK)
		return status;
	if (extension->is_sparse || header.is_sparse)
		unpack_note(tar->unpack, STATUS_UNSUPPORTED, at);
	if (header.kind == 'M')
		unpack_note(tar->unpack, STATUS_VOLUMES, at);
	if (extension->has_size)
		header.size = extension->size;
	if (extension->has_name)
		header.name = extension->name;
	*extension = (struct extension){ 0 };

	status = has_bytes(tar, &header, ret_is_child);
	if (status != STATUS_OK || !*ret_is_child)
		return status;
	child->name = header.name;
	if (!range_fits(tar->at, header.size, tar->unpack->source.size))
		unpack_note(tar->unpack, STATUS_TRUNCATED, at);
	hand_out(tar, header.size, child);
	skip(tar, header.size);
	return STATUS_OK;
}

static enum status take_extension(struct tar *tar, const struct tar_header *header,
				  struct extension *extension)
{
	uint64_t at = tar->at;
	struct reader bytes;
	struct tar_pax pax = { 0 };
	size_t len = (size_t)min_u64(header->size, EXTENSION_BYTES_MAX);
	enum status status = STATUS_OK;

	skip(tar, header->size);
	/* What is too much is told, and then does without: the member itself still comes. */
	if (extension->count++ >= EXTENSIONS_MAX || header->size > EXTENSION_BYTES_MAX) {
		unpack_note(tar->unpack, STATUS_MALFORMED, at - TAR_BLOCK);
		return STATUS_OK;
	}
	if (header->kind != 'L' && header->kind != 'x')
		return STATUS_OK;
	status = source_view(&tar->unpack->source, tar->unpack->arena, at, len, &bytes);
	if (status != STATUS_OK)
		return status;
	if (bytes.len < len)
		unpack_note(tar->unpack, STATUS_TRUNCATED, at - TAR_BLOCK);

	if (header->kind == 'L') {
		extension->has_name = true;
		extension->name = reader_rest(&bytes);
		extension->name.len = strnlen((const char *)extension->name.base,
					      extension->name.len);
		return STATUS_OK;
	}
	status = tar_pax_read(bytes, &pax);
	if (status == STATUS_MALFORMED)
		unpack_note(tar->unpack, status, at - TAR_BLOCK);
	if (pax.has_name) {
		extension->has_name = true;
		extension->name = pax.name;
	}
	if (pax.has_size) {
		extension->has_size = true;
		extension->size = pax.size;
	}
	extension->is_sparse |= pax.is_sparse;
	return STATUS_OK;
}

/* GNU's map of a sparse file goes on in blocks of its own; byte 504 says "and more". */
static enum status skip_sparse_map(struct tar *tar, const struct tar_header *header)
{
	bool has_more = header->has_more_holes;

	for (unsigned i = 0; has_more && i < SPARSE_BLOCKS_MAX; i++) {
		struct reader block;
		enum status status = readahead_at(&tar->headers, tar->at, TAR_BLOCK,
						  &block);

		if (status != STATUS_OK)
			return status;
		has_more = reader_peek(&block, 504) > 0;
		tar->at += TAR_BLOCK;
	}
	return STATUS_OK;
}

/* Is it a member that can have bytes, and do they follow the header? */
static enum status has_bytes(struct tar *tar, const struct tar_header *header, bool *out)
{
	bool is_folder = header->name.len > 0 &&
			 header->name.base[header->name.len - 1] == '/';
	bool here = false;

	*out = false;
	if (header->kind == 'V')
		return STATUS_OK;
	if (header->kind < '1' || header->kind > '6') {
		*out = header->size > 0 || !is_folder;
		return STATUS_OK;
	}
	/* A folder, link or device. */
	if (header->size == 0)
		return STATUS_OK;
	enum status status = is_header(tar, tar->at, &here);
	if (status == STATUS_OK)
		*out = !here && !is_end(tar, tar->at);
	return status;
}

/* Zeros, or the end. */
static bool is_end(struct tar *tar, uint64_t at)
{
	uint64_t end = add_u64_capped(at, TAR_BLOCK), first = at;

	return zeros_end(&tar->unpack->source, at, end, &first) == STATUS_OK &&
	       first >= min_u64(end, tar->unpack->source.size);
}

/* The `size` bytes at tar->at, as far as they are there. */
static void hand_out(struct tar *tar, uint64_t size, struct child *child)
{
	child->source = source_window(&tar->unpack->source, tar->at, size);
	child->packed_bytes = child->source.size;
	child->claimed_bytes = size;
}

/* Over the blocks of so many bytes. */
static void skip(struct tar *tar, uint64_t size)
{
	uint64_t left = tar->unpack->source.size -
			min_u64(tar->at, tar->unpack->source.size);

	if (size >= left)
		tar->at = tar->unpack->source.size;
	else
		tar->at += size + (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}
