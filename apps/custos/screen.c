/* SPDX-License-Identifier: Apache-2.0 */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/utf8.h"

static enum screen_color color_wanted;
static bool status_is_drawn;

static const char *const style_codes[] = {
	[SCREEN_PLAIN] = "",         [SCREEN_BAD] = "\033[1;31m",
	[SCREEN_DOUBT] = "\033[33m", [SCREEN_GOOD] = "\033[32m",
	[SCREEN_FAINT] = "\033[2m",  [SCREEN_STRONG] = "\033[1m",
};

enum { ROOM_FOR_KEYS = 3 };

static bool has_color(int fd);
static bool is_abandoned(void);
static void message(const char *kind, enum screen_style style, const char *format,
		    va_list args);

void screen_set_color(enum screen_color color)
{
	color_wanted = color;
}

/* https://no-color.org: set and not empty means none, but an option is stronger. */
static bool has_color(int fd)
{
	const char *none = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (color_wanted != SCREEN_COLOR_AUTO)
		return color_wanted == SCREEN_COLOR_ALWAYS;
	if ((none && *none) || !terminal || strcmp(terminal, "dumb") == 0)
		return false;
	return isatty(fd);
}

void screen_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("error", SCREEN_BAD, format, args);
	va_end(args);
}

void screen_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("warning", SCREEN_DOUBT, format, args);
	va_end(args);
}

void screen_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("hint", SCREEN_FAINT, format, args);
	va_end(args);
}

static void message(const char *kind, enum screen_style style, const char *format,
		    va_list args)
{
	bool color = has_color(STDERR_FILENO);
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *escaped = NULL;

	if (vasprintf(&text, format, args) < 0)
		abort();
	escaped = screen_escaped(slice_of(text));
	screen_status_wipe();
	fflush(stdout);
	fprintf(stderr, "custos: %s%s:%s %s\n", color ? style_codes[style] : "", kind,
		color ? "\033[0m" : "", escaped);
}

void screen_print(enum screen_style style, const char *format, ...)
{
	bool color = style != SCREEN_PLAIN && has_color(STDOUT_FILENO);
	va_list args;

	screen_status_wipe();
	if (color)
		fputs(style_codes[style], stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	if (color)
		fputs("\033[0m", stdout);
}

void screen_text(struct slice text)
{
	AUTO_FREE char *escaped = screen_escaped(text);

	screen_status_wipe();
	fputs(escaped, stdout);
}

char *screen_escaped(struct slice text)
{
	size_t size = text.len * ESCAPE_GROWTH_MAX + 1;
	char *escaped = malloc(size);

	if (!escaped)
		abort();
	escape_text(text, escaped, size);
	return escaped;
}

bool screen_has_status(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

static unsigned columns_of(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

unsigned screen_width(void)
{
	return isatty(STDOUT_FILENO) ? columns_of(STDOUT_FILENO) : 0;
}

unsigned screen_columns(void)
{
	return columns_of(STDERR_FILENO);
}

char *screen_shorten(char *text, size_t columns)
{
	static const char mark[] = "...";
	size_t len = strlen(text);
	size_t from;

	if (len <= columns || columns < sizeof(mark))
		return text;
	from = len - columns + strlen(mark);
	/* Not into the middle of a character. */
	while (((unsigned char)text[from] & 0xc0) == 0x80)
		from++;
	memcpy(text, mark, strlen(mark));
	memmove(text + strlen(mark), text + from, len - from + 1);
	return text;
}

void screen_status(const char *text)
{
	struct slice whole = slice_of(text);
	unsigned columns = screen_columns();
	size_t end = 0;
	uint32_t code;

	/* A character may be two columns wide: each beyond the alphabets counts as
	 * two. Room is left for the ^C that a terminal writes behind the line. */
	columns = columns > ROOM_FOR_KEYS ? columns - ROOM_FOR_KEYS : 1;
	for (unsigned used = 0; end < whole.len;) {
		size_t len = utf8_decode(whole, end, &code);

		used += code >= 0x1100 ? 2 : 1;
		if (len == 0 || used >= columns)
			break;
		end += len;
	}
	fflush(stdout);
	fprintf(stderr, "\r\033[K%.*s", (int)end, text);
	fflush(stderr);
	status_is_drawn = true;
}

void screen_status_wipe(void)
{
	if (!status_is_drawn)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	status_is_drawn = false;
}

bool screen_flush(void)
{
	static int failure;

	if (fflush(stdout) != 0 && failure == 0)
		failure = errno;
	/* A write inside printf() may have failed before, and its errno be gone. */
	if (ferror(stdout) && failure == 0)
		failure = EIO;
	if (is_abandoned())
		failure = EPIPE;
	errno = failure;
	return failure == 0;
}

/* Has the reader gone away? Asked without writing. */
static bool is_abandoned(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLNVAL));
}
