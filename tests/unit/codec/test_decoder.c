/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/decoder.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/inflate.h"
#include "deflated.h"
#include "test.h"

enum { BUDGET = 1 << 20 };

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		exit(99);
	return fd;
}

/* Reads to the end in pieces of `step`; checks the bytes; returns how many there were. */
static size_t drain(struct decoder *decoder, const struct deflated *sample, size_t step,
		    enum status want)
{
	struct stream stream = decoder_stream(decoder);
	uint8_t *buffer = malloc(step);
	enum status status;
	size_t made = 0, got;

	if (!buffer)
		exit(99);
	do {
		status = stream_read(&stream, buffer, step, &got);
		CHECK(status != STATUS_OK || got > 0);
		CHECK(status != STATUS_END || got == 0);
		CHECK(made + got <= sample->plain_len);
		CHECK_MEM(buffer, sample->plain + made, got);
		made += got;
	} while (status == STATUS_OK);
	CHECK_EQ(status, want);
	CHECK_EQ(stream_read(&stream, buffer, step, &got), want);
	CHECK_EQ(stream.taken(stream.state), decoder_position(decoder) - decoder->start);
	CHECK_EQ(got, 0);
	free(buffer);
	return made;
}

TEST("from memory and from a file, by pieces of any size")
{
	struct deflated sample = deflated_sample(600000);
	int fd = file_of(sample.packed, sample.packed_len);
	struct source sources[] = {
		source_of_memory(sample.packed, sample.packed_len),
		source_of_fd(fd, sample.packed_len, NULL, 0),
	};
	static const size_t steps[] = { 1, 777, 4096, 65536, 1 << 20 };

	CHECK(sample.packed_len > 2 * DECODER_WINDOW);
	for (size_t i = 0; i < 2; i++) {
		struct arena arena;
		struct decoder *decoder;

		arena_init(&arena, BUDGET);
		REQUIRE(decoder_open(&arena, &inflate_codec, NULL, sources[i],
				     &decoder) == STATUS_OK);
		for (size_t j = 0; j < sizeof(steps) / sizeof(steps[0]); j++) {
			size_t left = arena_left(&arena);
			CHECK_EQ(drain(decoder, &sample, steps[j], STATUS_END), 600000);
			CHECK_EQ(decoder_position(decoder), sample.packed_len);
			CHECK_EQ(arena_left(&arena), left);
			CHECK(decoder_is_complete(decoder));
			CHECK_EQ(decoder_restart(decoder, 0), STATUS_OK);
			CHECK(!decoder_is_complete(decoder));
		}
		arena_clear(&arena);
	}
	close(fd);
	deflated_free(&sample);
}

TEST("the position is the first byte that the data does not need")
{
	struct deflated sample = deflated_sample(70000);
	uint8_t *bytes = calloc(2, sample.packed_len);
	struct arena arena;
	struct decoder *decoder;

	REQUIRE(bytes);
	memcpy(bytes, sample.packed, sample.packed_len);
	memcpy(bytes + sample.packed_len, sample.packed, sample.packed_len);
	int fd = file_of(bytes, 2 * sample.packed_len);
	struct source whole = source_of_fd(fd, 2 * sample.packed_len, NULL, 0);

	arena_init(&arena, BUDGET);
	REQUIRE(decoder_open(&arena, &inflate_codec, NULL, whole, &decoder) == STATUS_OK);
	CHECK_EQ(drain(decoder, &sample, 1000, STATUS_END), 70000);
	CHECK_EQ(decoder_position(decoder), sample.packed_len);
	REQUIRE(decoder_restart(decoder, sample.packed_len) == STATUS_OK);
	CHECK_EQ(decoder->start, sample.packed_len);
	CHECK_EQ(drain(decoder, &sample, 1000, STATUS_END), 70000);
	CHECK_EQ(decoder_position(decoder), 2 * sample.packed_len);
	REQUIRE(decoder_restart(decoder, 2 * sample.packed_len) == STATUS_OK);
	CHECK_EQ(drain(decoder, &sample, 1000, STATUS_TRUNCATED), 0);
	REQUIRE(decoder_restart(decoder, UINT64_MAX) == STATUS_OK);
	CHECK_EQ(drain(decoder, &sample, 1000, STATUS_TRUNCATED), 0);
	REQUIRE(decoder_restart(decoder, 0) == STATUS_OK);
	CHECK_EQ(drain(decoder, &sample, 1000, STATUS_END), 70000);
	CHECK_EQ(decoder_position(decoder), sample.packed_len);
	arena_clear(&arena);
	close(fd);
	free(bytes);
	deflated_free(&sample);
}

