/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "view/html_entity.h"
#include "view/html_machine.h"

static void put_entity(struct html *html, uint16_t unit);
static void put_name(struct html *html);

void html_begin_entity(struct html *html)
{
	if (html->place == IN_TEXT)
		html_put_word(html, ' ');
	html->entity_from = html->place;
	html->place = IN_ENTITY;
	html->entity_len = 0;
}

static bool is_of_name(uint8_t c)
{
	return (c >= '0' && c <= '9') || (html_lower(c) >= 'a' && html_lower(c) <= 'z') ||
	       c == '_' || c == '-' || c == ':';
}

void html_take_entity(struct html *html, uint8_t c)
{
	uint16_t unit;

	if (c == '#' && html->entity_len == 0) {
		html->place = IN_NUMBER;
		html->number = 0;
		html->base = 10;
	} else if (c == ';') {
		html->place = html->entity_from;
		if (html_entity_find((struct slice){ html->entity, html->entity_len },
				     &unit)) {
			put_entity(html, unit);
		} else {
			put_name(html);
			html_put_page(html, ';');
			if (html->place == IN_VALUE)
				html_put_value(html, ';');
		}
	} else if (!is_of_name(c) || html->entity_len == HTML_NAME_MAX) {
		html->place = html->entity_from;
		put_name(html);
		html_take_again(html, c);
	} else {
		html->entity[html->entity_len++] = c;
	}
}

/* "&name" that names nothing, as it is. */
static void put_name(struct html *html)
{
	html_put_page(html, '&');
	if (html->place == IN_VALUE)
		html_put_value(html, '&');
	for (size_t i = 0; i < html->entity_len; i++) {
		html_put_page(html, html_lower(html->entity[i]));
		if (html->place == IN_VALUE)
			html_put_value(html, html_lower(html->entity[i]));
	}
}

static void put_entity(struct html *html, uint16_t unit)
{
	size_t before = html->out->page.len;

	html_entity_write(&html->out->page, unit);
	if (html->place != IN_VALUE)
		return;
	for (size_t i = before; i < html->out->page.len; i++)
		html_put_value(html, html->out->page.bytes[i]);
}

void html_take_number(struct html *html, uint8_t c)
{
	unsigned digit;

	/* In front of it there may be noughts. */
	if (html->number == 0 && (c == 'x' || c == 'X')) {
		html->base = 16;
		return;
	}
	digit = (unsigned)hex_digit(c);
	if (digit < html->base) {
		html->number = html->number * html->base + digit;
		return;
	}
	html->place = html->entity_from;
	if (c != ';') {
		html_put_page(html, (uint8_t)html->number);
		html_take_again(html, c);
		return;
	}
	if (html->number < 0xff)
		html_put_page(html, html_lower((uint8_t)html->number));
	else if ((uint16_t)html->number != 0)
		html_entity_write(&html->out->page, (uint16_t)html->number);
	if (html->place == IN_VALUE)
		html_put_value(html, (uint8_t)html->number);
}

void html_finish_entity(struct html *html)
{
	uint16_t unit;

	html->place = html->entity_from;
	if (html_entity_find((struct slice){ html->entity, html->entity_len }, &unit))
		put_entity(html, unit);
	else
		put_name(html);
}
