/* SPDX-License-Identifier: Apache-2.0 */
#include "host/verdict_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mix.h"
#include "base/text_hash.h"
#include "bytes/reader.h"
#include "bytes/store.h"

enum {
	HEADER_LEN = 64,
	MAGIC_LEN = 16,
	SLOTS_MIN = 1024,
	NOTES_HEAD = 8,                     /* length and sum */
	NOTES_STEP = 8,                     /* where notes can begin */
	SPACE_BYTES_MIN = 64 * 1024 * 1024, /* that stay free on the disk */
};

static const char magic[MAGIC_LEN + 1] = "custos verdict 3";

_Static_assert(sizeof(struct verdict_entry) == 64,
	       "entries fill lines of the CPU's cache");

/* A file on its way. */
struct writer {
	const struct verdict_merge *merge;
	struct slice terms[VERDICT_TERMS_MAX];
	uint32_t used[VERDICT_TERMS_MAX];
	uint32_t terms_count;
	uint32_t terms_len; /* bytes, a multiple of HEADER_LEN in the end */
	uint64_t slot_count;
	uint32_t from_old[VERDICT_TERMS_MAX]; /* old numbers to new ones */
	struct verdict_entry *slots;
	uint64_t room; /* entries that may still be added */
	uint8_t *notes;
	size_t notes_len, notes_max;
};

static bool take_header(struct verdict_file *file);
static bool take_terms(struct verdict_file *file, struct reader *terms);
static void choose_terms(struct writer *writer);
static void add_terms(struct writer *writer, struct slice text, uint32_t used);
static uint64_t slots_for(const struct verdict_merge *merge);
static enum status write_new(int fd, struct writer *writer);
static void write_head(const struct writer *writer, uint8_t *out);
static void fill(struct writer *writer);
static void add_entry(struct writer *writer, const struct verdict_entry *entry,
		      uint32_t terms, struct slice notes);
static size_t notes_for(const struct writer *writer);
static MUST_CHECK bool put_notes(struct writer *writer, const struct verdict_entry *entry,
				 struct slice notes, uint32_t *ret_place);
static bool is_kept(const struct writer *writer, const struct verdict_entry *entry);

static uint64_t place_of(uint64_t volume, uint64_t inode, uint32_t terms)
{
	return mix_u64(volume + mix_u64(inode + terms));
}

static uint32_t sum_of(const struct verdict_entry *entry)
{
	uint64_t sum = mix_u64(entry->volume);

	sum = mix_u64(sum + entry->inode);
	sum = mix_u64(sum + entry->size);
	sum = mix_u64(sum + (uint64_t)entry->touched);
	sum = mix_u64(sum + (uint64_t)entry->modified);
	sum = mix_u64(sum + (uint64_t)entry->born);
	sum = mix_u64(sum + ((uint64_t)entry->scanned << 32 | entry->terms));
	return (uint32_t)mix_u64(sum + ((uint64_t)entry->objects << 32 | entry->notes));
}

/* With what they are notes of: those of others are none. */
static uint32_t notes_sum(const struct verdict_entry *entry, struct slice notes)
{
	uint64_t start = mix_u64(entry->inode + mix_u64((uint64_t)entry->touched));

	return (uint32_t)mix_u64(text_hash(TEXT_HASH_START ^ start, notes));
}

/* What they take in the file. */
static size_t notes_room(struct slice notes)
{
	if (notes.len == 0)
		return 0;
	return (NOTES_HEAD + notes.len + NOTES_STEP - 1) / NOTES_STEP * NOTES_STEP;
}

enum status verdict_file_open(int folder_fd, const char *name, struct verdict_file *out)
{
	AUTO_CLOSE int fd = openat(folder_fd, name,
				   O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct verdict_file file = { 0 };
	struct stat st;

	*out = file;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & (S_IRWXG | S_IRWXO)) ||
	    st.st_size < HEADER_LEN)
		return STATUS_END;
	file.map_len = (size_t)st.st_size;
	file.map = mmap(NULL, file.map_len, PROT_READ, MAP_SHARED, fd, 0);
	if (file.map == MAP_FAILED)
		return STATUS_END;
	if (!take_header(&file)) {
		munmap(file.map, file.map_len);
		return STATUS_END;
	}
	*out = file;
	return STATUS_OK;
}

