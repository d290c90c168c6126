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

#define SIGN \
	"#@" \
	"~^"
#define END \
	"^#" \
	"~@"
#define ABC SIGN "AwAAAA==C(mJgEAAA==" END

TEST("a script in Microsoft's encoding is decoded, its tag written anew")
{
	HTML_TEXT(page, "<script language='JScript.Encode'>" ABC "</script>x",
		  "<script language=\"jscript.encode\"><script language=\"javascript\">"
		  "abc</script>x");
	HTML_TEXT(page, "<script a=B  LANGUAGE=VBScript.Encode c language=d>" ABC,
		  "<script a=b language=vbscript.encode c language=d>"
		  "<script a=\"b\" language=\"vbscript\" c language=\"d\">abc");
	HTML_TEXT(script, "<script language='JScript.Encode'>" ABC "+1</script>x",
		  "<script>abc+1</script>");
	HTML_TEXT(words, "<script language='JScript.Encode'>" ABC "</script>x", " x");
}

TEST("what stands before it is taken as it is, what stands behind as a script")
{
	HTML_TEXT(page,
		  "<script language='JScript.Encode'> <!-- A  'b'\n" ABC
		  " C 'd'</script>",
		  "<script language=\"jscript.encode\"><script language=\"javascript\">"
		  "<!-- a  'b' abcc\"d\"</script>");
	HTML_TEXT(script, "<script language='JScript.Encode'>'" ABC "</script>",
		  "<script>\"//~^awaaaa= abc</script>\"</script>");
}

TEST("only a script whose first language says so is decoded, and only the first")
{
	HTML_TEXT(page, "<script language=a language='JScript.Encode'>" SIGN "</script>",
		  "<script language=a language=\"jscript.encode\">" SIGN "</script>");
	HTML_TEXT(page, "<b language='JScript.Encode'>" SIGN "</b>",
		  "<b language=\"jscript.encode\">" SIGN "</b>");
	HTML_TEXT(page, "<script language='JScript.Encode'>" ABC SIGN "</script>",
		  "<script language=\"jscript.encode\"><script "
		  "language=\"javascript\">abc" SIGN "</script>");
}

TEST("an encoded script ends where the page's script does, and is damaged")
{
	static const char page[] = "<script language=JScript.Encode>" SIGN
				   "//////==C(m</script><p>Q";
	static const char none[] = "<script language=JScript.Encode>a</script><p>Q";
	struct html_views views;
	struct arena arena;

	HTML_TEXT(words,
		  "<script language=JScript.Encode>" SIGN "//////==C(m</script><p>Q",
		  " q");
	HTML_TEXT(words, "<script language=JScript.Encode>a</script><p>Q", " q");
	arena_init(&arena, 1 << 22);
	views = html_text_of(&arena, page, sizeof(page) - 1);
	CHECK(views.has_damage);
	views = html_text_of(&arena, none, sizeof(none) - 1);
	CHECK(!views.has_damage);
	arena_clear(&arena);
}

TEST("noughts may stand before the sign of a hexadecimal number")
{
	HTML_TEXT(page, "&#00x41;&#xX42;&#0x", "ab");
}

TEST_MAIN()
