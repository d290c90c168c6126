/* SPDX-License-Identifier: Apache-2.0 */
#include "host/ignore.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"
#include "test.h"

static bool matches(const char *pattern, const char *path)
{
	struct ignore *ignore;
	size_t len = strlen(path);
	bool is_directory = len > 0 && path[len - 1] == '/';
	struct slice text = { (const uint8_t *)path, len - is_directory };
	bool result;

	if (ignore_new(&ignore) != STATUS_OK)
		return false;
	CHECK_EQ(ignore_add(ignore, slice_of(pattern)), STATUS_OK);
	result = ignore_matches(ignore, text, is_directory);
	ignore_free(ignore);
	return result;
}

TEST("a name without a slash is found at any depth")
{
	CHECK(matches("a.o", "a.o"));
	CHECK(matches("a.o", "x/y/a.o"));
	CHECK(matches("*.o", "x/y/a.o"));
	CHECK(!matches("*.o", "x.o/y"));
	CHECK(!matches("a.o", "xa.o"));
}

TEST("a slash ties a pattern to the root")
{
	CHECK(matches("/a", "a"));
	CHECK(!matches("/a", "x/a"));
	CHECK(matches("a/b", "a/b"));
	CHECK(!matches("a/b", "x/a/b"));
	CHECK(!matches("a/*", "a/b/c"));
	CHECK(matches("a/*", "a/b"));
	CHECK(!matches("a/*", "a"));
}

TEST("a slash at the end is for directories")
{
	CHECK(matches("a/", "a/"));
	CHECK(matches("a/", "x/a/"));
	CHECK(!matches("a/", "a"));
	CHECK(matches("/x/a/", "x/a/"));
}

TEST("two stars stand for any directories")
{
	CHECK(matches("**/a", "a"));
	CHECK(matches("**/a", "x/y/a"));
	CHECK(matches("a/**", "a/b/c"));
	CHECK(!matches("a/**", "a"));
	CHECK(!matches("a/**", "a/"));
	CHECK(matches("a/**/b", "a/b"));
	CHECK(matches("a/**/b", "a/x/y/b"));
	CHECK(matches("a/**/b/**/c", "a/b/x/b/y/c"));
	CHECK(!matches("a/**/b/**/c", "a/c/x/y/b"));
	CHECK(!matches("a**/b", "a/x/b"));
	CHECK(matches("a**/b", "axx/b"));
	CHECK(matches("**", "x"));
}

TEST("stars and marks do not match a slash")
{
	CHECK(!matches("/a?b", "a/b"));
	CHECK(!matches("/a*b", "a/b"));
	CHECK(!matches("/a[/]b", "a/b"));
	CHECK(!matches("/a[!x]b", "a/b"));
	CHECK(matches("/a[x/]b", "axb"));
}

TEST("classes hold bytes, ranges and named sets")
{
	CHECK(matches("[abc]", "b"));
	CHECK(matches("[a-c]", "b"));
	CHECK(!matches("[!a-c]", "b"));
	CHECK(!matches("[^a-c]", "b"));
	CHECK(matches("[]]", "]"));
	CHECK(matches("[!]]", "a"));
	CHECK(matches("[a-]", "-"));
	CHECK(matches("[[:digit:]x]", "7"));
	CHECK(matches("[[:upper:]]", "Q"));
	CHECK(!matches("[[:upper:]]", "q"));
	CHECK(matches("[\\]]", "]"));
	CHECK(matches("[\\a-\\c]", "b"));
	CHECK(matches("[\xf0-\xff]", "\xf7"));
}

TEST("a backslash takes the meaning away")
{
	CHECK(matches("\\*", "*"));
	CHECK(!matches("\\*", "a"));
	CHECK(matches("\\!a", "!a"));
	CHECK(matches("\\\\", "\\"));
}

TEST("the last pattern that matches decides")
{
	struct ignore *ignore;

	REQUIRE(ignore_new(&ignore) == STATUS_OK);
	CHECK_EQ(ignore_add(ignore, slice_of("*.log")), STATUS_OK);
	CHECK_EQ(ignore_add(ignore, slice_of("!keep.log")), STATUS_OK);
	CHECK(ignore_matches(ignore, slice_of("a.log"), false));
	CHECK(!ignore_matches(ignore, slice_of("x/keep.log"), false));
	CHECK_EQ(ignore_add(ignore, slice_of("/x/*")), STATUS_OK);
	CHECK(ignore_matches(ignore, slice_of("x/keep.log"), false));
	CHECK(!ignore_matches(ignore, slice_of(""), true));
	ignore_free(ignore);
}

TEST("what can never match is refused")
{
	static const char *const bad[] = { "",    "/",         "!",   "!/",  "[a", "a[!",
					   "a\\", "[[:nix:]]", "[a-", "x/[", "[\\" };
	struct ignore *ignore;

	REQUIRE(ignore_new(&ignore) == STATUS_OK);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (!CHECK_EQ(ignore_add(ignore, slice_of(bad[i])), STATUS_MALFORMED))
			printf("# \"%s\"\n", bad[i]);
	}
	CHECK(!ignore_matches(ignore, slice_of("a"), true));
	ignore_free(ignore);
}

TEST("stars without end do not take time without end")
{
	char pattern[600], path[8000];
	clock_t before = clock();

	for (size_t i = 0; i < 598; i += 2)
		memcpy(&pattern[i], "*a", 2);
	memcpy(&pattern[598], "b", 2);
	memset(path, 'a', sizeof(path));
	path[255] = '\0';
	CHECK(!matches(pattern, path));
	path[255] = 'a';
	for (size_t i = 2; i < sizeof(path); i += 3)
		path[i] = '/';
	path[sizeof(path) - 1] = '\0';
	CHECK(!matches("**/a*/**/a*/**/a*/**/a*/**/a*/**/a*/**/b", path));
	CHECK((clock() - before) / CLOCKS_PER_SEC < 2);
}

