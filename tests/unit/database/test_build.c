/* SPDX-License-Identifier: Apache-2.0 */
#include "database/build.h"

#include <stdlib.h>

#include "database/database.h"
#include "test.h"

/* A build in memory: its problems as text, its segment as bytes. */
struct built {
	uint8_t *bytes;
	size_t len;
	char problems[4096];
	enum status status;
	struct database database;
};

static bool keep(void *context, uint64_t offset, const void *bytes, size_t len)
{
	struct built *built = context;

	if (offset + len > built->len) {
		built->bytes = realloc(built->bytes, offset + len);
		memset(built->bytes + built->len, 0, offset + len - built->len);
		built->len = offset + len;
	}
	memcpy(built->bytes + offset, bytes, len);
	return true;
}

static void note(void *context, const struct build_problem *problem)
{
	struct built *built = context;
	size_t used = strlen(built->problems);

	snprintf(built->problems + used, sizeof(built->problems) - used,
		 "%c%u:%u:%u %s\n", "RSN"[problem->severity], problem -> input,
		 problem -> line, problem -> column, problem -> message);
}

static void build(struct built *out, const char *name, const char *text)
{
	struct build_source source = { .name = slice_of("local") };
	struct build_input input = { slice_of(name), source_of_memory(text, strlen(text)),
				     0 };
	struct digests digests;
	struct arena arena;
	struct build_count count;
	uint64_t size;

	*out = (struct built){ 0 };
	arena_init(&arena, 64 << 20);
	if (digests_load(&digests) != STATUS_OK)
		abort();
	struct build_options options = {
		.sources = &source,
		.source_count = 1,
		.build_id = slice_of("test"),
		.arena = &arena,
		.digests = &digests,
		.problem = note,
		.write = keep,
		.context = out,
	};
	out->status = database_build(&options, &input, 1, &count, &size);
	if (out->status == STATUS_OK)
		out->status = database_add(&out->database, out->bytes, out->len);
	arena_clear(&arena);
	digests_clear(&digests);
}

TEST("a hash rule comes back with its name, its source and its line")
{
	struct built built;
	struct rule_info info;
	char text[128];

	build(&built, "a.hdb", "# one\n44d88612fea8a8f36de82e1278abb02f:68:Test.Eicar\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems, "");
	CHECK_EQ(database_rule_count(&built.database, 0), 1);
	REQUIRE(database_rule(&built.database, 0, 0, &info));
	CHECK(slice_is(info.name, "Test.Eicar"));
	CHECK(slice_is(info.source, "local"));
	CHECK(slice_is(info.file, "a.hdb"));
	CHECK_EQ(info.line, 2);
	database_rule_text(&built.database, 0, 0, text, sizeof(text));
	CHECK_STR(text, "44d88612fea8a8f36de82e1278abb02f:68:Test.Eicar");
	free(built.bytes);
}

TEST("an ndb rule comes back with its text")
{
	struct built built;
	struct rule_info info;

	build(&built, "a.ndb", "A.B:0:*:616263{2}64*65(66|6768)69\nC:3:*:616263\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_STR(built.problems,
		  "R0:1:21 this part has no two fixed bytes in a row\n"
		  "R0:2:3 not built yet: rules for normalised HTML (target 3)\n");
	free(built.bytes);
	build(&built, "a.ndb", "A.B:0:*:616263{2}64*6565(66|6768)69\n");
	CHECK_STR(built.problems, "");
	REQUIRE(database_rule(&built.database, 0, 0, &info));
	CHECK(slice_is(info.text, "A.B:0:*:616263{2}64*6565(66|6768)69"));
	free(built.bytes);
}

TEST_MAIN()