static bool take_header(struct verdict_file *file)
{
	struct reader all = reader_of(file->map, file->map_len);
	bool is_ours = slice_equal(reader_slice(&all, MAGIC_LEN),
				   (struct slice){ (const uint8_t *)magic, MAGIC_LEN });
	uint64_t slot_count = reader_u64le(&all);
	uint32_t terms_len = reader_u32le(&all);
	uint32_t terms_count = reader_u32le(&all);

	if (!is_ours || terms_count > VERDICT_TERMS_MAX || terms_len % HEADER_LEN != 0 ||
	    slot_count == 0 || (slot_count & (slot_count - 1)) != 0)
		return false;
	file->terms_count = terms_count;
	for (size_t i = 0; i < VERDICT_TERMS_MAX; i++)
		file->used[i] = reader_u32le(&all);

	struct reader terms = reader_take(&all, terms_len);
	if (!take_terms(file, &terms) ||
	    slot_count > reader_left(&all) / sizeof(*file->slots))
		return false;
	/* Pages are aligned for any type, and all before the slots is a multiple of 64. */
	file->slots = (const void *)reader_slice(&all, (size_t)slot_count *
							       sizeof(*file->slots))
			      .base;
	file->slot_count = slot_count;
	file->notes = reader_rest(&all);
	return true;
}

static bool take_terms(struct verdict_file *file, struct reader *terms)
{
	for (size_t i = 0; i < file->terms_count; i++)
		file->terms[i] = reader_slice(terms, reader_u32le(terms));
	return reader_ok(terms);
}

void verdict_file_close(struct verdict_file *file)
{
	if (file->map)
		munmap(file->map, file->map_len);
	*file = (struct verdict_file){ 0 };
}

bool verdict_file_terms(const struct verdict_file *file, struct slice text,
			uint32_t *ret_terms)
{
	for (size_t i = 0; i < file->terms_count; i++) {
		if (!slice_equal(file->terms[i], text))
			continue;
		*ret_terms = (uint32_t)i;
		return true;
	}
	return false;
}

const struct verdict_entry *verdict_file_find(const struct verdict_file *file,
					      uint64_t volume, uint64_t inode,
					      uint32_t terms)
{
	uint64_t at = place_of(volume, inode, terms);

	for (unsigned i = 0; i < VERDICT_PROBES_MAX && i < file->slot_count; i++) {
		const struct verdict_entry *entry =
			&file->slots[(at + i) & (file->slot_count - 1)];

		if (entry->volume == 0)
			return NULL;
		if (entry->volume == volume && entry->inode == inode &&
		    entry->terms == terms && entry->sum == sum_of(entry))
			return entry;
	}
	return NULL;
}

bool verdict_file_notes(const struct verdict_file *file,
			const struct verdict_entry *entry, struct slice *out)
{
	struct reader notes = reader_of_slice(file->notes);
	uint32_t len, sum;
	struct slice found;

	*out = (struct slice){ 0 };
	if (entry->notes == 0)
		return true;
	reader_seek(&notes, (size_t)(entry->notes - 1) * NOTES_STEP);
	len = reader_u32le(&notes);
	sum = reader_u32le(&notes);
	found = reader_slice(&notes, len);
	if (!reader_ok(&notes) || len == 0 || sum != notes_sum(entry, found))
		return false;
	*out = found;
	return true;
}

