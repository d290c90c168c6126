/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pe_imports.h"

#include <stdlib.h>

#include "pe_blob.h"
#include "view/pe_ordinal.h"

/* A library and what is imported from it: names, or numbers as "#7". */
struct wish {
	const char *library;
	const char *functions[4];
};

struct import_file {
	struct blob blob;
	size_t directory;
	size_t tables[4];
};

static void put_table(struct import_file *file, const struct wish *wish,
		      const size_t *names)
{
	struct blob *blob = &file->blob;
	size_t width = blob->bytes[64 + 24 + 1] == 2 ? 8 : 4;

	for (size_t j = 0; j < 4 && wish->functions[j]; j++) {
		if (wish->functions[j][0] != '#') {
			blob_put(blob, blob_address(names[j]), width);
			continue;
		}
		blob_put(blob, strtoull(wish->functions[j] + 1, NULL, 10), width - 1);
		blob_put(blob, 0x80, 1);
	}
	blob_put(blob, 0, width);
}

static void make(struct import_file *file, bool is_64, const struct wish *wishes,
		 size_t count)
{
	struct blob *blob = &file->blob;

	blob_init(blob, is_64);
	file->directory = blob->len;
	blob->len += 20 * (count + 1);
	for (size_t i = 0; i < count; i++) {
		size_t names[4] = { 0 };

		for (size_t j = 0; j < 4 && wishes[i].functions[j]; j++) {
			names[j] = blob_put(blob, 0, 2);
			blob_text(blob, wishes[i].functions[j]);
		}
		size_t library = blob_text(blob, wishes[i].library);
		blob_align(blob, 8);
		file->tables[i] = blob->len;
		put_table(file, &wishes[i], names);
		blob_set(blob, file->directory + 20 * i, blob_address(file->tables[i]),
			 4);
		blob_set(blob, file->directory + 20 * i + 12, blob_address(library), 4);
	}
	blob_directory(blob, PE_IMPORTS, file->directory, 20 * (count + 1));
}

/* The status; and are the length and the MD5 those of the text? */
static enum status imports_are(struct import_file *file, bool compat, const char *text)
{
	struct pe_imports imports = { 0 };
	struct digests digests = { 0 };
	struct digest_state state = { 0 };
	struct digest want;
	enum status status;

	if (!CHECK(digests_load(&digests) == STATUS_OK) ||
	    !CHECK(digest_state_init(&state, &digests) == STATUS_OK) ||
	    !CHECK(blob_open(&file->blob)))
		return STATUS_IO;
	const struct pe_imports_setup setup = { &state, DIGEST_BIT_MD5, compat };
	status = pe_imports_digest(file->blob.executable.pe, &file->blob.arena, &setup,
				   &imports);
	if (status == STATUS_OK) {
		CHECK(digest_of(&state, DIGEST_MD5, slice_of(text), &want) == STATUS_OK);
		CHECK_EQ(imports.len, strlen(text));
		CHECK(digest_equal(&imports.digests[DIGEST_MD5], &want));
	}
	blob_close(&file->blob);
	digest_state_clear(&state);
	digests_clear(&digests);
	return status;
}

#define IMPORTS(file, is_64, ...) \
	do { \
		const struct wish wishes[] = { __VA_ARGS__ }; \
		make(file, is_64, wishes, ARRAY_LEN(wishes)); \
	} while (0)

TEST("the text is libraries without their ending and functions, in lower case")
{
	struct import_file file;

	IMPORTS(&file, false, { "KERNEL32.dll", { "ExitProcess", "#7" } },
		{ "a.DLL.ocx", { "F_1.x" } }, { "x.exe", { "G" } });
	CHECK_EQ(imports_are(&file, true,
			     "kernel32.exitprocess,kernel32.ord7,a.dll.f_1.x,x.exe.g"),
		 STATUS_OK);
}

TEST("numbers of three libraries have names")
{
	struct import_file file;

	IMPORTS(&file, false, { "WS2_32.dll", { "#2", "#115", "#900" } },
		{ "wsock32.dll", { "#23" } }, { "OLEAUT32.DLL", { "#2", "#1" } },
		{ "ws2_32", { "#2" } });
	CHECK_EQ(imports_are(&file, true,
			     "ws2_32.bind,ws2_32.wsastartup,ws2_32.ord900,wsock32.socket,"
			     "oleaut32.sysallocstring,oleaut32.ord1,ws2_32.ord2"),
		 STATUS_OK);
}

