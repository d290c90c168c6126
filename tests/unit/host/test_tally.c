/* SPDX-License-Identifier: Apache-2.0 */
#include "host/tally.h"

#include "test.h"

TEST("found beats error beats incomplete beats clean")
{
	struct tally tally = { 0 };

	CHECK_EQ(tally_exit_code(&tally, 0), 0);
	tally.n[TALLY_REASONS + REASON_PASSWORD] = 1;
	CHECK_EQ(tally_exit_code(&tally, 0), 3);
	tally.n[TALLY_ERRORS] = 1;
	CHECK_EQ(tally_exit_code(&tally, 0), 2);
	tally.n[TALLY_FINDINGS] = 1;
	CHECK_EQ(tally_exit_code(&tally, UINT32_MAX), 1);
}

TEST("an accepted reason does not count, another one still does")
{
	struct tally tally = { 0 };

	tally.n[TALLY_REASONS + REASON_PASSWORD] = 2;
	CHECK_EQ(tally_exit_code(&tally, 1u << REASON_PASSWORD), 0);
	CHECK_EQ(tally_exit_code(&tally, 1u << REASON_DAMAGED), 3);
	tally.n[TALLY_REASONS + REASON_INTERRUPTED] = 1;
	CHECK_EQ(tally_exit_code(&tally, 1u << REASON_PASSWORD), 3);
	CHECK_EQ(tally_exit_code(&tally, UINT32_MAX), 0);
}

TEST("findings that were allowed leave a file clean")
{
	struct tally tally = { 0 };

	tally.n[TALLY_ALLOWED] = 3;
	CHECK_EQ(tally_exit_code(&tally, 0), 0);
}

TEST("what is written down for later is read back as the same, under fit names")
{
	struct tally tally, back = { 0 };
	struct resume_count counts[TALLY_COUNT];

	for (unsigned i = 0; i < TALLY_COUNT; i++)
		tally.n[i] = i * 1000;
	tally_to_counts(&tally, counts);
	for (unsigned i = 0; i < TALLY_COUNT; i++) {
		CHECK(strlen(counts[i].name) <= 32);
		CHECK_EQ(strspn(counts[i].name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
			 strlen(counts[i].name));
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(counts[i].name, counts[j].name) != 0);
	}
	tally_from_counts(&back, counts);
	CHECK_MEM(&back, &tally, sizeof(tally));
}

TEST("sums stop at the largest number there is")
{
	struct tally tally = { 0 }, more = { 0 };

	tally.n[TALLY_BYTES] = UINT64_MAX - 1;
	more.n[TALLY_BYTES] = 5;
	more.n[TALLY_FILES] = 1;
	tally_add(&tally, &more);
	CHECK(tally.n[TALLY_BYTES] == UINT64_MAX);
	CHECK_EQ(tally.n[TALLY_FILES], 1);
}

TEST("programs read the counts by their names")
{
	static const char tail[] =
		"\"files_not_cacheable\":0,\"incomplete\":{\"password\":2}}";
	struct tally tally = { 0 };
	struct json json;
	struct slice line;

	tally.n[TALLY_REASONS + REASON_PASSWORD] = 2;
	json_init(&json);
	json_begin_object(&json, NULL);
	tally_write(&json, &tally);
	json_end_object(&json);
	REQUIRE(json_result(&json, &line) && line.len > sizeof(tail));
	CHECK_MEM(line.base, "{\"files_scanned\":0,", 19);
	CHECK_MEM(line.base + line.len - sizeof(tail) + 1, tail, sizeof(tail) - 1);
	json_clear(&json);
}

TEST_MAIN()
