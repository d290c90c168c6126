/* SPDX-License-Identifier: Apache-2.0 */
#include "host/allow.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char folder[] = "/tmp/custos-allow-XXXXXX";
static char path[sizeof(folder) + 8];

static const uint8_t some_digest[ALLOW_SHA256_LEN] = { 0xab, 1, 2, 3 };
static const uint8_t other_digest[ALLOW_SHA256_LEN] = { 0xab, 1, 2, 4 };
#define SOME_HEX "ab01020300000000000000000000000000000000000000000000000000000000"

static struct allow_rule rule(const char *source, const char *name)
{
	return (struct allow_rule){ slice_of(source), slice_of(name) };
}

static void write_list(const char *text)
{
	FILE *file;

	if (!path[0]) {
		if (!mkdtemp(folder))
			abort();
		snprintf(path, sizeof(path), "%s/allow", folder);
	}
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
	chmod(path, 0644);
}

static struct allow load(void)
{
	struct allow allow = { 0 };

	CHECK_EQ(allow_load(&allow, folder, false), STATUS_OK);
	return allow;
}

TEST("an entry allows its rule in its object and nothing else")
{
	struct allow allow;

	write_list("# head\n" SOME_HEX "\tA.Rule\tnever\t2026-01-02\tours, says Ann\n");
	allow = load();
	REQUIRE(allow.count == 1);
	CHECK_STR(allow.entries[0].reason, "ours, says Ann");
	CHECK_EQ(allow.entries[0].line, 2);
	CHECK(allow_find(&allow, some_digest, rule("custos", "A.Rule"), 5) != NULL);
	CHECK(!allow_find(&allow, other_digest, rule("custos", "A.Rule"), 5));
	CHECK(!allow_find(&allow, some_digest, rule("custos", "A.Rul"), 5));
	CHECK(!allow_find(&allow, some_digest, rule("custos", "A.Rule2"), 5));
	CHECK(!allow_find(&allow, NULL, rule("custos", "A.Rule"), 5));
	CHECK(allow_wants_digest(&allow, rule("custos", "A.Rule"), 5));
	CHECK(!allow_wants_digest(&allow, rule("custos", "B"), 5));
	allow_clear(&allow);
}

TEST("a rule may be named with its source, and then is that one's alone")
{
	struct allow allow;

	write_list("*\tlocal:A\tnever\t2026-01-02\tx\n");
	allow = load();
	CHECK(allow_find(&allow, NULL, rule("local", "A"), 5) != NULL);
	CHECK(!allow_find(&allow, NULL, rule("custos", "A"), 5));
	CHECK(!allow_find(&allow, NULL, rule("loca", "A"), 5));
	CHECK(!allow_find(&allow, NULL, rule("local:A", ""), 5));
	allow_clear(&allow);
}

TEST("an entry ends with the last second of its day")
{
	struct allow allow;
	time_t day;

	REQUIRE(allow_parse_date("2026-12-31", &day));
	write_list(SOME_HEX "\t*\t2026-12-31\t2026-01-02\tx\n");
	allow = load();
	CHECK(allow_find(&allow, some_digest, rule("s", "A"), day + 86399) != NULL);
	CHECK(!allow_find(&allow, some_digest, rule("s", "A"), day + 86400));
	CHECK(!allow_wants_digest(&allow, rule("s", "A"), day + 86400));
	allow_clear(&allow);
}

TEST("a line that is not of the form allows nothing and is counted")
{
	static const char *const lines[] = {
		"*\t*\tnever\t2026-01-02\teverything for ever\n",
		"*\tA\tnever\t2026-01-02\n",
		"ab\tA\tnever\t2026-01-02\tshort digest\n",
		SOME_HEX "\tA\t\t2026-01-02\tno end\n",
		SOME_HEX "\tA\t2026-02-30\t2026-01-02\tno such day\n",
		SOME_HEX "\tA\t2026-1-1\t2026-01-02\tx\n",
		SOME_HEX "\t\tnever\t2026-01-02\tno rule\n",
		"\t\t\t\t\n",
		" \n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct allow allow;

		write_list(lines[i]);
		allow = load();
		CHECK_EQ(allow.count, 0);
		CHECK_EQ(allow.bad_lines, 1);
		allow_clear(&allow);
	}
}

TEST("what is added is found again, what is removed is gone, and the rest stays")
{
	struct allow_entry entry = { .rule = (char *)"A",
				     .added = 1,
				     .reason = (char *)"why not" };
	unsigned line = 3;
	struct allow allow;

	write_list("# mine\nnot of the form");
	memcpy(entry.sha256, some_digest, sizeof(some_digest));
	CHECK_EQ(allow_add(folder, &entry), STATUS_OK);
	entry.any_object = true;
	entry.until = 86400 * 40;
	CHECK_EQ(allow_add(folder, &entry), STATUS_OK);
	allow = load();
	REQUIRE(allow.count == 2);
	CHECK_EQ(allow.bad_lines, 1);
	CHECK_MEM(allow.entries[0].sha256, some_digest, ALLOW_SHA256_LEN);
	CHECK_STR(allow.entries[0].rule, "A");
	CHECK(allow.entries[0].until == 0);
	CHECK(allow.entries[1].any_object);
	CHECK_EQ(allow.entries[1].until, 86400 * 40);
	allow_clear(&allow);

	CHECK_EQ(allow_remove(folder, &line, 1), STATUS_OK);
	allow = load();
	REQUIRE(allow.count == 1);
	CHECK(allow.entries[0].any_object);
	CHECK_EQ(allow.bad_lines, 1);
	allow_clear(&allow);
}

TEST("a reason or a rule cannot start a line of its own")
{
	struct allow_entry entry = { .any_object = true, .rule = (char *)"A\n*\tB" };

	entry.reason = (char *)"x";
	CHECK_EQ(allow_add(folder, &entry), STATUS_MALFORMED);
	entry.rule = (char *)"A";
	entry.reason = (char *)"x\ty";
	CHECK_EQ(allow_add(folder, &entry), STATUS_MALFORMED);
}

TEST("a list that others may write to is not believed")
{
	struct allow allow = { 0 };

	write_list("*\tA\tnever\t2026-01-02\tx\n");
	chmod(path, 0666);
	CHECK_EQ(allow_load(&allow, folder, false), STATUS_CHANGED);
	CHECK_EQ(allow.count, 0);
	unlink(path);
	CHECK_EQ(symlink("/etc/passwd", path), 0);
	CHECK_EQ(allow_load(&allow, folder, false), STATUS_IO);
	unlink(path);
	CHECK_EQ(allow_load(&allow, folder, false), STATUS_OK);
	rmdir(folder);
	CHECK_EQ(allow_load(&allow, folder, false), STATUS_OK);
}

TEST_MAIN()
