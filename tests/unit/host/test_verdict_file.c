/* SPDX-License-Identifier: Apache-2.0 */
#include "host/verdict_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

static int folder = -1;

static void open_folder(void)
{
	scratch_enter();
	folder = open(scratch_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(folder >= 0);
}

static void close_folder(void)
{
	close(folder);
	scratch_leave();
}

static struct verdict_entry entry_of(uint64_t inode, uint32_t scanned)
{
	return (struct verdict_entry){
		.volume = 7,
		.inode = inode,
		.size = inode * 3,
		.touched = (int64_t)inode + 1,
		.modified = (int64_t)inode + 2,
		.born = (int64_t)inode + 3,
		.scanned = scanned,
	};
}

/* Of every third there is one, of different lengths. */
static const char *note_of(const struct verdict_entry *entry)
{
	static const char *const notes[] = { "a", "of eight", "and one more than that" };

	return entry->inode % 3 == 0 ? notes[entry->inode / 3 % 3] : NULL;
}

static bool has_its_notes(const struct verdict_file *file,
			  const struct verdict_entry *found,
			  const struct verdict_entry *wanted)
{
	const char *note = note_of(wanted);
	struct slice notes;

	return verdict_file_notes(file, found, &notes) &&
	       slice_is(notes, note ? note : "");
}

static void write_entries(const struct verdict_file *old, const char *terms,
			  const struct verdict_entry *entries, size_t count, uint32_t now)
{
	struct verdict_fresh *fresh = calloc(count, sizeof(*fresh));
	struct verdict_merge merge = { .old = old,
				       .terms = slice_of(terms),
				       .entries = fresh,
				       .count = count,
				       .now = now,
				       .kept_from = now > 1000 ? now - 1000 : 0 };

	REQUIRE(fresh);
	for (size_t i = 0; i < count; i++) {
		fresh[i].entry = entries[i];
		if (note_of(&entries[i]))
			fresh[i].notes = slice_of(note_of(&entries[i]));
	}
	REQUIRE(verdict_file_write(folder, "verdicts", &merge) == STATUS_OK);
	free(fresh);
}

static bool has(const struct verdict_file *file, const char *terms, uint64_t inode)
{
	uint32_t number;

	return verdict_file_terms(file, slice_of(terms), &number) &&
	       verdict_file_find(file, 7, inode, number);
}

TEST("what was written is found again, by its terms alone")
{
	enum { COUNT = 5000 };
	struct verdict_entry *entries = calloc(COUNT, sizeof(*entries));
	const struct verdict_file none = { 0 };
	struct verdict_file file;
	uint32_t number;

	open_folder();
	REQUIRE(entries);
	for (uint32_t i = 0; i < COUNT; i++)
		entries[i] = entry_of(i * UINT64_C(1000003), 5000 + i % 100);
	write_entries(&none, "rules\nof today", entries, COUNT, 6000);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	CHECK(!verdict_file_terms(&file, slice_of("rules\nof"), &number));
	REQUIRE(verdict_file_terms(&file, slice_of("rules\nof today"), &number));
	for (uint32_t i = 0; i < COUNT; i++) {
		const struct verdict_entry *found = verdict_file_find(
			&file, 7, i * UINT64_C(1000003), number);

		REQUIRE(found);
		CHECK_EQ(found->size, entries[i].size);
		CHECK_EQ(found->touched, entries[i].touched);
		CHECK_EQ(found->born, entries[i].born);
		CHECK_EQ(found->scanned, entries[i].scanned);
		CHECK(has_its_notes(&file, found, &entries[i]));
		CHECK(!verdict_file_find(&file, 8, i * UINT64_C(1000003), number));
		CHECK(!verdict_file_find(&file, 7, i * UINT64_C(1000003) + 1, number));
		CHECK(!verdict_file_find(&file, 7, i * UINT64_C(1000003), number + 1));
	}
	verdict_file_close(&file);
	free(entries);
	close_folder();
}

TEST("new entries replace old ones; the old ones of other terms stay; the too old go")
{
	const struct verdict_file none = { 0 };
	struct verdict_entry first[3], second;
	struct verdict_file file;
	uint32_t number;

	open_folder();
	first[0] = entry_of(1, 5000);
	first[1] = entry_of(2, 5000);
	first[2] = entry_of(3, 4100);
	write_entries(&none, "a", first, 3, 5000);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	second = entry_of(1, 5200);
	second.size = 99;
	write_entries(&file, "b", &second, 1, 5200);
	verdict_file_close(&file);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	CHECK(has(&file, "a", 1) && has(&file, "a", 2) && has(&file, "b", 1));
	CHECK(!has(&file, "b", 2));
	CHECK(!has(&file, "a", 3)); /* from before 4200 */
	write_entries(&file, "a", &second, 1, 5300);
	verdict_file_close(&file);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	REQUIRE(verdict_file_terms(&file, slice_of("a"), &number));
	CHECK_EQ(verdict_file_find(&file, 7, 1, number)->size, 99);
	/* Nobody used them for so long. */
	write_entries(&file, "c", &second, 1, 9000);
	verdict_file_close(&file);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	CHECK(!has(&file, "a", 1) && !has(&file, "b", 1) && has(&file, "c", 1));
	verdict_file_close(&file);
	close_folder();
}

TEST("notes go with their entries from file to file, and with those that are replaced")
{
	const struct verdict_file none = { 0 };
	struct verdict_entry first[2], second;
	struct verdict_file file;
	uint32_t number;
	size_t len;

	open_folder();
	first[0] = entry_of(3, 5000);
	first[1] = entry_of(6, 5000);
	write_entries(&none, "a", first, 2, 5000);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	second = entry_of(3, 5100);
	second.touched++;
	write_entries(&file, "a", &second, 1, 5100);
	for (int i = 0; i < 5; i++) {
		verdict_file_close(&file);
		REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
		len = file.notes.len;
		REQUIRE(verdict_file_terms(&file, slice_of("a"), &number));
		CHECK(has_its_notes(&file, verdict_file_find(&file, 7, 3, number),
				    &second));
		CHECK(has_its_notes(&file, verdict_file_find(&file, 7, 6, number),
				    &first[1]));
		write_entries(&file, "b", &second, 1, 5100);
	}
	/* Two texts have one entry each, and one of them has another; beside them there is
	 * the room of what was replaced last. Nothing piles up. */
	CHECK_EQ(len, 16 + 16 + 32 + 16);
	/* Notes of another entry are none of its own. */
	second.notes = verdict_file_find(&file, 7, 6, number)->notes;
	CHECK(!has_its_notes(&file, &second, &second));
	verdict_file_close(&file);
	close_folder();
}

TEST("of many terms those that were used last are kept")
{
	struct verdict_file file = { 0 };
	char terms[8];

	open_folder();
	for (uint32_t i = 0; i < VERDICT_TERMS_MAX + 2; i++) {
		struct verdict_entry entry = entry_of(i + 1, 5000 + i);

		snprintf(terms, sizeof(terms), "t%u", i);
		write_entries(&file, terms, &entry, 1, 5000 + i);
		verdict_file_close(&file);
		REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	}
	CHECK_EQ(file.terms_count, VERDICT_TERMS_MAX);
	CHECK(!has(&file, "t0", 1) && !has(&file, "t1", 2));
	CHECK(has(&file, "t2", 3) && has(&file, "t9", 10));
	verdict_file_close(&file);
	close_folder();
}

TEST("a file of others, or that they may read, is as good as none")
{
	const struct verdict_file none = { 0 };
	struct verdict_entry entry = entry_of(1, 5000);
	struct verdict_file file;

	open_folder();
	write_entries(&none, "a", &entry, 1, 5000);
	REQUIRE(fchmodat(folder, "verdicts", 0640, 0) == 0);
	CHECK_EQ(verdict_file_open(folder, "verdicts", &file), STATUS_END);
	REQUIRE(fchmodat(folder, "verdicts", 0600, 0) == 0);
	REQUIRE(verdict_file_open(folder, "verdicts", &file) == STATUS_OK);
	verdict_file_close(&file);
	REQUIRE(renameat(folder, "verdicts", folder, "elsewhere") == 0 &&
		symlinkat("elsewhere", folder, "verdicts") == 0);
	CHECK_EQ(verdict_file_open(folder, "verdicts", &file), STATUS_END);
	REQUIRE(unlinkat(folder, "verdicts", 0) == 0);
	CHECK_EQ(verdict_file_open(folder, "verdicts", &file), STATUS_END);
	close_folder();
}

static void check_no_more(const struct verdict_file *file,
			  const struct verdict_entry *found,
			  const struct verdict_entry *wanted)
{
	struct slice notes;

	CHECK_EQ(found->size, wanted->size);
	CHECK(!verdict_file_notes(file, found, &notes) ||
	      has_its_notes(file, found, wanted));
}

/* Every byte of a small file changed, and every length: no crash, and no other verdict. */
TEST("a damaged file never says more than it did")
{
	const struct verdict_file none = { 0 };
	struct verdict_entry entry = entry_of(3, 5000);
	struct verdict_file file;
	struct stat st;
	uint8_t *bytes;
	int fd;

	open_folder();
	write_entries(&none, "terms", &entry, 1, 5000);
	fd = openat(folder, "verdicts", O_RDWR | O_CLOEXEC);
	REQUIRE(fd >= 0 && fstat(fd, &st) == 0);
	bytes = malloc((size_t)st.st_size);
	REQUIRE(bytes && pread(fd, bytes, (size_t)st.st_size, 0) == st.st_size);
	for (off_t at = 0; at < st.st_size; at++) {
		uint8_t changed = (uint8_t)(bytes[at] ^ (1 + at % 255));
		uint32_t number;

		/* Most of it are empty slots. */
		if (bytes[at] == 0 && at > 4096 && at % 61 != 0)
			continue;
		REQUIRE(pwrite(fd, &changed, 1, at) == 1);
		if (verdict_file_open(folder, "verdicts", &file) == STATUS_OK) {
			const struct verdict_entry *found = NULL;

			if (verdict_file_terms(&file, slice_of("terms"), &number))
				found = verdict_file_find(&file, 7, 3, number);
			if (found)
				check_no_more(&file, found, &entry);
			CHECK(!has(&file, "terms", 2));
			verdict_file_close(&file);
		}
		REQUIRE(pwrite(fd, &bytes[at], 1, at) == 1);
	}
	for (off_t len = st.st_size - 1; len >= 0; len -= 1 + len / 7) {
		REQUIRE(ftruncate(fd, len) == 0);
		if (verdict_file_open(folder, "verdicts", &file) != STATUS_OK)
			continue;
		/* Nothing but notes is missing. */
		CHECK(len >= st.st_size - 16);
		const struct verdict_entry *found = verdict_file_find(&file, 7, 3, 0);
		struct slice notes;

		REQUIRE(found);
		CHECK(len >= st.st_size - 7 || !verdict_file_notes(&file, found, &notes));
		verdict_file_close(&file);
	}
	free(bytes);
	close(fd);
	close_folder();
}

TEST_MAIN()
