/* SPDX-License-Identifier: Apache-2.0 */
#include "hexdump.h"

#include <stdbool.h>

#include "screen.h"

enum { ROW = 16 };

static void print_row(const struct hexdump *dump, uint64_t row);
static int byte_at(const struct hexdump *dump, uint64_t at);
static bool is_marked(const struct hexdump *dump, uint64_t at);
static char gap_before(const struct hexdump *dump, uint64_t at);

void hexdump_print(const struct hexdump *dump)
{
	uint64_t row = dump->offset - dump->offset % ROW;

	for (; row < dump->offset + dump->bytes.len; row += ROW)
		print_row(dump, row);
}

static void print_row(const struct hexdump *dump, uint64_t row)
{
	screen_print(SCREEN_FAINT, "  %08llx ", (unsigned long long)row);
	for (uint64_t at = row; at < row + ROW; at++) {
		int byte = byte_at(dump, at);

		screen_print(SCREEN_PLAIN, "%s%c", at == row + ROW / 2 ? " " : "",
			     gap_before(dump, at));
		if (byte < 0)
			screen_print(SCREEN_PLAIN, "  ");
		else
			screen_print(is_marked(dump, at) ? SCREEN_BAD : SCREEN_PLAIN,
				     "%02x", (unsigned)byte);
	}
	screen_print(SCREEN_PLAIN, "%c |",
		     gap_before(dump, row + ROW) == ']' ? ']' : ' ');
	for (uint64_t at = row; at < row + ROW; at++) {
		int byte = byte_at(dump, at);

		if (byte < 0)
			screen_print(SCREEN_PLAIN, " ");
		else
			screen_print(is_marked(dump, at) ? SCREEN_BAD : SCREEN_PLAIN,
				     "%c", byte >= 0x20 && byte < 0x7f ? byte : '.');
	}
	screen_print(SCREEN_PLAIN, "|\n");
}

static int byte_at(const struct hexdump *dump, uint64_t at)
{
	if (at < dump->offset || at - dump->offset >= dump->bytes.len)
		return -1;
	return dump->bytes.base[at - dump->offset];
}

static bool is_marked(const struct hexdump *dump, uint64_t at)
{
	return at >= dump->marked && at - dump->marked < dump->marked_len;
}

/* What stands before a byte says where the marked ones begin and end. */
static char gap_before(const struct hexdump *dump, uint64_t at)
{
	if (is_marked(dump, at))
		return at == dump->marked ? '[' : ' ';
	return at > 0 && is_marked(dump, at - 1) ? ']' : ' ';
}
