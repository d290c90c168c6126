/* SPDX-License-Identifier: Apache-2.0 */
/* What section offsets mean in a Mach-O file is what clamscan 1.4.6 was seen to do. */
#include "layout.h"

#include "base/checked.h"

#define HEADER_64(n, magic, processor, count, len) \
	"hex " magic "\n" n " 4 " processor "\n" n " 4 3\n" n " 4 2\n" n " 4 " count \
	"\n" n " 4 " len "\n" n " 4 0\nfill 4 00\n"
#define SEGMENT_64(n, len, count) \
	n " 4 0x19\n" n " 4 " len "\nfill 56 00\n" n " 4 " count "\n" n " 4 0\n"
#define SECTION_64(n, address, len, offset) \
	"fill 32 00\n" n " 8 " address "\n" n " 8 " len "\n" n " 4 " offset "\n" n \
	" 4 4\nfill 24 00\n"
#define HEADER_32(n, magic, processor, count, len) \
	"hex " magic "\n" n " 4 " processor "\n" n " 4 3\n" n " 4 2\n" n " 4 " count \
	"\n" n " 4 " len "\n" n " 4 0\n"
#define SEGMENT_32(n, len, count) \
	n " 4 1\n" n " 4 " len "\nfill 40 00\n" n " 4 " count "\n" n " 4 0\n"
#define SECTION_32(n, address, len, offset) \
	"fill 32 00\n" n " 4 " address "\n" n " 4 " len "\n" n " 4 " offset "\n" n \
	" 4 4\nfill 20 00\n"

/* A segment of two sections and the command that tells where to begin. */
#define SECTIONS_64(n) \
	SEGMENT_64(n, "232", "2") \
	SECTION_64(n, "0x1000", "0x50", "0x400") SECTION_64(n, "0x2000", "0x33", "0x500")
#define SECTIONS_32(n) \
	SEGMENT_32(n, "192", "2") \
	SECTION_32(n, "0x1000", "0x50", "0x400") SECTION_32(n, "0x2000", "0x33", "0x500")
#define PROGRAM \
	HEADER_64("le", "cf fa ed fe", "0x1000007", "2", "256") \
	SECTIONS_64("le") "le 4 0x80000028\nle 4 24\nle 8 0x404\nle 8 0\n"
#define REST "to 2048 00\n"

static void check_sections(struct layout layout)
{
	CHECK_EQ(layout.status, STATUS_OK);
	CHECK_EQ(layout.executable.section_count, 2);
	CHECK_EQ(layout.sections[0].offset, 0x400);
	CHECK_EQ(layout.sections[0].len, 0x50);
	CHECK_EQ(layout.sections[1].offset, 0x500);
	CHECK_EQ(layout.sections[1].len, 0x40);
	CHECK(layout.executable.has_entry);
}

TEST("sections and the place of main() are found")
{
	struct layout layout = layout_of(PROGRAM, REST, TYPE_MACHO);

	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0x404);
}

TEST("both widths, both orders, and threads of all processors are read")
{
	struct layout layout = layout_of(
		HEADER_32("le", "ce fa ed fe", "7", "2", "272")
			SECTIONS_32("le") "le 4 5\nle 4 80\nle 4 1\nle 4 16\nfill 40 "
					  "00\nle 4 0x1010\nfill 20 00\n",
		REST, TYPE_MACHO);
	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0x410);

	layout = layout_of(HEADER_32("be", "fe ed fa ce", "18", "2", "220")
				   SECTIONS_32("be") "be 4 5\nbe 4 28\nbe 4 1\nbe 4 "
						     "40\nbe 4 0x2011\nfill 8 00\n",
			   REST, TYPE_MACHO);
	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0x511);

	layout = layout_of(HEADER_64("be", "fe ed fa cf", "0x1000012", "2", "272")
				   SECTIONS_64("be") "be 4 5\nbe 4 40\nbe 4 1\nbe 4 "
						     "40\nbe 8 0x2011\nfill 16 00\n",
			   REST, TYPE_MACHO);
	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0x511);

	layout = layout_of(HEADER_64("le", "cf fa ed fe", "0x1000007", "2", "416")
				   SECTIONS_64("le") "le 4 5\nle 4 184\nle 4 4\nle 4 "
						     "42\nfill 128 00\nle 8 0x1001\n"
						     "fill 32 00\n",
			   REST, TYPE_MACHO);
	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0x401);
}

