/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiles rule files into a segment while the tree is built: the rules in
 * signatures/ become builtin.cseg. It runs on the building machine, on files
 * of this tree; `custos db build` is what users have, in a locked process.
 *
 *	compile-rules [-v] OUT NAME COVERAGE-FILE LICENCE RULE-FILE…
 *
 * The first three of them describe the source; COVERAGE-FILE may be "-". What is
 * wrong with a rule goes to stderr and makes the exit code 1, for there the
 * rules are ours. -v also says what a built segment is made of.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "database/build.h"

enum { FIRST_FILE = 5, COVERAGE_MAX = 4096 };

struct compile {
	const struct build_input *inputs;
	int out;
	unsigned refused;
};

static int run(const char *const *args, int count, bool is_verbose);
static bool open_inputs(const char *const *paths, size_t count, struct build_input *out);
static bool read_text(const char *path, char *buffer, size_t size);
static void print_problem(void *context, const struct build_problem *problem);
static bool write_out(void *context, uint64_t offset, const void *bytes, size_t len);
static void print_counts(const struct build_input *inputs, size_t count,
			 const struct build_count *counts, uint64_t size_bytes);

int main(int argc, char **argv)
{
	bool is_verbose = argc > 1 && strcmp(argv[1], "-v") == 0;

	argv += is_verbose;
	argc -= is_verbose;
	if (argc <= FIRST_FILE) {
		fputs("usage: compile-rules [-v] OUT NAME COVERAGE-FILE LICENCE "
		      "RULE-FILE…\n",
		      stderr);
		return 2;
	}
	return run((const char *const *)argv, argc, is_verbose);
}

static int build(const char *const *args, struct compile *compile, size_t count,
		 struct arena *arena, bool is_verbose)
{
	static char coverage[COVERAGE_MAX];
	struct build_count *counts = arena_new_array(arena, struct build_count, count);
	struct digests digests;
	uint64_t size_bytes;

	if (!read_text(args[3], coverage, sizeof(coverage)))
		return 2;
	if (!counts || digests_load(&digests) != STATUS_OK)
		return 2;
	const struct build_source source = {
		.name = slice_of(args[2]),
		.coverage = slice_of(coverage),
		.licence = slice_of(args[4]),
		.is_trusted = true,
	};
	const struct build_options options = {
		.sources = &source,
		.source_count = 1,
		.build_id = slice_of(CUSTOS_VERSION),
		.arena = arena,
		.digests = &digests,
		.problem = print_problem,
		.write = write_out,
		.context = compile,
	};
	enum status status = database_build(&options, compile->inputs, count, counts,
					    &size_bytes);
	digests_clear(&digests);
	if (status != STATUS_OK) {
		fprintf(stderr, "%s: %s\n", args[1], status_name(status));
		return 2;
	}
	if (is_verbose)
		print_counts(compile->inputs, count, counts, size_bytes);
	return compile->refused > 0;
}

static int run(const char *const *args, int arg_count, bool is_verbose)
{
	size_t count = (size_t)(arg_count - FIRST_FILE);
	AUTO_CLOSE int out = open(args[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
				  0644);
	struct arena arena;

	if (out < 0) {
		perror(args[1]);
		return 2;
	}
	arena_init(&arena, (size_t)4 << 30);
	struct build_input *inputs = arena_new_array(&arena, struct build_input, count);
	struct compile compile = { .inputs = inputs, .out = out };
	int code = 2;
	if (inputs && open_inputs(&args[FIRST_FILE], count, inputs))
		code = build(args, &compile, count, &arena, is_verbose);
	if (is_verbose)
		printf("arena: %zu MiB at most\n", arena.peak_bytes >> 20);
	arena_clear(&arena);
	if (code != 0 && !is_verbose)
		(void)unlink(args[1]);
	return code;
}

/* The descriptors stay open until the program ends. */
static bool open_inputs(const char *const *paths, size_t count, struct build_input *out)
{
	for (size_t i = 0; i < count; i++) {
		const char *slash = strrchr(paths[i], '/');
		int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
		struct stat stat;

		if (fd < 0 || fstat(fd, &stat) != 0) {
			perror(paths[i]);
			return false;
		}
		out[i] = (struct build_input){
			.name = slice_of(slash ? slash + 1 : paths[i]),
			.content = source_of_fd(fd, (uint64_t)stat.st_size, NULL, 0),
		};
	}
	return true;
}

static bool read_text(const char *path, char *buffer, size_t size)
{
	AUTO_FCLOSE FILE *file = NULL;

	buffer[0] = '\0';
	if (strcmp(path, "-") == 0)
		return true;
	file = fopen(path, "re");
	if (!file) {
		perror(path);
		return false;
	}
	size_t len = fread(buffer, 1, size - 1, file);
	while (len > 0 && buffer[len - 1] == '\n')
		len--;
	buffer[len] = '\0';
	return true;
}

static void print_problem(void *context, const struct build_problem *problem)
{
	static const char *const severities[] = { "refused", "left out", "note" };
	struct compile *compile = context;
	const struct build_input *input = &compile->inputs[problem->input];
	char detail[160];

	(void)escape_text(problem->detail, detail, sizeof(detail));
	fprintf(stderr, "%.*s:%u:%u: %s: %s%s%s\n", (int)input->name.len,
		(const char *)input->name.base, problem->line, problem->column,
		severities[problem->severity], problem->message, detail[0] ? ": " : "",
		detail);
	compile->refused += problem->severity == BUILD_REFUSED;
}

static bool write_out(void *context, uint64_t offset, const void *bytes, size_t len)
{
	const struct compile *compile = context;
	const char *from = bytes;

	while (len > 0) {
		ssize_t n = pwrite(compile->out, from, len, (off_t)offset);

		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return true;
}

static void print_counts(const struct build_input *inputs, size_t count,
			 const struct build_count *counts, uint64_t size_bytes)
{
	for (size_t i = 0; i < count; i++)
		printf("%.*s: %u taken, %u refused, %u left out\n",
		       (int)inputs[i].name.len, (const char *)inputs[i].name.base,
		       counts[i].taken, counts[i].refused, counts[i].skipped);
	printf("segment: %.1f MiB\n", (double)size_bytes / (1 << 20));
}
