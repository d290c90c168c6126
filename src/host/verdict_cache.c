/* SPDX-License-Identifier: Apache-2.0 */
#include "host/verdict_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bytes/reader.h"
#include "host/counted_text.h"
#include "host/folder.h"

enum {
	SETTLED_SECONDS = 2,       /* the coarsest clock of a file system has this step */
	KEPT_SECONDS = 30 * 86400, /* the longest that an entry counts … */
	/* … of which this much is cut for some, so that not all end in one night */
	SPREAD_SECONDS = 9 * 86400,
	DOUBTED_ONE_IN = 1000,
	DOUBTED_SECONDS = 3600, /* younger ones are not */
	OBJECTS_MAX = (1 << 28) - 1,
	LOCK_TRIES = 100,
	LOCK_WAIT_MS = 10,
	FRESH_MIN = 256,
	FRESH_MAX = 64 * 1024, /* 5 MiB; then they are written */
};

static const char file_name[] = "verdicts";
static const char lock_name[] = "verdicts.lock";

static void open_file(struct verdict_cache *cache);
static void write_fresh(struct verdict_cache *cache);
static MUST_CHECK bool grow_fresh(struct verdict_cache *cache);
static void drop_fresh(struct verdict_cache *cache);
static enum verdict_memory memory_of(const struct verdict_cache *cache,
				     const struct verdict_entry *known,
				     struct verdict_recalled *out);
static bool take_lock(int fd);
static bool make_entry(uint64_t volume, const struct target_facts *facts,
		       struct verdict_entry *out);
static bool is_same(const struct verdict_entry *a, const struct verdict_entry *b);
static bool is_in_time(const struct verdict_entry *entry, int64_t now);
static bool write_terms(struct verdict_cache *cache);
static void add_part(struct verdict_cache *cache, uint32_t number);
static bool only_adds(struct slice text);
static uint32_t find_segment(const struct verdict_terms *terms, struct slice text,
			     uint32_t taken);
static uint32_t all_of(const struct verdict_terms *terms);
static struct slice terms_of(const struct verdict_cache *cache);
static const struct verdict_entry *find(const struct verdict_cache *cache,
					const struct verdict_entry *entry,
					uint32_t terms);
static bool is_doubted(const struct verdict_cache *cache,
		       const struct verdict_entry *known);

enum status verdict_cache_open(struct verdict_cache *cache, const char *folder,
			       const struct verdict_terms *terms)
{
	*cache = (struct verdict_cache){ .folder = -1, .with = *terms };
	if (!write_terms(cache))
		return STATUS_NO_MEMORY;
	if (!folder)
		return STATUS_OK;
	if (folder_open_private(folder, &cache->folder) == STATUS_END &&
	    folder_make(folder, 0700) == STATUS_OK &&
	    folder_open_private(folder, &cache->folder) != STATUS_OK)
		cache->folder = -1;
	/* Without a number that nobody can foresee nothing is believed. */
	if (getrandom(&cache->salt, sizeof(cache->salt), 0) ==
	    (ssize_t)sizeof(cache->salt))
		open_file(cache);
	return STATUS_OK;
}

void verdict_cache_close(struct verdict_cache *cache)
{
	if (cache->is_wrong)
		verdict_cache_forget(cache);
	else if (cache->fresh_count > 0)
		write_fresh(cache);
	verdict_file_close(&cache->file);
	cleanup_close(&cache->folder);
	drop_fresh(cache);
	free(cache->fresh);
	free(cache->terms);
	*cache = (struct verdict_cache){ .folder = -1 };
}

enum verdict_memory verdict_cache_recall(const struct verdict_cache *cache,
					 uint64_t volume,
					 const struct target_facts *facts,
					 struct verdict_recalled *out)
{
	const struct verdict_entry *known = NULL;
	struct verdict_entry entry;

	*out = (struct verdict_recalled){ 0 };
	if (cache->is_wrong || !make_entry(volume, facts, &entry))
		return MEMORY_NONE;
	if (cache->has_terms)
		known = find(cache, &entry, cache->terms_number);
	if (known)
		return memory_of(cache, known, out);
	for (size_t i = 0; i < cache->part_count && !known; i++) {
		known = find(cache, &entry, cache->parts[i].terms);
		if (known)
			out->known = cache->parts[i].known;
	}
	/* Of what a rule could not see only all of them know. */
	if (!known || known->notes != 0 || is_doubted(cache, known))
		return MEMORY_NONE;
	out->objects = known->objects;
	return out->known == all_of(&cache->with) ? MEMORY_CLEAN : MEMORY_PART;
}

