/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Version information (Microsoft, VS_VERSIONINFO) is a tree of nodes: length (2), length
 * of the value (2), kind (2), a name in UTF-16LE with a zero behind it, then, at the next
 * multiple of four each, the value and the nodes inside.
 *
 *   VS_VERSION_INFO             52 bytes of numbers
 *     StringFileInfo
 *       040904b0                a language and code page: 8 letters
 *         CompanyName           a text
 *
 * What is asked of these nodes, and that of several StringFileInfo the first counts, was
 * seen with clamscan 1.4.6. It takes no last pair whose length is not a multiple of four,
 * unless what is around it has room for the padding, and none of 16 bytes or less; such
 * a pair ends its table there. It passes over pairs with nothing behind the name, and over
 * resources whose numbers do not begin with their signature.
 */
#include "view/pe_version.h"

#include "base/checked.h"
#include "view/pe_resource.h"

enum {
	RESOURCES_READ = 16,
	NODE_MAX = 65536,
	NODE_HEAD_LEN = 6,
	FIXED_LEN = 52,
	FIXED_SIGNATURE = 0xfeef04bd,
	TABLE_NAME_LEN = 8,
	PAIR_LEN_SEEN = 20, /* the least that clamscan takes */
};

struct node {
	size_t at, end;
	size_t value_len;
	size_t name_len; /* letters */
	size_t body_at;  /* behind the name: the value, or the first node inside */
};

struct version_reader {
	struct reader bytes; /* of the resource, and what is behind it */
	uint64_t offset;     /* of its first byte in the file */
	bool clamav_compat;
	struct pe_version found;
};

static void read_resource(struct version_reader *version);
static bool has_signature(const struct version_reader *version, const struct node *root);
static void read_table(struct version_reader *version, const struct node *table);
static bool read_node(const struct version_reader *version, size_t at, size_t limit,
		      struct node *out);
static bool is_named(const struct version_reader *version, const struct node *node,
		     const char *name);
static size_t align(size_t at);

enum status pe_version_read(const struct pe_image *image, struct arena *arena,
			    bool clamav_compat, struct pe_version *out)
{
	struct version_reader version = { .clamav_compat = clamav_compat };
	struct pe_resources resources = { 0 };

	version.found.pairs = arena_new_array(arena, uint64_t, PE_VERSION_PAIRS_MAX);
	if (!version.found.pairs)
		return STATUS_NO_MEMORY;
	struct arena_mark mark = arena_mark(arena);
	enum status status = pe_resource_list(image, arena, PE_RESOURCE_VERSION,
					      &resources);
	struct arena_mark resource_mark = arena_mark(arena);
	size_t count = min_size(resources.count, RESOURCES_READ);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		uint32_t address = resources.list[i].address;

		status = pe_view(image, arena, address, NODE_MAX, &version.bytes);
		if (status == STATUS_OK && pe_place(image, address, &version.offset))
			read_resource(&version);
		arena_rewind(arena, resource_mark);
	}
	arena_rewind(arena, mark);
	if (status == STATUS_OK)
		*out = version.found;
	return status;
}

static void read_resource(struct version_reader *version)
{
	struct node root, info, table;

	if (!read_node(version, 0, reader_left(&version->bytes), &root) ||
	    !is_named(version, &root, "VS_VERSION_INFO") || root.value_len != FIXED_LEN)
		return;
	if (version->clamav_compat && !has_signature(version, &root))
		return;
	size_t at = align(root.body_at + FIXED_LEN);
	do {
		if (!read_node(version, at, root.end, &info))
			return;
		at = align(info.end);
	} while (!is_named(version, &info, "StringFileInfo"));

	at = info.body_at;
	while (read_node(version, at, info.end, &table) &&
	       table.name_len == TABLE_NAME_LEN) {
		read_table(version, &table);
		at = align(table.end);
	}
}

static bool has_signature(const struct version_reader *version, const struct node *root)
{
	struct reader in = version->bytes;

	reader_seek(&in, root->body_at);
	return reader_u32le(&in) == FIXED_SIGNATURE;
}

static void read_table(struct version_reader *version, const struct node *table)
{
	struct pe_version *found = &version->found;
	size_t at = table->body_at;
	struct node pair;

	while (found->count < PE_VERSION_PAIRS_MAX &&
	       read_node(version, at, table->end, &pair)) {
		size_t end = align(pair.end);

		if (version->clamav_compat &&
		    (end > table->end || end - at < PAIR_LEN_SEEN))
			return;
		if (!version->clamav_compat || pair.body_at < pair.end)
			found->pairs[found->count++] = version->offset + at +
						       NODE_HEAD_LEN;
		at = end;
	}
}

/* False: there is none that fits in front of `limit`. */
static bool read_node(const struct version_reader *version, size_t at, size_t limit,
		      struct node *out)
{
	struct node node = { .at = at };
	struct reader in = version->bytes;
	size_t len;

	if (at >= limit)
		return false;
	reader_seek(&in, at);
	len = reader_u16le(&in);
	node.value_len = reader_u16le(&in);
	reader_skip(&in, 2);
	if (!reader_ok(&in) || len > limit - at)
		return false;
	node.end = at + len;
	while (reader_u16le(&in) != 0)
		node.name_len++;
	if (!reader_ok(&in) || in.pos > node.end)
		return false;
	node.body_at = align(in.pos);
	*out = node;
	return true;
}

static bool is_named(const struct version_reader *version, const struct node *node,
		     const char *name)
{
	struct reader in = version->bytes;
	struct slice text = slice_of(name);

	if (text.len != node->name_len)
		return false;
	reader_seek(&in, node->at + NODE_HEAD_LEN);
	for (size_t i = 0; i < text.len; i++)
		if (reader_u16le(&in) != text.base[i])
			return false;
	return true;
}

static size_t align(size_t at)
{
	return (at + 3) & ~(size_t)3;
}