TEST("tables of 64 bits are read, but not as clamscan would")
{
	struct import_file file;

	IMPORTS(&file, true, { "a.dll", { "F", "#3", "G" } });
	CHECK_EQ(imports_are(&file, false, "a.f,a.ord3,a.g"), STATUS_OK);
	CHECK_EQ(imports_are(&file, true, ""), STATUS_END);
}

TEST("a mangled name is one for us and none for clamscan; a blank is none")
{
	struct import_file file;

	IMPORTS(&file, false, { "a.dll", { "?F@@YA<>" } });
	CHECK_EQ(imports_are(&file, false, "a.?f@@ya<>"), STATUS_OK);
	CHECK_EQ(imports_are(&file, true, ""), STATUS_END);
	IMPORTS(&file, false, { "a.dll", { "a b" } });
	CHECK_EQ(imports_are(&file, false, ""), STATUS_END);
}

TEST("the last entry that the directory's length covers is not read")
{
	struct import_file file;

	IMPORTS(&file, false, { "a.dll", { "F" } }, { "b.dll", { "G" } });
	blob_directory(&file.blob, PE_IMPORTS, file.directory, 40);
	CHECK_EQ(imports_are(&file, true, "a.f"), STATUS_OK);
	blob_directory(&file.blob, PE_IMPORTS, file.directory, 41);
	CHECK_EQ(imports_are(&file, true, "a.f,b.g"), STATUS_OK);
	blob_directory(&file.blob, PE_IMPORTS, file.directory, 1);
	CHECK_EQ(imports_are(&file, true, ""), STATUS_OK);
	blob_directory(&file.blob, PE_IMPORTS, file.directory, 0);
	CHECK_EQ(imports_are(&file, true, ""), STATUS_END);
}

TEST("a function's name that is nowhere is empty; a library's ends it all")
{
	struct import_file file;

	IMPORTS(&file, false, { "a.dll", { "F", "G" } });
	blob_set(&file.blob, file.tables[0], 0x900000, 4);
	CHECK_EQ(imports_are(&file, true, "a.,a.g"), STATUS_OK);
	blob_set(&file.blob, file.directory + 12, 0x900000, 4);
	CHECK_EQ(imports_are(&file, true, ""), STATUS_END);
}

TEST("without a lookup table the table of addresses is read")
{
	struct import_file file;

	IMPORTS(&file, false, { "a.dll", { "F" } });
	blob_set(&file.blob, file.directory, 0, 4);
	blob_set(&file.blob, file.directory + 16, blob_address(file.tables[0]), 4);
	CHECK_EQ(imports_are(&file, true, "a.f"), STATUS_OK);
}

TEST("names end after 256 letters")
{
	char name[301], text[260] = "a.";
	struct import_file file;

	memset(name, 'f', 300);
	name[300] = '\0';
	memset(text + 2, 'f', 256);
	text[258] = '\0';
	const struct wish wish = { "a.dll", { name } };
	make(&file, false, &wish, 1);
	CHECK_EQ(imports_are(&file, true, text), STATUS_OK);
}

TEST("tables that never end have a limit")
{
	static const struct wish wish = { "a.dll", { "F" } };
	struct import_file file;

	make(&file, false, &wish, 1);
	memset(file.blob.bytes + file.blob.len, 0xff, BLOB_MAX - file.blob.len);
	/* Each library has the rest of the file for a table. */
	size_t count = 100, at = 8000;
	for (size_t i = 0; i < count; i++) {
		memset(file.blob.bytes + at + 20 * i, 0, 20);
		blob_set(&file.blob, at + 20 * i, blob_address(at + 20 * count), 4);
		blob_set(&file.blob, at + 20 * i + 12, blob_address(file.tables[0]), 4);
	}
	blob_directory(&file.blob, PE_IMPORTS, at, 20 * count);
	CHECK_EQ(imports_are(&file, false, ""), STATUS_LIMIT);
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	const struct pe_imports_setup *setup = context;
	struct pe_imports imports = { 0 };
	struct blob blob;

	if (!blob_open_bytes(&blob, bytes, len))
		return;
	enum status status = pe_imports_digest(blob.executable.pe, &blob.arena, setup,
					       &imports);
	CHECK(status == STATUS_OK || status == STATUS_END);
	blob_close(&blob);
}

TEST("every prefix is safe")
{
	struct digests digests = { 0 };
	struct digest_state state = { 0 };
	struct import_file file;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	struct pe_imports_setup setup = { &state, DIGEST_BIT_MD5, false };
	IMPORTS(&file, false, { "a.dll", { "F", "#3", "G" } }, { "b.dll", { "H" } });
	every_prefix_is_safe(look, file.blob.bytes, file.blob.len, &setup);
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST_MAIN()
