/* SPDX-License-Identifier: Apache-2.0 */
#include "host/resume.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "base/hex.h"
#include "host/folder.h"
#include "host/walk.h"

/* The longest path as hex, and the lines around it. */
enum { TEXT_MAX = 2 * WALK_PATH_MAX + 65536, FILE_NAME_LEN = 64 };

/* Text that is being read, cut into words. */
struct words {
	char *text;
	size_t len;
	size_t pos;
};

static void file_name(const struct resume_key *key, char out[FILE_NAME_LEN]);
static MUST_CHECK enum status digest_pieces(struct digest_state *digester,
					    const struct slice *pieces, size_t count,
					    char out[DIGEST_HEX_MAX]);
static void print_point(FILE *file, const struct resume_key *key,
			const struct resume_point *point);
static MUST_CHECK enum status parse(struct words *words, const struct resume_key *key,
				    struct resume_point *point);
static MUST_CHECK bool parse_position(struct words *words, struct position *out);
static MUST_CHECK bool parse_counts(struct words *words, struct resume_point *point);
static MUST_CHECK bool next_word(struct words *words, char end, struct slice *out);
static MUST_CHECK bool parse_number(struct slice word, uint64_t *out);
static MUST_CHECK bool decode_hex(struct slice *word);

char *resume_root_name(const char *root)
{
	AUTO_FREE char *folder = root[0] == '/' ? NULL : getcwd(NULL, 0);
	size_t folder_len = folder ? strlen(folder) : 0;
	char *name = malloc(folder_len + strlen(root) + 2);
	size_t len = folder_len;

	if (!name)
		return NULL;
	if (folder)
		memcpy(name, folder, folder_len);
	/* The working directory may itself be "/". */
	while (len > 0 && name[len - 1] == '/')
		len--;
	while (*root) {
		size_t part = strcspn(root, "/");

		if (part > 0 && !(part == 1 && root[0] == '.')) {
			name[len++] = '/';
			memcpy(&name[len], root, part);
			len += part;
		}
		root += part;
		root += strspn(root, "/");
	}
	if (len == 0)
		name[len++] = '/';
	name[len] = '\0';
	return name;
}

enum status resume_key_make(const struct resume_subject *subject,
			    struct digest_state *digester, struct resume_key *out)
{
	enum status status = digest_pieces(digester, subject->roots, subject->root_count,
					   out->roots);

	if (status == STATUS_OK)
		status = digest_pieces(digester, subject->options, subject->option_count,
				       out->options);
	return status;
}

enum status resume_save(const char *folder, const struct resume_key *key,
			const struct resume_point *point)
{
	AUTO_CLOSE int folder_fd = -1;
	AUTO_FREE char *text = NULL;
	char name[FILE_NAME_LEN];
	size_t len = 0;
	enum status status = folder_make(folder, 0700);

	if (status == STATUS_OK)
		status = folder_open_private(folder, &folder_fd);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_IO : status;

	FILE *file = open_memstream(&text, &len);

	if (!file)
		return STATUS_NO_MEMORY;
	print_point(file, key, point);
	if (fclose(file) != 0)
		return STATUS_NO_MEMORY;
	file_name(key, name);
	return folder_replace(folder_fd, name, (struct slice){ (uint8_t *)text, len },
			      0600);
}

enum status resume_load(const char *folder, const struct resume_key *key,
			struct resume_point *point, char **ret_text)
{
	AUTO_CLOSE int folder_fd = -1;
	AUTO_FREE char *text = NULL;
	char name[FILE_NAME_LEN];
	struct words words = { 0 };
	enum status status = folder_open_private(folder, &folder_fd);

	if (status == STATUS_CHANGED)
		return STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	file_name(key, name);
	status = folder_read(folder_fd, name, TEXT_MAX, &text, &words.len);
	if (status == STATUS_CHANGED || status == STATUS_LIMIT)
		return STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	words.text = text;
	status = parse(&words, key, point);
	if (status != STATUS_OK)
		return status;
	*ret_text = text;
	text = NULL;
	return STATUS_OK;
}

