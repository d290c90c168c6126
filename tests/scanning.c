/* SPDX-License-Identifier: Apache-2.0 */
#include "scanning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <sys/mman.h>

#include "database/build.h"

enum { FILES_MAX = 8 };

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static bool keep(void *context, uint64_t offset, const void *bytes, size_t len)
{
	struct scanning *scanning = context;

	if (offset + len > scanning->segment_len) {
		scanning->segment = must(realloc(scanning->segment, offset + len));
		memset(scanning->segment + scanning->segment_len, 0,
		       offset + len - scanning->segment_len);
		scanning->segment_len = offset + len;
	}
	memcpy(scanning->segment + offset, bytes, len);
	return true;
}

/* A rule of a test that is refused is a mistake in the test. */
static void complain(void *context, const struct build_problem *problem)
{
	(void)context;
	if (problem->severity != BUILD_REFUSED)
		return;
	fprintf(stderr, "rule %u:%u: %s\n", problem->line, problem->column,
		problem->message);
	abort();
}

static size_t len_of(const struct rule_text *file)
{
	const uint8_t *bytes = (const uint8_t *)file->text;

	if (strcmp(strrchr(file->name, '.'), ".cat") != 0)
		return strlen(file->text);
	return 4 + ((size_t)bytes[2] << 8 | bytes[3]);
}

struct scanning *scanning_open(const struct rule_text *files)
{
	struct scanning *scanning = must(calloc(1, sizeof(*scanning)));
	struct build_source sources[FILES_MAX] = { 0 };
	struct build_input inputs[FILES_MAX] = { 0 };
	struct build_count counts[FILES_MAX] = { 0 };
	struct arena arena;
	uint64_t size;
	size_t count = 0;

	scanning->limits = scan_limits_default();
	scanning->memory_bytes = 256u << 20;
	if (digests_load(&scanning->digests) != STATUS_OK ||
	    digest_state_init(&scanning->digest_state, &scanning->digests) != STATUS_OK)
		abort();
	for (; files[count].name && count < FILES_MAX; count++) {
		const char *source = files[count].source ? files[count].source : "test";

		sources[count].name = slice_of(source);
		inputs[count].name = slice_of(files[count].name);
		inputs[count].content = source_of_memory(files[count].text,
							 len_of(&files[count]));
		inputs[count].source_id = (uint32_t)count;
	}
	arena_init(&arena, 256u << 20);
	struct build_options options = {
		.sources = sources,
		.source_count = count,
		.build_id = slice_of("test"),
		.bytecode_unsigned = true,
		.arena = &arena,
		.digests = &scanning->digests,
		.problem = complain,
		.write = keep,
		.context = scanning,
	};
	if (database_build(&options, inputs, count, counts, &size) != STATUS_OK ||
	    database_add(&scanning->database, scanning->segment, scanning->segment_len) !=
		    STATUS_OK)
		abort();
	arena_clear(&arena);
	return scanning;
}

void scanning_close(struct scanning *scanning)
{
	digest_state_clear(&scanning->digest_state);
	digests_clear(&scanning->digests);
	free(scanning->segment);
	free(scanning);
}

static uint64_t now(void *context)
{
	struct scanning *scanning = context;

	scanning->now_ms += scanning->tick_ms;
	return scanning->now_ms;
}

static void put(struct scanning *scanning, struct slice text)
{
	if (scanning->told_len + text.len >= sizeof(scanning->told))
		return;
	if (text.len > 0)
		memcpy(scanning->told + scanning->told_len, text.base, text.len);
	scanning->told_len += text.len;
	scanning->told[scanning->told_len] = '\0';
}

static void tell(struct scanning *scanning, const char *what,
		 const struct scan_object *object, struct slice more)
{
	const struct scan_object *path[128];
	size_t depth = 0;

	put(scanning, slice_of(what));
	put(scanning, slice_of(" "));
	for (; object && depth < 128; object = object->parent)
		path[depth++] = object;
	while (depth > 0) {
		put(scanning, path[--depth]->name);
		if (depth > 0)
			put(scanning, slice_of("!"));
	}
	if (more.len > 0)
		put(scanning, slice_of(" "));
	put(scanning, more);
	put(scanning, slice_of("\n"));
}

static void on_object(void *context, const struct scan_object *object)
{
	tell(context, "object", object, slice_of(type_name(object->type)));
}

