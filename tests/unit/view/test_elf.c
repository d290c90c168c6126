/* SPDX-License-Identifier: Apache-2.0 */
/* What offsets mean in an ELF file is what clamscan 1.4.6 was seen to do with such files. */
#include "layout.h"

/* Of one class and order: `n` is the step for numbers, `w` the length of words. */
#define IDENT(class, order) "hex 7f 45 4c 46 " class " " order " 01\nto 16 00\n"
#define EHDR_64(n, entry, phnum, shnum) \
	n " 2 2\n" n " 2 62\n" n " 4 1\n" n " 8 " entry "\n" n " 8 64\n" n \
	  " 8 0x100\n" n " 4 0\n" n " 2 64\n" n " 2 56\n" n " 2 " phnum "\n" n \
	  " 2 64\n" n " 2 " shnum "\n" n " 2 0\n"
#define PHDR_64(n, offset, address, len) \
	n " 4 1\n" n " 4 5\n" n " 8 " offset "\n" n " 8 " address "\n" n " 8 0\n" n \
	  " 8 1\n" n " 8 " len "\n" n " 8 0\n"
#define SHDR_64(n, offset, len) \
	n " 4 1\n" n " 4 1\n" n " 8 0\n" n " 8 0\n" n " 8 " offset "\n" n " 8 " len \
	  "\nfill 24 00\n"
#define EHDR_32(n, entry, phnum, shnum) \
	n " 2 2\n" n " 2 3\n" n " 4 1\n" n " 4 " entry "\n" n " 4 52\n" n " 4 0x100\n" n \
	  " 4 0\n" n " 2 52\n" n " 2 32\n" n " 2 " phnum "\n" n " 2 40\n" n " 2 " shnum \
	  "\n" n " 2 0\n"
#define PHDR_32(n, offset, address, len) \
	n " 4 1\n" n " 4 " offset "\n" n " 4 " address "\n" n " 4 0\n" n " 4 1\n" n \
	  " 4 " len "\n" n " 4 5\n" n " 4 0\n"
#define SHDR_32(n, offset, len) \
	n " 4 1\n" n " 4 1\n" n " 4 0\n" n " 4 0\n" n " 4 " offset "\n" n " 4 " len \
	  "\nfill 16 00\n"

#define PROGRAM_64(n, order) \
	IDENT("02", order) \
	EHDR_64(n, "0x401010", "2", "2") \
	PHDR_64(n, "0", "0x400000", "0x1000") \
	PHDR_64(n, "0x180", "0x401000", "0x1000") \
	"to 256 00\n" SHDR_64(n, "0", "0") SHDR_64(n, "0x180", "0x77") "to 512 00\n"
#define PROGRAM_32(n, order) \
	IDENT("01", order) \
	EHDR_32(n, "0x401010", "2", "2") \
	PHDR_32(n, "0", "0x400000", "0x1000") \
	PHDR_32(n, "0x180", "0x401000", "0x1000") \
	"to 256 00\n" SHDR_32(n, "0", "0") SHDR_32(n, "0x180", "0x77") "to 512 00\n"

static void check_program(struct layout layout)
{
	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.entry_offset, 0x190);
	CHECK_EQ(layout.executable.section_count, 2);
	CHECK_EQ(layout.sections[1].offset, 0x180);
	CHECK_EQ(layout.sections[1].len, 0x77);
}

TEST("both classes and both orders of bytes are read")
{
	check_program(layout_of(PROGRAM_64("le", "01"), "", TYPE_ELF));
	check_program(layout_of(PROGRAM_64("be", "02"), "", TYPE_ELF));
	check_program(layout_of(PROGRAM_32("le", "01"), "", TYPE_ELF));
	check_program(layout_of(PROGRAM_32("be", "02"), "", TYPE_ELF));
}

TEST("without an entry point or program headers it is the start of the file")
{
	struct layout layout = layout_of(IDENT("02", "01") EHDR_64("le", "0", "1", "0"),
					 "to 256 00\n", TYPE_ELF);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.entry_offset, 0);
	layout = layout_of(IDENT("02", "01") EHDR_64("le", "0x400000", "0", "0"),
			   "to 256 00\n", TYPE_ELF);
	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.section_count, 0);
}

TEST("an entry point that no program header has is nowhere")
{
	struct layout layout = layout_of(
		IDENT("02", "01") EHDR_64("le", "0x500000", "1", "0")
			PHDR_64("le", "0", "0x400000", "0x1000"),
		"to 256 00\n", TYPE_ELF);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(!layout.executable.has_entry);
	CHECK(layout.executable.is_refused_by_clamscan);
}

TEST("a section table that is not there costs the sections alone")
{
	struct layout layout = layout_of(
		IDENT("02", "01") EHDR_64("le", "0x400000", "1", "200")
			PHDR_64("le", "0x40", "0x400000", "0x1000"),
		"to 512 00\n", TYPE_ELF);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK_EQ(layout.executable.entry_offset, 0x40);
	CHECK_EQ(layout.executable.section_count, 0);
}

TEST("headers of another length than they should be do not mislead")
{
	struct layout layout = layout_of(
		IDENT("02", "01") "le 2 2\nle 2 62\nle 4 1\nle 8 0x400000\nle 8 64\nle 8 "
				  "64\nle 4 0\nle 2 64\n"
				  "le 2 1\nle 2 9\nle 2 1\nle 2 9\nle 2 0\n",
		"to 512 ff\n", TYPE_ELF);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(!layout.executable.has_entry);
	CHECK_EQ(layout.executable.section_count, 0);
}

TEST("what is no ELF file is malformed, what ends early truncated")
{
	CHECK_EQ(layout_of("hex 7f 45 4c 47 02 01\n", "to 200 00\n", TYPE_ELF).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(IDENT("03", "01"), "to 200 00\n", TYPE_ELF).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(IDENT("02", "01"), "to 50 00\n", TYPE_ELF).status,
		 STATUS_TRUNCATED);
}

TEST("every prefix of a program is safe")
{
	every_prefix_of_recipe_is_safe(PROGRAM_64("le", "01"), TYPE_ELF);
	every_prefix_of_recipe_is_safe(PROGRAM_32("be", "02"), TYPE_ELF);
}

TEST_MAIN()