/* git itself, where it is installed, for patterns and paths that nobody thought of. */

enum { ORACLE_ROUNDS = 60, ORACLE_PATTERNS = 3 };

static const char *const oracle_paths[] = {
	"a",     "ab",     "b",       "c/", "c/a", "c/b",  "c/ab",   "c/d/",    "c/d/a",
	"c/d/b", "c/d/c/", "c/d/c/a", "d/", "d/a", "d/c/", "d/c/a",  "d/c/ab",  "d/c/-",
	"!b",    "x]",     "x-",      "a*", "e/",  "e/c/", "e/c/d/", "e/c/d/a",
};

/* Without the slash that says that it is a directory. */
static size_t name_len(const char *path)
{
	size_t len = strlen(path);

	return path[len - 1] == '/' ? len - 1 : len;
}

static bool make_tree(char *folder)
{
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(oracle_paths); i++) {
		const char *path = oracle_paths[i];
		bool is_directory = path[strlen(path) - 1] == '/';
		FILE *file = NULL;

		if (is_directory && mkdir(path, 0700) != 0)
			return false;
		if (!is_directory && !(file = fopen(path, "w")))
			return false;
		if (file)
			fclose(file);
	}
	return system("git init -q . 2>/dev/null") == 0;
}

static void random_pattern(struct gen *gen, char *out)
{
	static const char *const pieces[] = {
		"a",    "b",    "c",  "d",           "/",     "*",   "**",    "?",
		"[ab]", "[!a]", "/",  "\\",          "**/",   "/**", "[a-c]", "[]x]",
		"-",    "!",    "c/", "[[:alpha:]]", "[b-a]", "[d/]"
	};
	size_t count = 1 + gen_below(gen, 5);

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *piece = pieces[gen_below(gen, ARRAY_LEN(pieces))];

		memcpy(&out[strlen(out)], piece, strlen(piece) + 1);
	}
}

/*
 * git takes literal text off the front before it looks at the rest, so that
 * "a**" seems to begin with two stars; by its manual they are plain ones. And
 * it takes "**" before an escaped slash for one directory at least.
 */
static bool is_doubtful(const char *pattern)
{
	const char *stars = pattern;

	while ((stars = strstr(stars, "**"))) {
		if (stars > &pattern[pattern[0] == '!'] && stars[-1] != '/' &&
		    stars[-1] != '*')
			return true;
		stars++;
	}
	return strstr(pattern, "*\\/") != NULL;
}

/* As a walk decides: what is below an excluded directory is never come to. */
static bool is_excluded(const struct ignore *ignore, const char *path)
{
	for (size_t i = 0; path[i]; i++) {
		struct slice above = { (const uint8_t *)path, i };

		if (path[i] == '/' && ignore_matches(ignore, above, true))
			return true;
	}
	if (path[strlen(path) - 1] == '/')
		return false; /* was the last that the loop looked at */
	return ignore_matches(ignore, slice_of(path), false);
}

static bool ask_git(const char *patterns, bool *excluded)
{
	FILE *file = fopen(".git/info/exclude", "w");
	char line[64];

	if (!file)
		return false;
	fputs(patterns, file);
	fclose(file);
	memset(excluded, 0, ARRAY_LEN(oracle_paths));
	file = popen("git -c core.excludesFile=/dev/null check-ignore --no-index --stdin "
		     "<paths",
		     "r");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < ARRAY_LEN(oracle_paths); i++)
			excluded[i] |= strlen(line) == name_len(oracle_paths[i]) &&
				       memcmp(oracle_paths[i], line, strlen(line)) == 0;
	}
	return file && pclose(file) >= 0;
}

static void compare_with_git(struct gen *gen)
{
	char text[ORACLE_PATTERNS * 64] = "";
	bool excluded[ARRAY_LEN(oracle_paths)];
	struct ignore *ignore;

	if (ignore_new(&ignore) != STATUS_OK)
		return;
	for (int i = 0; i < ORACLE_PATTERNS; i++) {
		char pattern[64];

		do
			random_pattern(gen, pattern);
		while (is_doubtful(pattern));
		(void)!ignore_add(ignore,
				  slice_of(pattern)); /* refused: it matches nothing */
		snprintf(&text[strlen(text)], sizeof(text) - strlen(text), "%s\n",
			 pattern);
	}
	if (CHECK(ask_git(text, excluded))) {
		for (size_t i = 0; i < ARRAY_LEN(oracle_paths); i++)
			if (!CHECK_EQ(is_excluded(ignore, oracle_paths[i]), excluded[i]))
				printf("# \"%s\" with:\n# %s\n", oracle_paths[i], text);
	}
	ignore_free(ignore);
}

TEST("git excludes the same")
{
	struct gen gen = gen_start();
	char folder[] = "/tmp/custos-ignore-XXXXXX";
	FILE *paths;

	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	if (system("git --version >/dev/null 2>&1") != 0)
		SKIP("git is not installed");
	REQUIRE(make_tree(folder));
	paths = fopen("paths", "w");
	REQUIRE(paths != NULL);
	for (size_t i = 0; i < ARRAY_LEN(oracle_paths); i++)
		fprintf(paths, "%.*s\n", (int)name_len(oracle_paths[i]), oracle_paths[i]);
	fclose(paths);
	for (int i = 0; i < ORACLE_ROUNDS; i++)
		compare_with_git(&gen);
	REQUIRE(chdir("/tmp") == 0);

	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	CHECK_EQ(system(command), 0);
}

TEST_MAIN()
