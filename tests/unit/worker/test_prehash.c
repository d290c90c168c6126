/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/prehash.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

static struct prehash prehash;
static struct digests digests;
static struct digest_state state;

static void open_all(void)
{
	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	prehash_init(&prehash, CPU_BEST);
	scratch_enter();
}

static void close_all(void)
{
	scratch_leave();
	digest_state_clear(&state);
	digests_clear(&digests);
}

static void read_file(size_t number, uint64_t size_bytes, unsigned kinds)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	REQUIRE(fd >= 0);
	prehash_read(&prehash, number, fd, size_bytes, kinds);
	close(fd);
}

static bool is_digest(size_t number, enum digest_kind kind, const char *text)
{
	struct digest want;

	return digest_of(&state, kind, slice_of(text), &want) == STATUS_OK &&
	       digest_equal(&prehash_digests(&prehash, number)[kind], &want);
}

TEST("each file of a batch has its bytes, and the digests that are asked for")
{
	char text[64];

	open_all();
	prehash_begin(&prehash);
	for (unsigned i = 0; i < PREHASH_FILES; i++) {
		snprintf(text, sizeof(text), "file %u of a batch", i);
		scratch_write("file", text);
		read_file(i, strlen(text), 1u + i % DIGEST_BITS_ALL);
	}
	prehash_run(&prehash, &state);
	for (unsigned i = 0; i < PREHASH_FILES; i++) {
		const struct digest *got = prehash_digests(&prehash, i);

		snprintf(text, sizeof(text), "file %u of a batch", i);
		REQUIRE(prehash_has(&prehash, i) && got);
		CHECK(slice_is(prehash_bytes(&prehash, i), text));
		for (unsigned kind = 0; kind < DIGEST_COUNT; kind++)
			if ((1 + i % DIGEST_BITS_ALL) >> kind & 1)
				CHECK(is_digest(i, (enum digest_kind)kind, text));
			else
				CHECK_EQ(got[kind].len, 0);
	}
	close_all();
}

TEST("what is long, cut short, asked for no digest, or one too many is left to its scan")
{
	static char text[PREHASH_FILE_LEN + 2];

	open_all();
	prehash_begin(&prehash);
	memset(text, 'a', PREHASH_FILE_LEN + 1);
	scratch_write("file", text);
	read_file(0, PREHASH_FILE_LEN + 1, DIGEST_BIT_MD5);
	read_file(1, PREHASH_FILE_LEN, 0);
	read_file(2, PREHASH_FILE_LEN, DIGEST_BIT_MD5);
	read_file(PREHASH_FILES, 1, DIGEST_BIT_MD5);
	scratch_write("file", "short");
	read_file(3, 6, DIGEST_BIT_MD5);
	prehash_run(&prehash, &state);
	CHECK(!prehash_has(&prehash, 0));
	CHECK(!prehash_has(&prehash, 1));
	CHECK(prehash_has(&prehash, 2));
	CHECK(!prehash_has(&prehash, 3));
	CHECK(!prehash_has(&prehash, PREHASH_FILES));
	CHECK(!prehash_digests(&prehash, 0));
	prehash_begin(&prehash);
	CHECK(!prehash_has(&prehash, 2));
	close_all();
}

TEST("when there is no more room, files are left to their scans")
{
	static char text[PREHASH_FILE_LEN + 1];
	size_t read = 0;

	open_all();
	prehash_begin(&prehash);
	memset(text, 'b', PREHASH_FILE_LEN);
	scratch_write("file", text);
	for (size_t i = 0; i < PREHASH_FILES; i++) {
		read_file(i, PREHASH_FILE_LEN, DIGEST_BIT_SHA256);
		read += prehash_has(&prehash, i);
	}
	CHECK_EQ(read, PREHASH_LEN / PREHASH_FILE_LEN);
	prehash_run(&prehash, &state);
	CHECK(is_digest(0, DIGEST_SHA256, text));
	close_all();
}

TEST("a few files, or a processor without lanes, are no reason to read ahead")
{
	open_all();
	CHECK(!prehash_helps(&prehash, 1));
	prehash_init(&prehash, CPU_PORTABLE);
	CHECK(!prehash_helps(&prehash, PREHASH_FILES));
	close_all();
}

TEST_MAIN()
