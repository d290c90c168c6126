/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/engine.h"

#include <assert.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "bytes/store.h"
#include "match/help.h"
#include "match/probe.h"
#include "scan/scan.h"

/*
 * Of a process's private memory, what is not the arena: program and libraries,
 * malloc()'s own, the messages, OpenSSL; and what is kept of one file for the next.
 */
#define MEMORY_BESIDE_ARENA ((UINT64_C(24) << 20) + REGEX_CACHE_BYTES)

static bool map_segment(struct engine *engine, int fd, struct record_failed *failed);
static bool load_digests(struct engine *engine);
static void prehash_batch(struct engine *engine, const struct message *batch,
			  const struct channel_fds *fds);
static bool run_record(struct engine *engine, uint32_t kind, struct slice body,
		       const struct channel_fds *fds, size_t number);
static void run_job(struct engine *engine, const struct record_job *job,
		    const struct channel_fds *fds, size_t number);
static void run_share(struct engine *engine, const struct record_share *share, int fd);
static bool pack_ids(struct arena *arena, const struct id_set *found, struct slice *out);
static int64_t time_now(void);
static void empty_spool(struct engine *engine);

bool engine_open(struct engine *engine, const struct record_setup *setup,
		 const struct channel_fds *segments, struct record_failed *failed)
{
	uint64_t budget = 0;

	*failed = (struct record_failed){ .failure = SETUP_PROTOCOL };
	if (segments->count != setup->segment_count ||
	    !probe_kernel_of((enum cpu_path)setup->cpu_path))
		return false;
	for (uint32_t i = 0; i < setup->segment_count; i++) {
		failed->segment = i;
		if (!map_segment(engine, segments->list[i], failed))
			return false;
	}
	failed->failure = SETUP_DIGESTS;
	if (!load_digests(engine))
		return false;
	/* Times of certificates: gmtime() looks for the time zone once. */
	tzset();
	if (setup->memory_bytes > MEMORY_BESIDE_ARENA)
		budget = setup->memory_bytes - MEMORY_BESIDE_ARENA;
	engine->limits = setup->limits;
	engine->clamav_compat = setup->clamav_compat;
	engine->no_bytecode = setup->no_bytecode;
	engine->cpu_path = (enum cpu_path)setup->cpu_path;
	prehash_init(&engine->prehash, engine->cpu_path);
	arena_init(&engine->arena, budget);
	regex_cache_init(&engine->regexes, REGEX_CACHE_BYTES);
	spool_init(&engine->spool, -1, 0);
	answer_init(&engine->answer);
	engine->helped.answer = &engine->answer;
	return true;
}

bool engine_read_segments(struct engine *engine, struct record_failed *failed)
{
	*failed = (struct record_failed){ .failure = SETUP_SEGMENT };
	for (size_t i = 0; i < engine->map_count; i++) {
		const struct slice map = engine->maps[i];
		failed->segment = (uint32_t)i;
		failed->status = (uint32_t)database_add(&engine->database, map.base,
							map.len);
		if (failed->status != STATUS_OK)
			return false;
	}
	return true;
}

void engine_close(struct engine *engine)
{
	for (size_t i = 0; i < engine->map_count; i++)
		munmap((void *)engine->maps[i].base, engine->maps[i].len);
	engine->map_count = 0;
	regex_cache_clear(&engine->regexes);
	arena_clear(&engine->arena);
	digest_state_clear(&engine->digest_state);
	digests_clear(&engine->digests);
}

enum engine_result engine_run(struct engine *engine, const struct message *batch,
			      struct channel_fds *fds)
{
	enum engine_result result = ENGINE_OK;
	struct reader records;
	struct slice body;
	uint32_t kind;
	size_t taken = 0;

	if (!message_open(batch->bytes, batch->len, &records))
		result = ENGINE_BAD_BATCH;
	prehash_batch(engine, batch, fds);
	while (result == ENGINE_OK &&
	       message_next(&records, &kind, &body) == MESSAGE_RECORD) {
		/* Of a pass that is over. */
		if (kind == RECORD_SHARED)
			continue;
		if (taken == fds->count || !run_record(engine, kind, body, fds, taken)) {
			result = ENGINE_BAD_BATCH;
			break;
		}
		close(fds->list[taken++]);
		if (engine->answer.is_broken)
			result = ENGINE_NOBODY_LISTENS;
	}
	if (result == ENGINE_OK && taken != fds->count)
		result = ENGINE_BAD_BATCH;
	while (taken < fds->count)
		close(fds->list[taken++]);
	fds->count = 0;
	if (result == ENGINE_OK && !answer_flush(&engine->answer))
		result = ENGINE_NOBODY_LISTENS;
	return result;
}

static bool map_segment(struct engine *engine, int fd, struct record_failed *failed)
{
	struct stat facts;

	failed->failure = SETUP_SEGMENT;
	failed->status = STATUS_IO;
	if (fstat(fd, &facts) != 0) {
		failed->error = errno;
		return false;
	}
	if (!S_ISREG(facts.st_mode) || facts.st_size <= 0) {
		failed->status = STATUS_TRUNCATED;
		return false;
	}
	const size_t len = (size_t)facts.st_size;
	void *base = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED) {
		failed->error = errno;
		return false;
	}
	engine->maps[engine->map_count++] = (struct slice){ base, len };
	return true;
}

static bool load_digests(struct engine *engine)
{
	struct digest ignored[DIGEST_COUNT];

	if (digests_load(&engine->digests) != STATUS_OK ||
	    digest_state_init(&engine->digest_state, &engine->digests) != STATUS_OK)
		return false;
	if (digest_start(&engine->digest_state, DIGEST_BITS_ALL) != STATUS_OK)
		return false;
	digest_update(&engine->digest_state, "warm", 4);
	digest_finish(&engine->digest_state, ignored);
	return true;
}

