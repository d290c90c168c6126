/* SPDX-License-Identifier: Apache-2.0 */
#include "database/decode.h"

#include <string.h>

#include "built.h"
#include "database/segment.h"
#include "gen.h"
#include "test.h"
#include "text_buffer.h"

static struct built built;
static struct text_buffer told;

static void on_line(void *context, const char *label, struct slice text)
{
	(void)context;
	/* What is damaged may be long. */
	if (told.len + text.len + 256 > sizeof(told.text))
		return;
	text_add(&told, "%s: %.*s\n", label, (int)text.len, (const char *)text.base);
}

static enum status decode(uint32_t rule, size_t budget_bytes)
{
	struct decoder_output output = { on_line, NULL };
	struct arena arena;

	text_clear(&told);
	arena_init(&arena, budget_bytes);
	enum status status = decode_rule(&built.database, 0, rule, &arena, &output);
	arena_clear(&arena);
	return status;
}

/* What is told of the one rule in a file of that name. */
static const char *decoded(const char *name, const char *line)
{
	built_one(&built, name, line);
	if (CHECK_EQ(built.status, STATUS_OK))
		CHECK_EQ(decode(0, 8 << 20), STATUS_OK);
	built_free(&built);
	return told.text;
}

TEST("a pattern is said in words")
{
	CHECK_STR(decoded("a.ndb", "A:0:*:616263\n"), "for: any object (target 0)\n"
						      "when: 0\n"
						      "0: anywhere: 616263 \"abc\"\n");
	CHECK_STR(decoded("a.ndb", "A:1:EP+8,4:616263??6?64{3-7}6566*6768\n"),
		  "for: PE (target 1)\n"
		  "when: 0\n"
		  "0: 8 bytes behind the entry point, or up to 4 bytes behind that: "
		  "616263 \"abc\", any 1 byte, 6?, 64, 3 to 7 bytes, 6566 \"ef\", "
		  "anything, 6768 \"gh\"\n");
	CHECK_STR(decoded("a.ndb", "A:6:EOF-9:6162(63|6465)!(66|67){5-}6869\n"),
		  "for: ELF (target 6)\n"
		  "when: 0\n"
		  "0: 9 bytes before the end: 6162 \"ab\", one of (63 | 6465 \"de\"), "
		  "none of (66 | 67), 5 bytes or more, 6869 \"hi\"\n");
	CHECK_STR(decoded("a.ndb", "A:9:SL+1:6162!(B)(L)\n"),
		  "for: Mach-O (target 9)\n"
		  "when: 0\n"
		  "0: 1 bytes behind the start of the last section: 6162 \"ab\", "
		  "the opposite of the edge of a word, before the end of a line\n");
}

TEST("an expression keeps its parentheses")
{
	CHECK_STR(decoded("a.ldb",
			  "A;Engine:51-255,Target:6,FileSize:10-20,NumberOfSections:1-2;"
			  "(0&1)|(2>3)|(0|1)=2,2;6162;6364::i;6566::wa\n"),
		  "for: ELF (target 6)\n"
		  "if: the object's size is 10 to 20\n"
		  "if: the number of sections is 1 to 2\n"
		  "when: (0 and 1) or 2 matching more than 3 times or "
		  "(0 or 1) matching exactly 2 times in at least 2 different ones\n"
		  "0: anywhere: 6162 \"ab\"\n"
		  "1: anywhere: 6364 \"cd\" in either case\n"
		  "2: anywhere: 6566 \"ef\"; or 65006600\n");
}

TEST("what is no pattern is said in words, too")
{
	decoded("a.ldb", "A;Engine:81-255,Target:0;0&1;616263;0/a+b.*c/si\n");
	CHECK(strstr(told.text,
		     "\n1: anywhere: the regular expression a+b.*c, letters in "
		     "either case, . is any byte; looked for when 0\n"));
	decoded("a.ldb", "A;Engine:81-255,Target:0;0&1;616263;0(>>5#he2#=10)\n");
	CHECK(strstr(told.text, "5 bytes from the last match of 0, read as hexadecimal "
				"text, all of it, is = 10\n"));
	decoded("a.ldb", "A;Engine:150-255,Target:0;0;fuzzy_img#af2ad01ed42993c7#0\n");
	CHECK(strstr(told.text, "a picture that looks like af2ad01ed42993c7\n"));
	decoded("a.zmd", "N:0:bad.*:*:*:*:*:*:1\n");
	CHECK(strstr(told.text, "\nmember's name (regular expression): bad.*\n"));
}

TEST("digests are told with what they are of")
{
	CHECK_STR(decoded("a.hsb", "900150983cd24fb0d6963f7d28e17f72:3:H\n"),
		  "for: a whole object\n"
		  "when: its MD5 is 900150983cd24fb0d6963f7d28e17f72\n"
		  "and: of 3 bytes\n");
	CHECK_STR(decoded("a.msb", "*:a9993e364706816aba3e25717850c26c9cd0d89d:H:73\n"),
		  "for: a section of a PE file\n"
		  "when: its SHA-1 is a9993e364706816aba3e25717850c26c9cd0d89d\n"
		  "and: of any size\n");
}

TEST("rules about members are told field by field")
{
	decoded("a.cdb", "N:CL_TYPE_ZIP:*:.*exe:*:10-20:1:1:*:*\n");
	CHECK(strstr(told.text, "what: a member of a container"));
	CHECK(strstr(told.text, "\nmember's name (regular expression): .*exe\n"));
	CHECK(strstr(told.text, "\nreal size: 10-20\n"));
}

TEST("without memory it says so")
{
	built_one(&built, "a.ndb", "A:0:*:616263\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(decode(0, 1000), STATUS_NO_MEMORY);
	CHECK_EQ(decode(1, 8 << 20), STATUS_OK);
	CHECK_EQ(decode(UINT32_MAX, 8 << 20), STATUS_OK);
	built_free(&built);
}

TEST("a damaged segment can be decoded")
{
	struct gen gen = gen_start();

	built_one(&built, "a.ldb",
		  "A;Engine:51-255,Target:0,FileSize:1-9;(0|1)>1&2=0;6162::i;"
		  "6162*6364(65|(66|6768)67);717273(B)::wa\n");
	REQUIRE(built.status == STATUS_OK);
	for (int i = 0; i < 3000; i++) {
		size_t at = SEGMENT_SECTIONS_AT +
			    gen_below(&gen, built.len - SEGMENT_SECTIONS_AT);
		uint8_t kept = built.bytes[at];

		built.bytes[at] = (uint8_t)gen_u64(&gen);
		enum status status = decode(0, 8 << 20);
		CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
		built.bytes[at] = kept;
	}
	built_free(&built);
}

TEST_MAIN()
