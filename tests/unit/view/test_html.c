/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include "html_text.h"
#include "prefix.h"

static void read_page(const uint8_t *bytes, size_t len, void *context);

TEST("letters become small, white space becomes one space, comments go")
{
	HTML_TEXT(page, "<HTML><P  Class=Foo\tID=\"Bar  Baz\">A\n\n b <!-- c -->d",
		  "<html><p class=foo id=\"bar baz\">a b d");
	HTML_TEXT(page, " <html> x <!-- a > b --> y", "<html>x b --> y");
	HTML_TEXT(page, "<html><b>x</b> <!doctype y> z", "<html><b>x</b>z");
}

TEST("attributes are quoted alike")
{
	HTML_TEXT(page, "<p a='b\"c' d=\"e'f\" g=h'i y>",
		  "<p a=\"b\"c\" d=\"e\"f\" g=h\"i y>");
	HTML_TEXT(page, "<p e = f g= h i =j>", "<p e=f g=h i=j>");
	HTML_TEXT(page, "<p a=\"b\"c=d >", "<p a=\"b\" c=d>");
}

TEST("a quoted value with a space in it ends at the next, or at '>'")
{
	HTML_TEXT(words, "<a href=\"a>b\">x", " a>b x");
	HTML_TEXT(words, "<a href=\"a b\">x", " a b x");
	HTML_TEXT(words, "<a href=\"ab cd ef\">x", " ab c x");
	HTML_TEXT(words, "<a href=\"a b>c\">x", " a  c\">x");
}

TEST("characters that are written by name or number")
{
	HTML_TEXT(page, "&#65;&#x42;&amp;&lt;&Eacute;&euro;&#300;&#12290;&bogus;",
		  "ab&<\xc9&#x20ac;&#x012c;.&bogus;");
	HTML_TEXT(page, "&#65 b&lt<b>&AMP;", "A b&lt<b>&amp;");
	HTML_TEXT(page, "<a href=\"&#65;&amp;\">", "<a href=\"a&\">");
}

TEST("words are what stands between tags, and where links and pictures lead")
{
	HTML_TEXT(words,
		  "<p title=q>One<b>Two</b>&lt;<a href=HTTP://X/>L</a><img src=I>.",
		  " one two HTTP://X/ l I .");
	HTML_TEXT(words, "<style>a</style>b<script>c;</script>d", " b d");
}

TEST("full stops of East Asian text are full stops")
{
	HTML_TEXT(page, "x\xe3\x80\x82y\xef\xbc\x8ez", "x.y.z");
	HTML_TEXT(page, "x\xe3\x80\x81y\xe9z", "x\xe3\x80\x81y\xe9z");
}

TEST("in scripts and styles there is no white space")
{
	HTML_TEXT(page, "<script> a = 'b c' ;</script><style> p { q }</style>",
		  "<script>a=\"bc\";</script><style>p{q}</style>");
	HTML_TEXT(script, "<script>a</script x>b</script><script >d;</script>",
		  "<script>a</script</script>\n<script>d;</script>");
}

TEST("a data: URI is not part of the page")
{
	HTML_TEXT(page, "<img src=\"data:image/png;base64,QUJD\" a=b>c",
		  "<img src=\"data\"a=b>c");
}

TEST("NULs and carriage returns do not count")
{
	HTML_TEXT(page, "<ht\0ml>a\rb\r\nc", "<html>ab c");
}

TEST("a page may end anywhere")
{
	static const char page[] = "<a href=\"x&#65;\">&am<script>\"\\x4\"</scr";

	every_prefix_is_safe(read_page, (const uint8_t *)page, sizeof(page) - 1, NULL);
}

TEST("a text that grows too long says so, and the others are good")
{
	static const char page[] = "<p>some words</p>";
	struct html_limits limits = html_text_limits;
	struct source source = source_of_memory(page, sizeof(page) - 1);
	struct html_views views;
	struct arena arena;

	arena_init(&arena, 1 << 22);
	limits.words_bytes_max = 4;
	CHECK_EQ(html_read(&arena, &source, TYPE_HTML, &limits, &views), STATUS_OK);
	CHECK_EQ(views.words.failed, STATUS_LIMIT);
	CHECK(slice_is(growing_slice(&views.words), " som"));
	CHECK(slice_is(growing_slice(&views.page), page));
	limits.deadline_ms = 0;
	CHECK_EQ(html_read(&arena, &source, TYPE_HTML, &limits, &views), STATUS_TIME);
	arena_clear(&arena);
}

static void read_page(const uint8_t *bytes, size_t len, void *context)
{
	struct arena arena;

	(void)context;
	arena_init(&arena, 1 << 22);
	(void)html_text_of(&arena, bytes, len);
	arena_clear(&arena);
}

TEST_MAIN()
