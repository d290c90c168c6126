/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the normalised texts of files, to be compared with those of another program.
 *
 *	view_dump FOLDER FILE…
 *
 * For each FILE: FOLDER/NAME.page, .words and .script, as of a page of HTML. Exit code
 * 2: a file could not be read or written.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "view/html.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

/* Two bytes tell: a byte order mark, or a NUL in one of them. */
static enum file_type type_of(int fd)
{
	uint8_t head[2] = { 0 };

	if (pread(fd, head, 2, 0) == 2 &&
	    (head[0] == 0 || head[1] == 0 || (head[0] ^ head[1]) == 1))
		return head[0] < 0xfe && head[0] != 0 && head[1] != 0 ? TYPE_HTML :
									TYPE_HTML_UTF16;
	return TYPE_HTML;
}

static bool write_text(const char *folder, const char *name, const char *suffix,
		       const struct growing *text)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.%s", folder, name, suffix);
	FILE *out = fopen(path, "wbe");
	if (!out)
		return false;
	bool ok = text->len == 0 || fwrite(text->bytes, text->len, 1, out) == 1;
	return fclose(out) == 0 && ok;
}

static bool dump(struct arena *arena, const char *folder, const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct html_limits limits = { 1 << 30, 1 << 30, { no_time, NULL }, 1 };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct html_views views;
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat) != 0)
		return false;
	struct source source = source_of_fd(fd, (uint64_t)stat.st_size, NULL, 0);
	if (html_read(arena, &source, type_of(fd), &limits, &views) != STATUS_OK)
		return false;
	return write_text(folder, name, "page", &views.page) &&
	       write_text(folder, name, "words", &views.words) &&
	       write_text(folder, name, "script", &views.script);
}

int main(int argc, char **argv)
{
	struct arena arena;
	bool ok = argc > 1;

	arena_init(&arena, (size_t)1 << 30);
	for (int i = 2; i < argc && ok; i++) {
		struct arena_mark mark = arena_mark(&arena);

		ok = dump(&arena, argv[1], argv[i]);
		if (!ok)
			fprintf(stderr, "%s: cannot be read or written\n", argv[i]);
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
	return ok ? EXIT_SUCCESS : 2;
}
