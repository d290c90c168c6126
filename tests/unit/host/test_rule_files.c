/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_files.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

static struct rule_files files;

TEST("a rule file is one source, called like the file")
{
	scratch_enter();
	scratch_write("folder/a.ndb", "x");
	REQUIRE(rule_files_add(&files, "folder/a.ndb", NULL) == STATUS_OK);
	REQUIRE(rule_files_add(&files, "folder/a.ndb", "other") == STATUS_OK);
	CHECK_EQ(files.source_count, 2);
	CHECK_EQ(files.file_count, 2);
	CHECK_STR(files.sources[0].name, "a.ndb");
	CHECK_STR(files.sources[1].name, "other");
	CHECK_STR(files.files[1].name, "a.ndb");
	CHECK_EQ(files.files[1].source, 1);
	CHECK(!files.sources[0].is_compiled);
	CHECK(files.sources[0].newest > 0);
	rule_files_clear(&files);
	scratch_leave();
}

TEST("a folder is one source; its rule files come in the order of their names")
{
	scratch_enter();
	scratch_write("rules/b.hdb", "x");
	scratch_write("rules/a.NDB", "x");
	scratch_write("rules/d.yara", "x");
	scratch_write("rules/c.yar", "x");
	scratch_write("rules/readme.txt", "x");
	scratch_write("rules/.hidden.ndb", "x");
	scratch_write("rules/deeper/d.ndb", "x");
	REQUIRE(rule_files_add(&files, "rules/", NULL) == STATUS_OK);
	REQUIRE(files.file_count == 2);
	CHECK_STR(files.sources[0].name, "rules");
	CHECK_STR(files.files[0].path, "rules/a.NDB");
	CHECK_STR(files.files[1].path, "rules/b.hdb");
	CHECK_EQ(files.sources[0].unread, 2);
	CHECK_STR(files.sources[0].unread_name, "c.yar");
	rule_files_clear(&files);
	scratch_leave();
}

TEST("what is not there, or holds nothing that is read here, is told apart")
{
	scratch_enter();
	CHECK_EQ(rule_files_add(&files, "none.ndb", NULL), STATUS_END);
	scratch_write("file.txt", "x");
	CHECK_EQ(rule_files_add(&files, "file.txt", NULL), STATUS_UNSUPPORTED);
	scratch_write("file.ndb", "x");
	CHECK_EQ(rule_files_add(&files, "file.ndb/below", NULL), STATUS_END);
	scratch_folder("empty");
	CHECK_EQ(rule_files_add(&files, "empty", NULL), STATUS_UNSUPPORTED);
	REQUIRE(mkfifo("fifo.ndb", 0600) == 0);
	CHECK_EQ(rule_files_add(&files, "fifo.ndb", NULL), STATUS_IO);
	CHECK_EQ(files.file_count, 0);
	rule_files_clear(&files);
	scratch_leave();
}

TEST("a compiled database is known by its ending")
{
	scratch_enter();
	scratch_write("a.cseg", "x");
	REQUIRE(rule_files_add(&files, "a.cseg", NULL) == STATUS_OK);
	CHECK(files.sources[0].is_compiled);
	rule_files_clear(&files);
	scratch_leave();
}

TEST("a file that is written to is noticed")
{
	scratch_enter();
	scratch_write("a.ndb", "x");
	REQUIRE(rule_files_add(&files, "a.ndb", NULL) == STATUS_OK);
	CHECK(!rule_files_changed(&files));
	scratch_write("a.ndb", "longer");
	CHECK(rule_files_changed(&files));
	rule_files_clear(&files);
	scratch_leave();
}

TEST("the description changes with the file")
{
	char *texts[2] = { NULL, NULL };
	size_t len;

	scratch_enter();
	for (size_t i = 0; i < 2; i++) {
		FILE *out = open_memstream(&texts[i], &len);

		scratch_write("a.ndb", i == 0 ? "x" : "longer");
		REQUIRE(rule_files_add(&files, "a.ndb", NULL) == STATUS_OK);
		rule_files_describe(&files, out);
		fclose(out);
		rule_files_clear(&files);
	}
	CHECK(strcmp(texts[0], texts[1]) != 0);
	CHECK(strstr(texts[0], "a.ndb"));
	free(texts[0]);
	free(texts[1]);
	scratch_leave();
}

TEST_MAIN()