static void on_leave(void *context, const struct scan_object *object,
		     const struct outcome *outcome)
{
	(void)outcome;
	tell(context, "leave", object, (struct slice){ 0 });
}

static void on_hit(void *context, const struct scan_object *object,
		   const struct scan_hit *hit)
{
	struct scanning *scanning = context;
	struct rule_info rule;

	if (!database_rule(&scanning->database, hit->segment, hit->rule, &rule))
		abort();
	tell(scanning, "hit", object, rule.name);
	if (hit->view != VIEW_RAW)
		tell(scanning, view_name(hit->view), object, rule.name);
}

static void on_incomplete(void *context, const struct scan_object *object,
			  enum reason reason, uint64_t offset, struct slice detail)
{
	(void)offset;
	(void)detail;
	tell(context, "incomplete", object, slice_of(reason_name(reason)));
}

const char *scanning_run(struct scanning *scanning, const void *bytes, size_t len)
{
	struct arena arena;
	struct spool spool;
	int spool_fd = -1;

	if (scanning->spool_bytes > 0 &&
	    (spool_fd = memfd_create("spool", MFD_CLOEXEC)) < 0)
		abort();
	spool_init(&spool, spool_fd, scanning->spool_bytes);
	arena_init(&arena, scanning->memory_bytes);
	scanning->told_len = 0;
	scanning->told[0] = '\0';
	struct scan_setup setup = {
		.database = &scanning->database,
		.digest_state = &scanning->digest_state,
		.limits = scanning->limits,
		.clamav_compat = scanning->clamav_compat,
		.time_s = 1780000000, /* in 2026 */
		.clock = { now, scanning },
		.arena = &arena,
		.spool = &spool,
		.events = {
			.object = on_object,
			.leave = on_leave,
			.hit = on_hit,
			.incomplete = on_incomplete,
			.context = scanning,
		},
	};
	if (scan_run(&setup, source_of_memory(bytes, len), &scanning->outcome) !=
	    STATUS_OK)
		abort();
	scanning->arena_peak_bytes = arena.peak_bytes;
	arena_clear(&arena);
	if (spool_fd >= 0)
		close(spool_fd);
	return verdict_name(outcome_verdict(&scanning->outcome, 0));
}

size_t scanning_count(const struct scanning *scanning, const char *beginning)
{
	size_t count = 0;

	for (const char *line = scanning->told; *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, beginning, strlen(beginning)) == 0)
			count++;
	}
	return count;
}

bool scanning_told(const struct scanning *scanning, const char *line)
{
	char whole[512];
	size_t len = strlen(line);

	if (len > 0 && line[len - 1] == '*')
		snprintf(whole, sizeof(whole), "%.*s", (int)len - 1, line);
	else
		snprintf(whole, sizeof(whole), "%s\n", line);
	return scanning_count(scanning, whole) > 0;
}

struct wrapped wrap_gzip(const void *bytes, size_t len)
{
	z_stream z = { .next_in = (Bytef *)bytes, .avail_in = (uInt)len };

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	uLong room = deflateBound(&z, (uLong)len);
	struct wrapped out = { must(malloc(room)), 0 };
	z.next_out = out.bytes;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out.len = z.total_out;
	deflateEnd(&z);
	return out;
}

static void put_tar_header(uint8_t *block, const char *name, size_t size)
{
	unsigned sum = 0;

	memset(block, 0, 512);
	snprintf((char *)block, 100, "%s", name);
	memcpy(block + 100, "0000644", 7);
	snprintf((char *)block + 124, 12, "%011o", (unsigned)size);
	block[156] = '0';
	memcpy(block + 257, "ustar", 6);
	memcpy(block + 263, "00", 2);
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

struct wrapped wrap_tar(const char *const *names, const struct wrapped *members,
			size_t count)
{
	struct wrapped out = { 0 };
	size_t room = 1024;

	for (size_t i = 0; i < count; i++)
		room += 1024 + members[i].len;
	out.bytes = must(calloc(1, room));
	for (size_t i = 0; i < count; i++) {
		put_tar_header(out.bytes + out.len, names[i], members[i].len);
		if (members[i].len > 0)
			memcpy(out.bytes + out.len + 512, members[i].bytes,
			       members[i].len);
		out.len += 512 + (members[i].len + 511) / 512 * 512;
	}
	out.len += 1024;
	return out;
}
