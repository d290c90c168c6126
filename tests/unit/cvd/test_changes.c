/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/changes.h"

#include <stdlib.h>

#include "test.h"

static uint8_t memory[512 * 1024];
static struct arena arena;
static struct cvd_room room;
static struct cvd_files before, after;
static struct digests digests;
static struct digest_state state;

static bool write_memory(void *context, uint64_t offset, const void *bytes, size_t len)
{
	(void)context;
	if (offset + len > sizeof(memory))
		return false;
	memcpy(memory + offset, bytes, len);
	return true;
}

static struct source read_memory(void *context, uint64_t size)
{
	(void)context;
	return source_of_memory(memory, (size_t)size);
}

static void add(struct cvd_files *files, const char *name, const char *text)
{
	struct cvd_file *file = cvd_files_add(files, slice_of(name));

	if (!file)
		abort();
	file->range = (struct cvd_range){ room.at, strlen(text) };
	room_put(&room, slice_of(text));
	if (room_sync(&room) != STATUS_OK)
		abort();
}

static void begin(void)
{
	arena_init(&arena, 4 << 20);
	room = (struct cvd_room){ .write = write_memory,
				  .read = read_memory,
				  .size_max = sizeof(memory) };
	if (cvd_files_init(&before, &arena, &room) != STATUS_OK ||
	    cvd_files_init(&after, &arena, &room) != STATUS_OK ||
	    digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&state, &digests) != STATUS_OK)
		abort();
}

static void end(void)
{
	digest_state_clear(&state);
	digests_clear(&digests);
	arena_clear(&arena);
}

static const char *script(void)
{
	static char text[4096];
	struct cvd_range range;

	if (cvd_changes(&before, &after, &arena, &state, &range) != STATUS_OK ||
	    range.len >= sizeof(text))
		return "failed";
	memcpy(text, memory + range.offset, (size_t)range.len);
	text[range.len] = '\0';
	return text;
}

static const char *of(const char *old, const char *new)
{
	static char kept[4096];

	begin();
	add(&before, "a.ndb", old);
	add(&after, "a.ndb", new);
	snprintf(kept, sizeof(kept), "%s", script());
	end();
	return kept;
}

TEST("lines that went and came are told, each as often as it did")
{
	CHECK_STR(of("", ""), "");
	CHECK_STR(of("a\nb\n", "b\na"), "");
	CHECK_STR(of("a\n", "a\nb\n"), "OPEN a.ndb\nADD b\nCLOSE\n");
	CHECK_STR(of("a\nb\n", "b\n"), "OPEN a.ndb\nDEL 1 a\nCLOSE\n");
	CHECK_STR(of("a\na\na\n", "a\n"), "OPEN a.ndb\nDEL 2 a\nDEL 3 a\nCLOSE\n");
	CHECK_STR(of("a\n\nb\n", "a\nb\n"), "OPEN a.ndb\nDEL 2 \nCLOSE\n");
	CHECK_STR(of("a\n", "a\na\n\n"), "OPEN a.ndb\nADD a\nADD \nCLOSE\n");
	CHECK_STR(of("0123456789012345678901234567890123456789", ""),
		  "OPEN a.ndb\nDEL 1 01234567890123456789012345678901\nCLOSE\n");
}

TEST("so are files; lists of members are not")
{
	begin();
	add(&before, "old.ndb", "x\n");
	add(&before, "a.info", "1\n");
	add(&before, "COPYING", "1\n");
	add(&after, "a.info", "2\n");
	add(&after, "COPYING", "2\n");
	add(&after, "new.ndb", "y\n");
	CHECK_STR(script(), "UNLINK old.ndb\nOPEN new.ndb\nADD y\nCLOSE\n");
	end();
}

TEST("lines may be longer than what is read at once")
{
	static char old[100001], new[100003];

	memset(old, 'x', 100000);
	memset(new, 'x', 100000);
	memcpy(new + 100000, "\nz", 2);
	CHECK_STR(of(old, new), "OPEN a.ndb\nADD z\nCLOSE\n");
	old[50000] = 'y';
	begin();
	add(&before, "a.ndb", new);
	add(&after, "a.ndb", old);
	struct cvd_range range;
	REQUIRE(cvd_changes(&before, &after, &arena, &state, &range) == STATUS_OK);
	CHECK_EQ(range.len, strlen("OPEN a.ndb\n") + strlen("DEL 1 ") + 32 + 1 +
				    strlen("DEL 2 z\n") + strlen("ADD ") + 100000 + 1 +
				    strlen("CLOSE\n"));
	end();
}

TEST_MAIN()