static enum verdict_memory memory_of(const struct verdict_cache *cache,
				     const struct verdict_entry *known,
				     struct verdict_recalled *out)
{
	if (!verdict_file_notes(&cache->file, known, &out->notes))
		return MEMORY_NONE;
	out->objects = known->objects;
	if (is_doubted(cache, known))
		return MEMORY_DOUBTED;
	return out->notes.len > 0 ? MEMORY_INCOMPLETE : MEMORY_CLEAN;
}

void verdict_cache_add(struct verdict_cache *cache, uint64_t volume,
		       const struct target_facts *facts, const struct verdict_news *news)
{
	struct verdict_fresh fresh = { 0 };
	struct verdict_entry *entry = &fresh.entry;
	int64_t now = time(NULL);
	uint8_t *notes = NULL;

	if (cache->folder < 0 || cache->is_wrong || !make_entry(volume, facts, entry) ||
	    facts->touched.seconds > now - SETTLED_SECONDS || now > UINT32_MAX ||
	    news->notes.len > VERDICT_NOTES_MAX)
		return;
	if (cache->fresh_count == FRESH_MAX)
		write_fresh(cache);
	if (!grow_fresh(cache))
		return;
	if (news->notes.len > 0) {
		notes = malloc(news->notes.len);
		if (!notes)
			return;
		memcpy(notes, news->notes.base, news->notes.len);
	}
	fresh.notes = (struct slice){ notes, news->notes.len };
	entry->scanned = (uint32_t)now;
	entry->objects = news->objects < OBJECTS_MAX ? news->objects & OBJECTS_MAX :
						       OBJECTS_MAX;
	cache->fresh[cache->fresh_count++] = fresh;
}

/* Room for one more. */
static bool grow_fresh(struct verdict_cache *cache)
{
	size_t max = cache->fresh_max ? cache->fresh_max * 2 : FRESH_MIN;
	struct verdict_fresh *fresh;

	if (cache->fresh_count < cache->fresh_max)
		return true;
	fresh = reallocarray(cache->fresh, max, sizeof(*fresh));
	if (!fresh)
		return false;
	cache->fresh = fresh;
	cache->fresh_max = max;
	return true;
}

static void drop_fresh(struct verdict_cache *cache)
{
	for (size_t i = 0; i < cache->fresh_count; i++)
		free((void *)(uintptr_t)cache->fresh[i].notes.base);
	cache->fresh_count = 0;
}

void verdict_cache_forget(struct verdict_cache *cache)
{
	cache->is_wrong = true;
	if (cache->folder >= 0)
		unlinkat(cache->folder, file_name, 0);
}

enum status verdict_cache_probe(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
		return errno == EAGAIN ? STATUS_CHANGED : STATUS_UNSUPPORTED;
	/* It goes with the descriptor at the latest; until then writers would wait. */
	if (fcntl(fd, F_SETLEASE, F_UNLCK) != 0)
		return STATUS_UNSUPPORTED;
	return STATUS_OK;
}

static void open_file(struct verdict_cache *cache)
{
	cache->has_terms = false;
	cache->part_count = 0;
	if (cache->folder < 0 ||
	    verdict_file_open(cache->folder, file_name, &cache->file) != STATUS_OK)
		return;
	cache->has_terms = verdict_file_terms(&cache->file, terms_of(cache),
					      &cache->terms_number);
	for (uint32_t i = 0; i < cache->file.terms_count; i++)
		add_part(cache, i);
}

static bool write_terms(struct verdict_cache *cache)
{
	const struct verdict_terms *terms = &cache->with;
	FILE *out = open_memstream(&cache->terms, &cache->terms_len);

	if (!out)
		return false;
	counted_text_write(out, terms->engine);
	for (size_t i = 0; i < terms->segment_count; i++)
		counted_text_write(out, terms->segments[i]);
	if (fclose(out) == 0)
		return true;
	free(cache->terms);
	return false;
}

/*
 * If all the segments of these terms that matter are ours, too, and the others can be asked
 * alone.
 */
