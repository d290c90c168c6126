/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A main for fuzz targets where there is no fuzzer: it feeds the seeds of a target,
 * and what is near them, to LLVMFuzzerTestOneInput(). As TAP, one test for each seed.
 *
 *	fuzz_x_replay PATH…		folders of seeds, recipes (*.seed), files as they are
 *	fuzz_x_replay --write DIR PATH…	writes the seeds' bytes there, for a fuzzer
 *
 * "Near" is every prefix (of long seeds: 512 of them) and, at as many places, one byte
 * changed in three ways: what an attacker tries first, and the same on every run.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { PLACES = 512 };

static const char *write_folder; /* NULL: run the seeds */
static int seeds_seen, seeds_failed;

static void visit(const char *path);
static void visit_seed(const char *path);
static bool load(const char *path, struct recipe *out);
static void run(const struct recipe *seed);
static bool write_seed(const char *path, const struct recipe *seed);

int main(int argc, char **argv)
{
	int first = 1;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	if (argc > 2 && strcmp(argv[1], "--write") == 0) {
		write_folder = argv[2];
		first = 3;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = first; i < argc; i++)
		visit(argv[i]);
	printf("1..%d\n", seeds_seen);
	return seeds_failed > 0 || seeds_seen == 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void visit(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);

	if (count < 0) {
		visit_seed(path);
		return;
	}
	for (int i = 0; i < count; i++) {
		char *name = NULL;

		if (asprintf(&name, "%s/%s", path, entries[i]->d_name) > 0)
			visit_seed(name);
		free(name);
		free(entries[i]);
	}
	free(entries);
}

static void visit_seed(const char *path)
{
	struct recipe seed;
	bool ok = load(path, &seed);

	if (!ok)
		printf("# %s: %s\n", path, seed.error);
	else if (write_folder)
		ok = write_seed(path, &seed);
	else
		run(&seed);
	seeds_seen++;
	seeds_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", seeds_seen, basename(path));
	recipe_free(&seed);
}

static bool load_raw(const char *path, struct recipe *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;

	*out = (struct recipe){ .bytes = malloc(RECIPE_BYTES_MAX) };
	if (fd >= 0 && out->bytes)
		got = read(fd, out->bytes, RECIPE_BYTES_MAX);
	if (fd >= 0)
		close(fd);
	if (got < 0) {
		recipe_free(out);
		snprintf(out->error, sizeof(out->error), "cannot be read");
		return false;
	}
	out->len = (size_t)got;
	return true;
}

static bool load(const char *path, struct recipe *out)
{
	size_t len = strlen(path);

	if (len > 5 && strcmp(path + len - 5, ".seed") == 0)
		return recipe_load(path, out);
	return load_raw(path, out);
}

static void run_one(const uint8_t *bytes, size_t len)
{
	struct guard guard = guard_copy(bytes, len);

	LLVMFuzzerTestOneInput(guard.bytes, len);
	guard_free(&guard);
}

static void run(const struct recipe *seed)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff };
	size_t step = seed->len / PLACES + 1;

	run_one(seed->bytes, seed->len);
	for (size_t at = 0; at < seed->len; at += step) {
		run_one(seed->bytes, at);
		for (size_t i = 0; i < sizeof(changes); i++) {
			seed->bytes[at] ^= changes[i];
			run_one(seed->bytes, seed->len);
			seed->bytes[at] ^= changes[i];
		}
	}
}

static bool write_seed(const char *path, const struct recipe *seed)
{
	/* What is written is bytes, no recipe, and is not to be taken for one. */
	int len = (int)strcspn(basename(path), ".");
	char *name = NULL;
	ssize_t put = -1;
	int fd = -1;

	if (asprintf(&name, "%s/%.*s", write_folder, len, basename(path)) > 0)
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd >= 0) {
		put = write(fd, seed->bytes, seed->len);
		close(fd);
	}
	free(name);
	return put == (ssize_t)seed->len;
}