/* Certificates are valid between dates; no file's fate hangs on a second. */
static int64_t time_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

/* What no batch is, is told when it is run. */
static void prehash_batch(struct engine *engine, const struct message *batch,
			  const struct channel_fds *fds)
{
	struct reader records;
	struct slice body;
	uint32_t kind;

	prehash_begin(&engine->prehash);
	if (!prehash_helps(&engine->prehash, fds->count) ||
	    !message_open(batch->bytes, batch->len, &records))
		return;
	for (size_t i = 0;
	     i < fds->count && message_next(&records, &kind, &body) == MESSAGE_RECORD;
	     i++) {
		struct record_job job = { .extents = engine->extents };
		struct database database = engine->database;

		if (kind != RECORD_JOB || !job_get(body, &job))
			return;
		database_quieten(&database, job.known);
		if (!job.has_extents)
			prehash_read(&engine->prehash, i, fds->list[i], job.size_bytes,
				     scan_digest_kinds(&database, job.size_bytes));
	}
	prehash_run(&engine->prehash, &engine->digest_state);
}

static bool run_record(struct engine *engine, uint32_t kind, struct slice body,
		       const struct channel_fds *fds, size_t number)
{
	struct record_job job = { .extents = engine->extents };
	struct record_share share;

	if (kind == RECORD_JOB && job_get(body, &job))
		run_job(engine, &job, fds, number);
	else if (kind == RECORD_SHARE && share_get(body, &share))
		run_share(engine, &share, fds->list[number]);
	else
		return false;
	return true;
}

static void run_job(struct engine *engine, const struct record_job *job,
		    const struct channel_fds *fds, size_t number)
{
	struct outcome outcome = { 0 };
	const struct extent *extents = NULL;
	struct database database = engine->database;

	if (job->has_extents)
		extents = job->extents;
	static_assert((int)RECORD_KNOWN_END == 1 << DATABASE_SEGMENTS_MAX,
		      "a bit for each segment");
	database_quieten(&database, job->known);
	answer_begin(&engine->answer, job->id, job->flags, job->size_bytes);
	const struct match_help help = helped_calls(&engine->helped);
	struct scan_setup setup = {
		.database = &database,
		.digest_state = &engine->digest_state,
		.regexes = &engine->regexes,
		.limits = engine->limits,
		.clamav_compat = engine->clamav_compat,
		.no_bytecode = engine->no_bytecode,
		.cpu_path = engine->cpu_path,
		.time_s = time_now(),
		.clock = engine->answer.clock,
		.arena = &engine->arena,
		.spool = &engine->spool,
		.events = answer_events(&engine->answer),
		.digests = prehash_digests(&engine->prehash, number),
		.tell_digests = (job->flags & RECORD_JOB_DIGESTS) != 0,
		.watch = answer_watch(&engine->answer, job->segment, job->rule),
	};
	if (engine->helped.receive && !job->has_extents)
		setup.help = &help;
	struct source root = source_of_fd(fds->list[number], job->size_bytes, extents,
					  job->extent_count);
	if (prehash_has(&engine->prehash, number)) {
		struct slice bytes = prehash_bytes(&engine->prehash, number);

		root = source_of_memory(bytes.base, bytes.len);
	}
	if (scan_run(&setup, root, &outcome) != STATUS_OK)
		outcome_add_reason(&outcome, REASON_MEMORY);
	answer_done(&engine->answer, &outcome);
	empty_spool(engine);
}

/* What the filter lets through in a piece of somebody else's file, and no more than that. */
static void run_share(struct engine *engine, const struct record_share *share, int fd)
{
	const struct arena_mark mark = arena_mark(&engine->arena);
	const struct clock clock = engine->answer.clock;
	struct record_shared shared = {
		share->job, share->target, share->piece, false, { 0 }
	};
	struct database database = engine->database;
	struct id_set found;

	database_quieten(&database, share->known);
	const struct matcher matcher = {
		.segments = database.segments,
		.segment_count = database.segment_count,
		.arena = &engine->arena,
		.clock = clock,
		.cpu_path = engine->cpu_path,
		.limits.deadline_ms = add_u64_capped(
			clock_now_ms(&clock),
			scan_limits_time_ms(&engine->limits, share->size_bytes)),
	};
	const struct match_object object = {
		.source = source_of_fd(fd, share->size_bytes, NULL, 0),
		.target = share->target,
	};
	id_set_init(&found, &engine->arena);
	shared.is_whole = match_piece(&matcher, &object, share->piece, &found) ==
				  STATUS_OK &&
			  pack_ids(&engine->arena, &found, &shared.ids);
	answer_shared(&engine->answer, &shared);
	arena_rewind(&engine->arena, mark);
}

static bool pack_ids(struct arena *arena, const struct id_set *found, struct slice *out)
{
	if (found->count > RECORD_IDS_MAX)
		return false;
	uint8_t *bytes = arena_alloc_unset(arena, found->count * RECORD_ID_LEN + 1);
	if (!bytes)
		return false;
	for (size_t i = 0; i < found->count; i++)
		store_u64le(&bytes[i * RECORD_ID_LEN], found->ids[i]);
	*out = (struct slice){ bytes, found->count * RECORD_ID_LEN };
	return true;
}

/* What a file unpacked to does not stay on the disk longer than the file is looked at. */
static void empty_spool(struct engine *engine)
{
	if (engine->spool.peak == 0)
		return;
	/* If it fails the space is used again all the same. */
	if (ftruncate(engine->spool.fd, 0) == 0)
		engine->spool.peak = 0;
}
