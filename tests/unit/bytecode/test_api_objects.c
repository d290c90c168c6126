/* SPDX-License-Identifier: Apache-2.0 */
/* Sets, maps, pipes and the decoders between them. */
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include "running.h"
#include "test.h"

static const char before[] =
	"type fn 32 32 32\ntype fn 32 32\ntype fn 32\ntype array 64 8\ntype ptr "
	"72\n"                                                         /* 69-73 */
	"type fn 32 65 32 32\ntype fn 65 32 32\ntype fn 32 32 32 32\n" /* 74-76 */
	"api 24 71 hashset_new\napi 25 69 hashset_add\napi 26 69 hashset_remove\n"
	"api 27 69 hashset_contains\napi 28 70 hashset_done\napi 29 70 "
	"hashset_empty\n"
	"api 30 70 buffer_pipe_new\napi 31 70 buffer_pipe_new_fromfile\n"
	"api 32 70 buffer_pipe_read_avail\napi 33 75 buffer_pipe_read_get\n"
	"api 34 69 buffer_pipe_read_stopped\napi 35 70 buffer_pipe_write_avail\n"
	"api 36 75 buffer_pipe_write_get\napi 37 69 buffer_pipe_write_stopped\n"
	"api 38 70 buffer_pipe_done\napi 39 76 inflate_init\napi 40 70 "
	"inflate_process\n"
	"api 41 70 inflate_done\napi 57 69 map_new\napi 58 74 map_addkey\n"
	"api 59 74 map_setvalue\napi 60 74 map_remove\napi 61 74 map_find\n"
	"api 62 70 map_getvaluesize\napi 63 75 map_getvalue\napi 64 70 map_done\n"
	"api 102 69 lzma_init\napi 103 70 lzma_process\napi 104 70 lzma_done\n"
	"api 105 69 bzip2_init\napi 106 70 bzip2_process\napi 107 70 "
	"bzip2_done\n";

static struct running run;

static const char *packed;
static size_t packed_len;

/* v1 points to 64 bytes, v2 … v6 are numbers, v7 and v8 pointers; v2 is the result. */
static int64_t result_of(const char *code)
{
	static char whole[4096];

	running_start(&run);
	run.file = packed;
	run.file_len = packed_len;
	snprintf(whole, sizeof(whole), "65 1 gepz 73 v0 c0:4\n%s\nT ret 32 v2", code);
	running_code(&run, before, "72a 65 32 32 32 32 32 65 65", whole);
	if (!CHECK_EQ(run.read, STATUS_OK) || run.status != STATUS_OK)
		return INT64_MIN;
	return (int32_t)(uint32_t)run.result.value;
}

struct object_case {
	const char *code;
	int64_t value;
};

static void check_all(const char *first, const struct object_case *cases, size_t count)
{
	static char code[4096];

	for (size_t i = 0; i < count; i++) {
		snprintf(code, sizeof(code), "%s%s", first, cases[i].code);
		if (!CHECK_EQ(result_of(code), cases[i].value))
			printf("#   of %s: %s\n", code,
			       run.result.why ? run.result.why : "");
	}
}

TEST("sets")
{
	static const struct object_case cases[] = {
		{ "32 2 call_api 24", 1 },
		{ "32 2 call_api 25 c0:4 c7:4", 0 },
		{ "32 3 call_api 25 c0:4 c7:4\n32 2 call_api 25 c0:4 c7:4", 0 },
		{ "32 3 call_api 25 c0:4 c7:4\n32 2 call_api 27 c0:4 c7:4", 1 },
		{ "32 2 call_api 27 c0:4 c7:4", 0 },
		{ "32 2 call_api 27 c9:4 c7:4", -1 },
		{ "32 2 call_api 25 c9:4 c7:4", -1 },
		{ "32 2 call_api 26 c0:4 c7:4", -1 },
		{ "32 3 call_api 25 c0:4 c7:4\n32 2 call_api 26 c0:4 c7:4", 0 },
		{ "32 3 call_api 25 c0:4 c7:4\n32 3 call_api 26 c0:4 c7:4\n"
		  "32 2 call_api 27 c0:4 c7:4",
		  0 },
		{ "32 2 call_api 29 c0:4", 1 },
		{ "32 3 call_api 25 c0:4 c7:4\n32 2 call_api 29 c0:4", 0 },
		{ "32 2 call_api 29 c9:4", 1 },
		{ "32 2 call_api 28 c0:4", 0 },
		{ "32 3 call_api 28 c0:4\n32 2 call_api 28 c0:4", -1 },
		{ "32 3 call_api 28 c0:4\n32 2 call_api 25 c0:4 c1:4", -1 },
	};

	check_all("32 2 call_api 24\n", cases, ARRAY_LEN(cases));
}

