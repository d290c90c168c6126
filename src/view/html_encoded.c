/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts in Microsoft's encoding (codec/screnc.h) in pages. A tag <script> whose first
 * `language` is JScript.Encode or VBScript.Encode is written twice, the second time with
 * quotes for all values and the language that is meant. What follows up to the encoded
 * text is taken as it is; then that text is decoded and taken like any script.
 *
 * clamscan passes over "</script>" while it looks for an encoded text or is in one, and
 * so would over the rest of a page; here that is the end of it, as for browsers.
 */
#include "view/html_machine.h"

static bool is_encoded_name(struct slice value, const char **ret_meant);
static void put_verbatim(struct html *html, uint8_t c);

void html_note_tag(struct html *html)
{
	html->notes_arguments = html->element == IN_PAGE && html_tag_is(html, "script");
	html->is_encoded_tag = false;
	html->has_language = false;
	if (html->arguments.failed == STATUS_OK)
		html->arguments.len = 0;
}

void html_note_argument(struct html *html, uint8_t c, bool is_first)
{
	if (!html->notes_arguments)
		return;
	if (is_first)
		growing_put(&html->arguments, ' ');
	growing_put(&html->arguments, html_lower(c));
}

void html_note_value(struct html *html, struct slice name, struct slice value)
{
	const char *meant;

	if (!html->notes_arguments)
		return;
	if (name.len == 0)
		growing_put(&html->arguments, ' ');
	growing_add(&html->arguments, slice_of("=\""));
	if (slice_is(name, "language") && !html->has_language) {
		html->has_language = true;
		html->is_encoded_tag = is_encoded_name(value, &meant);
		if (html->is_encoded_tag)
			value = slice_of(meant);
	}
	for (size_t i = 0; i < value.len; i++)
		growing_put(&html->arguments, html_lower(value.base[i]));
	growing_put(&html->arguments, '"');
}

static bool is_encoded_name(struct slice value, const char **ret_meant)
{
	if (slice_is_nocase(value, "jscript.encode"))
		*ret_meant = "javascript";
	else if (slice_is_nocase(value, "vbscript.encode"))
		*ret_meant = "vbscript";
	else
		return false;
	return true;
}

void html_begin_encoded(struct html *html)
{
	if (!html->is_encoded_tag || html->is_encoded)
		return;
	growing_add(&html->out->page, slice_of("<script"));
	growing_add(&html->out->page, growing_slice(&html->arguments));
	growing_put(&html->out->page, '>');
	if (html->arguments.failed != STATUS_OK)
		html->out->page.failed = html->arguments.failed;
	html->is_encoded = true;
	html->screnc = (struct screnc){ .is_due = true, .ends_at_tag = true };
}

void html_put_encoded(struct html *html, const struct screnc_out *out)
{
	if (out->kind == SCRENC_PLAIN) {
		for (size_t i = 0; i < out->len; i++)
			put_verbatim(html, out->bytes[i]);
		return;
	}
	/* The head: so clamscan makes it a comment; in a string it shows. */
	growing_add(&html->script, slice_of("//"));
	for (size_t i = 2; i + 1 < out->len; i++)
		growing_put(&html->script, out->bytes[i]);
	growing_put(&html->script, ' ');
}

static void put_verbatim(struct html *html, uint8_t c)
{
	uint8_t written = c == '\n' ? ' ' : c;

	growing_put(&html->script, written);
	if (c == '\r' || (html->trims && html_is_space(c)))
		return;
	html->trims = false;
	html_put_page(html, html_lower(written));
}