static void add_part(struct verdict_cache *cache, uint32_t number)
{
	const struct verdict_terms *terms = &cache->with;
	struct reader texts = reader_of_slice(cache->file.terms[number]);
	struct verdict_part part = { .terms = number };
	size_t at = cache->part_count;

	if ((cache->has_terms && number == cache->terms_number) || !terms->is_separable ||
	    !slice_equal(counted_text_read(&texts), terms->engine))
		return;
	while (reader_left(&texts) > 0) {
		struct slice text = counted_text_read(&texts);
		uint32_t bit = find_segment(terms, text, part.known);

		if (bit == 0 && !only_adds(text))
			return;
		part.known |= bit;
	}
	if (part.known == 0 || !terms->is_separable(terms->context, part.known))
		return;
	for (; at > 0 && __builtin_popcount(cache->parts[at - 1].known) <
				 __builtin_popcount(part.known);
	     at--)
		cache->parts[at] = cache->parts[at - 1];
	cache->parts[at] = part;
	cache->part_count++;
}

static bool only_adds(struct slice text)
{
	struct reader reader = reader_of_slice(text);

	return reader_has(&reader, 0, slice_of(VERDICT_ADDS));
}

/* 0: there is none, or none that is not among the `taken`. */
static uint32_t find_segment(const struct verdict_terms *terms, struct slice text,
			     uint32_t taken)
{
	for (size_t i = 0; i < terms->segment_count; i++)
		if (!(taken >> i & 1) && slice_equal(text, terms->segments[i]))
			return UINT32_C(1) << i;
	return 0;
}

static uint32_t all_of(const struct verdict_terms *terms)
{
	return (uint32_t)((UINT64_C(1) << terms->segment_count) - 1);
}

static struct slice terms_of(const struct verdict_cache *cache)
{
	return (struct slice){ (const uint8_t *)cache->terms, cache->terms_len };
}

/* NULL: it is not there, or no longer counts. */
static const struct verdict_entry *find(const struct verdict_cache *cache,
					const struct verdict_entry *entry, uint32_t terms)
{
	const struct verdict_entry *known = verdict_file_find(&cache->file, entry->volume,
							      entry->inode, terms);

	if (known && is_same(known, entry) && is_in_time(known, time(NULL)))
		return known;
	return NULL;
}

static bool is_doubted(const struct verdict_cache *cache,
		       const struct verdict_entry *known)
{
	return known->scanned < time(NULL) - DOUBTED_SECONDS &&
	       (known->sum ^ cache->salt) % DOUBTED_ONE_IN == 0;
}

/* Writing takes milliseconds. Somebody who was stopped while at it must not stop us. */
static bool take_lock(int fd)
{
	const struct timespec wait = { .tv_nsec = LOCK_WAIT_MS * 1000000L };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&wait, NULL);
	}
	return false;
}

/* What others wrote meanwhile is kept. That it cannot be written only costs time later. */
static void write_fresh(struct verdict_cache *cache)
{
	AUTO_CLOSE int lock = openat(cache->folder, lock_name,
				     O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int64_t now = time(NULL);
	struct verdict_merge merge = {
		.old = &cache->file,
		.terms = terms_of(cache),
		.entries = cache->fresh,
		.count = cache->fresh_count,
		.now = (uint32_t)now,
		.kept_from = (uint32_t)(now - KEPT_SECONDS),
	};

	if (lock >= 0 && now > KEPT_SECONDS && take_lock(lock)) {
		verdict_file_close(&cache->file);
		open_file(cache);
		if (verdict_file_write(cache->folder, file_name, &merge) == STATUS_OK) {
			verdict_file_close(&cache->file);
			open_file(cache);
		}
	}
	drop_fresh(cache);
}

static bool make_time(struct target_time time, int64_t *out)
{
	return !__builtin_mul_overflow(time.seconds, (int64_t)1000000000, out) &&
	       !__builtin_add_overflow(*out, (int64_t)time.nanoseconds, out);
}

/* All but when it was scanned, and with what. */
static bool make_entry(uint64_t volume, const struct target_facts *facts,
		       struct verdict_entry *out)
{
	*out = (struct verdict_entry){
		.volume = volume,
		.inode = facts->inode,
		.size = facts->size,
	};
	return volume != 0 && facts->has_birth &&
	       make_time(facts->touched, &out->touched) &&
	       make_time(facts->modified, &out->modified) &&
	       make_time(facts->born, &out->born);
}

static bool is_same(const struct verdict_entry *a, const struct verdict_entry *b)
{
	return a->volume == b->volume && a->inode == b->inode && a->size == b->size &&
	       a->touched == b->touched && a->modified == b->modified &&
	       a->born == b->born;
}

/* Neither too old nor, as the clock was set back, of a time to come. */
static bool is_in_time(const struct verdict_entry *entry, int64_t now)
{
	int64_t kept = KEPT_SECONDS - (int64_t)(entry->sum % SPREAD_SECONDS);

	return entry->scanned <= now && entry->scanned > now - kept;
}
