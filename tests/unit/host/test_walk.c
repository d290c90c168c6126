/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks over trees that anybody can make. What needs root, other mounts or a
 * file system that hangs is in tests/system/test_walk.sh.
 */
#include "host/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "gen.h"
#include "host/ignore.h"
#include "scratch.h"
#include "test.h"

static const char *const here[] = { "." };

static struct walk_options options_for(const char *const *roots, size_t count)
{
	return (struct walk_options){ .roots = roots,
				      .root_count = count,
				      .list_fd = -1 };
}

/* What a walk finds, as text: "kind path\n" for each item. */
static char *listing(const struct walk_options *options)
{
	static const char letters[] = "fuslLSyXv"; /* by enum walk_kind */
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct walk *walk;
	struct walk_item item;
	enum status status = walk_new(options, &walk);

	if (!CHECK_EQ(status, STATUS_OK) || !out)
		return strdup("");
	while ((status = walk_next(walk, &item)) == STATUS_OK) {
		fprintf(out, "%c %s\n", letters[item.kind], (const char *)item.path.base);
		walk_item_clear(&item);
	}
	CHECK_EQ(status, STATUS_END);
	walk_free(walk);
	fclose(out);
	return text;
}

static void check_listing(const struct walk_options *options, const char *want)
{
	char *got = listing(options);

	if (!CHECK(strcmp(got, want) == 0))
		printf("# got:\n%s# want:\n%s", got, want);
	free(got);
}

