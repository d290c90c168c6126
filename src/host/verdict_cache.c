/* SPDX-License-Identifier: Apache-2.0 */
#include "host/verdict_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/folder.h"

enum {
	SETTLED_SECONDS = 2,       /* the coarsest clock of a file system has this step */
	KEPT_SECONDS = 30 * 86400, /* the longest that an entry counts … */
	/* … of which this much is cut for some, so that not all end in one night */
	SPREAD_SECONDS = 9 * 86400,
	DOUBTED_ONE_IN = 1000,
	DOUBTED_SECONDS = 3600, /* younger ones are not */
	FRESH_MIN = 256,
	FRESH_MAX = 64 * 1024, /* 4 MiB; then they are written */
};

static const char file_name[] = "verdicts";
static const char lock_name[] = "verdicts.lock";

static void open_file(struct verdict_cache *cache);
static void write_fresh(struct verdict_cache *cache);
static bool make_entry(uint64_t volume, const struct target_facts *facts,
		       struct verdict_entry *out);
static bool is_same(const struct verdict_entry *a, const struct verdict_entry *b);
static bool is_in_time(const struct verdict_entry *entry, int64_t now);

enum status verdict_cache_open(struct verdict_cache *cache, const char *folder,
			       const char *terms)
{
	*cache = (struct verdict_cache){ .folder = -1 };
	cache->terms = strdup(terms);
	if (!cache->terms)
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
	free(cache->fresh);
	free(cache->terms);
	*cache = (struct verdict_cache){ .folder = -1 };
}

enum verdict_memory verdict_cache_recall(const struct verdict_cache *cache,
					 uint64_t volume,
					 const struct target_facts *facts)
{
	const struct verdict_entry *known;
	struct verdict_entry entry;
	int64_t now = time(NULL);

	if (!cache->has_terms || cache->is_wrong || !make_entry(volume, facts, &entry))
		return MEMORY_NONE;
	known = verdict_file_find(&cache->file, volume, facts->inode,
				  cache->terms_number);
	if (!known || !is_same(known, &entry) || !is_in_time(known, now))
		return MEMORY_NONE;
	if (known->scanned < now - DOUBTED_SECONDS &&
	    (known->sum ^ cache->salt) % DOUBTED_ONE_IN == 0)
		return MEMORY_DOUBTED;
	return MEMORY_CLEAN;
}

void verdict_cache_add(struct verdict_cache *cache, uint64_t volume,
		       const struct target_facts *facts)
{
	struct verdict_entry entry;
	int64_t now = time(NULL);

	if (cache->folder < 0 || cache->is_wrong || !make_entry(volume, facts, &entry) ||
	    facts->touched.seconds > now - SETTLED_SECONDS || now > UINT32_MAX)
		return;
	if (cache->fresh_count == FRESH_MAX)
		write_fresh(cache);
	if (cache->fresh_count == cache->fresh_max) {
		size_t max = cache->fresh_max ? cache->fresh_max * 2 : FRESH_MIN;
		struct verdict_entry *fresh = reallocarray(cache->fresh, max,
							   sizeof(*fresh));

		if (!fresh)
			return;
		cache->fresh = fresh;
		cache->fresh_max = max;
	}
	entry.scanned = (uint32_t)now;
	cache->fresh[cache->fresh_count++] = entry;
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
	if (cache->folder >= 0 &&
	    verdict_file_open(cache->folder, file_name, &cache->file) == STATUS_OK)
		cache->has_terms = verdict_file_terms(
			&cache->file, slice_of(cache->terms), &cache->terms_number);
}

/* What others wrote meanwhile is kept. That it cannot be written only costs time later. */
static void write_fresh(struct verdict_cache *cache)
{
	AUTO_CLOSE int lock = openat(cache->folder, lock_name,
				     O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int64_t now = time(NULL);
	struct verdict_merge merge = {
		.old = &cache->file,
		.terms = slice_of(cache->terms),
		.entries = cache->fresh,
		.count = cache->fresh_count,
		.now = (uint32_t)now,
		.kept_from = (uint32_t)(now - KEPT_SECONDS),
	};

	if (lock >= 0 && now > KEPT_SECONDS && flock(lock, LOCK_EX) == 0) {
		verdict_file_close(&cache->file);
		open_file(cache);
		if (verdict_file_write(cache->folder, file_name, &merge) == STATUS_OK) {
			verdict_file_close(&cache->file);
			open_file(cache);
		}
	}
	cache->fresh_count = 0;
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
