/* SPDX-License-Identifier: Apache-2.0 */
#include "type/program_end.h"

#include "gen.h"
#include "prefix.h"
#include "programs.h"
#include "test.h"

static uint8_t bytes[8192];

static uint64_t end_of(size_t len)
{
	struct program_end program = { 0 };

	CHECK(program_end_read(reader_of(bytes, len), &program));
	return program.end;
}

TEST("a PE file ends with its last section, symbols or their strings")
{
	struct pe_wish plain = { .section_len = 1000 };
	struct pe_wish symbols = { .section_len = 1000, .symbols = 3, .strings_len = 40 };
	struct program_end program;

	size_t len = pe_make(bytes, &plain);
	CHECK_EQ(end_of(len), len);
	CHECK_EQ(end_of(512), len);
	len = pe_make(bytes, &symbols);
	/* The strings' length is told by the table itself. */
	CHECK_EQ(end_of(512), len - 40 + 4);
	REQUIRE(program_end_read(reader_of(bytes, 512), &program));
	CHECK_EQ(program.strings_at, len - 40);
}

TEST("a signature is known by its place in the file")
{
	struct pe_wish wish = { .section_len = 8,
				.signature_at = 600,
				.signature_len = 80 };
	struct program_end program;

	size_t len = pe_make(bytes, &wish);
	REQUIRE(program_end_read(reader_of(bytes, len), &program));
	CHECK_EQ(program.end, len);
	CHECK_EQ(program.signature_at, 600);
	CHECK_EQ(program.signature_len, 80);
}

TEST("an ELF file ends with its segments, sections or their tables")
{
	for (int bits = 32; bits <= 64; bits += 32) {
		for (int is_big = 0; is_big < 2; is_big++) {
			size_t len = elf_make(bytes, 2000, bits, is_big);
			CHECK_EQ(end_of(len), len);
			/* Where the table of sections is out of sight, its place counts. */
			CHECK_EQ(end_of(200), len);
		}
	}
}

TEST("an ELF file without segments and sections ends with its header")
{
	for (int bits = 32; bits <= 64; bits += 32) {
		size_t len = elf_make(bytes, 300, bits, 0);
		memset(bytes + 24, 0, (bits == 64 ? 64 : 52) - 24);
		CHECK_EQ(end_of(len), bits == 64 ? 64 : 52);
	}
}

TEST("a section behind a table of sections near the start counts, unless it has no bytes")
{
	for (uint32_t kind = 1; kind <= 8; kind += 7) {
		size_t len = elf_make(bytes, 300, 64, 0);
		uint8_t *section = bytes + 300;
		section[4] = (uint8_t)kind;
		section[25] = 0x10; /* at 4096 */
		section[32] = 100;
		CHECK_EQ(end_of(len), kind == 8 ? len : 4196);
	}
}

TEST("other files, and headers that lead nowhere, have no end")
{
	struct program_end program = { .end = 42 };
	struct pe_wish wish = { .section_len = 8 };

	CHECK(!program_end_read(reader_of("MZ and words", 12), &program));
	CHECK(!program_end_read(reader_of("\x7f"
					  "ELF",
					  4),
				&program));
	CHECK(!program_end_read(reader_of(NULL, 0), &program));
	size_t len = pe_make(bytes, &wish);
	bytes[60] = bytes[61] = 0xff;
	CHECK(!program_end_read(reader_of(bytes, len), &program));
	pe_make(bytes, &wish);
	bytes[64 + 4 + 3] = 0xff;
	CHECK(!program_end_read(reader_of(bytes, len), &program));
	CHECK_EQ(program.end, 42);
}

static void look(const uint8_t *head, size_t len, void *context)
{
	struct program_end program;

	(void)context;
	(void)program_end_read(reader_of(head, len), &program);
}

TEST("every prefix is safe, and so are random changes")
{
	struct gen gen = gen_start();
	struct pe_wish wish = { .section_len = 8, .symbols = 2, .strings_len = 8 };

	for (int round = 0; round < 3; round++) {
		size_t len = round == 0 ? pe_make(bytes, &wish) :
					  elf_make(bytes, 200, round * 32, 0);
		every_prefix_is_safe(look, bytes, len, NULL);
		for (int i = 0; i < 2000; i++) {
			bytes[gen_below(&gen, len)] = (uint8_t)gen_u64(&gen);
			look(bytes, len, NULL);
		}
	}
}

TEST_MAIN()
