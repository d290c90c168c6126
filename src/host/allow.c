/* SPDX-License-Identifier: Apache-2.0 */
#include "host/allow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "host/folder.h"

static const char file_name[] = "allow";
static const char file_head[] = "# custos allow list (see `custos allow --help'):\n"
				"# sha256, rule, until, added, reason; tabs between\n";

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, DAY_SECONDS = 86400, FIELDS = 5 };

static enum status take_line(struct allow *allow, char *line, struct allow_entry *entry);
static bool parse_line(char *line, struct allow_entry *out);
static bool fits_rule(const struct allow_entry *entry, struct allow_rule rule,
		      time_t now);
static enum status open_locked(const char *folder, int *ret_fd);
static bool is_plain(const char *text);
static void write_entry(FILE *out, const struct allow_entry *entry);

enum status allow_load(struct allow *allow, const char *folder, bool is_system)
{
	AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FREE char *text = NULL;
	enum status status;
	size_t len;
	char *rest;
	unsigned number = 1;

	if (fd < 0)
		return errno == ENOENT ? STATUS_OK : STATUS_IO;
	status = folder_read(fd, file_name, FILE_BYTES_MAX, &text, &len);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	rest = text;
	for (char *line; (line = strsep(&rest, "\n")); number++) {
		struct allow_entry entry = { .line = number, .is_system = is_system };

		if (*line == '\0' || *line == '#')
			continue;
		status = take_line(allow, line, &entry);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

void allow_clear(struct allow *allow)
{
	for (size_t i = 0; i < allow->count; i++) {
		free(allow->entries[i].rule);
		free(allow->entries[i].reason);
	}
	free(allow->entries);
	*allow = (struct allow){ 0 };
}

static enum status take_line(struct allow *allow, char *line, struct allow_entry *entry)
{
	struct allow_entry *larger;

	if (!parse_line(line, entry)) {
		allow->bad_lines++;
		return STATUS_OK;
	}
	larger = reallocarray(allow->entries, allow->count + 1, sizeof(*larger));
	if (!larger)
		return STATUS_NO_MEMORY;
	allow->entries = larger;
	larger[allow->count] = *entry;
	entry = &larger[allow->count];
	entry->reason = strdup(entry->reason);
	if (!entry->reason)
		return STATUS_NO_MEMORY;
	/* An entry without a rule would allow all rules: it must not come of this. */
	if (entry->rule && !(entry->rule = strdup(entry->rule))) {
		free(entry->reason);
		return STATUS_NO_MEMORY;
	}
	allow->count++;
	return STATUS_OK;
}

/* Cuts the line into its fields; rule and reason point into it. */
static bool parse_line(char *line, struct allow_entry *out)
{
	char *fields[FIELDS];
	struct digest digest;

	for (size_t i = 0; i < FIELDS; i++) {
		fields[i] = i + 1 < FIELDS ? strsep(&line, "\t") : line;
		if (!fields[i])
			return false;
	}
	out->any_object = strcmp(fields[0], "*") == 0;
	if (!out->any_object) {
		if (!digest_parse(slice_of(fields[0]), &digest) ||
		    digest.len != ALLOW_SHA256_LEN)
			return false;
		memcpy(out->sha256, digest.bytes, ALLOW_SHA256_LEN);
	}
	out->rule = strcmp(fields[1], "*") == 0 ? NULL : fields[1];
	/* For everything and for ever is no allow list, and surely a mistake. */
	if (!*fields[1] || (out->any_object && !out->rule))
		return false;
	if (strcmp(fields[2], "never") != 0) {
		if (!allow_parse_date(fields[2], &out->until))
			return false;
		out->until += DAY_SECONDS;
	}
	out->reason = fields[4];
	return allow_parse_date(fields[3], &out->added);
}

const struct allow_entry *allow_find(const struct allow *allow, const uint8_t *sha256,
				     struct allow_rule rule, time_t now)
{
	for (size_t i = 0; i < allow->count; i++) {
		const struct allow_entry *entry = &allow->entries[i];

		if (!fits_rule(entry, rule, now))
			continue;
		if (entry->any_object ||
		    (sha256 && memcmp(entry->sha256, sha256, ALLOW_SHA256_LEN) == 0))
			return entry;
	}
	return NULL;
}

bool allow_wants_digest(const struct allow *allow, struct allow_rule rule, time_t now)
{
	for (size_t i = 0; i < allow->count; i++)
		if (!allow->entries[i].any_object &&
		    fits_rule(&allow->entries[i], rule, now))
			return true;
	return false;
}

static bool fits_rule(const struct allow_entry *entry, struct allow_rule rule, time_t now)
{
	struct slice text;

	if (entry->until != 0 && now >= entry->until)
		return false;
	if (!entry->rule || slice_is(rule.name, entry->rule))
		return true;
	text = slice_of(entry->rule);
	if (text.len != rule.source.len + 1 + rule.name.len ||
	    text.base[rule.source.len] != ':')
		return false;
	return slice_equal((struct slice){ text.base, rule.source.len }, rule.source) &&
	       slice_equal(
		       (struct slice){ &text.base[rule.source.len + 1], rule.name.len },
		       rule.name);
}

enum status allow_add(const char *folder, const struct allow_entry *entry)
{
	AUTO_CLOSE int fd = -1;
	AUTO_FREE char *old = NULL, *text = NULL;
	size_t old_len = 0, len;
	enum status status;
	FILE *out;

	if (!is_plain(entry->reason) || (entry->rule && !is_plain(entry->rule)))
		return STATUS_MALFORMED;
	status = open_locked(folder, &fd);
	if (status != STATUS_OK)
		return status;
	status = folder_read(fd, file_name, FILE_BYTES_MAX, &old, &old_len);
	if (status != STATUS_OK && status != STATUS_END)
		return status;
	out = open_memstream(&text, &len);
	if (!out)
		return STATUS_NO_MEMORY;
	if (old_len == 0)
		fputs(file_head, out);
	else
		fwrite(old, 1, old_len, out);
	if (old_len > 0 && old[old_len - 1] != '\n')
		fputc('\n', out);
	write_entry(out, entry);
	if (fclose(out) != 0)
		return STATUS_NO_MEMORY;
	return folder_replace(fd, file_name, (struct slice){ (uint8_t *)text, len },
			      0644);
}

enum status allow_remove(const char *folder, const unsigned *lines, size_t count)
{
	AUTO_CLOSE int fd = -1;
	AUTO_FREE char *old = NULL, *text = NULL;
	size_t old_len = 0, len;
	unsigned number = 1;
	FILE *out;
	char *rest;
	enum status status = open_locked(folder, &fd);

	if (status != STATUS_OK)
		return status;
	status = folder_read(fd, file_name, FILE_BYTES_MAX, &old, &old_len);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	out = open_memstream(&text, &len);
	if (!out)
		return STATUS_NO_MEMORY;
	rest = old;
	for (char *line; (line = strsep(&rest, "\n")); number++) {
		bool is_removed = !rest && !*line;

		for (size_t i = 0; i < count; i++)
			is_removed = is_removed || lines[i] == number;
		if (!is_removed)
			fprintf(out, "%s\n", line);
	}
	if (fclose(out) != 0)
		return STATUS_NO_MEMORY;
	return folder_replace(fd, file_name, (struct slice){ (uint8_t *)text, len },
			      0644);
}

/* Two that change the list at once would lose one change: the folder is the lock. */
static enum status open_locked(const char *folder, int *ret_fd)
{
	AUTO_CLOSE int fd = -1;

	if (folder_make(folder, 0755) != STATUS_OK)
		return STATUS_IO;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		return STATUS_IO;
	*ret_fd = steal_fd(&fd);
	return STATUS_OK;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static void write_date(FILE *out, time_t when)
{
	struct tm day;

	gmtime_r(&when, &day);
	fprintf(out, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

static void write_entry(FILE *out, const struct allow_entry *entry)
{
	for (size_t i = 0; !entry->any_object && i < ALLOW_SHA256_LEN; i++)
		fprintf(out, "%02x", entry->sha256[i]);
	if (entry->any_object)
		fputc('*', out);
	fprintf(out, "\t%s\t", entry->rule ? entry->rule : "*");
	if (entry->until == 0)
		fputs("never", out);
	else
		write_date(out, entry->until - 1);
	fputc('\t', out);
	write_date(out, entry->added);
	fprintf(out, "\t%s\n", entry->reason);
}

bool allow_parse_date(const char *text, time_t *out)
{
	struct tm day = { 0 };
	const char *end = strptime(text, "%Y-%m-%d", &day);
	int day_of_month = day.tm_mday;
	time_t when;

	if (!end || *end || strlen(text) != strlen("2026-12-31"))
		return false;
	/* The 31st of February: timegm() makes it the 3rd of March. */
	when = timegm(&day);
	if (when < 0 || day.tm_mday != day_of_month)
		return false;
	*out = when;
	return true;
}