enum status verdict_file_write(int folder_fd, const char *name,
			       const struct verdict_merge *merge)
{
	struct writer writer = { .merge = merge };
	char beside[64];
	enum status status;

	if (merge->terms.len >= VERDICT_TERMS_BYTES_MAX)
		return STATUS_LIMIT;
	choose_terms(&writer);
	writer.slot_count = slots_for(merge);
	snprintf(beside, sizeof(beside), ".verdicts.%ld", (long)getpid());

	AUTO_CLOSE int fd = openat(folder_fd, beside,
				   O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
				   0600);

	if (fd < 0)
		return STATUS_IO;
	status = write_new(fd, &writer);
	if (status == STATUS_OK && renameat(folder_fd, beside, folder_fd, name) != 0)
		status = STATUS_IO;
	if (status != STATUS_OK) {
		int saved = errno;

		unlinkat(folder_fd, beside, 0);
		errno = saved;
	}
	return status;
}

/* Ours first; of the others those that were used last, as they were left. */
static void choose_terms(struct writer *writer)
{
	const struct verdict_file *old = writer->merge->old;
	bool is_taken[VERDICT_TERMS_MAX] = { false };

	add_terms(writer, writer->merge->terms, writer->merge->now);
	for (size_t i = 0; i < VERDICT_TERMS_MAX; i++)
		writer->from_old[i] = UINT32_MAX;
	for (size_t n = 0; n < old->terms_count; n++) {
		size_t latest = old->terms_count;
		uint32_t number = writer->terms_count;

		for (size_t i = 0; i < old->terms_count; i++)
			if (!is_taken[i] && (latest == old->terms_count ||
					     old->used[i] > old->used[latest]))
				latest = i;
		is_taken[latest] = true;
		if (slice_equal(old->terms[latest], writer->merge->terms)) {
			writer->from_old[latest] = 0;
			continue;
		}
		add_terms(writer, old->terms[latest], old->used[latest]);
		if (writer->terms_count > number)
			writer->from_old[latest] = number;
	}
	writer->terms_len = (writer->terms_len + HEADER_LEN - 1) / HEADER_LEN *
			    HEADER_LEN;
}

/* If there is room. Those that nobody used for so long that all entries are too old go. */
static void add_terms(struct writer *writer, struct slice text, uint32_t used)
{
	if (writer->terms_count == VERDICT_TERMS_MAX || used < writer->merge->kept_from ||
	    text.len + sizeof(uint32_t) > VERDICT_TERMS_BYTES_MAX - writer->terms_len)
		return;
	writer->used[writer->terms_count] = used;
	writer->terms[writer->terms_count++] = text;
	writer->terms_len += (uint32_t)(sizeof(uint32_t) + text.len);
}

/* So many that a third of them stays empty. */
static uint64_t slots_for(const struct verdict_merge *merge)
{
	uint64_t entries = merge->count, slots = SLOTS_MIN;

	for (uint64_t i = 0; i < merge->old->slot_count; i++)
		entries += merge->old->slots[i].volume != 0;
	if (entries > VERDICT_ENTRIES_MAX)
		entries = VERDICT_ENTRIES_MAX;
	while (slots * 2 < entries * 3)
		slots *= 2;
	return slots;
}

static enum status write_new(int fd, struct writer *writer)
{
	size_t slots_at = HEADER_LEN + writer->terms_len;
	size_t notes_at = slots_at + (size_t)writer->slot_count * sizeof(*writer->slots);
	size_t len;
	struct statvfs space;
	uint8_t *map;

	writer->notes_max = notes_for(writer);
	len = notes_at + writer->notes_max;
	if (fstatvfs(fd, &space) == 0 &&
	    (uint64_t)space.f_bavail * space.f_frsize < len + SPACE_BYTES_MIN)
		return STATUS_LIMIT;
	/* A page that finds no room when it is written to would kill us. */
	errno = posix_fallocate(fd, 0, (off_t)len);
	if (errno != 0)
		return STATUS_IO;
	map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return STATUS_IO;
	write_head(writer, map);
	writer->slots = (void *)&map[slots_at];
	writer->notes = &map[notes_at];
	fill(writer);
	munmap(map, len);
	return STATUS_OK;
}

