/* SPDX-License-Identifier: Apache-2.0 */
#include "host/verdict_cache.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scratch.h"
#include "test.h"

static struct target_facts facts_of(uint64_t inode)
{
	int64_t now = time(NULL);

	return (struct target_facts){
		.device = 1,
		.inode = inode,
		.size = 100,
		.touched = { now - 60, 5 },
		.modified = { now - 70, 6 },
		.born = { now - 80, 7 },
		.has_birth = true,
	};
}

static const struct verdict_news seven = { .objects = 7 };
static bool is_inside;

/* Each test has a folder of its own. */
static void enter(void)
{
	if (!is_inside)
		scratch_enter();
	is_inside = true;
}

static void leave(void)
{
	scratch_leave();
	is_inside = false;
}

/* `engine`, and segments that are called by a letter each. */
static struct verdict_cache opened_with(const char *engine, const char *letters,
					bool (*is_separable)(void *, uint32_t))
{
	static struct slice all[32][8];
	static unsigned count;
	struct slice *segments = all[count++ % ARRAY_LEN(all)];
	struct verdict_cache cache;
	struct verdict_terms terms = { slice_of(engine), segments, strlen(letters),
				       is_separable, NULL };

	for (size_t i = 0; i < terms.segment_count; i++)
		segments[i] = letters[i] == '+' ?
				      slice_of(VERDICT_ADDS "+") :
				      (struct slice){ (const uint8_t *)&letters[i], 1 };
	enter();
	if (verdict_cache_open(&cache, scratch_path(), &terms) != STATUS_OK)
		abort();
	return cache;
}

static struct verdict_cache opened(const char *engine)
{
	return opened_with(engine, "a", NULL);
}

static uint32_t got_known;

static enum verdict_memory recall(const struct verdict_cache *cache, uint64_t volume,
				  const struct target_facts *facts)
{
	struct verdict_recalled recalled;
	enum verdict_memory memory = verdict_cache_recall(cache, volume, facts,
							  &recalled);

	got_known = recalled.known;
	CHECK_EQ(recalled.objects, memory == MEMORY_NONE ? 0 : 7);
	return memory;
}

/* Never of the first segment alone. */
static bool separates_some(void *context, uint32_t known)
{
	(void)context;
	return known != 1;
}

TEST("a clean file is known in the next run, by the same terms and facts alone")
{
	struct verdict_cache cache = opened("terms");
	struct target_facts facts = facts_of(1), other;

	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_add(&cache, 9, &facts, &seven);
	verdict_cache_close(&cache);
	cache = opened("other terms");
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_close(&cache);
	cache = opened("terms");
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_CLEAN);
	CHECK_EQ(recall(&cache, 8, &facts), MEMORY_NONE);
	CHECK_EQ(recall(&cache, 0, &facts), MEMORY_NONE);
	other = facts, other.touched.nanoseconds++;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	other = facts, other.modified.seconds--;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	other = facts, other.born.nanoseconds--;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	other = facts, other.has_birth = false;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	other = facts, other.size++;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	other = facts, other.inode++;
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_NONE);
	verdict_cache_close(&cache);
	leave();
}

TEST("what was not looked at is told again, and is nothing that new rules go by")
{
	struct verdict_cache cache = opened_with("engine", "ab", separates_some);
	struct target_facts some = facts_of(1), whole = facts_of(2), much = facts_of(3);
	struct verdict_news news = { .objects = 3, .notes = slice_of("a part of it") };
	uint8_t *long_notes = calloc(1, VERDICT_NOTES_MAX + 1);
	struct verdict_recalled recalled;

	REQUIRE(long_notes);
	verdict_cache_add(&cache, 9, &some, &news);
	verdict_cache_add(&cache, 9, &whole, &seven);
	news.notes = (struct slice){ long_notes, VERDICT_NOTES_MAX + 1 };
	verdict_cache_add(&cache, 9, &much, &news);
	verdict_cache_close(&cache);
	cache = opened_with("engine", "ab", separates_some);
	CHECK_EQ(verdict_cache_recall(&cache, 9, &some, &recalled), MEMORY_INCOMPLETE);
	CHECK(slice_is(recalled.notes, "a part of it"));
	CHECK_EQ(recalled.objects, 3);
	CHECK_EQ(verdict_cache_recall(&cache, 9, &whole, &recalled), MEMORY_CLEAN);
	CHECK_EQ(recalled.notes.len, 0);
	CHECK_EQ(recall(&cache, 9, &much), MEMORY_NONE);
	verdict_cache_close(&cache);
	cache = opened_with("engine", "abc", separates_some);
	CHECK_EQ(recall(&cache, 9, &some), MEMORY_NONE);
	CHECK_EQ(recall(&cache, 9, &whole), MEMORY_PART);
	verdict_cache_close(&cache);
	free(long_notes);
	leave();
}

