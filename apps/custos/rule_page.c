/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_page.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "base/hex.h"
#include "memory.h"
#include "screen.h"

enum {
	TEXT_SHOWN = 600,   /* bytes of a rule's text */
	LITERALS_SHOWN = 8, /* of them made readable */
	LITERAL_LEN_MIN = 4,
};

static void print_source(const struct catalog *catalog, uint32_t segment,
			 const struct rule_info *info);
static void print_text(const struct catalog *catalog, uint32_t segment, uint32_t rule,
		       const struct rule_info *info);
static void print_literals(struct slice text);
static size_t hex_run(struct slice text, size_t from);
static void print_literal(struct slice hex);

void rule_page_print(const struct catalog *catalog, uint32_t segment, uint32_t rule)
{
	struct rule_info info;

	if (!database_rule(&catalog->database, segment, rule, &info))
		return;
	if (info.is_allow)
		screen_print(SCREEN_STRONG, "(allow entry) ");
	screen_text(info.name);
	screen_print(SCREEN_PLAIN, "\n");
	print_source(catalog, segment, &info);
	print_text(catalog, segment, rule, &info);
}

static void print_source(const struct catalog *catalog, uint32_t segment,
			 const struct rule_info *info)
{
	struct source_info source;

	screen_print(SCREEN_FAINT, "  %-9s", "source");
	screen_text(info->source);
	screen_print(SCREEN_PLAIN, ", ");
	screen_text(info->file);
	screen_print(SCREEN_PLAIN, " line %u\n", info->line);
	if (!database_source(&catalog->database, segment, info->source_id, &source) ||
	    source.licence.len == 0)
		return;
	screen_print(SCREEN_FAINT, "  %-9s", "licence");
	screen_text(source.licence);
	screen_print(SCREEN_PLAIN, "\n");
}

static void print_text(const struct catalog *catalog, uint32_t segment, uint32_t rule,
		       const struct rule_info *info)
{
	AUTO_FREE char *line = memory_zeroed(RULE_TEXT_MAX, 1);
	size_t len = database_rule_text(&catalog->database, segment, rule, line,
					RULE_TEXT_MAX);
	struct slice text = { (const uint8_t *)line, min_size(len, RULE_TEXT_MAX - 1) };
	bool is_cut = text.len > TEXT_SHOWN;

	if (info->flags & RULE_WEAK)
		screen_print(SCREEN_PLAIN, "  potentially unwanted: told only if nothing "
					   "stronger is found\n");
	if (info->is_hash) {
		screen_print(SCREEN_FAINT, "  %-9s", "kind");
		screen_print(SCREEN_PLAIN, "%s\n",
			     info->is_allow ? "allows files with this digest" :
					      "finds what has this digest");
	}
	screen_print(SCREEN_FAINT, "  %-9s", "text");
	screen_text((struct slice){ text.base, is_cut ? TEXT_SHOWN : text.len });
	screen_print(SCREEN_PLAIN, "%s\n", is_cut ? " ..." : "");
	if (!info->is_hash)
		print_literals(text);
}

/* Runs of hex digits are bytes to be found; as text they say what the rule is about. */
static void print_literals(struct slice text)
{
	unsigned shown = 0;

	for (size_t i = 0; i < text.len && shown < LITERALS_SHOWN;) {
		size_t len = hex_run(text, i) & ~(size_t)1;

		if (len < 2 * LITERAL_LEN_MIN) {
			i += len + 1;
			continue;
		}
		screen_print(SCREEN_FAINT, "  %-9s", shown++ == 0 ? "bytes" : "");
		print_literal((struct slice){ text.base + i, len });
		i += len;
	}
}

static size_t hex_run(struct slice text, size_t from)
{
	size_t end = from;

	while (end < text.len && isxdigit(text.base[end]))
		end++;
	return end - from;
}

static void print_literal(struct slice hex)
{
	AUTO_FREE uint8_t *bytes = memory_zeroed(hex.len / 2, 1);

	for (size_t i = 0; i < hex.len / 2; i++)
		bytes[i] = (uint8_t)(hex_digit(hex.base[2 * i]) << 4 |
				     hex_digit(hex.base[2 * i + 1]));
	screen_print(SCREEN_PLAIN, "\"");
	screen_text((struct slice){ bytes, hex.len / 2 });
	screen_print(SCREEN_PLAIN, "\"\n");
}
