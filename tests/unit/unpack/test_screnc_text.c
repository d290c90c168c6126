/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/screnc_text.h"

#include "test.h"
#include "unpacking.h"

#define SIGN \
	"#@" \
	"~^"
#define ABC \
	"AwAAAA==C(mJgEAAA==^#" \
	"~@"

#define CHILD(text, want) \
	do { \
		struct unpacked unpacked_ = unpack_bytes(&screnc_text_unpacker, text, \
							 sizeof(text) - 1); \
		CHECK_EQ(unpacked_.count, 1); \
		CHECK_EQ(unpacked_.ended, STATUS_END); \
		CHECK_EQ(unpacked_.children[0].status, STATUS_END); \
		CHECK_EQ(unpacked_.children[0].len, sizeof(want) - 1); \
		CHECK(memcmp(unpacked_.children[0].bytes, want, sizeof(want) - 1) == 0); \
		unpacked_free(&unpacked_); \
	} while (0)

TEST("a script is decoded, and becomes a page")
{
	CHILD(SIGN ABC, "<script>abc</script>");
	CHILD("// by me\r\n" SIGN ABC "\r\nx", "<script>// by me\r\nabc\r\nx</script>");
	CHILD("", "<script></script>");
}

TEST("a page stays one")
{
	CHILD(" <%" SIGN ABC "%>" SIGN ABC, " <%abc%>abc");
	CHILD("\xff\xfe<\0%\0#\0@\0~\0^\0"
	      "A\0w\0A\0A\0A\0A\0=\0=\0C\0(\0m\0"
	      "J\0g\0E\0A\0A\0A\0=\0=\0^\0#\0~\0@\0",
	      "\xff\xfe<%abc");
}

TEST("a damaged one comes as far as it goes")
{
	const char *const damaged[] = {
		SIGN "AwAAAA==C(mAQAAAA==^#"
		     "~@",
		SIGN "AwAAAA==C(m",
		SIGN "BwAAAA==C(m",
		SIGN "!!!!!!==C(m",
	};

	for (size_t i = 0; i < 4; i++) {
		struct unpacked unpacked = unpack_bytes(&screnc_text_unpacker, damaged[i],
							strlen(damaged[i]));

		CHECK_EQ(unpacked.children[0].status, STATUS_MALFORMED);
		CHECK_EQ(unpacked.children[0].len, 20);
		CHECK(memcmp(unpacked.children[0].bytes, "<script>abc</script>", 20) ==
		      0);
		unpacked_free(&unpacked);
	}
}

TEST("texts are longer than a window")
{
	static char text[50000];
	struct unpacked unpacked;

	memset(text, 'x', sizeof(text));
	memcpy(&text[4090], SIGN ABC, 27);
	memcpy(&text[40000], SIGN ABC, 27);
	unpacked = unpack_bytes(&screnc_text_unpacker, text, sizeof(text));
	CHECK_EQ(unpacked.children[0].status, STATUS_END);
	CHECK_EQ(unpacked.children[0].len, 8 + sizeof(text) - 2 * 24 + 9);
	CHECK(memcmp(&unpacked.children[0].bytes[8 + 4090], "abcx", 4) == 0);
	unpacked_free(&unpacked);
}

TEST_MAIN()