TEST("what changed a moment ago, or in times to come, is not taken")
{
	struct verdict_cache cache = opened("young");
	struct target_facts now = facts_of(1), future = facts_of(2);

	now.touched.seconds = time(NULL);
	future.touched.seconds = time(NULL) + 3600;
	verdict_cache_add(&cache, 9, &now, &seven);
	verdict_cache_add(&cache, 9, &future, &seven);
	CHECK_EQ(cache.fresh_count, 0);
	verdict_cache_close(&cache);
	leave();
}

TEST("about one in a thousand is looked at again, others in another run")
{
	enum { COUNT = 20000 };
	struct verdict_cache cache = opened("doubt");
	unsigned doubted[2] = { 0 }, both = 0;

	for (uint64_t i = 0; i < COUNT; i++) {
		struct target_facts facts = facts_of(i);

		facts.touched.seconds = facts.modified.seconds = facts.born.seconds = 5;
		verdict_cache_add(&cache, 9, &facts, &seven);
		cache.fresh[cache.fresh_count - 1].entry.scanned -= 7200;
	}
	verdict_cache_close(&cache);
	cache = opened("doubt");
	for (uint64_t i = 0; i < COUNT; i++) {
		struct target_facts facts = facts_of(i);
		enum verdict_memory first, second;

		facts.touched.seconds = facts.modified.seconds = facts.born.seconds = 5;
		cache.salt = 0x1234567;
		first = recall(&cache, 9, &facts);
		cache.salt = 0x89abcdef0123;
		second = recall(&cache, 9, &facts);
		REQUIRE(first != MEMORY_NONE && second != MEMORY_NONE);
		doubted[0] += first == MEMORY_DOUBTED;
		doubted[1] += second == MEMORY_DOUBTED;
		both += first == MEMORY_DOUBTED && second == MEMORY_DOUBTED;
	}
	CHECK(doubted[0] >= 5 && doubted[0] <= 50);
	CHECK(doubted[1] >= 5 && doubted[1] <= 50);
	CHECK(both < doubted[0]);
	verdict_cache_close(&cache);
	leave();
}

TEST("what is too old, or was looked at in times to come, counts no more")
{
	struct verdict_cache cache = opened("age");
	struct target_facts old = facts_of(1), young = facts_of(2), future = facts_of(3);

	old.touched.seconds = young.touched.seconds = future.touched.seconds = 5;
	verdict_cache_add(&cache, 9, &old, &seven);
	verdict_cache_add(&cache, 9, &young, &seven);
	verdict_cache_add(&cache, 9, &future, &seven);
	cache.fresh[0].entry.scanned -= 30 * 86400;
	cache.fresh[1].entry.scanned -= 3000;
	cache.fresh[2].entry.scanned += 100;
	verdict_cache_close(&cache);
	cache = opened("age");
	CHECK_EQ(recall(&cache, 9, &old), MEMORY_NONE);
	CHECK_EQ(recall(&cache, 9, &young), MEMORY_CLEAN);
	CHECK_EQ(recall(&cache, 9, &future), MEMORY_NONE);
	verdict_cache_close(&cache);
	leave();
}