TEST("every name becomes one item, in the order of the bytes")
{
	struct walk_options options = options_for(here, 1);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	scratch_enter();
	scratch_write("b/z", "");
	scratch_write("b.a", "");
	scratch_write("a", "");
	scratch_write("new\nline", "");
	scratch_folder("empty");
	REQUIRE(mkfifo("fifo", 0600) == 0 && symlink("b", "link") == 0);
	REQUIRE(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	check_listing(&options, "f ./a\nf ./b/z\nf ./b.a\nS ./fifo\ny ./link\n"
				"f ./new\nline\nS ./socket\n");
	close(fd);
	scratch_leave();
}

TEST("roots are shown as they were given")
{
	static const char *const roots[] = {
		"b/", "b", "link", "./b/z", "nothing", "//b"
	};
	struct walk_options options = options_for(roots, ARRAY_LEN(roots));

	scratch_enter();
	scratch_write("b/z", "");
	REQUIRE(symlink("b", "link") == 0);
	check_listing(&options, "f b/z\nf b/z\nf link/z\nf ./b/z\nu nothing\nu //b\n");
	scratch_leave();
}

TEST("a file comes with its descriptor, facts and place")
{
	static const char *const roots[] = { "nothing", "." };
	struct walk_options options = options_for(roots, 2);
	struct walk *walk;
	struct walk_item item;
	char text[8] = "", why[64];

	scratch_enter();
	scratch_write("a/b", "12345");
	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	REQUIRE(walk_next(walk, &item) == STATUS_OK);
	CHECK_EQ(item.kind, WALK_UNREADABLE);
	CHECK(item.is_root);
	CHECK_EQ(item.error, ENOENT);
	walk_item_explain(walk, &item, why, sizeof(why));
	CHECK_STR(why, "No such file or directory");
	walk_item_clear(&item);
	REQUIRE(walk_next(walk, &item) == STATUS_OK);
	CHECK_EQ(item.kind, WALK_FILE);
	CHECK(!item.is_root && !item.is_copy);
	CHECK_EQ(item.size, 5);
	CHECK_EQ(item.facts.size, 5);
	CHECK_EQ(item.facts.uid, geteuid());
	CHECK_EQ(pread(item.fd, text, sizeof(text), 0), 5);
	CHECK_STR(text, "12345");
	CHECK_EQ(walk_item_position(&item).root, 1);
	CHECK(slice_is(walk_item_position(&item).path, "a/b"));
	CHECK(!walk_item_changed(&item));
	scratch_write("a/b", "1234567");
	CHECK(walk_item_changed(&item));
	walk_item_clear(&item);
	CHECK_EQ(item.fd, -1);
	CHECK_EQ(walk_next(walk, &item), STATUS_END);
	CHECK_EQ(walk_counts(walk)->kind[WALK_FILE], 1);
	CHECK_EQ(walk_counts(walk)->kind[WALK_UNREADABLE], 1);
	CHECK_EQ(walk_counts(walk)->directories, 2);
	walk_free(walk);
	scratch_leave();
}

TEST("excluded names are told, and not entered")
{
	struct walk_options options = options_for(here, 1);
	struct ignore *ignore;

	scratch_enter();
	scratch_write("a/x.log", "");
	scratch_write("b/keep/file", "");
	scratch_write("b/y", "");
	scratch_write("x.log", "");
	REQUIRE(ignore_new(&ignore) == STATUS_OK);
	CHECK_EQ(ignore_add(ignore, slice_of("*.log")), STATUS_OK);
	CHECK_EQ(ignore_add(ignore, slice_of("!/x.log")), STATUS_OK);
	CHECK_EQ(ignore_add(ignore, slice_of("keep/")), STATUS_OK);
	options.excludes = ignore;
	check_listing(&options, "X ./a/x.log\nX ./b/keep\nf ./b/y\nf ./x.log\n");
	ignore_free(ignore);
	scratch_leave();
}

TEST("what may not be read is told")
{
	struct walk_options options = options_for(here, 1);

	enum { NOBODY = 65534 };
	bool is_root = geteuid() == 0;

	scratch_enter();
	scratch_write("closed/file", "");
	scratch_write("file", "");
	scratch_write("open", "");
	REQUIRE(chmod("closed", 0) == 0 && chmod("file", 0) == 0 &&
		chmod(".", 0755) == 0);
	/* Root may read everything. */
	if (is_root)
		REQUIRE(seteuid(NOBODY) == 0);
	check_listing(&options, "u ./closed\nu ./file\nf ./open\n");
	if (is_root)
		REQUIRE(seteuid(0) == 0);
	REQUIRE(chmod("closed", 0700) == 0);
	scratch_leave();
}

/* Walks on, with the tree changed by `change` after the first item. */
static void check_after_change(void (*change)(void), const char *want)
{
	struct walk_options options = options_for(here, 1);
	struct walk *walk;
	struct walk_item item;
	char text[256] = "";

	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	REQUIRE(walk_next(walk, &item) == STATUS_OK);
	walk_item_clear(&item);
	change();
	while (walk_next(walk, &item) == STATUS_OK) {
		snprintf(&text[strlen(text)], sizeof(text) - strlen(text), "%d %s\n",
			 (int)item.kind, (const char *)item.path.base);
		walk_item_clear(&item);
	}
	CHECK_STR(text, want);
	walk_free(walk);
}

static void remove_next(void)
{
	CHECK_EQ(unlink("b"), 0);
	CHECK_EQ(unlink("c/in"), 0);
	CHECK_EQ(rmdir("c"), 0);
}

TEST("what is gone when its turn comes is no error")
{
	char want[64];

	scratch_enter();
	scratch_write("a", "");
	scratch_write("b", "");
	scratch_write("c/in", "");
	snprintf(want, sizeof(want), "%d ./b\n%d ./c\n", WALK_VANISHED, WALK_VANISHED);
	check_after_change(remove_next, want);
	scratch_leave();
}

static void replace_next(void)
{
	CHECK_EQ(unlink("b"), 0);
	CHECK_EQ(mkfifo("b", 0600), 0);
	CHECK_EQ(rename("c", "elsewhere"), 0);
	CHECK_EQ(symlink("elsewhere", "c"), 0);
	CHECK_EQ(unlink("d"), 0);
	scratch_write("d/in", "");
}

TEST("what was replaced since its name was read is taken for what it is")
{
	char want[128];

	scratch_enter();
	scratch_write("a", "");
	scratch_write("b", "");
	scratch_write("c/in", "");
	scratch_write("d", "");
	snprintf(want, sizeof(want), "%d ./b\n%d ./c\n%d ./d/in\n", WALK_SPECIAL,
		 WALK_SYMLINK, WALK_FILE);
	check_after_change(replace_next, want);
	scratch_leave();
}

static void make_random_tree(struct gen *gen)
{
	static const char *const names[] = { "a", "a.b", "b", "b-", "c", "\xff", " " };

	for (int i = 0; i < 25; i++) {
		char path[64] = "";
		size_t depth = 1 + gen_below(gen, 4);
		struct stat stat;

		for (size_t d = 0; d < depth; d++) {
			const char *name = names[gen_below(gen, ARRAY_LEN(names))];

			snprintf(&path[strlen(path)], sizeof(path) - strlen(path), "%s%s",
				 d ? "/" : "", name);
			if (lstat(path, &stat) == 0 && !S_ISDIR(stat.st_mode))
				break;
		}
		if (lstat(path, &stat) != 0)
			scratch_write(path, "");
	}
}

TEST("a walk that starts behind an item gives what would have come after it")
{
	static const char *const roots[] = { ".", "nothing", "." };
	struct walk_options options = options_for(roots, 3);
	struct gen gen = gen_start();
	struct position places[256];
	char *ends[256], *whole, *at;
	size_t count = 0;
	struct walk *walk;
	struct walk_item items[256];

	scratch_enter();
	make_random_tree(&gen);
	whole = listing(&options);
	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	options.look_only = true;
	at = whole;
	while (count < 256 && walk_next(walk, &items[count]) == STATUS_OK) {
		places[count] = walk_item_position(&items[count]);
		CHECK(count == 0 ||
		      position_compare(places[count - 1], places[count]) < 0);
		at = strchr(at, '\n') + 1;
		ends[count++] = at;
	}
	for (size_t i = 0; i < count; i++) {
		options.start = &places[i];
		check_listing(&options, ends[i]);
		walk_item_clear(&items[i]);
	}
	CHECK(count > 10);
	walk_free(walk);
	free(whole);
	scratch_leave();
}

TEST("a place that is gone is as good to start from")
{
	struct position start = { 0, slice_of("b/m/x") };
	struct walk_options options = options_for(here, 1);

	scratch_enter();
	scratch_write("a", "");
	scratch_write("b/l", "");
	scratch_write("b/m-", "");
	scratch_write("c", "");
	options.start = &start;
	check_listing(&options, "f ./b/m-\nf ./c\n");
	scratch_write("b/m", "");
	check_listing(&options, "f ./b/m-\nf ./c\n");
	REQUIRE(unlink("b/m") == 0);
	scratch_write("b/m/w", "");
	scratch_write("b/m/y", "");
	check_listing(&options, "f ./b/m/y\nf ./b/m-\nf ./c\n");
	scratch_leave();
}

TEST("standard input is copied whole, and cut at the limit")
{
	static const char *const roots[] = { "-" };
	struct walk_options options = options_for(roots, 1);
	struct walk *walk;
	struct walk_item item;
	int saved = dup(STDIN_FILENO), input = memfd_create("input", MFD_CLOEXEC);
	char text[8] = "";

	REQUIRE(write(input, "abcdef", 6) == 6 &&
		dup2(input, STDIN_FILENO) == STDIN_FILENO);
	for (uint64_t limit = 4; limit <= 8; limit += 4) {
		REQUIRE(lseek(input, 0, SEEK_SET) == 0);
		options.copy_bytes_max = limit;
		REQUIRE(walk_new(&options, &walk) == STATUS_OK);
		REQUIRE(walk_next(walk, &item) == STATUS_OK);
		CHECK_EQ(item.kind, WALK_FILE);
		CHECK_STR((const char *)item.path.base, "-");
		CHECK(item.is_copy && item.is_root);
		CHECK_EQ(item.is_cut, limit < 6);
		CHECK_EQ(item.size, limit < 6 ? limit : 6);
		CHECK_EQ(pread(item.fd, text, 4, 0), 4);
		CHECK_EQ(memcmp(text, "abcd", 4), 0);
		CHECK(write(item.fd, "x", 1) < 0);
		walk_item_clear(&item);
		CHECK_EQ(walk_next(walk, &item), STATUS_END);
		walk_free(walk);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(input);
}

TEST("without a free descriptor the walk stands, and loses nothing")
{
	struct walk_options options = options_for(here, 1);
	struct rlimit limit, tight;
	struct walk *walk;
	struct walk_item items[8], item;
	size_t count = 0, seen = 0;
	enum status status;

	scratch_enter();
	for (int i = 0; i < 20; i++) {
		char path[16];

		snprintf(path, sizeof(path), "%02d/%02d", i / 4, i);
		scratch_write(path, "");
	}
	REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	tight = limit;
	tight.rlim_cur = (rlim_t)dup(0) + 8;
	close((int)tight.rlim_cur - 8);
	REQUIRE(setrlimit(RLIMIT_NOFILE, &tight) == 0);
	while ((status = walk_next(walk, &item)) != STATUS_END) {
		if (status == STATUS_OK) {
			seen += item.kind == WALK_FILE;
			items[count++] = item;
			continue;
		}
		if (!CHECK_EQ(status, STATUS_LIMIT) || !CHECK(count > 0))
			break;
		while (count > 0)
			walk_item_clear(&items[--count]);
	}
	while (count > 0)
		walk_item_clear(&items[--count]);
	REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK_EQ(seen, 20);
	CHECK_EQ(walk_counts(walk)->kind[WALK_FILE], 20);
	CHECK_EQ(walk_counts(walk)->kind[WALK_UNREADABLE], 0);
	walk_free(walk);
	scratch_leave();
}

TEST("a walk that is stopped ends")
{
	volatile sig_atomic_t stop = 0;
	struct walk_options options = options_for(here, 1);
	struct walk *walk;
	struct walk_item item;

	scratch_enter();
	scratch_write("a", "");
	scratch_write("b", "");
	options.stop = &stop;
	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	REQUIRE(walk_next(walk, &item) == STATUS_OK);
	walk_item_clear(&item);
	stop = 1;
	CHECK_EQ(walk_next(walk, &item), STATUS_END);
	walk_free(walk);
	scratch_leave();
}

TEST("depth is bounded by the length of the path alone, and descriptors by less")
{
	enum { LEVELS = 1500, NAME = 250 };
	struct walk_options options = options_for(here, 1);
	struct rlimit limit, tight;
	char name[NAME + 1];
	struct walk *walk;
	struct walk_item item;
	uint64_t files = 0, unreadable = 0;

	memset(name, 'd', NAME);
	name[NAME] = '\0';
	scratch_enter();
	for (int i = 0; i < LEVELS; i++) {
		scratch_write("~", "x"); /* comes after what is deeper */
		REQUIRE(mkdir(name, 0700) == 0 && chdir(name) == 0);
	}
	REQUIRE(chdir(scratch_path()) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
	tight = limit;
	tight.rlim_cur = WALK_DIRECTORIES_OPEN + 24;
	REQUIRE(setrlimit(RLIMIT_NOFILE, &tight) == 0);
	REQUIRE(walk_new(&options, &walk) == STATUS_OK);
	while (walk_next(walk, &item) == STATUS_OK) {
		files += item.kind == WALK_FILE && item.size == 1;
		unreadable += item.kind == WALK_UNREADABLE && item.error == ENAMETOOLONG;
		walk_item_clear(&item);
	}
	walk_free(walk);
	REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK_EQ(files, 1 + WALK_PATH_MAX / (NAME + 1));
	CHECK_EQ(unreadable, 1);
	scratch_leave();
}

TEST("a root that leads nowhere, a name too long, and nothing to do")
{
	char *name = malloc(WALK_PATH_MAX + 2);
	const char *roots[] = { "", "loop", name };
	struct walk_options options = options_for(roots, 3);
	char *got;

	memset(name, 'x', WALK_PATH_MAX + 1);
	name[WALK_PATH_MAX + 1] = '\0';
	scratch_enter();
	REQUIRE(symlink("loop", "loop") == 0);
	got = listing(&options);
	CHECK_EQ(strncmp(got, "u \nu loop\nu xxx", 15), 0);
	free(got);
	options.root_count = 0;
	check_listing(&options, "");
	free(name);
	scratch_leave();
}

TEST_MAIN()
