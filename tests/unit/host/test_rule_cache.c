/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_cache.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scratch.h"
#include "test.h"

static struct rule_files files;
static struct rule_cache cache;

static void open_all(void)
{
	REQUIRE(rule_files_add(&files, "a.ndb", NULL) == STATUS_OK);
	CHECK_EQ(rule_cache_open(&cache, "cache", &files), STATUS_OK);
}

static void close_all(void)
{
	rule_cache_close(&cache);
	rule_files_clear(&files);
}

/* As if the rule file had rested for an hour: only then is there a memo. */
static void make_old(void)
{
	files.files[0].facts.touched.seconds -= 3600;
	files.files[0].facts.modified.seconds -= 3600;
}

/* Compiles "compiled" into the cache. */
static void put(void)
{
	AUTO_CLOSE int fd = -1;

	open_all();
	REQUIRE(rule_cache_get(&cache, &files, &fd) == STATUS_END);
	fd = rule_cache_new(&cache, &files);
	REQUIRE(fd >= 0 && write(fd, "compiled", 8) == 8);
	CHECK(rule_cache_put(&cache, &files, fd, false));
	close_all();
}

/* Is it there, as the rule file is now? */
static bool has(void)
{
	AUTO_CLOSE int fd = -1;
	char bytes[9] = "";
	bool found;

	open_all();
	found = rule_cache_get(&cache, &files, &fd) == STATUS_OK;
	if (found)
		found = read(fd, bytes, 8) == 8 && strcmp(bytes, "compiled") == 0;
	close_all();
	return found;
}

static unsigned count(const char *ending)
{
	AUTO_CLOSEDIR DIR *folder = opendir("cache");
	const struct dirent *entry;
	unsigned found = 0;

	while (folder && (entry = readdir(folder)))
		found += strstr(entry->d_name, ending) != NULL;
	return found;
}

TEST("what was compiled is there the next time, privately")
{
	struct stat st;

	scratch_enter();
	scratch_write("a.ndb", "rule");
	put();
	CHECK(has());
	CHECK(stat("cache", &st) == 0 && (st.st_mode & 07777) == 0700);
	CHECK_EQ(count(".cseg"), 1);
	CHECK_EQ(count(".new"), 0);
	scratch_leave();
}

TEST("another content, another name and another build are something else")
{
	scratch_enter();
	scratch_write("a.ndb", "rule");
	put();
	scratch_write("a.ndb", "RULE");
	CHECK(!has());
	scratch_write("a.ndb", "rule");
	CHECK(has());
	rename("a.ndb", "b.ndb");
	REQUIRE(rule_files_add(&files, "b.ndb", NULL) == STATUS_OK);
	CHECK_EQ(rule_cache_open(&cache, "cache", &files), STATUS_OK);
	AUTO_CLOSE int fd = -1;
	CHECK_EQ(rule_cache_get(&cache, &files, &fd), STATUS_END);
	close_all();
	scratch_leave();
}

TEST("with a memo the rule files are not read, without one they are")
{
	AUTO_CLOSE int fd = -1, again = -1, fresh = -1;

	scratch_enter();
	scratch_write("a.ndb", "rule");
	put();
	CHECK_EQ(count(".memo"), 0);

	open_all();
	make_old();
	rule_cache_close(&cache);
	CHECK_EQ(rule_cache_open(&cache, "cache", &files), STATUS_OK);
	CHECK_EQ(rule_cache_get(&cache, &files, &fd), STATUS_OK);
	CHECK_EQ(count(".memo"), 1);
	rule_cache_close(&cache);

	/* The content is another one now; the facts in `files` are still the old ones. */
	scratch_write("a.ndb", "RULE");
	CHECK_EQ(rule_cache_open(&cache, "cache", &files), STATUS_OK);
	CHECK_EQ(rule_cache_get(&cache, &files, &again), STATUS_OK);
	close_all();
	open_all();
	CHECK_EQ(rule_cache_get(&cache, &files, &fresh), STATUS_END);
	close_all();
	scratch_leave();
}

