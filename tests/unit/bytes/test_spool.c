/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/spool.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "test.h"

static int empty_file(void)
{
	int fd = memfd_create("spool", MFD_CLOEXEC);

	if (fd < 0)
		exit(99);
	return fd;
}

static bool holds(const struct source *source, const char *want)
{
	char got[64];
	size_t len;

	return source->size == strlen(want) &&
	       source_read(source, 0, got, sizeof(got), &len) == STATUS_OK &&
	       len == strlen(want) && memcmp(got, want, len) == 0;
}

TEST("children lie on each other like plates")
{
	int fd = empty_file();
	struct spool spool;

	spool_init(&spool, fd, 100);
	REQUIRE(spool_append(&spool, "outer ", 6) == STATUS_OK);
	REQUIRE(spool_append(&spool, "child", 5) == STATUS_OK);
	struct source outer = spool_source(&spool, 0);
	uint64_t mark = spool.used;
	REQUIRE(spool_append(&spool, "inner", 5) == STATUS_OK);
	struct source inner = spool_source(&spool, mark);
	CHECK(holds(&outer, "outer child"));
	CHECK(holds(&inner, "inner"));
	spool_rewind(&spool, mark);
	REQUIRE(spool_append(&spool, "next one", 8) == STATUS_OK);
	struct source next = spool_source(&spool, mark);
	CHECK(holds(&next, "next one"));
	CHECK(holds(&outer, "outer child"));
	spool_rewind(&spool, 0);
	CHECK_EQ(spool.used, 0);
	close(fd);
}

TEST("what does not fit is refused whole")
{
	int fd = empty_file();
	struct spool spool;

	spool_init(&spool, fd, 8);
	CHECK_EQ(spool_append(&spool, "12345", 5), STATUS_OK);
	CHECK_EQ(spool_append(&spool, "6789", 4), STATUS_LIMIT);
	CHECK_EQ(spool.used, 5);
	CHECK_EQ(spool_append(&spool, "678", 3), STATUS_OK);
	CHECK_EQ(spool_append(&spool, "", 0), STATUS_OK);
	CHECK_EQ(spool_append(&spool, "9", 1), STATUS_LIMIT);
	CHECK_EQ(spool_append(&spool, "9", SIZE_MAX), STATUS_LIMIT);
	struct source whole = spool_source(&spool, 0);
	CHECK(holds(&whole, "12345678"));
	close(fd);
}

TEST("without a descriptor nothing fits")
{
	struct spool spool;

	spool_init(&spool, -1, 1 << 20);
	CHECK_EQ(spool_append(&spool, "a", 1), STATUS_LIMIT);
	struct source none = spool_source(&spool, 0);
	CHECK_EQ(none.size, 0);
}

TEST("a write that the system refuses keeps nothing")
{
	int ends[2];
	struct spool spool;

	REQUIRE(pipe(ends) == 0);
	spool_init(&spool, ends[1], 100);
	CHECK_EQ(spool_append(&spool, "abc", 3), STATUS_IO);
	CHECK_EQ(spool.used, 0);
	close(ends[0]);
	close(ends[1]);
}

TEST("any sequence of appends and rewinds holds what a buffer would")
{
	enum { LIMIT = 64 };
	struct gen gen = gen_start();
	int fd = empty_file();
	char model[LIMIT + 1] = "";
	struct spool spool;

	spool_init(&spool, fd, LIMIT);
	for (int round = 0; round < 2000; round++) {
		size_t used = (size_t)spool.used;

		if (gen_below(&gen, 3) == 0) {
			spool_rewind(&spool, gen_below(&gen, used + 1));
			model[spool.used] = '\0';
		} else {
			char piece[20] = "";
			size_t len = gen_below(&gen, 20);

			memset(piece, 'a' + round % 26, len);
			enum status status = spool_append(&spool, piece, len);
			REQUIRE(status ==
				(used + len <= LIMIT ? STATUS_OK : STATUS_LIMIT));
			if (status == STATUS_OK)
				memcpy(&model[used], piece, len + 1);
		}
		uint64_t mark = gen_below(&gen, (size_t)spool.used + 1);
		struct source part = spool_source(&spool, mark);
		char got[LIMIT];
		size_t len;
		REQUIRE(source_read(&part, 0, got, LIMIT, &len) == STATUS_OK);
		REQUIRE(len == spool.used - mark && memcmp(got, &model[mark], len) == 0);
	}
	close(fd);
}

TEST_MAIN()