TEST("a set of thousands")
{
	running_start(&run);
	running_run(&run,
		    "kind 0\ntype fn 32 32 32\ntype fn 32\napi 24 70 hashset_new\n"
		    "api 25 69 hashset_add\napi 26 69 hashset_remove\n"
		    "api 27 69 hashset_contains\n"
		    "func 0 32 : 32 32 1 32 32 32\nblock\n32 0 call_api 24\nT jmp 1\n"
		    "block\n32 3 mul v1 c0x9e3779b1:4\n32 4 call_api 25 v0 v3\n"
		    "32 5 lshr v3 c1:4\n32 4 call_api 26 v0 v5\n32 1 add v1 c1:4\n"
		    "1 2 ult 32 v1 c5000:4\nT branch v2 1 2\n"
		    "block\n32 3 mul c4999:4 c0x9e3779b1:4\n32 4 call_api 27 v0 v3\nT "
		    "ret 32 v4\n");
	CHECK_EQ(run.status, STATUS_OK);
	CHECK_EQ(run.result.value, 1);
}

TEST("keys that all have one place cost what looking through them costs")
{
	running_start(&run);
	run.limits.steps_max = 1000 * 1000;
	running_run(&run, "kind 0\ntype fn 32 32 32\ntype fn 32\n"
			  "api 24 70 hashset_new\napi 25 69 hashset_add\n"
			  "func 0 32 : 32 32 1 32 32\nblock\n32 0 call_api 24\nT jmp 1\n"
			  "block\n32 3 shl v1 c16:4\n32 4 call_api 25 v0 v3\n"
			  "32 1 add v1 c1:4\n1 2 ult 32 v1 c5000:4\nT branch v2 1 2\n"
			  "block\nT ret 32 v4\n");
	CHECK_EQ(run.status, STATUS_LIMIT);
}

