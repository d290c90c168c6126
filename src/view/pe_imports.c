/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The import directory is a list of 20 bytes for each library, ended by one without a
 * name: at 0 the address of its lookup table, at 12 that of its name, at 16 that of the
 * table where the loader puts addresses, which is a second copy of the first one until
 * then. A table has a word (4 bytes; PE32+: 8) for each function, then a zero: with
 * the highest bit set the low 16 are a number, else it is the address of a hint (2 bytes)
 * and a name (Microsoft, "PE Format", the .idata section).
 *
 * Seen with clamscan 1.4.6, and done here: the last 20 bytes of the directory's length are
 * taken for the end of the list, whatever they are; 1,024 libraries are looked at; names
 * are cut after 256 letters; a name that is nowhere is empty, but for a library's, which
 * ends it all. It looks at PE32 alone, gives up on names with anything but letters,
 * digits, "." and "_", and passes over those that begin less than 256 bytes before the
 * end of the file.
 */
#include "view/pe_imports.h"

#include <stdio.h>

#include "base/checked.h"
#include "view/pe_ordinal.h"

enum { DESCRIPTOR_LEN = 20, LIBRARIES_MAX = 1024, NAME_MAX_LEN = 256 };

struct name {
	uint8_t text[NAME_MAX_LEN];
	size_t len;
};

struct import_walk {
	const struct pe_image *image;
	struct arena *arena;
	const struct pe_imports_setup *setup;
	uint64_t len;     /* of the text so far */
	size_t functions; /* so far */
	struct name library;
	size_t stem_len; /* of the library's name without its ending */
};

static bool directory_fits(const struct import_walk *walk);
static enum status walk_libraries(struct import_walk *walk);
static enum status walk_library(struct import_walk *walk, uint64_t address);
static enum status walk_functions(struct import_walk *walk, uint64_t table);
static enum status add_function(struct import_walk *walk, uint64_t word);
static void add_ordinal(struct import_walk *walk, uint16_t number);
static void add_text(struct import_walk *walk, struct slice function);
static void put(struct import_walk *walk, struct slice text);
static enum status read_word(const struct import_walk *walk, uint64_t address,
			     uint64_t *ret_word);
static enum status read_name(const struct import_walk *walk, uint64_t address,
			     struct name *out);
static bool is_name(const struct import_walk *walk, const struct name *name);
static size_t without_ending(const struct name *name);

enum status pe_imports_digest(const struct pe_image *image, struct arena *arena,
			      const struct pe_imports_setup *setup,
			      struct pe_imports *out)
{
	struct import_walk walk = { .image = image, .arena = arena, .setup = setup };

	if (!directory_fits(&walk) || (setup->clamav_compat && image->is_64))
		return STATUS_END;
	enum status status = digest_start(setup->digest_state, setup->kinds);
	if (status == STATUS_OK)
		status = walk_libraries(&walk);
	if (status != STATUS_OK)
		return status;
	digest_finish(setup->digest_state, out->digests);
	out->len = walk.len;
	return STATUS_OK;
}

static bool directory_fits(const struct import_walk *walk)
{
	const struct pe_directory *directory = &walk->image->directories[PE_IMPORTS];
	uint64_t offset;

	return directory->len > 0 && pe_place(walk->image, directory->address, &offset) &&
	       (!walk->setup->clamav_compat ||
		range_fits(offset, directory->len, walk->image->source.size));
}

static enum status walk_libraries(struct import_walk *walk)
{
	const struct pe_directory *directory = &walk->image->directories[PE_IMPORTS];
	enum status status = STATUS_OK;

	for (uint64_t i = 0; i < LIBRARIES_MAX && status == STATUS_OK &&
			     (i + 1) * DESCRIPTOR_LEN < directory->len;
	     i++)
		status = walk_library(walk, directory->address + i * DESCRIPTOR_LEN);
	/* The list's own end. */
	if (status == STATUS_TRUNCATED)
		status = STATUS_OK;
	return status;
}

/* TRUNCATED: there is no such library. */
static enum status walk_library(struct import_walk *walk, uint64_t address)
{
	struct arena_mark mark = arena_mark(walk->arena);
	struct reader in;
	uint64_t unused;
	enum status status = pe_view(walk->image, walk->arena, address, DESCRIPTOR_LEN,
				     &in);

