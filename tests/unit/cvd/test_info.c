/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/info.h"

#include "test.h"

#define HEAD "ClamAV-VDB:t:5:13:81:X:X:me:1\n"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena arena;
static struct cvd_info info;

static enum status read_text(const char *text)
{
	arena_clear(&arena);
	arena_init(&arena, 1 << 20);
	return cvd_info_read(slice_of(text), &arena, &info);
}

TEST("members, and what is signed, are found")
{
	REQUIRE(read_text(HEAD "a.ndb:12:" SHA "\nb.hsb:0:" SHA "\nDSIG:abc\n") ==
		STATUS_OK);
	CHECK_EQ(info.header.version, 5);
	REQUIRE(info.member_count == 2);
	CHECK(slice_is(info.members[0].name, "a.ndb"));
	CHECK_EQ(info.members[0].size, 12);
	CHECK_EQ(info.members[0].sha256.len, 32);
	CHECK(cvd_info_find(&info, slice_of("b.hsb")) == &info.members[1]);
	CHECK(!cvd_info_find(&info, slice_of("c.hsb")));
	CHECK(slice_is(info.signature, "abc"));
	CHECK(slice_is(info.signed_text, HEAD "a.ndb:12:" SHA "\nb.hsb:0:" SHA "\n"));
	arena_clear(&arena);
}

TEST("without a signature there is none")
{
	REQUIRE(read_text(HEAD "a.ndb:12:" SHA "\n") == STATUS_OK);
	CHECK_EQ(info.signature.len, 0);
	arena_clear(&arena);
}

TEST("a list that is not of its form is refused")
{
	static const char *const texts[] = {
		"",
		"a.ndb:12:" SHA "\n",
		HEAD "a.ndb:12\n",
		HEAD "a.ndb:x:" SHA "\n",
		HEAD "a.ndb:-1:" SHA "\n",
		HEAD "a.ndb:1:0123\n",
		HEAD "a.ndb:1:0123456789abcdef0123456789abcdef\n",
		HEAD ":1:" SHA "\n",
		HEAD "\n",
		HEAD "a.ndb:12:" SHA ":1\n",
		HEAD "a.ndb:12:" SHA "\na.ndb:13:" SHA "\n",
		HEAD "DSIG:abc\na.ndb:12:" SHA "\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_EQ(read_text(texts[i]), STATUS_MALFORMED);
	arena_clear(&arena);
}

TEST("so is one that never ends")
{
	static char text[128 * 1024] = HEAD;
	size_t len = strlen(text);

	for (unsigned i = 0; i <= CVD_MEMBERS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%u.ndb:1:" SHA "\n", i);
	CHECK_EQ(read_text(text), STATUS_LIMIT);
	arena_clear(&arena);
}

TEST_MAIN()
