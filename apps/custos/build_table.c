/* SPDX-License-Identifier: Apache-2.0 */
#include "build_table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "config/quantity.h"
#include "database/database.h"
#include "memory.h"
#include "screen.h"

enum { LANGUAGES_MAX = 48 };

struct row {
	char language[BUILD_LANGUAGE_MAX];
	uint64_t taken, refused, skipped;
};

struct language_table {
	struct row rows[LANGUAGES_MAX];
	size_t count;
};

static void language_of(struct slice name, char out[BUILD_LANGUAGE_MAX]);
static void gather(struct language_table *table, const struct database *database);
static struct row *row_of(struct language_table *table, const char *language);
static int compare(const void *a, const void *b);
static void print_row(const struct row *row, const struct build_reasons *reasons);
static void print_count(uint64_t count, enum screen_style style);

void build_reasons_add(struct build_reasons *reasons, const struct rule_problem *problem)
{
	struct slice file = problem->member.len > 0 ? problem->member :
						      slice_of(problem->path);
	char language[BUILD_LANGUAGE_MAX];
	struct build_reason *reason = NULL;

	if (problem->severity == BUILD_NOTE)
		return;
	language_of(file, language);
	for (size_t i = 0; i < reasons->count && !reason; i++) {
		struct build_reason *one = &reasons->list[i];

		if (one->severity == problem->severity &&
		    strcmp(one->language, language) == 0 &&
		    (!one->message || strcmp(one->message, problem->message) == 0))
			reason = one;
	}
	if (!reason && reasons->count < BUILD_REASONS_MAX) {
		bool is_last = reasons->count + LANGUAGES_MAX >= BUILD_REASONS_MAX;

		reason = &reasons->list[reasons->count++];
		*reason = (struct build_reason){ .severity = problem->severity };
		memcpy(reason->language, language, sizeof(language));
		if (!is_last)
			reason->message = memory_text(slice_of(problem->message));
	}
	if (reason)
		reason->count++;
}

void build_reasons_clear(struct build_reasons *reasons)
{
	while (reasons->count > 0)
		free(reasons->list[--reasons->count].message);
}

/* Behind the last dot, in lower case. */
static void language_of(struct slice name, char out[BUILD_LANGUAGE_MAX])
{
	size_t from = name.len, len = 0;

	while (from > 0 && name.base[from - 1] != '.')
		from--;
	for (; from < name.len && len + 1 < BUILD_LANGUAGE_MAX; from++)
		out[len++] = (char)tolower(name.base[from]);
	memset(&out[len], 0, BUILD_LANGUAGE_MAX - len);
}

void build_table_print(const struct build_reasons *reasons, int fd)
{
	struct database database = { 0 };
	struct language_table table = { 0 };
	struct stat st;
	void *map = MAP_FAILED;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return;
	if (database_add(&database, map, (size_t)st.st_size) == STATUS_OK)
		gather(&table, &database);
	munmap(map, (size_t)st.st_size);
	qsort(table.rows, table.count, sizeof(*table.rows), compare);
	screen_print(SCREEN_STRONG, "\n%-8s %12s %12s %12s\n", "language", "taken",
		     "left out", "refused");
	for (size_t i = 0; i < table.count; i++)
		print_row(&table.rows[i], reasons);
}

static void gather(struct language_table *table, const struct database *database)
{
	struct file_info file;
	char language[BUILD_LANGUAGE_MAX];

	for (uint32_t i = 0; database_file(database, 0, i, &file); i++) {
		if (file.taken + file.refused + file.skipped == 0)
			continue;
		language_of(file.name, language);
		struct row *row = row_of(table, language);
		row->taken += file.taken;
		row->refused += file.refused;
		row->skipped += file.skipped;
	}
}

/* The last one, if there are too many. */
static struct row *row_of(struct language_table *table, const char *language)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].language, language) == 0)
			return &table->rows[i];
	if (table->count < LANGUAGES_MAX)
		memcpy(table->rows[table->count++].language, language,
		       BUILD_LANGUAGE_MAX);
	return &table->rows[table->count - 1];
}

static int compare(const void *a, const void *b)
{
	const struct row *first = a, *second = b;

	return strcmp(first->language, second->language);
}

static void print_row(const struct row *row, const struct build_reasons *reasons)
{
	char text[QUANTITY_TEXT_MAX];

	screen_text(slice_of(row->language));
	screen_print(SCREEN_PLAIN, "%*s", 8 - (int)strlen(row->language), "");
	print_count(row->taken, SCREEN_PLAIN);
	print_count(row->skipped, SCREEN_PLAIN);
	print_count(row->refused, row->refused > 0 ? SCREEN_DOUBT : SCREEN_PLAIN);
	screen_print(SCREEN_PLAIN, "\n");
	for (size_t i = 0; i < reasons->count; i++) {
		const struct build_reason *reason = &reasons->list[i];

		if (strcmp(reason->language, row->language) != 0)
			continue;
		screen_print(SCREEN_FAINT,
			     "    %s %s: ", quantity_show_count(reason->count, text),
			     reason->severity == BUILD_REFUSED ? "refused" : "left out");
		screen_text(slice_of(reason->message ? reason->message :
						       "for other reasons"));
		screen_print(SCREEN_PLAIN, "\n");
	}
}

static void print_count(uint64_t count, enum screen_style style)
{
	char text[QUANTITY_TEXT_MAX];

	screen_print(style, " %12s", quantity_show_count(count, text));
}