	if (status != STATUS_OK)
		return status;
	uint32_t lookup = reader_u32le(&in);
	reader_skip(&in, 8);
	uint32_t name = reader_u32le(&in);
	uint32_t addresses = reader_u32le(&in);
	bool is_there = reader_ok(&in);
	arena_rewind(walk->arena, mark);
	if (!is_there || name == 0)
		return STATUS_TRUNCATED;
	if (!pe_place(walk->image, name, &unused))
		return STATUS_END;

	status = read_name(walk, name, &walk->library);
	if (status != STATUS_OK)
		return status;
	walk->stem_len = without_ending(&walk->library);
	if (lookup == 0 || !pe_place(walk->image, lookup, &unused))
		lookup = addresses;
	return walk_functions(walk, lookup);
}

static enum status walk_functions(struct import_walk *walk, uint64_t table)
{
	uint64_t width = walk->image->is_64 ? 8 : 4;
	uint64_t word = 0;

	for (;; table += width) {
		enum status status = read_word(walk, table, &word);

		if (status != STATUS_OK || word == 0)
			return status;
		if (walk->functions++ == PE_IMPORTED_MAX)
			return STATUS_LIMIT;
		status = add_function(walk, word);
		if (status != STATUS_OK)
			return status;
	}
}

static enum status add_function(struct import_walk *walk, uint64_t word)
{
	struct name name = { .len = 0 };
	uint64_t offset = 0;

	if (word >> (walk->image->is_64 ? 63 : 31)) {
		add_ordinal(walk, (uint16_t)word);
		return STATUS_OK;
	}
	if (pe_place(walk->image, word, &offset)) {
		if (walk->setup->clamav_compat &&
		    !range_fits(offset + 2, NAME_MAX_LEN, walk->image->source.size))
			return STATUS_OK;
		enum status status = read_name(walk, word + 2, &name);
		if (status != STATUS_OK)
			return status;
	}
	if (!is_name(walk, &name))
		return STATUS_END;
	add_text(walk, (struct slice){ name.text, name.len });
	return STATUS_OK;
}

static void add_ordinal(struct import_walk *walk, uint16_t number)
{
	char text[16];
	const char *name = pe_ordinal_name(
		(struct slice){ walk->library.text, walk->library.len }, number);

	if (!name) {
		snprintf(text, sizeof(text), "ord%u", number);
		name = text;
	}
	add_text(walk, slice_of(name));
}

static void add_text(struct import_walk *walk, struct slice function)
{
	if (walk->len > 0)
		put(walk, slice_of(","));
	put(walk, (struct slice){ walk->library.text, walk->stem_len });
	put(walk, slice_of("."));
	put(walk, function);
}

static void put(struct import_walk *walk, struct slice text)
{
	digest_update(walk->setup->digest_state, text.base, text.len);
	walk->len += text.len;
}

/* One that is not there is zero, and so the last. */
static enum status read_word(const struct import_walk *walk, uint64_t address,
			     uint64_t *ret_word)
{
	struct arena_mark mark = arena_mark(walk->arena);
	struct reader in;
	enum status status = pe_view(walk->image, walk->arena, address, 8, &in);

	if (status != STATUS_OK)
		return status;
	*ret_word = walk->image->is_64 ? reader_u64le(&in) : reader_u32le(&in);
	arena_rewind(walk->arena, mark);
	return STATUS_OK;
}

/* In lower case. */
static enum status read_name(const struct import_walk *walk, uint64_t address,
			     struct name *out)
{
	struct arena_mark mark = arena_mark(walk->arena);
	struct reader in;
	enum status status = pe_view(walk->image, walk->arena, address, NAME_MAX_LEN,
				     &in);

	if (status != STATUS_OK)
		return status;
	out->len = 0;
	for (uint8_t c; (c = reader_u8(&in)) != 0;) {
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		out->text[out->len++] = c;
	}
	arena_rewind(walk->arena, mark);
	return STATUS_OK;
}

static bool is_name(const struct import_walk *walk, const struct name *name)
{
	for (size_t i = 0; i < name->len; i++) {
		uint8_t c = name->text[i];
		bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				c == '.' || c == '_';

		if (!is_plain && (walk->setup->clamav_compat || c <= ' ' || c >= 0x7f))
			return false;
	}
	return true;
}

static size_t without_ending(const struct name *name)
{
	static const char *const endings[] = { ".dll", ".ocx", ".sys" };
	size_t stem = name->len < 4 ? 0 : name->len - 4;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (slice_is((struct slice){ &name->text[stem], name->len - stem },
			     endings[i]))
			return stem;
	return name->len;
}