int resume_open(const char *folder, const struct resume_key *key)
{
	AUTO_CLOSE int folder_fd = -1;
	char name[FILE_NAME_LEN];

	if (folder_open_private(folder, &folder_fd) != STATUS_OK)
		return -1;
	file_name(key, name);
	return openat(folder_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

enum status resume_remove(const char *folder, const struct resume_key *key)
{
	AUTO_CLOSE int folder_fd = -1;
	char name[FILE_NAME_LEN];
	enum status status = folder_open_private(folder, &folder_fd);

	if (status == STATUS_END)
		return STATUS_OK;
	if (status != STATUS_OK)
		return STATUS_IO;
	file_name(key, name);
	if (unlinkat(folder_fd, name, 0) != 0 && errno != ENOENT)
		return STATUS_IO;
	return STATUS_OK;
}

static void file_name(const struct resume_key *key, char out[FILE_NAME_LEN])
{
	snprintf(out, FILE_NAME_LEN, "scan-%.32s", key->roots);
}

static enum status digest_pieces(struct digest_state *digester,
				 const struct slice *pieces, size_t count,
				 char out[DIGEST_HEX_MAX])
{
	struct digest digests[DIGEST_COUNT];
	enum status status = digest_start(digester, DIGEST_BIT_SHA256);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < count; i++) {
		char len[24];
		int digits = snprintf(len, sizeof(len), "%zu:", pieces[i].len);

		digest_update(digester, len, (size_t)digits);
		digest_update(digester, pieces[i].base, pieces[i].len);
	}
	digest_finish(digester, digests);
	digest_hex(&digests[DIGEST_SHA256], out);
	return STATUS_OK;
}

static void print_point(FILE *file, const struct resume_key *key,
			const struct resume_point *point)
{
	fprintf(file, "custos-resume 1\noptions %s\nposition %" PRIu64 " ", key->options,
		point->at.root);
	if (point->at.path.len == 0)
		fputc('-', file);
	for (size_t i = 0; i < point->at.path.len; i++)
		fprintf(file, "%02x", point->at.path.base[i]);
	assert(point->count <= RESUME_COUNTS_MAX);
	for (size_t i = 0; i < point->count; i++)
		fprintf(file, "\ncount %s %" PRIu64, point->counts[i].name,
			point->counts[i].value);
	fputs("\nend\n", file);
}

static enum status parse(struct words *words, const struct resume_key *key,
			 struct resume_point *point)
{
	struct slice first, name, options;
	struct resume_count counts[RESUME_COUNTS_MAX];
	struct resume_point read = { .counts = counts, .count = point->count };

	assert(point->count <= RESUME_COUNTS_MAX);
	for (size_t i = 0; i < point->count; i++)
		counts[i] = point->counts[i];
	if (!next_word(words, '\n', &first) || !slice_is(first, "custos-resume 1") ||
	    !next_word(words, ' ', &name) || !slice_is(name, "options") ||
	    !next_word(words, '\n', &options))
		return STATUS_MALFORMED;
	if (!slice_is(options, key->options))
		return STATUS_CHANGED;
	if (!next_word(words, ' ', &name) || !slice_is(name, "position") ||
	    !parse_position(words, &read.at) || !parse_counts(words, &read))
		return STATUS_MALFORMED;
	for (size_t i = 0; i < point->count; i++)
		point->counts[i].value = counts[i].value;
	point->at = read.at;
	return STATUS_OK;
}

static bool parse_position(struct words *words, struct position *out)
{
	struct slice root, path;
	struct position at;

	if (!next_word(words, ' ', &root) || !parse_number(root, &at.root) ||
	    !next_word(words, '\n', &path) || path.len == 0)
		return false;
	if (slice_is(path, "-"))
		path.len = 0;
	if (!decode_hex(&path))
		return false;
	at.path = path;
	*out = at;
	return true;
}

static bool parse_counts(struct words *words, struct resume_point *point)
{
	struct slice name, number;
	uint64_t value;

	for (;;) {
		size_t start = words->pos;

		if (next_word(words, '\n', &name) && slice_is(name, "end"))
			return words->pos == words->len;
		words->pos = start;
		if (!next_word(words, ' ', &name) || !slice_is(name, "count") ||
		    !next_word(words, ' ', &name) || !next_word(words, '\n', &number) ||
		    !parse_number(number, &value))
			return false;
		for (size_t i = 0; i < point->count; i++)
			if (slice_is(name, point->counts[i].name))
				point->counts[i].value = value;
	}
}

/* What stands before the next `end`, which is passed over. */
static bool next_word(struct words *words, char end, struct slice *out)
{
	const char *base = &words->text[words->pos];
	const char *found = memchr(base, end, words->len - words->pos);

	if (!found)
		return false;
	*out = (struct slice){ (const uint8_t *)base, (size_t)(found - base) };
	words->pos += out->len + 1;
	return true;
}

static bool parse_number(struct slice word, uint64_t *out)
{
	uint64_t value = 0;

	if (word.len == 0)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		uint8_t digit = (uint8_t)(word.base[i] - '0');

		if (digit > 9 || !mul_u64(value, 10, &value) ||
		    !add_u64(value, digit, &value))
			return false;
	}
	*out = value;
	return true;
}

/* In place, as the result is shorter. */
static bool decode_hex(struct slice *word)
{
	uint8_t *bytes = (uint8_t *)(uintptr_t)word->base;

	if (word->len % 2 != 0 || word->len / 2 > WALK_PATH_MAX)
		return false;
	for (size_t i = 0; i < word->len / 2; i++) {
		int high = hex_digit(bytes[2 * i]), low = hex_digit(bytes[2 * i + 1]);

		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		bytes[i] = (uint8_t)(high * 16 + low);
	}
	word->len /= 2;
	return true;
}