TEST("without a word about it the entry point is the start of the file")
{
	struct layout layout = layout_of(
		HEADER_64("le", "cf fa ed fe", "0x1000007", "1", "232") SECTIONS_64("le"),
		REST, TYPE_MACHO);

	check_sections(layout);
	CHECK_EQ(layout.executable.entry_offset, 0);
}

TEST("an entry point outside of all sections is nowhere")
{
	struct layout layout = layout_of(
		HEADER_64("be", "fe ed fa cf", "0x1000012", "2", "272")
			SECTIONS_64("be") "be 4 5\nbe 4 40\nbe 4 1\nbe 4 40\nbe 8 "
					  "0x3000\nfill 16 00\n",
		REST, TYPE_MACHO);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK(!layout.executable.has_entry);
}

TEST("what no loader would take is malformed, what ends early truncated")
{
	CHECK_EQ(layout_of("hex ca fe ba be\n", REST, TYPE_MACHO).status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER_64("le", "cf fa ed fe", "7", "0", "232"), REST,
			   TYPE_MACHO)
			 .status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER_64("le", "cf fa ed fe", "7", "2000", "232"), REST,
			   TYPE_MACHO)
			 .status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER_64("le", "cf fa ed fe", "7", "1", "72")
				   SEGMENT_64("le", "72", "0xffffffff"),
			   REST, TYPE_MACHO)
			 .status,
		 STATUS_MALFORMED);
	CHECK_EQ(layout_of(HEADER_64("le", "cf fa ed fe", "7", "3", "200")
				   SECTIONS_64("le"),
			   REST, TYPE_MACHO)
			 .status,
		 STATUS_TRUNCATED);
	CHECK_EQ(layout_of("hex cf fa ed fe\n", "", TYPE_MACHO).status, STATUS_TRUNCATED);
}

TEST("the commands' length is not believed, nor that of the last one")
{
	static const char *const lengths[] = { "0", "50", "0xffffffff" };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		char header[512];

		snprintf(header, sizeof(header),
			 "hex cf fa ed fe\nle 4 0x1000007\nle 4 3\nle 4 2\n"
			 "le 4 2\nle 4 %s\nle 4 0\nfill 4 00\n",
			 lengths[i]);
		check_sections(layout_of(header,
					 SECTIONS_64("le") "le 4 0x77\n"
							   "le 4 0x7fffffff\n",
					 TYPE_MACHO));
	}
}

TEST("a section that is filled with zeros has no bytes in the file")
{
	struct layout layout = layout_of(
		HEADER_64("le", "cf fa ed fe", "0x1000007", "1", "152"),
		SEGMENT_64("le", "152", "1") "fill 32 00\nle 8 0x1000\nle 8 0x50\n"
					     "le 4 0x400\nfill 12 00\nle 4 1\n"
					     "fill 12 00\n" REST,
		TYPE_MACHO);

	CHECK_EQ(layout.status, STATUS_OK);
	CHECK_EQ(layout.executable.section_count, 1);
	CHECK_EQ(layout.sections[0].len, 0);
	CHECK(layout.executable.is_entry_unknown_to_clamscan);
}

TEST("every prefix of a program is safe")
{
	every_prefix_of_recipe_is_safe(PROGRAM REST, TYPE_MACHO);
}

TEST("other types have no such layout")
{
	CHECK_EQ(layout_of(PROGRAM, REST, TYPE_ZIP).status, STATUS_UNSUPPORTED);
	CHECK_EQ(layout_of(PROGRAM, REST, TYPE_MACHO_UNIBIN).status, STATUS_UNSUPPORTED);
}

TEST_MAIN()