TEST("maps of values of one length")
{
	static const struct object_case cases[] = {
		{ "32 2 call_api 58 v1 c4:4 c0:4", 1 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 58 v1 c4:4 c0:4", 0 },
		{ "32 2 call_api 58 v1 c3:4 c0:4", -1 },
		{ "32 2 call_api 58 v1 c4:4 c9:4", -1 },
		{ "32 2 call_api 59 v1 c4:4 c0:4", -1 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 59 v1 c4:4 c0:4", 0 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 59 v1 c5:4 c0:4", -1 },
		{ "32 2 call_api 61 v1 c4:4 c0:4", 0 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 61 v1 c4:4 c0:4", 1 },
		{ "32 2 call_api 61 v1 c3:4 c0:4", -1 },
		{ "32 2 call_api 60 v1 c4:4 c0:4", 0 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 60 v1 c4:4 c0:4", 1 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 3 call_api 60 v1 c4:4 c0:4\n"
		  "32 2 call_api 61 v1 c4:4 c0:4",
		  0 },
		{ "32 2 call_api 62 c0:4", 4 },
		{ "32 2 call_api 62 c9:4", -1 },
		{ "8 0 store c9:1 v1\n32 3 call_api 58 v1 c4:4 c0:4\n"
		  "32 3 call_api 59 v1 c4:4 c0:4\n32 3 call_api 61 v1 c4:4 c0:4\n"
		  "65 7 call_api 63 c0:4 c4:4\n32 2 load v7",
		  9 },
		{ "8 0 store c9:1 v1\n32 3 call_api 58 v1 c4:4 c0:4\n"
		  "32 3 call_api 59 v1 c4:4 c0:4\n65 7 call_api 63 c0:4 c4:4\n32 2 load "
		  "v7",
		  INT64_MIN },
		{ "32 2 call_api 64 c0:4", 0 },
		{ "32 2 call_api 64 c9:4", -1 },
		{ "32 2 call_api 57 c0:4 c4:4", -1 },
	};

	check_all("32 2 call_api 57 c4:4 c4:4\n", cases, ARRAY_LEN(cases));
}

TEST("maps of values of any length")
{
	static const struct object_case cases[] = {
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 2 call_api 59 v1 c50:4 c0:4", 0 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 3 call_api 59 v1 c50:4 c0:4\n"
		  "32 3 call_api 61 v1 c4:4 c0:4\n32 2 call_api 62 c0:4",
		  50 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 3 call_api 61 v1 c4:4 c0:4\n"
		  "32 2 call_api 62 c0:4",
		  0 },
		{ "32 3 call_api 58 v1 c4:4 c0:4\n32 3 call_api 59 v1 c50:4 c0:4\n"
		  "32 3 call_api 61 v1 c4:4 c0:4\n65 7 call_api 63 c0:4 c50:4\n"
		  "32 3 call_api 60 v1 c4:4 c0:4\n32 2 load v7",
		  INT64_MIN },
	};

	check_all("32 2 call_api 57 c4:4 c0:4\n", cases, ARRAY_LEN(cases));
}

TEST("pipes give back what was written")
{
	static const struct object_case cases[] = {
		{ "32 2 call_api 30 c0:4", -1 },
		{ "32 2 call_api 35 c0:4", 16 },
		{ "32 2 call_api 32 c0:4", 0 },
		{ "32 2 call_api 32 c9:4", 0 },
		{ "65 7 call_api 36 c0:4 c17:4\n8 0 store c1:1 v7", INT64_MIN },
		{ "65 7 call_api 36 c0:4 c16:4\n32 0 store c77:4 v7\n"
		  "32 3 call_api 37 c0:4 c4:4\n32 2 call_api 32 c0:4",
		  4 },
		{ "65 7 call_api 36 c0:4 c16:4\n32 0 store c77:4 v7\n"
		  "32 3 call_api 37 c0:4 c4:4\n65 8 call_api 33 c0:4 c4:4\n32 2 load v8",
		  77 },
		{ "32 3 call_api 37 c0:4 c4:4\n32 2 call_api 35 c0:4", 12 },
		{ "32 3 call_api 37 c0:4 c99:4\n32 2 call_api 32 c0:4", 16 },
		{ "32 3 call_api 37 c0:4 c4:4\n32 3 call_api 34 c0:4 c4:4\n"
		  "32 2 call_api 35 c0:4",
		  16 },
		{ "32 3 call_api 37 c0:4 c4:4\n65 8 call_api 33 c0:4 c5:4\n32 2 load v8",
		  INT64_MIN },
		{ "32 2 call_api 38 c0:4", 0 },
		{ "65 7 call_api 36 c0:4 c16:4\n32 3 call_api 38 c0:4\n32 0 store c77:4 "
		  "v7",
		  INT64_MIN },
		{ "32 3 call_api 38 c0:4\n32 2 call_api 38 c0:4", -1 },
		{ "32 2 call_api 34 c9:4 c1:4", -1 },
	};

	check_all("32 2 call_api 30 c16:4\n", cases, ARRAY_LEN(cases));
}

TEST("a pipe of the file reads it and is not written")
{
	static const struct object_case cases[] = {
		{ "32 2 call_api 32 c0:4", 5 },
		{ "65 7 call_api 33 c0:4 c5:4\n32 2 load v7", 0x6f6c6c65 },
		{ "32 2 call_api 35 c0:4", 0 },
		{ "32 2 call_api 37 c0:4 c1:4", -1 },
		{ "32 2 call_api 31 c6:4", -1 },
	};

	packed = "hello!";
	packed_len = 6;
	check_all("32 2 call_api 31 c1:4\n", cases, ARRAY_LEN(cases));
}

static char plain[32] = "custos custos custos custos cust";

/* From the file through a decoder into a pipe of 40 bytes; how many come, or the status. */
static void check_decoder(unsigned init, const char *more, unsigned process)
{
	static char code[1024];

	snprintf(code, sizeof(code),
		 "32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
		 "32 5 call_api %u v3 v4%s\n32 6 call_api %u v5\n32 2 call_api 32 v4",
		 init, more, process);
	CHECK_EQ(result_of(code), 32);
	snprintf(code, sizeof(code),
		 "32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
		 "32 5 call_api %u v3 v4%s\n32 6 call_api %u v5\n"
		 "65 7 call_api 33 v4 c32:4\n65 8 gep1 65 v7 c28:4\n32 2 load v8",
		 init, more, process);
	CHECK_EQ(result_of(code), 0x74737563);
	snprintf(code, sizeof(code),
		 "32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
		 "32 5 call_api %u v3 v4%s\n32 6 call_api %u v5\n32 6 call_api %u v5\n"
		 "32 2 call_api %u v5",
		 init, more, process, process + 1, process + 1);
	CHECK_EQ(result_of(code), -1);
	CHECK_EQ(result_of("32 2 call_api 40 c3:4"), -1);
}

TEST("inflate, with zlib's header, gzip's or none")
{
	static const struct {
		int made, read;
	} cases[] = { { 15, 15 }, { 31, 31 }, { -15, -15 }, { 31, 47 } };
	static char bytes[256], more[32];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		z_stream stream = { 0 };

		REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, cases[i].made, 8,
				     Z_DEFAULT_STRATEGY) == Z_OK);
		stream.next_in = (Bytef *)plain;
		stream.avail_in = sizeof(plain);
		stream.next_out = (Bytef *)bytes;
		stream.avail_out = sizeof(bytes);
		REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
		packed = bytes;
		packed_len = sizeof(bytes) - stream.avail_out;
		deflateEnd(&stream);
		snprintf(more, sizeof(more), " c0x%x:4", (unsigned)cases[i].read);
		check_decoder(39, more, 40);
	}
	CHECK_EQ(result_of("32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
			   "32 2 call_api 39 v3 v4 c3:4"),
		 -1);
	packed = "not packed at all";
	packed_len = 17;
	CHECK_EQ(result_of("32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
			   "32 5 call_api 39 v3 v4 c15:4\n32 2 call_api 40 v5"),
		 -3);
}

