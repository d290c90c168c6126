/* SPDX-License-Identifier: Apache-2.0 */
#include "type/markup.h"

#include <string.h>

#include "base/checked.h"
#include "base/compiler.h"

enum { PROSE_MAX = 1024, XML_LOOK_MAX = 4096, TAGS_LOOK_MAX = 4096 };

/* The tags by which browsers know HTML (WHATWG, MIME Sniffing), and a few more. */
static const char *const html_tags[] = {
	"!doctype html",
	"!doctype netscape-bookmark-file-1",
	"a",
	"applet",
	"b",
	"base",
	"body",
	"br",
	"center",
	"div",
	"embed",
	"font",
	"form",
	"frame",
	"frameset",
	"h1",
	"h2",
	"h3",
	"head",
	"html",
	"iframe",
	"img",
	"input",
	"link",
	"meta",
	"object",
	"p",
	"pre",
	"script",
	"span",
	"style",
	"table",
	"title",
	"ul",
};

static const struct {
	const char *sign;
	enum file_type type;
} xml_kinds[] = {
	{ "<?mso-application progid=\"word.document\"", TYPE_XML_WORD },
	{ "<?mso-application progid=\"excel.sheet\"", TYPE_XML_XL },
	{ "<w:worddocument", TYPE_XML_WORD },
	{ "<pkg:package", TYPE_XML_WORD },
	{ "urn:schemas-microsoft-com:office:spreadsheet", TYPE_XML_XL },
	{ "<hwpml", TYPE_XML_HWP },
	{ "<xdp:xdp", TYPE_XDP },
	{ "<office:document ", TYPE_XML_ODF },
};

static bool is_script_tag(const struct reader *text);
static bool skip_declarations(struct reader *text, bool *is_xml);
static bool skip_past(struct reader *text, const char *end);
static void skip_space(struct reader *text);
static bool begins(const struct reader *text, size_t pos, const char *what);
static bool is_tag(const struct reader *text, size_t pos, const char *name);
static bool is_html_tag(const struct reader *text);
static bool has_html_behind_tag(const struct reader *text);
static bool has_html_behind_prose(const struct reader *text);
static enum file_type xml_kind(const struct reader *text);

enum file_type markup_of(struct reader text)
{
	struct reader at = text;
	bool is_xml = false;

	skip_space(&at);
	if (is_script_tag(&at))
		return TYPE_SCRIPT;
	bool is_whole = skip_declarations(&at, &is_xml);
	if (is_xml || begins(&at, 0, "<xdp:xdp")) {
		enum file_type kind = xml_kind(&text);
		if (kind != TYPE_ANY)
			return kind;
	}
	if (is_whole && begins(&at, 0, "<?php"))
		return TYPE_SCRIPT;
	if (is_whole && (is_html_tag(&at) || (!is_xml && has_html_behind_tag(&at))))
		return TYPE_HTML;
	if (!is_xml && has_html_behind_prose(&at))
		return TYPE_HTML;
	return TYPE_ANY;
}

/* PHP in its three forms, and JSP. */
static bool is_script_tag(const struct reader *text)
{
	static const char *const tags[] = {
		"<?php", "<?=", "<?\n", "<?\r", "<? ", "<%@"
	};

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (begins(text, 0, tags[i]))
			return true;
	return false;
}

/* White space, comments, <?xml …?> and other instructions but PHP's. False: one has no end. */
static bool skip_declarations(struct reader *text, bool *is_xml)
{
	for (;;) {
		skip_space(text);
		if (begins(text, 0, "<?xml"))
			*is_xml = true;
		if (begins(text, 0, "<!--")) {
			if (!skip_past(text, "-->"))
				return false;
		} else if (begins(text, 0, "<?") && !begins(text, 0, "<?php")) {
			if (!skip_past(text, "?>"))
				return false;
		} else {
			return true;
		}
	}
}

static bool skip_past(struct reader *text, const char *end)
{
	size_t pos;

	if (!reader_find(text, text->pos, slice_of(end), &pos))
		return false;
	reader_seek(text, pos + strlen(end));
	return true;
}

static void skip_space(struct reader *text)
{
	for (;;) {
		int c = reader_peek(text, text->pos);
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')
			return;
		reader_skip(text, 1);
	}
}

/* Does `what`, in lower case, stand there in either case? `pos` counts from the position. */
static bool begins(const struct reader *text, size_t pos, const char *what)
{
	for (size_t i = 0; what[i] != '\0'; i++) {
		int c = reader_peek(text, text->pos + pos + i);
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != what[i])
			return false;
	}
	return true;
}

/* "<name", and then something that ends a tag's name. */
static bool is_tag(const struct reader *text, size_t pos, const char *name)
{
	if (reader_peek(text, text->pos + pos) != '<' || !begins(text, pos + 1, name))
		return false;
	int c = reader_peek(text, text->pos + pos + 1 + strlen(name));
	return c == '>' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '/';
}

static bool is_html_tag(const struct reader *text)
{
	for (size_t i = 0; i < ARRAY_LEN(html_tags); i++)
		if (is_tag(text, 0, html_tags[i]))
			return true;
	return false;
}

/*
 * Browsers pass over tags that they do not know, so one may come first. Then a tag has
 * to follow that only a page has; in XML, of which SVG is the most common, it would not.
 */
static bool has_html_behind_tag(const struct reader *text)
{
	static const char *const tags[] = { "html", "head",   "body",  "script", "iframe",
					    "form", "object", "embed", "applet" };
	size_t len = min_size(reader_left(text), TAGS_LOOK_MAX);
	int first = reader_peek(text, text->pos + 1) | 0x20;

	if (reader_peek(text, text->pos) != '<' || first < 'a' || first > 'z' ||
	    is_tag(text, 0, "svg"))
		return false;
	for (size_t pos = 1; pos < len; pos++) {
		if (reader_peek(text, text->pos + pos) != '<')
			continue;
		for (size_t i = 0; i < ARRAY_LEN(tags); i++)
			if (is_tag(text, pos, tags[i]))
				return true;
	}
	return false;
}

/* What stands in programs, but seldom in the words that somebody puts before a page. */
static bool has_html_behind_prose(const struct reader *text)
{
	size_t len = min_size(reader_left(text), PROSE_MAX);

	for (size_t pos = 0; pos < len; pos++) {
		int c = reader_peek(text, text->pos + pos);
		if (c == '<' &&
		    (is_tag(text, pos, "html") || is_tag(text, pos, "!doctype html")))
			return true;
		if (c == '\0' || strchr("\"'`(){}[]<$#\\", c))
			return false;
	}
	return false;
}

static enum file_type xml_kind(const struct reader *text)
{
	size_t len = min_size(reader_left(text), XML_LOOK_MAX);

	for (size_t pos = 0; pos < len; pos++) {
		int c = reader_peek(text, text->pos + pos);

		/* All of them begin so. */
		if (c != '<' && (c | 0x20) != 'u')
			continue;
		for (size_t i = 0; i < ARRAY_LEN(xml_kinds); i++)
			if (begins(text, pos, xml_kinds[i].sign))
				return xml_kinds[i].type;
	}
	return TYPE_ANY;
}
