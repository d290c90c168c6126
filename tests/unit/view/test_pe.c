/* SPDX-License-Identifier: Apache-2.0 */
/* What offsets mean in a PE file is what clamscan 1.4.6 was seen to do with such files. */
#include "layout.h"

/* Two sections: 0x1000 … at 0x400, 0x2000 … at 0x600, and 0x800 bytes in all. */
#define DOS "text \"MZ\"\nto 60 00\nle 4 64\n"
#define PE(count) \
	"text \"PE\\x00\\x00\"\nle 2 0x14c\nle 2 " count \
	"\nfill 12 00\nle 2 224\nle 2 2\n"
#define OPTIONAL(entry, memory, file) \
	"le 2 0x10b\nfill 14 00\nle 4 " entry "\nfill 12 00\nle 4 " memory \
	"\nle 4 " file "\nfill 20 00\nle 4 0x400\nfill 28 00\nle 4 16\nfill 128 00\n"
#define SECTION(memory_len, address, len, offset) \
	"text \".text\\x00\\x00\\x00\"\nle 4 " memory_len "\nle 4 " address \
	"\nle 4 " len "\nle 4 " offset "\nfill 16 00\n"
#define HEADER(entry) DOS PE("2") OPTIONAL(entry, "0x1000", "0x200")
#define ORDINARY \
	SECTION("0x180", "0x1000", "0x200", "0x400") \
	SECTION("0x100", "0x2000", "0x200", "0x600")
#define REST "to 2048 cc\n"

TEST("sections and the entry point are found")
{
	struct layout layout = layout_of(HEADER("0x2010") ORDINARY, REST, TYPE_MSEXE);

	REQUIRE(layout.status == STATUS_OK);
	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.entry_offset, 0x610);
	CHECK_EQ(layout.executable.section_count, 2);
	CHECK_EQ(layout.sections[0].offset, 0x400);
	CHECK_EQ(layout.sections[0].len, 0x200);
	CHECK_EQ(layout.sections[1].offset, 0x600);
}

TEST("an address in the headers is an offset, and no entry point is the start")
{
	struct layout layout = layout_of(HEADER("0x210") ORDINARY, REST, TYPE_MSEXE);

	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.entry_offset, 0x210);
	layout = layout_of(HEADER("0") ORDINARY, REST, TYPE_MSEXE);
	CHECK(layout.executable.has_entry);
	CHECK_EQ(layout.executable.entry_offset, 0);
}

TEST("an entry point that is nowhere costs the entry point alone")
{
	struct layout layout = layout_of(HEADER("0x9000") ORDINARY, REST, TYPE_MSEXE);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(!layout.executable.has_entry);
	CHECK_EQ(layout.executable.section_count, 2);
	CHECK(layout.executable.is_refused_by_clamscan);
	CHECK(!layout_of(HEADER("0x2010") ORDINARY, REST, TYPE_MSEXE)
		       .executable.is_refused_by_clamscan);
}

TEST("offsets are rounded down and sizes up to the alignment of the file")
{
	struct layout layout = layout_of(HEADER("0x1000"),
					 SECTION("1", "0x1000", "0x101", "0x410")
						 SECTION("1", "0x2000", "1", "0x7ff")
							 REST,
					 TYPE_MSEXE);

	CHECK_EQ(layout.sections[0].offset, 0x400);
	CHECK_EQ(layout.sections[0].len, 0x200);
	CHECK_EQ(layout.sections[1].offset, 0x600);
	CHECK_EQ(layout.sections[1].len, 0x200);
	CHECK_EQ(layout.executable.entry_offset, 0x400);
}

TEST("a section aligned to 0x200 alone makes that the alignment of all")
{
	struct layout layout = layout_of(
		DOS PE("2") OPTIONAL("0x1000", "0x1000", "0x400"),
		SECTION("1", "0x1000", "0x10", "0x400")
			SECTION("1", "0x2000", "0x10", "0x600") REST,
		TYPE_MSEXE);

	CHECK_EQ(layout.sections[0].len, 0x200);
	CHECK_EQ(layout.sections[1].offset, 0x600);
	layout = layout_of(DOS PE("2") OPTIONAL("0x1000", "0x1000", "0x400"),
			   SECTION("1", "0x1000", "0x10", "0x400")
				   SECTION("1", "0x2000", "0x10", "0x610") REST,
			   TYPE_MSEXE);
	CHECK_EQ(layout.sections[1].offset, 0x400);
}

TEST("sections are cut at the end of the file")
{
	struct layout layout = layout_of(HEADER("0x1000"),
					 SECTION("1", "0x1000", "0x10000", "0x600")
						 SECTION("1", "0x2000", "1", "0x800")
							 REST,
					 TYPE_MSEXE);

	CHECK_EQ(layout.sections[0].len, 0x200);
	CHECK_EQ(layout.sections[1].len, 0);
}

TEST("of sections that share an address the last has it")
{
	struct layout layout = layout_of(HEADER("0x1008"),
					 SECTION("1", "0x1000", "0x200", "0x400")
						 SECTION("1", "0x1000", "0x200", "0x600")
							 REST,
					 TYPE_MSEXE);

	CHECK_EQ(layout.executable.entry_offset, 0x608);
}

TEST("without alignment nothing is rounded")
{
	struct layout layout = layout_of(DOS PE("1") OPTIONAL("0x1003", "0", "0"),
					 SECTION("1", "0x1001", "5", "0x401") REST,
					 TYPE_MSEXE);

	CHECK_EQ(layout.sections[0].offset, 0x401);
	CHECK_EQ(layout.sections[0].len, 5);
	CHECK_EQ(layout.executable.entry_offset, 0x403);
}

TEST("what no loader would take is malformed, what ends early truncated")
{
	CHECK_EQ(layout_of("text \"MZ\"\nto 60 00\nle 4 0\n", REST, TYPE_MSEXE).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of("text \"XZ\"\nto 60 00\nle 4 64\n", REST, TYPE_MSEXE).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(DOS "text \"NE\\x00\\x00\"\n", REST, TYPE_MSEXE).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(DOS PE("0") OPTIONAL("0", "0", "0"), REST, TYPE_MSEXE).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(DOS PE("0xffff") OPTIONAL("0", "0", "0"), REST, TYPE_MSEXE)
			 .status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER("0"),
			   SECTION("1", "0x80001000", "1", "0x400") ORDINARY REST,
			   TYPE_MSEXE)
			 .status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER("0"), SECTION("1", "1", "1", "1"), TYPE_MSEXE).status,
		 STATUS_TRUNCATED);
	CHECK_EQ(layout_of("text \"MZ\"\n", "", TYPE_MSEXE).status, STATUS_TRUNCATED);
	CHECK_EQ(layout_of("", "", TYPE_MSEXE).status, STATUS_TRUNCATED);
	CHECK_EQ(layout_of("text \"MZ\"\nto 60 00\nle 4 0xffffffff\n", "", TYPE_MSEXE)
			 .status,
		 STATUS_TRUNCATED);
}

TEST("every prefix of a program is safe")
{
	every_prefix_of_recipe_is_safe(HEADER("0x2010") ORDINARY REST, TYPE_MSEXE);
}

TEST_MAIN()