/* The header and the terms. */
static void write_head(const struct writer *writer, uint8_t *out)
{
	size_t at = HEADER_LEN;

	memcpy(out, magic, MAGIC_LEN);
	store_u64le(&out[16], writer->slot_count);
	store_u32le(&out[24], writer->terms_len);
	store_u32le(&out[28], writer->terms_count);
	for (size_t i = 0; i < VERDICT_TERMS_MAX; i++)
		store_u32le(&out[32 + 4 * i], writer->used[i]);
	for (size_t i = 0; i < writer->terms_count; i++) {
		struct slice text = writer->terms[i];

		store_u32le(&out[at], (uint32_t)text.len);
		memcpy(&out[at + sizeof(uint32_t)], text.base, text.len);
		at += sizeof(uint32_t) + text.len;
	}
}

/* New ones first: what is there is not replaced. */
static void fill(struct writer *writer)
{
	const struct verdict_merge *merge = writer->merge;
	const struct verdict_file *old = merge->old;
	struct slice notes;

	writer->room = VERDICT_ENTRIES_MAX;
	for (size_t i = merge->count; i > 0; i--)
		add_entry(writer, &merge->entries[i - 1].entry, 0,
			  merge->entries[i - 1].notes);
	for (uint64_t i = 0; i < old->slot_count; i++)
		if (is_kept(writer, &old->slots[i]) &&
		    verdict_file_notes(old, &old->slots[i], &notes))
			add_entry(writer, &old->slots[i],
				  writer->from_old[old->slots[i].terms], notes);
}

/* Of some that are replaced there is room, too: they are few. */
static size_t notes_for(const struct writer *writer)
{
	const struct verdict_merge *merge = writer->merge;
	const struct verdict_file *old = merge->old;
	struct slice notes;
	size_t len = 0;

	for (size_t i = 0; i < merge->count; i++)
		len += notes_room(merge->entries[i].notes);
	for (uint64_t i = 0; i < old->slot_count; i++)
		if (is_kept(writer, &old->slots[i]) &&
		    verdict_file_notes(old, &old->slots[i], &notes))
			len += notes_room(notes);
	return len < VERDICT_NOTES_BYTES_MAX ? len : VERDICT_NOTES_BYTES_MAX;
}

static bool is_kept(const struct writer *writer, const struct verdict_entry *entry)
{
	return entry->volume != 0 && entry->terms < VERDICT_TERMS_MAX &&
	       writer->from_old[entry->terms] != UINT32_MAX &&
	       entry->sum == sum_of(entry) &&
	       entry->scanned >= writer->merge->kept_from &&
	       entry->scanned <= writer->merge->now;
}

static void add_entry(struct writer *writer, const struct verdict_entry *entry,
		      uint32_t terms, struct slice notes)
{
	uint64_t mask = writer->slot_count - 1;
	uint64_t at = place_of(entry->volume, entry->inode, terms);

	for (unsigned i = 0; i < VERDICT_PROBES_MAX && writer->room > 0; i++) {
		struct verdict_entry *slot = &writer->slots[(at + i) & mask];
		uint32_t place;

		if (slot->volume == entry->volume && slot->inode == entry->inode &&
		    slot->terms == terms)
			return;
		if (slot->volume != 0)
			continue;
		if (!put_notes(writer, entry, notes, &place))
			return;
		*slot = *entry;
		slot->terms = terms & 15;
		slot->notes = place;
		slot->sum = sum_of(slot);
		writer->room--;
		return;
	}
}

/* False: there is no room for them, and without them an entry would say too much. */
static bool put_notes(struct writer *writer, const struct verdict_entry *entry,
		      struct slice notes, uint32_t *ret_place)
{
	size_t room = notes_room(notes);
	uint8_t *out = &writer->notes[writer->notes_len];

	*ret_place = 0;
	if (notes.len == 0)
		return true;
	if (notes.len > VERDICT_NOTES_MAX || room > writer->notes_max - writer->notes_len)
		return false;
	store_u32le(out, (uint32_t)notes.len);
	store_u32le(&out[4], notes_sum(entry, notes));
	memcpy(&out[NOTES_HEAD], notes.base, notes.len);
	*ret_place = (uint32_t)(writer->notes_len / NOTES_STEP) + 1;
	writer->notes_len += room;
	return true;
}
