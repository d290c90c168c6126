/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says which rules match which files: the files' own bytes, nothing taken out of them.
 * What the matcher and a build do, without the processes around them.
 *
 *	rule_match RULE-FILE FILE…
 *
 * On stdout "FILE<tab>RULE" for each match, and "FILE<tab>!" for a rule that was cut short; on
 * stderr what the build had to say. Exit code 2: a file could not be read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "built.h"
#include "match/matcher.h"

static struct built built;

struct run {
	const char *path;
	struct digest_state digest;
};

static uint8_t *load(const char *path, size_t *ret_len)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0 || fstat(fd, &stat) != 0)
		return NULL;
	uint8_t *bytes = calloc(1, (size_t)stat.st_size + 1);
	while (bytes && n > 0 && len < (size_t)stat.st_size) {
		n = read(fd, bytes + len, (size_t)stat.st_size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	*ret_len = len;
	return bytes;
}

static void hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		uint64_t len)
{
	const struct run *run = context;
	struct rule_info info;

	(void)offset;
	(void)len;
	if (database_rule(&built.database, segment, rule, &info))
		printf("%s\t%.*s\n", run->path, (int)info.name.len,
		       (const char *)info.name.base);
}

static void cut(void *context, uint32_t segment, uint32_t rule)
{
	const struct run *run = context;

	(void)segment;
	(void)rule;
	printf("%s\t!\n", run->path);
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static struct match_object object_of(const uint8_t *bytes, size_t len)
{
	size_t head = len < TYPE_HEAD_LEN ? len : TYPE_HEAD_LEN;
	size_t tail = len < TYPE_TAIL_LEN ? len : TYPE_TAIL_LEN;
	struct types types = type_detect(reader_of(bytes, head),
					 reader_of(bytes + len - tail, tail), len);

	return (struct match_object){
		.source = source_of_memory(bytes, len),
		.type = types.primary,
		.target = type_target(types.primary),
	};
}

static bool match_file(struct run *run)
{
	struct executable program;
	struct match_result result;
	struct arena arena;
	size_t len;
	uint8_t *bytes = load(run->path, &len);

	if (!bytes)
		return false;
	arena_init(&arena, 256 << 20);
	struct match_object object = object_of(bytes, len);
	if (executable_parse(&object.source, object.type, &arena, &program) == STATUS_OK)
		object.executable = &program;
	const struct matcher matcher = {
		.segments = built.database.segments,
		.segment_count = built.database.segment_count,
		.digest_state = &run->digest,
		.arena = &arena,
		.clock = { no_time, NULL },
		.limits = { .deadline_ms = UINT64_MAX,
			    .steps_max = UINT64_MAX,
			    .hole_hash_bytes = UINT64_MAX },
		.events = { hit, cut, run },
	};
	bool ok = matcher_run(&matcher, &object, &result) == STATUS_OK;
	arena_clear(&arena);
	free(bytes);
	return ok;
}

int main(int argc, char **argv)
{
	struct digests digests;
	struct run run = { 0 };
	size_t len;
	int code = 0;

	if (argc < 2) {
		fputs("usage: rule_match RULE-FILE FILE…\n", stderr);
		return 2;
	}
	char *text = (char *)load(argv[1], &len);
	if (!text || digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&run.digest, &digests) != STATUS_OK)
		return 2;
	built_one(&built, argv[1], text);
	fputs(built.problems.text, stderr);
	if (built.status != STATUS_OK)
		return 2;
	for (int i = 2; i < argc; i++) {
		run.path = argv[i];
		if (!match_file(&run))
			code = 2;
	}
	built_free(&built);
	free(text);
	digest_state_clear(&run.digest);
	digests_clear(&digests);
	return code;
}
