/* SPDX-License-Identifier: Apache-2.0 */
#include "match/link.h"

#include <stdio.h>

#include "gen.h"
#include "guard.h"
#include "test.h"

/* "scheme user host rest", with a ! in front of what hides a null. */
static const char *taken_apart(const char *text)
{
	static char out[256];
	struct arena arena;
	struct link link;

	arena_init(&arena, 1 << 20);
	CHECK_EQ(link_read(slice_of(text), &arena, &link), STATUS_OK);
	snprintf(out, sizeof(out), "%s%.*s|%.*s|%.*s|%.*s", link.has_null ? "!" : "",
		 (int)link.scheme.len, (const char *)link.scheme.base, (int)link.user.len,
		 (const char *)link.user.base, (int)link.host.len,
		 (const char *)link.host.base, (int)link.rest.len,
		 (const char *)link.rest.base);
	arena_clear(&arena);
	return out;
}

TEST("links are taken apart")
{
	CHECK_STR(taken_apart("HTTP://WWW.Example.COM:80/A/b?c#d"),
		  "http||www.example.com|/A/b?c");
	CHECK_STR(taken_apart(" http://a.com "), "http||a.com|");
	CHECK_STR(taken_apart("https://user:pw@a.com:1/"), "https|user:pw|a.com|/");
	CHECK_STR(taken_apart("http://bank.com@evil.com?x"), "http|bank.com|evil.com|?x");
	CHECK_STR(taken_apart("http://a.com%00.b.com/"), "!http||a.com%00.b.com|/");
	CHECK_STR(taken_apart("http://a.com/%00"), "http||a.com|/%00");
	CHECK_STR(taken_apart("exa mple.com."), "||example.com|");
	CHECK_STR(taken_apart("\"example.com\""), "||example.com|");
}

TEST("what is no link has no host")
{
	CHECK_STR(taken_apart("click here"), "|||");
	CHECK_STR(taken_apart("mailto:x@example.com"), "|mailto:x||");
	CHECK_STR(taken_apart("x@example.com"), "|x||");
	CHECK_STR(taken_apart("javascript:alert(1)"), "|||");
	CHECK_STR(taken_apart("gopher://example.com/"), "gopher|||/");
	CHECK_STR(taken_apart("page.html"), "|||");
	CHECK_STR(taken_apart("#top"), "|||");
	CHECK_STR(taken_apart("example,com"), "|||");
	CHECK_STR(taken_apart(""), "|||");
	CHECK_STR(taken_apart("http://localhost/"), "http|||/");
}

TEST("numbers are addresses, too")
{
	static const char *const yes[] = { "1.2.3.4", "16909060", "0x1.0x2.0xff.0x4",
					   "0x7f000001", "017700000001" };
	static const char *const no[] = { "", "a.1", "1.2.3.com", "x1", "0x1.g", "ff.1" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		CHECK(link_is_numeric(slice_of(yes[i])));
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		CHECK(!link_is_numeric(slice_of(no[i])));
}

TEST("the part of a host that one registers")
{
	CHECK(slice_is(link_domain(slice_of("www.example.com")), "example.com"));
	CHECK(slice_is(link_domain(slice_of("example.com")), "example.com"));
	CHECK(slice_is(link_domain(slice_of("a.b.example.co.uk")), "example.co.uk"));
	CHECK(slice_is(link_domain(slice_of("example.co.uk")), "example.co.uk"));
	CHECK(slice_is(link_domain(slice_of("a.example.de")), "example.de"));
	CHECK(slice_is(link_domain(slice_of("com")), "com"));
	CHECK(slice_is(link_domain(slice_of("1.2.3.4")), "1.2.3.4"));
	CHECK(slice_is(link_domain(slice_of("")), ""));
}

TEST("any bytes are taken apart inside of themselves")
{
	static const char pieces[] = "ht:/@.%00?#a0x\\ \xff";
	struct gen gen = gen_start();

	for (int i = 0; i < 5000; i++) {
		size_t len = gen_below(&gen, 40);
		struct guard text = guard_new(len);
		struct arena arena;
		struct link link;

		for (size_t k = 0; k < len; k++)
			text.bytes[k] = (uint8_t)
				pieces[gen_below(&gen, sizeof(pieces) - 1)];
		arena_init(&arena, 1 << 20);
		CHECK_EQ(link_read((struct slice){ text.bytes, len }, &arena, &link),
			 STATUS_OK);
		(void)link_domain(link.host);
		CHECK(link.host.len + link.user.len + link.rest.len <= len);
		arena_clear(&arena);
		guard_free(&text);
	}
}

TEST_MAIN()