TEST("of a file known by some of the segments the others alone are to be asked")
{
	struct verdict_cache cache = opened_with("parts", "ab", separates_some);
	struct target_facts facts = facts_of(1), other = facts_of(2), third = facts_of(3);
	struct target_facts fourth = facts_of(4);

	facts.touched.seconds = other.touched.seconds = third.touched.seconds = 5;
	fourth.touched.seconds = 5;
	verdict_cache_add(&cache, 9, &facts, &seven);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "b", separates_some);
	verdict_cache_add(&cache, 9, &facts, &seven);
	verdict_cache_add(&cache, 9, &other, &seven);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "x", separates_some);
	verdict_cache_add(&cache, 9, &third, &seven);
	verdict_cache_close(&cache);

	cache = opened_with("parts", "cbax", separates_some);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_PART);
	CHECK_EQ(got_known, 6); /* "ab" knows more than "b" does */
	CHECK_EQ(recall(&cache, 9, &other), MEMORY_PART);
	CHECK_EQ(got_known, 2);
	CHECK_EQ(recall(&cache, 9, &third), MEMORY_PART);
	CHECK_EQ(got_known, 8);
	verdict_cache_close(&cache);
	/* The same in another order. */
	cache = opened_with("parts", "ba", separates_some);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_CLEAN);
	verdict_cache_close(&cache);
	/* Fewer than were asked then; the same one twice. */
	cache = opened_with("parts", "a", separates_some);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_close(&cache);
	/* But not those that only add. */
	cache = opened_with("parts", "dz+", separates_some);
	verdict_cache_add(&cache, 9, &fourth, &seven);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "edz", separates_some);
	CHECK_EQ(recall(&cache, 9, &fourth), MEMORY_PART);
	CHECK_EQ(got_known, 6);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "dz", separates_some);
	CHECK_EQ(recall(&cache, 9, &fourth), MEMORY_CLEAN);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "+ez", separates_some);
	CHECK_EQ(recall(&cache, 9, &fourth), MEMORY_NONE);
	verdict_cache_close(&cache);
	/* Another engine; rules that depend on each other; somebody who forbids it. */
	cache = opened_with("part", "abc", separates_some);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "xc", separates_some);
	CHECK_EQ(recall(&cache, 9, &third), MEMORY_NONE);
	verdict_cache_close(&cache);
	cache = opened_with("parts", "abc", NULL);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_close(&cache);
	leave();
}

TEST("once it was wrong nothing of it is believed, nor written")
{
	struct verdict_cache cache = opened("wrong");
	struct target_facts facts = facts_of(1);

	verdict_cache_add(&cache, 9, &facts, &seven);
	verdict_cache_close(&cache);
	cache = opened("wrong");
	CHECK(recall(&cache, 9, &facts) != MEMORY_NONE);
	verdict_cache_forget(&cache);
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_add(&cache, 9, &facts, &seven);
	verdict_cache_close(&cache);
	cache = opened("wrong");
	CHECK_EQ(recall(&cache, 9, &facts), MEMORY_NONE);
	verdict_cache_close(&cache);
	leave();
}

TEST("a folder that others may write to is not used")
{
	struct verdict_cache cache;
	struct target_facts facts = facts_of(1);

	enter();
	REQUIRE(chmod(scratch_path(), 0770) == 0);
	cache = opened("open folder");
	verdict_cache_add(&cache, 9, &facts, &seven);
	CHECK_EQ(cache.fresh_count, 0);
	verdict_cache_close(&cache);
	REQUIRE(chmod(scratch_path(), 0700) == 0);
	leave();
}

TEST("two runs at once: both write what they saw")
{
	struct verdict_cache first = opened("at once"), second = opened("at once");
	struct target_facts a = facts_of(101), b = facts_of(102);

	verdict_cache_add(&first, 9, &a, &seven);
	verdict_cache_add(&second, 9, &b, &seven);
	verdict_cache_close(&first);
	verdict_cache_close(&second);
	first = opened("at once");
	CHECK(recall(&first, 9, &a) != MEMORY_NONE);
	CHECK(recall(&first, 9, &b) != MEMORY_NONE);
	verdict_cache_close(&first);
	leave();
}

TEST("who has a file open for writing, or mapped, is seen")
{
	static const char path[] = "probed";
	AUTO_CLOSE int reader = -1;
	int writer;
	char *map;

	enter();
	signal(SIGIO, SIG_IGN);
	writer = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	REQUIRE(writer >= 0 && write(writer, "text", 4) == 4);
	reader = open(path, O_RDONLY | O_CLOEXEC);
	REQUIRE(reader >= 0);
	CHECK_EQ(verdict_cache_probe(reader), STATUS_CHANGED);
	map = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, writer, 0);
	REQUIRE(map != MAP_FAILED);
	close(writer);
	CHECK_EQ(verdict_cache_probe(reader), STATUS_CHANGED);
	munmap(map, 4);
	CHECK_EQ(verdict_cache_probe(reader), STATUS_OK);
	/* The lease was given back: nobody waits. */
	writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	CHECK(writer >= 0);
	close(writer);
	unlink(path);
	CHECK_EQ(verdict_cache_probe(-1), STATUS_UNSUPPORTED);
	leave();
}

TEST_MAIN()