TEST("a rule file that changes while it is compiled leaves nothing behind")
{
	AUTO_CLOSE int fd = -1;

	scratch_enter();
	scratch_write("a.ndb", "rule");
	open_all();
	REQUIRE(rule_cache_get(&cache, &files, &fd) == STATUS_END);
	fd = rule_cache_new(&cache, &files);
	REQUIRE(fd >= 0);
	scratch_write("a.ndb", "longer rule");
	CHECK(!rule_cache_put(&cache, &files, fd, false));
	close_all();
	CHECK_EQ(count(".cseg") + count(".new"), 0);
	scratch_leave();
}

TEST("what others can change is not used")
{
	char path[300] = "";

	scratch_enter();
	scratch_write("a.ndb", "rule");
	put();
	AUTO_CLOSEDIR DIR *folder = opendir("cache");
	for (const struct dirent *entry; folder && (entry = readdir(folder));)
		if (strstr(entry->d_name, ".cseg"))
			snprintf(path, sizeof(path), "cache/%s", entry->d_name);
	chmod(path, 0644);
	CHECK(!has());
	chmod(path, 0600);
	CHECK(has());
	chmod("cache", 0755);
	CHECK(!has());
	chmod("cache", 0700);
	CHECK(has());
	if (geteuid() == 0) {
		CHECK_EQ(chown(path, 65534, 65534), 0);
		CHECK(!has());
	}
	scratch_leave();
}

TEST("without a cache nothing is kept, and that is no error")
{
	int fd = -1;

	scratch_enter();
	scratch_write("a.ndb", "rule");
	scratch_write("file", "x");
	REQUIRE(rule_files_add(&files, "a.ndb", NULL) == STATUS_OK);
	CHECK_EQ(rule_cache_open(&cache, NULL, &files), STATUS_OK);
	CHECK_EQ(rule_cache_get(&cache, &files, &fd), STATUS_END);
	CHECK_EQ(rule_cache_new(&cache, &files), -1);
	rule_cache_close(&cache);
	CHECK_EQ(rule_cache_open(&cache, "file/below", &files), STATUS_OK);
	CHECK_EQ(rule_cache_get(&cache, &files, &fd), STATUS_END);
	CHECK_EQ(rule_cache_new(&cache, &files), -1);
	close_all();
	scratch_leave();
}

/* Compiles so many bytes, of which all but the first are a hole. */
static void put_large(off_t size)
{
	AUTO_CLOSE int fd = -1;

	open_all();
	REQUIRE(rule_cache_get(&cache, &files, &fd) == STATUS_END);
	fd = rule_cache_new(&cache, &files);
	REQUIRE(fd >= 0 && write(fd, "compiled", 8) == 8 && ftruncate(fd, size) == 0);
	CHECK(rule_cache_put(&cache, &files, fd, false));
	close_all();
}

TEST("a large one goes as soon as its place has another, a small one stays")
{
	scratch_enter();
	scratch_write("a.ndb", "one");
	put_large(1000);
	scratch_write("a.ndb", "two");
	put_large(64 << 20);
	CHECK_EQ(count(".cseg"), 2);
	scratch_write("a.ndb", "three");
	put_large(64 << 20);
	CHECK_EQ(count(".cseg"), 2);
	CHECK(has());
	scratch_write("a.ndb", "two");
	CHECK(!has());
	scratch_write("a.ndb", "one");
	CHECK(has());
	CHECK_EQ(count(".last"), 1);
	scratch_leave();
}

/* Is there something to build a delta on, as the rule file is now? */
static bool has_last(bool phishing)
{
	AUTO_CLOSE int fd = -1, last = -1;
	char key[65];
	bool same;

	files.pua.no_phishing = !phishing;
	open_all();
	same = rule_cache_get(&cache, &files, &fd) == STATUS_END;
	last = rule_cache_last(&cache, &files, key);
	AUTO_CLOSE int named = last < 0 ? -1 : rule_cache_named(&cache, slice_of(key));
	same = same && last >= 0 && named >= 0 && strcmp(key, cache.key) != 0;
	close_all();
	return same;
}

TEST("what a place was compiled to last is there for a delta, if it is large")
{
	scratch_enter();
	scratch_write("a.ndb", "one");
	put_large(1000);
	scratch_write("a.ndb", "two");
	CHECK(!has_last(true));
	put_large(64 << 20);
	scratch_write("a.ndb", "three");
	CHECK(has_last(true));
	CHECK(!has_last(false));
	scratch_leave();
}

TEST_MAIN()