TEST("bzip2")
{
	static char bytes[1024];
	unsigned len = sizeof(bytes);

	REQUIRE(BZ2_bzBuffToBuffCompress(bytes, &len, plain, sizeof(plain), 9, 0, 0) ==
		BZ_OK);
	packed = bytes;
	packed_len = len;
	check_decoder(105, "", 106);
}

TEST("lzma")
{
	static uint8_t bytes[1024];
	lzma_options_lzma options;
	lzma_stream stream = LZMA_STREAM_INIT;

	REQUIRE(!lzma_lzma_preset(&options, 1));
	REQUIRE(lzma_alone_encoder(&stream, &options) == LZMA_OK);
	stream.next_in = (const uint8_t *)plain;
	stream.avail_in = sizeof(plain);
	stream.next_out = bytes;
	stream.avail_out = sizeof(bytes);
	REQUIRE(lzma_code(&stream, LZMA_FINISH) == LZMA_STREAM_END);
	packed = (const char *)bytes;
	packed_len = sizeof(bytes) - stream.avail_out;
	lzma_end(&stream);
	check_decoder(102, "", 103);
	packed_len = 12;
	CHECK_EQ(result_of("32 3 call_api 31 c0:4\n32 4 call_api 30 c40:4\n"
			   "32 2 call_api 102 v3 v4"),
		 -1);
}

TEST_MAIN()
