/* SPDX-License-Identifier: Apache-2.0 */
#include "host/resume.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"

static struct resume_key key_of(const char *root, const char *option)
{
	struct slice roots[] = { slice_of(root) }, options[] = { slice_of(option) };
	struct resume_subject subject = { roots, 1, options, 1 };
	struct digests digests;
	struct digest_state digester;
	struct resume_key key = { "", "" };

	CHECK_EQ(digests_load(&digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&digester, &digests), STATUS_OK);
	CHECK_EQ(resume_key_make(&subject, &digester, &key), STATUS_OK);
	digest_state_clear(&digester);
	digests_clear(&digests);
	return key;
}

static enum status save(const struct resume_key *key, const char *path, uint64_t number)
{
	struct resume_count counts[] = { { "files", number }, { "bytes", UINT64_MAX } };
	struct resume_point point = { { 2, slice_of(path) }, counts, 2 };

	return resume_save("state", key, &point);
}

static enum status load(const struct resume_key *key, struct resume_point *point,
			char **text)
{
	static struct resume_count counts[3];

	counts[0] = (struct resume_count){ "bytes", 1 };
	counts[1] = (struct resume_count){ "new", 77 };
	counts[2] = (struct resume_count){ "files", 1 };
	point->counts = counts;
	point->count = 3;
	*text = NULL;
	return resume_load("state", key, point, text);
}

TEST("what is saved comes back, with any bytes in the path")
{
	struct resume_key key = key_of("/a", "x");
	struct resume_point point;
	char *text;

	scratch_enter();
	CHECK_EQ(load(&key, &point, &text), STATUS_END);
	CHECK_EQ(save(&key, "first", 1), STATUS_OK);
	CHECK_EQ(save(&key, "a\n/\xff \\b", 12), STATUS_OK);
	REQUIRE(load(&key, &point, &text) == STATUS_OK);
	CHECK_EQ(point.at.root, 2);
	CHECK(slice_is(point.at.path, "a\n/\xff \\b"));
	CHECK(point.counts[0].value == UINT64_MAX);
	CHECK_EQ(point.counts[1].value, 77); /* not in the file: left as it was */
	CHECK_EQ(point.counts[2].value, 12);
	free(text);
	CHECK_EQ(save(&key, "", 0), STATUS_OK);
	REQUIRE(load(&key, &point, &text) == STATUS_OK);
	CHECK_EQ(point.at.path.len, 0);
	free(text);
	CHECK_EQ(resume_remove("state", &key), STATUS_OK);
	CHECK_EQ(resume_remove("state", &key), STATUS_OK);
	CHECK_EQ(load(&key, &point, &text), STATUS_END);
	scratch_leave();
}

TEST("other roots have a file of their own, other options are told")
{
	struct resume_key one = key_of("/a", "x"), two = key_of("/b", "x");
	struct resume_key other = key_of("/a", "y");
	struct resume_point point;
	char *text;

	scratch_enter();
	CHECK_EQ(save(&one, "p", 1), STATUS_OK);
	CHECK_EQ(load(&two, &point, &text), STATUS_END);
	CHECK_EQ(load(&other, &point, &text), STATUS_CHANGED);
	CHECK_EQ(resume_remove("state", &two), STATUS_OK);
	REQUIRE(load(&one, &point, &text) == STATUS_OK);
	free(text);
	scratch_leave();
}

TEST("roots that only look alike when written one behind the other are told apart")
{
	struct slice ab_c[] = { slice_of("ab"), slice_of("c") };
	struct slice a_bc[] = { slice_of("a"), slice_of("bc") };
	struct resume_subject one = { ab_c, 2, NULL, 0 }, two = { a_bc, 2, NULL, 0 };
	struct resume_key one_key, two_key;
	struct digests digests;
	struct digest_state digester;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&digester, &digests) == STATUS_OK);
	CHECK_EQ(resume_key_make(&one, &digester, &one_key), STATUS_OK);
	CHECK_EQ(resume_key_make(&two, &digester, &two_key), STATUS_OK);
	CHECK(strcmp(one_key.roots, two_key.roots) != 0);
	digest_state_clear(&digester);
	digests_clear(&digests);
}

TEST("a root has one name, however it is written")
{
	static const struct {
		const char *root, *name;
	} cases[] = {
		{ "/", "/" },         { "//", "/" },          { "/.", "/" },
		{ "/a/", "/a" },      { "/a//b", "/a/b" },    { "/./a/./b/.", "/a/b" },
		{ "/a/..", "/a/.." }, { "/.a/b.", "/.a/b." },
	};
	char want[4200];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *name = resume_root_name(cases[i].root);

		CHECK_STR(name, cases[i].name);
		free(name);
	}
	scratch_enter();
	for (int i = 0; i < 4; i++) {
		static const char *const roots[] = { ".", "./", "a", "./a/" };
		char *name = resume_root_name(roots[i]);

		snprintf(want, sizeof(want), "%s%s", scratch_path(), i < 2 ? "" : "/a");
		CHECK_STR(name, want);
		free(name);
	}
	REQUIRE(chdir("/") == 0);

	char *name = resume_root_name("a");

	CHECK_STR(name, "/a");
	free(name);
	scratch_leave();
}

/* The file of `key`, rewritten. */
static void write_text(const struct resume_key *key, const char *text, size_t len)
{
	char name[80];
	int fd;

	snprintf(name, sizeof(name), "state/scan-%.32s", key->roots);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK_EQ(write(fd, text, len), (ssize_t)len);
	close(fd);
}

TEST("a file that is not exactly of its form is not believed")
{
	struct resume_key key = key_of("/a", "x");
	struct resume_point point;
	char good[512], *text;
	int len = snprintf(good, sizeof(good),
			   "custos-resume 1\noptions %s\nposition 0 612f62\n"
			   "count files 3\nend\n",
			   key.options);

	scratch_enter();
	scratch_folder("state");
	write_text(&key, good, (size_t)len);
	REQUIRE(load(&key, &point, &text) == STATUS_OK);
	CHECK(slice_is(point.at.path, "a/b"));
	free(text);
	for (int cut = 0; cut < len; cut++) {
		write_text(&key, good, (size_t)cut);
		if (!CHECK_EQ(load(&key, &point, &text), STATUS_MALFORMED))
			break;
		CHECK(text == NULL);
	}
	static const char *const bad[] = {
		"position 0 6\n",
		"position 0 00\n",
		"position 0 6G\n",
		"position -1 61\n",
		"position 0 61 x\n",
		"position 18446744073709551616 61\n",
		"position 0 \n",
		"position 0 61\ncount files\n",
		"position 0 61\ncount files 3x\n",
		"position 0 61\nend\n", /* twice */
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char wrong[512];

		len = snprintf(wrong, sizeof(wrong),
			       "custos-resume 1\noptions %s\n%send\n", key.options,
			       bad[i]);
		write_text(&key, wrong, (size_t)len);
		if (!CHECK_EQ(load(&key, &point, &text), STATUS_MALFORMED))
			printf("# %s", bad[i]);
	}
	scratch_leave();
}

TEST("a folder that others may write to is not believed")
{
	struct resume_key key = key_of("/a", "x");
	struct resume_point point;
	char *text;

	scratch_enter();
	CHECK_EQ(save(&key, "p", 1), STATUS_OK);
	REQUIRE(chmod("state", 0777) == 0);
	CHECK_EQ(load(&key, &point, &text), STATUS_MALFORMED);
	CHECK_EQ(save(&key, "p", 1), STATUS_CHANGED);
	scratch_leave();
}

TEST_MAIN()
