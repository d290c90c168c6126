/* SPDX-License-Identifier: Apache-2.0 */
#include "host/frontier.h"

#include "gen.h"
#include "test.h"

static struct frontier_part *issue(struct frontier *frontier, uint64_t root,
				   const char *path)
{
	struct frontier_part *part = NULL;

	CHECK_EQ(frontier_issue(frontier, (struct position){ root, slice_of(path) },
				&part),
		 STATUS_OK);
	return part;
}

static void check_reached(const struct frontier *frontier, const char *path, uint64_t sum)
{
	struct position at;
	const uint64_t *sums;

	if (!CHECK(frontier_reached(frontier, &at, &sums)))
		return;
	CHECK_EQ(at.path.len, strlen(path));
	if (at.path.len == strlen(path) && at.path.len > 0)
		CHECK_MEM(at.path.base, path, at.path.len);
	CHECK_EQ(sums[0], sum);
}

TEST("what finishes behind something unfinished does not count yet")
{
	struct frontier *frontier;
	struct position at;
	const uint64_t *sums;

	REQUIRE(frontier_new(1, &frontier) == STATUS_OK);

	struct frontier_part *a = issue(frontier, 0, "a");
	struct frontier_part *b = issue(frontier, 0, "b");
	struct frontier_part *c = issue(frontier, 0, "c");

	frontier_finish(frontier, b, (uint64_t[]){ 10 });
	CHECK(!frontier_reached(frontier, &at, &sums));
	frontier_finish(frontier, a, (uint64_t[]){ 1 });
	check_reached(frontier, "b", 11);

	struct frontier_part *d = issue(frontier, 0, "d");

	frontier_finish(frontier, d, (uint64_t[]){ 1000 });
	check_reached(frontier, "b", 11);
	frontier_finish(frontier, c, (uint64_t[]){ 100 });
	check_reached(frontier, "d", 1111);
	frontier_free(frontier);
}

TEST("a scan that goes on keeps the sums it began with")
{
	struct frontier *frontier;

	REQUIRE(frontier_new(1, &frontier) == STATUS_OK);
	REQUIRE(frontier_begin(frontier, (struct position){ 3, slice_of("k") },
			       (uint64_t[]){ 7 }) == STATUS_OK);
	check_reached(frontier, "k", 7);
	frontier_finish(frontier, issue(frontier, 3, "l"), (uint64_t[]){ 1 });
	check_reached(frontier, "l", 8);
	issue(frontier, 4, ""); /* never finished: freed with the rest */
	check_reached(frontier, "l", 8);
	frontier_free(frontier);
}

enum { PARTS = 200 };

TEST("in any order of finishing, the frontier is the last of an unbroken row")
{
	struct gen gen = gen_start();
	struct frontier *frontier;
	struct frontier_part *parts[PARTS];
	bool finished[PARTS] = { false };
	size_t issued = 0, done = 0;

	REQUIRE(frontier_new(1, &frontier) == STATUS_OK);
	while (done < PARTS) {
		size_t which = gen_below(&gen, issued + 1);

		if (issued < PARTS && gen_below(&gen, 3) == 0) {
			char path[16];

			snprintf(path, sizeof(path), "%03zu", issued);
			parts[issued++] = issue(frontier, 0, path);
		} else if (which < issued && !finished[which]) {
			struct position at;
			const uint64_t *sums;
			size_t row = 0;

			frontier_finish(frontier, parts[which], (uint64_t[]){ 1 });
			finished[which] = true;
			done++;
			while (row < issued && finished[row])
				row++;
			if (row == 0) {
				CHECK(!frontier_reached(frontier, &at, &sums));
				continue;
			}

			char path[16];

			snprintf(path, sizeof(path), "%03zu", row - 1);
			check_reached(frontier, path, row);
		}
	}
	frontier_free(frontier);
}

TEST_MAIN()