TEST("cut input gives its bytes, then truncated, and says so again")
{
	struct deflated sample = deflated_sample(3000);
	struct arena arena;
	size_t made = 0;

	arena_init(&arena, BUDGET);
	for (size_t len = 0; len < sample.packed_len; len++) {
		struct arena_mark mark = arena_mark(&arena);
		struct source cut = source_of_memory(sample.packed, len);
		struct decoder *decoder;

		REQUIRE(decoder_open(&arena, &inflate_codec, NULL, cut, &decoder) ==
			STATUS_OK);
		size_t now = drain(decoder, &sample, 512, STATUS_TRUNCATED);
		CHECK(now >= made);
		CHECK(!decoder_is_complete(decoder));
		made = now;
		arena_rewind(&arena, mark);
	}
	CHECK(made > 2000);
	arena_clear(&arena);
	deflated_free(&sample);
}

TEST("a file that shrinks under the decoder has changed")
{
	struct deflated sample = deflated_sample(200000);
	int fd = file_of(sample.packed, sample.packed_len);
	struct arena arena;
	struct decoder *decoder;

	arena_init(&arena, BUDGET);
	REQUIRE(decoder_open(&arena, &inflate_codec, NULL,
			     source_of_fd(fd, sample.packed_len, NULL, 0),
			     &decoder) == STATUS_OK);
	REQUIRE(ftruncate(fd, DECODER_WINDOW + 5) == 0);
	CHECK(drain(decoder, &sample, 4096, STATUS_CHANGED) > 0);
	arena_clear(&arena);
	close(fd);
	deflated_free(&sample);
}

/* A codec that never makes progress. */
static enum status idle_init(struct arena *arena, const void *parameters, void **state)
{
	(void)arena, (void)parameters;
	*state = NULL;
	return STATUS_OK;
}

static enum status idle_step(void *state, struct codec_io *io)
{
	(void)state, (void)io;
	return STATUS_OK;
}

TEST("a codec that takes nothing and gives nothing is not asked for ever")
{
	static const struct codec idle = { "idle", idle_init, idle_step, NULL };
	struct arena arena;
	struct decoder *decoder;
	uint8_t byte;
	size_t got;

	arena_init(&arena, BUDGET);
	REQUIRE(decoder_open(&arena, &idle, NULL, source_of_memory("abc", 3), &decoder) ==
		STATUS_OK);
	struct stream stream = decoder_stream(decoder);
	CHECK_EQ(stream_read(&stream, &byte, 1, &got), STATUS_MALFORMED);
	CHECK_EQ(got, 0);
	arena_clear(&arena);
}

TEST("without memory nothing is opened, whatever the budget")
{
	int fd = file_of("abc", 3);
	bool opened = false;

	for (size_t budget = 0; !opened; budget += 512) {
		struct arena arena;
		struct decoder *decoder = NULL;

		arena_init(&arena, budget);
		enum status status = decoder_open(&arena, &inflate_codec, NULL,
						  source_of_fd(fd, 3, NULL, 0), &decoder);
		opened = status == STATUS_OK;
		CHECK(opened || (status == STATUS_NO_MEMORY && !decoder));
		arena_clear(&arena);
	}
	close(fd);
}

TEST_MAIN()
