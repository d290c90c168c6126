/* SPDX-License-Identifier: Apache-2.0 */
#include "host/trail.h"

#include <fcntl.h>
#include <unistd.h>

#include "host/walk.h"
#include "test.h"

static bool push(struct trail *trail, int fd, uint64_t inode)
{
	struct frame frame = { .fd = fd, .device = 1, .inode = inode };

	return trail_push(trail, &frame);
}

static void check_path(const struct trail *trail, const char *path, const char *below)
{
	struct slice got = trail_below(trail);

	CHECK_STR(trail->path, path);
	CHECK_EQ(trail->path_len, strlen(path));
	CHECK(slice_is(got, below));
}

TEST("paths are joined by one slash, and told from the root on")
{
	static const struct {
		const char *root, *path;
	} cases[] = {
		{ "a", "a/b/c" }, { "a/", "a/b/c" },  { "/", "/b/c" },
		{ ".", "./b/c" }, { "/a", "/a/b/c" }, { "a//", "a//b/c" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct trail trail = { 0 };

		REQUIRE(trail_start(&trail, slice_of(cases[i].root)));
		check_path(&trail, cases[i].root, "");
		REQUIRE(push(&trail, -1, 1));
		REQUIRE(trail_enter_name(&trail, "b"));
		REQUIRE(push(&trail, -1, 2));
		REQUIRE(trail_enter_name(&trail, "c"));
		check_path(&trail, cases[i].path, "b/c");
		REQUIRE(trail_enter_name(&trail, "longer name"));
		trail_pop(&trail);
		REQUIRE(trail_enter_name(&trail, "d"));
		CHECK(slice_is(trail_below(&trail), "d"));
		trail_clear(&trail);
	}
}

TEST("a directory is known again by its device and inode")
{
	struct trail trail = { 0 };

	REQUIRE(trail_start(&trail, slice_of("a")) && push(&trail, -1, 7));
	CHECK(trail_has(&trail, &(struct target_facts){ .device = 1, .inode = 7 }));
	CHECK(!trail_has(&trail, &(struct target_facts){ .device = 1, .inode = 8 }));
	CHECK(!trail_has(&trail, &(struct target_facts){ .device = 2, .inode = 7 }));
	trail_pop(&trail);
	CHECK(!trail_has(&trail, &(struct target_facts){ .device = 1, .inode = 7 }));
	CHECK(trail_top(&trail) == NULL);
	trail_clear(&trail);
}

TEST("only the deepest directories are kept open")
{
	enum { DEPTH = WALK_DIRECTORIES_OPEN + 10 };
	struct trail trail = { 0 };
	size_t open_count = 0;

	REQUIRE(trail_start(&trail, slice_of("/")));
	for (uint64_t i = 0; i < DEPTH; i++)
		REQUIRE(push(&trail, open("/", O_PATH | O_CLOEXEC), i));
	for (size_t i = 0; i < DEPTH; i++)
		open_count += trail.frames[i].fd >= 0;
	CHECK_EQ(open_count, WALK_DIRECTORIES_OPEN);
	CHECK(trail_top(&trail)->fd >= 0);
	CHECK(trail.frames[0].fd < 0);
	trail_clear(&trail);
}

TEST_MAIN()
