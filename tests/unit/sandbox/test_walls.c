/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/walls.h"

#include <errno.h>

#include "test.h"

TEST("every wall has a name, and says what is lost without it")
{
	for (int i = 0; i < WALL_COUNT; i++) {
		enum wall wall = (enum wall)i;
		CHECK(strlen(wall_name(wall)) > 3);
		CHECK(strlen(wall_meaning(wall)) > 10);
	}
}

TEST("a wall is raised or missing, never both, and missing ones have a cause")
{
	struct walls walls = { 0 };

	CHECK(!walls_has(&walls, WALL_NET));
	walls_miss(&walls, WALL_NET, EPERM);
	CHECK(!walls_has(&walls, WALL_NET));
	CHECK_EQ(walls.missing, 1 << WALL_NET);
	CHECK_EQ(walls.cause[WALL_NET], EPERM);
	walls_raise(&walls, WALL_NET);
	CHECK(walls_has(&walls, WALL_NET));
	CHECK_EQ(walls.missing, 0);
	CHECK_EQ(walls.cause[WALL_NET], 0);
	walls_miss(&walls, WALL_NET, ENOSPC);
	CHECK(!walls_has(&walls, WALL_NET));
	CHECK(!walls_has(&walls, WALL_SECCOMP));
}

TEST_MAIN()
