/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/html_data.h"

#include "test.h"
#include "unpacking.h"

/* The children of a page, "TYPE=bytes" each, joined by "|". */
static const char *children(const char *page, size_t len)
{
	static char text[4096];
	struct unpacked unpacked = unpack_source(&html_data_unpacker,
						 source_of_memory(page, len), 1 << 20);
	size_t at = 0;

	text[0] = '\0';
	CHECK_EQ(unpacked.ended, STATUS_END);
	for (size_t i = 0; i < unpacked.count; i++) {
		const struct unpacked_child *child = &unpacked.children[i];

		CHECK_EQ(child->status, STATUS_END);
		at += (size_t)snprintf(&text[at], sizeof(text) - at, "%s%s=%.*s",
				       i > 0 ? "|" : "", child->name, (int)child->len,
				       (const char *)child->bytes);
	}
	unpacked_free(&unpacked);
	return text;
}

#define CHILDREN(page, want) CHECK_STR(children(page, sizeof(page) - 1), want)

TEST("what is written in base64 is decoded, what is not has its escapes decoded")
{
	CHILDREN("<img src=\"data:image/png;base64,QUJDREVG\">",
		 "image/png;base64=ABCDEF");
	CHILDREN("<a href='data:text/html,Hello%20%3Cb%3e%zz%4'>",
		 "text/html=Hello <b>%zz%4");
	CHILDREN("<a href=data:,abc>d", "=abc");
	CHILDREN("<a href=DATA:;BASE64,QU%JD\nREV=G>", ";BASE64=ABC");
	CHILDREN("\"data:;base64,QUI=QUI=\"", ";base64=AB");
}

TEST("styles have them as well")
{
	CHILDREN("<style>a{b:url(data:x/y;base64,QUI=)}c{d:url('data:,e f')}</style>",
		 "x/y;base64=AB|=e f");
}

TEST("what is no URI is passed over")
{
	CHILDREN("metadata:a,b \"data:no comma\" \"data:a<b,c\" \"data:,d", "=d");
	CHILDREN("", "");
	CHILDREN("data:,a", "");
}

TEST("pages in UTF-16 have them as well")
{
	static const char page[] =
		"<html><img src=\"data:a/b;base64,QUJD\"><a b=data:,%41>";
	static char wide[2][2 * sizeof(page)];

	for (size_t i = 0; i + 1 < sizeof(page); i++) {
		wide[0][2 + 2 * i] = page[i];
		wide[1][3 + 2 * i] = page[i];
	}
	memcpy(wide[0], "\xff\xfe", 2);
	memcpy(wide[1], "\xfe\xff", 2);
	CHECK_STR(children(wide[0], sizeof(wide[0])), "a/b;base64=ABC|=A");
	CHECK_STR(children(wide[1], sizeof(wide[1])), "a/b;base64=ABC|=A");
	CHECK_STR(children(&wide[0][2], sizeof(wide[0]) - 2), "a/b;base64=ABC|=A");
}

TEST("pages are longer than a window, and so are URIs")
{
	static char page[100000];
	struct unpacked unpacked;
	size_t at = 0;

	memset(page, ' ', sizeof(page));
	for (size_t start = 10; start < 60000; start += 4999)
		memcpy(&page[start], "\"data:a,bcd\"", 12);
	memcpy(&page[65000], "\"data:b;base64,", 15);
	memset(&page[65015], 'A', 30000);
	unpacked = unpack_source(&html_data_unpacker,
				 source_of_memory(page, sizeof(page)), 1 << 20);
	CHECK_EQ(unpacked.count, 14);
	for (; at + 1 < unpacked.count; at++)
		CHECK_EQ(unpacked.children[at].len, 3);
	CHECK_EQ(unpacked.children[at].len, 22500);
	unpacked_free(&unpacked);
}

TEST_MAIN()
