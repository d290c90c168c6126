/* SPDX-License-Identifier: Apache-2.0 */
#include "host/clamav_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bytes/reader.h"

enum { CONFIG_BYTES_MAX = 256 * 1024 };

static char *find(const char *config, const char *key, const char *fallback);
static char *read_config(const char *path);

char *clamav_folder_find(const char *config)
{
	return find(config, "DatabaseDirectory", CLAMAV_FOLDER);
}

char *clamav_certificates_find(const char *config)
{
	return find(config, "CVDCertsDirectory", CLAMAV_CERTIFICATES);
}

static char *find(const char *config, const char *key, const char *fallback)
{
	static const char *const names[] = { "freshclam.conf", "clamd.conf" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO_FREE char *path = NULL;
		AUTO_FREE char *text = NULL;
		struct slice value;

		if (asprintf(&path, "%s/%s", config, names[i]) < 0)
			return NULL;
		text = read_config(path);
		if (text && clamav_config_value(slice_of(text), key, &value) &&
		    value.len > 0 && value.base[0] == '/')
			return strndup((const char *)value.base, value.len);
	}
	return strdup(fallback);
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* What is behind the key and blanks, without blanks or quotes around it. */
static struct slice value_of(struct reader line)
{
	while (is_blank(reader_peek(&line, line.pos)))
		reader_skip(&line, 1);
	struct slice value = reader_rest(&line);
	while (value.len > 0 && is_blank(value.base[value.len - 1]))
		value.len--;
	struct reader quoted = reader_of_slice(value);
	if (value.len >= 2 && reader_u8(&quoted) == '"' &&
	    value.base[value.len - 1] == '"')
		value = reader_slice(&quoted, value.len - 2);
	return value;
}

bool clamav_config_value(struct slice text, const char *key, struct slice *out)
{
	struct reader lines = reader_of_slice(text);
	struct slice line;
	bool found = false;

	while (reader_line(&lines, &line)) {
		struct reader reader = reader_of_slice(line);

		if (!reader_has(&reader, 0, slice_of(key)))
			continue;
		reader_skip(&reader, strlen(key));
		if (!is_blank(reader_peek(&reader, reader.pos)))
			continue;
		*out = value_of(reader);
		found = true;
	}
	return found;
}

static char *read_config(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	AUTO_FREE char *text = calloc(1, CONFIG_BYTES_MAX + 1);
	size_t len = 0;

	if (fd < 0 || !text)
		return NULL;
	while (len < CONFIG_BYTES_MAX) {
		ssize_t got = read(fd, text + len, CONFIG_BYTES_MAX - len);

		if (got < 0)
			return NULL;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	char *whole = text;
	text = NULL;
	return whole;
}
