/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/macho_fat.h"

#include "prefix.h"
#include "recipe.h"
#include "test.h"
#include "unpacking.h"

#define ENTRY(processor, offset, len) \
	"be 4 " processor "\nbe 4 3\nbe 4 " offset "\nbe 4 " len "\nbe 4 4\n"
#define TWO(count) \
	"hex ca fe ba be\nbe 4 " count "\n" ENTRY("7", "64", "5") \
		ENTRY("0x1000007", "80", "6") "to 64 00\ntext \"first\"\n" \
					      "to 80 00\ntext \"second\"\n"

static void check(const char *text, const char *want)
{
	struct recipe made;

	if (!CHECK(recipe_build(text, &made)))
		return;
	struct unpacked unpacked = unpack_bytes(&macho_fat_unpacker, made.bytes,
						made.len);
	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
	recipe_free(&made);
}

TEST("each member is a child, named for its processor")
{
	check(TWO("2"), "i386:5:end x86_64:6:end");
	check("hex ca fe ba be\nbe 4 1\n" ENTRY("99", "64",
						"5") "to 64 00\ntext \"first\"\n",
	      ":5:end");
}

TEST("a wide table has offsets of eight bytes")
{
	check("hex ca fe ba bf\nbe 4 1\nbe 4 12\nbe 4 0\nbe 8 64\nbe 8 5\nbe 4 4\nbe 4 "
	      "0\n"
	      "to 64 00\ntext \"first\"\n",
	      "arm:5:end");
}

TEST("what points nowhere is no member, and one that is too long is cut")
{
	check(TWO("5"), "i386:5:end x86_64:6:end");
	check("hex ca fe ba be\nbe 4 2\n" ENTRY("7", "0x10000000", "5")
		      ENTRY("18", "64", "5000") "to 64 00\ntext \"first\"\n",
	      "ppc:5:end");
	check("hex ca fe ba be\nbe 4 0\nfill 10 00\n", "");
}

TEST("what stands between members and behind them is a child, zeros are padding")
{
	check("hex ca fe ba be\nbe 4 2\n" ENTRY("7", "64", "5")
		      ENTRY("18", "96", "4") "to 64 00\n"
					     "text \"first\"\nto 80 00\ntext "
					     "\"between\"\nto 96 00\ntext \"last"
					     "behind\"\n",
	      "i386:5:end ppc:4:end :16:end :6:end");
}

TEST("another file is malformed")
{
	check("hex ca fe ba be\nbe 4 52\nfill 100 00\n", "open:malformed");
	check("text \"something else altogether\"\n", "open:malformed");
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	(void)context;
	struct unpacked unpacked = unpack_bytes(&macho_fat_unpacker, bytes, len);
	unpacked_free(&unpacked);
}

TEST("every prefix is safe")
{
	struct recipe made;

	REQUIRE(recipe_build(TWO("2"), &made));
	every_prefix_is_safe(look, made.bytes, made.len, NULL);
	recipe_free(&made);
}

TEST_MAIN()
