/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html_machine.h"

static void take_value_end(struct html *html);
static void take_value_byte(struct html *html, uint8_t c);
static void take_value_space(struct html *html, uint8_t c);
static void end_value(struct html *html);

void html_take_argument(struct html *html, uint8_t c)
{
	if (html_is_space(c)) {
		if (html->place == IN_ARGUMENT)
			html->place = BEFORE_ARGUMENT;
	} else if (c == '>') {
		html_end_tag(html);
	} else if (c == '=') {
		html_put_page(html, '=');
		html->place = BEFORE_VALUE;
		html->value_len = 0;
	} else {
		if (html->place == BEFORE_ARGUMENT)
			html_put_page(html, ' ');
		if (html->place != IN_ARGUMENT)
			html->argument_len = 0;
		html_note_argument(html, c, html->place != IN_ARGUMENT);
		html->place = IN_ARGUMENT;
		html_put_page(html, html_lower(c));
		html_add(html->argument, &html->argument_len, HTML_NAME_MAX,
			 html_lower(c));
	}
}

void html_begin_value(struct html *html)
{
	html->place = IN_VALUE;
	html->skips = false;
	html->quoting = NOT_QUOTED;
}

void html_take_value(struct html *html, uint8_t c)
{
	bool is_quote = c == '"' || c == '\'';

	if (html->place == BEFORE_VALUE) {
		if (html_is_space(c))
			return;
		html_begin_value(html);
	}
	if (is_quote && html->quoting == NOT_QUOTED && html->value_len == 0) {
		html->quoting = QUOTED;
		html->quote = c;
		html_put_page(html, '"');
		return;
	}
	if (html_is_space(c)) {
		take_value_space(html, c);
		return;
	}
	html->skips = false;
	if (c == '>')
		take_value_end(html);
	else
		take_value_byte(html, c);
}

/* '>' ends a value and its tag, but not between quotes, the first time. */
static void take_value_end(struct html *html)
{
	if (html->quoting == QUOTED) {
		html->quoting = LOOSELY_QUOTED;
		html->skips = true;
		html_put_page(html, '>');
		html_put_value(html, '>');
		return;
	}
	if (html->quoting == LOOSELY_QUOTED && html->value_len > 0)
		html->value_len--;
	end_value(html);
	html_end_tag(html);
}

static void take_value_byte(struct html *html, uint8_t c)
{
	bool is_quote = c == '"' || c == '\'';

	if (html->quoting == QUOTED && c == html->quote) {
		html_put_page(html, '"');
		end_value(html);
	} else if (c == '&') {
		html_begin_entity(html);
	} else if (c == ':' && html->value_len == 4 &&
		   memcmp(html->value, "data", 4) == 0) {
		html->place = IN_DATA;
	} else {
		html_put_page(html, is_quote ? '"' : html_lower(c));
		html_put_value(html, is_quote ? '"' : c);
	}
}

static void take_value_space(struct html *html, uint8_t c)
{
	if (html->skips)
		return;
	if (html->quoting == QUOTED) {
		html_put_page(html, c);
		html_put_value(html, ' ');
		html->quoting = LOOSELY_QUOTED;
		html->skips = true;
		return;
	}
	if (html->quoting == LOOSELY_QUOTED && html->value_len > 0)
		html->value_len--;
	end_value(html);
}

static void end_value(struct html *html)
{
	struct slice name = { html->argument, html->argument_len };
	bool leads = (html_tag_is(html, "a") && slice_is(name, "href")) ||
		     (html_tag_is(html, "img") && slice_is(name, "src"));

	size_t len = 0;

	html->place = BEFORE_ARGUMENT;
	while (len < html->value_len && html->value[len] != '\0')
		len++;
	/* A NUL, which only a number can write, hides the quote that would be cut off. */
	if (len < html->value_len && html->quoting != NOT_QUOTED && len > 0)
		len--;
	html_note_value(html, name, (struct slice){ html->value, len });
	if (leads && html->target_len == 0) {
		memcpy(html->target, html->value, len);
		html->target_len = len;
	}
	html->argument_len = 0;
	html->value_len = 0;
}

/* What is in a data: URI is an object of its own: unpack/html_data.c. */
void html_take_data(struct html *html, uint8_t c)
{
	if (html->quoting == NOT_QUOTED) {
		if (c == '>' || html_is_space(c))
			html->place = AFTER_DATA;
	} else if (c == html->quote) {
		html_put_page(html, '"');
		html->place = AFTER_DATA;
	}
	html->value_len = 0;
}
