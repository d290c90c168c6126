/* SPDX-License-Identifier: Apache-2.0 */
/* What is a pair, and what is none, was seen with clamscan 1.4.6. */
#include "view/pe_version.h"

#include "pe_blob.h"

/* The resources' tree for one resource of each of `count` languages, all the same data. */
static size_t put_tree(struct blob *blob, uint32_t type, unsigned count)
{
	size_t root = blob->len;

	blob_put(blob, 0, 14);
	blob_put(blob, 1, 2);
	blob_put(blob, type, 4);
	blob_put(blob, 0x80000018, 4);
	blob_put(blob, 0, 14);
	blob_put(blob, 1, 2);
	blob_put(blob, 1, 4);
	blob_put(blob, 0x80000030, 4);
	blob_put(blob, 0, 14);
	blob_put(blob, count, 2);
	for (unsigned i = 0; i < count; i++) {
		blob_put(blob, i, 4);
		blob_put(blob, 0x40 + 8 * count, 4);
	}
	size_t leaf = blob->len;
	blob_put(blob, blob_address(leaf + 16), 4);
	blob_put(blob, 1000, 4);
	blob_put(blob, 0, 8);
	blob_directory(blob, PE_RESOURCES, root, 1);
	return leaf + 16;
}

/* Begins a node; node_end() writes its length. */
static size_t node(struct blob *blob, const char *name, size_t value_len)
{
	blob_align(blob, 4);
	size_t at = blob_put(blob, 0, 2);
	blob_put(blob, value_len, 2);
	blob_put(blob, 1, 2);
	blob_wide(blob, name);
	blob_align(blob, 4);
	return at;
}

static void node_end(struct blob *blob, size_t at)
{
	blob_set(blob, at, blob->len - at, 2);
}

/* Returns where the name stands. */
static size_t put_pair(struct blob *blob, const char *name, const char *value)
{
	size_t at = node(blob, name, strlen(value) + 1);

	blob_wide(blob, value);
	node_end(blob, at);
	return at + 6;
}

/* The signature, and 48 bytes of numbers. */
static void put_numbers(struct blob *blob)
{
	blob_put(blob, 0xfeef04bd, 4);
	blob->len += 48;
}

struct version_file {
	struct blob blob;
	size_t root, info, table;
};

static void begin(struct version_file *file, unsigned count)
{
	struct blob *blob = &file->blob;

	blob_init(blob, false);
	put_tree(blob, 16, count);
	file->root = node(blob, "VS_VERSION_INFO", 52);
	put_numbers(blob);
	file->info = node(blob, "StringFileInfo", 0);
	file->table = node(blob, "040904b0", 0);
}

static void end(struct version_file *file, bool is_padded)
{
	if (is_padded)
		blob_align(&file->blob, 4);
	node_end(&file->blob, file->table);
	node_end(&file->blob, file->info);
	node_end(&file->blob, file->root);
}

static struct pe_version read_version(struct version_file *file, bool compat)
{
	struct pe_version version = { 0 };

	if (CHECK(blob_open(&file->blob)))
		CHECK_EQ(pe_version_read(file->blob.executable.pe, &file->blob.arena,
					 compat, &version),
			 STATUS_OK);
	return version;
}

TEST("the pairs of a version resource are found where their names stand")
{
	struct version_file file;

	begin(&file, 1);
	size_t company = put_pair(&file.blob, "CompanyName", "Nobody");
	size_t product = put_pair(&file.blob, "ProductName", "Nothing");
	end(&file, true);

	struct pe_version version = read_version(&file, true);
	REQUIRE(version.count == 2);
	CHECK_EQ(version.pairs[0], company);
	CHECK_EQ(version.pairs[1], product);
	blob_close(&file.blob);
}

TEST("of many version resources sixteen are read")
{
	struct version_file file;

	begin(&file, 40);
	put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	CHECK_EQ(read_version(&file, false).count, 16);
	blob_close(&file.blob);
}

TEST("a last pair without padding, and a short one, are not for clamscan")
{
	struct version_file file;

	begin(&file, 1);
	put_pair(&file.blob, "CompanyName", "No one");
	end(&file, false);
	CHECK_EQ(file.blob.len % 4, 2);
	CHECK_EQ(read_version(&file, false).count, 1);
	blob_close(&file.blob);
	CHECK_EQ(read_version(&file, true).count, 0);
	blob_close(&file.blob);

	begin(&file, 1);
	put_pair(&file.blob, "k", "v");
	put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	CHECK_EQ(read_version(&file, false).count, 2);
	blob_close(&file.blob);
	CHECK_EQ(read_version(&file, true).count, 0);
	blob_close(&file.blob);
}

TEST("a pair without a value, and numbers without their signature, are not for clamscan")
{
	struct version_file file;

	begin(&file, 1);
	size_t empty = node(&file.blob, "LegalCopyright", 0);
	node_end(&file.blob, empty);
	size_t other = put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	CHECK_EQ(read_version(&file, false).count, 2);
	blob_close(&file.blob);
	struct pe_version version = read_version(&file, true);
	REQUIRE(version.count == 1);
	CHECK_EQ(version.pairs[0], other);
	blob_close(&file.blob);

	blob_set(&file.blob, file.info - 52, 0, 4);
	CHECK_EQ(read_version(&file, false).count, 2);
	blob_close(&file.blob);
	CHECK_EQ(read_version(&file, true).count, 0);
	blob_close(&file.blob);
}

TEST("a tree of other names, or of lengths that do not fit, has no pairs")
{
	static const struct {
		const char *what;
		size_t at; /* in the file, from the root node */
		uint64_t value;
		size_t len;
	} damages[] = {
		{ "another name", 6, 'X', 1 },
		{ "another length of the numbers", 2, 51, 2 },
		{ "a root longer than the file", 0, 0xffff, 2 },
		{ "a root shorter than its parts", 0, 100, 2 },
	};
	struct version_file file;

	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		begin(&file, 1);
		put_pair(&file.blob, "CompanyName", "Nobody");
		end(&file, true);
		blob_set(&file.blob, file.root + damages[i].at, damages[i].value,
			 damages[i].len);
		if (!CHECK_EQ(read_version(&file, false).count, 0))
			fprintf(stderr, "# %s\n", damages[i].what);
		blob_close(&file.blob);
	}
}

TEST("a table of a name with other than eight letters ends the tables")
{
	struct version_file file;

	begin(&file, 1);
	put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	blob_set(&file.blob, file.table + 6 + 7 * 2, 0, 2);
	CHECK_EQ(read_version(&file, false).count, 0);
	blob_close(&file.blob);
}

TEST("what stands in front of the texts is passed over")
{
	struct version_file file;
	struct blob *blob = &file.blob;

	blob_init(blob, true);
	put_tree(blob, 16, 1);
	file.root = node(blob, "VS_VERSION_INFO", 52);
	put_numbers(blob);
	size_t other = node(blob, "VarFileInfo", 0);
	node_end(blob, other);
	file.info = node(blob, "StringFileInfo", 0);
	file.table = node(blob, "040904b0", 0);
	put_pair(blob, "CompanyName", "Nobody");
	end(&file, true);
	CHECK_EQ(read_version(&file, true).count, 1);
	blob_close(blob);
}

TEST("a file without version resources has no pairs")
{
	struct version_file file;

	begin(&file, 1);
	put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	blob_directory(&file.blob, PE_RESOURCES, BLOB_AT, 0);
	CHECK_EQ(read_version(&file, false).count, 0);
	blob_close(&file.blob);
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	struct blob *blob = context;
	struct pe_version version = { 0 };

	if (!blob_open_bytes(blob, bytes, len))
		return;
	CHECK_EQ(pe_version_read(blob->executable.pe, &blob->arena, false, &version),
		 STATUS_OK);
	blob_close(blob);
}

TEST("every prefix is safe")
{
	struct version_file file;
	struct blob work;

	begin(&file, 2);
	put_pair(&file.blob, "CompanyName", "Nobody");
	end(&file, true);
	every_prefix_is_safe(look, file.blob.bytes, file.blob.len, &work);
}

TEST_MAIN()
