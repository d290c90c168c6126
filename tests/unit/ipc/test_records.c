/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every record, there and back; then every body cut short, and every body one
 * byte too long: none of them may be taken.
 */
#include <string.h>

#include "base/cpu_path.h"
#include "base/reason.h"
#include "base/view.h"
#include "guard.h"
#include "ipc/compile_record.h"
#include "ipc/job_record.h"
#include "ipc/share_record.h"
#include "ipc/zygote_record.h"
#include "test.h"

static struct message message;
static struct extent got_extents[RECORD_EXTENTS_MAX];

static struct slice body_of(uint32_t want_kind)
{
	struct slice body = { 0 };
	struct reader records;
	uint32_t kind = 0;

	message_finish(&message);
	CHECK(message_open(message.bytes, message.len, &records));
	CHECK_EQ(message_next(&records, &kind, &body), MESSAGE_RECORD);
	CHECK_EQ(kind, want_kind);
	return body;
}

/* `get` takes the body alone, and neither less nor more of it. */
static void check_exact(struct slice body, bool (*get)(struct slice body))
{
	for (size_t len = 0; len <= body.len + 1; len++) {
		struct guard guard = guard_new(len);
		size_t take = len < body.len ? len : body.len;
		if (take > 0)
			memcpy(guard.bytes, body.base, take);
		CHECK_EQ(get((struct slice){ guard.bytes, len }), len == body.len);
		guard_free(&guard);
	}
}

#define GETTER(name, record, function) \
	static bool name(struct slice body) \
	{ \
		struct record out; \
		return function(body, &out); \
	}

GETTER(get_setup, record_setup, zygote_get_setup)
GETTER(get_worker, record_worker, zygote_get_worker)
GETTER(get_kill, record_kill, zygote_get_kill)
GETTER(get_failed, record_failed, zygote_get_failed)
GETTER(get_started, record_started, zygote_get_started)
GETTER(get_ended, record_ended, zygote_get_ended)
GETTER(get_hello, record_hello, zygote_get_hello)
GETTER(get_object, record_object, job_get_object)
GETTER(get_leave, record_leave, job_get_leave)
GETTER(get_hit, record_hit, job_get_hit)
GETTER(get_incomplete, record_incomplete, job_get_incomplete)
GETTER(get_data, record_data, job_get_data)
GETTER(get_line, record_line, job_get_line)
GETTER(get_cost, record_cost, job_get_cost)
GETTER(get_done, record_done, job_get_done)
GETTER(get_pass, record_pass, share_get_pass)
GETTER(get_share, record_share, share_get)
GETTER(get_shared, record_shared, share_get_shared)
GETTER(get_compile, record_compile, compile_get)
GETTER(get_rule_source, record_rule_source, compile_get_rule_source)
GETTER(get_rule_file, record_rule_file, compile_get_rule_file)
GETTER(get_problem, record_problem, compile_get_problem)
GETTER(get_count, record_count_of_file, compile_get_count_of_file)
GETTER(get_fact, record_fact, compile_get_fact)
GETTER(get_piece, record_piece, compile_get_piece)
GETTER(get_built, record_built, compile_get_built)

static bool get_job(struct slice body)
{
	struct record_job out = { .extents = got_extents };

	return job_get(body, &out);
}

TEST("setup: every limit arrives")
{
	struct record_setup out;
	struct record_setup setup = {
		.role = 1,
		.memory_bytes = 1,
		.file_bytes = UINT64_MAX,
		.descriptors = 3,
		.segment_count = 4,
		.clamav_compat = true,
		.cpu_path = CPU_NEON,
		.limits = { 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 },
	};

	message_start(&message);
	REQUIRE(zygote_add_setup(&message, &setup));
	struct slice body = body_of(RECORD_SETUP);
	REQUIRE(zygote_get_setup(body, &out));
	CHECK_EQ(out.role, 1);
	CHECK_EQ(out.file_bytes, UINT64_MAX);
	CHECK_EQ(out.segment_count, 4);
	CHECK(out.clamav_compat);
	CHECK_EQ(out.cpu_path, CPU_NEON);
	CHECK_EQ(out.limits.depth_max, 5);
	CHECK_EQ(out.limits.files_max, 6);
	CHECK_EQ(out.limits.bytes_max, 7);
	CHECK_EQ(out.limits.child_bytes_max, 8);
	CHECK_EQ(out.limits.ratio_max, 9);
	CHECK_EQ(out.limits.ratio_from_bytes, 10);
	CHECK_EQ(out.limits.time_ms, 11);
	CHECK_EQ(out.limits.time_ms_per_50mib, 12);
	CHECK_EQ(out.limits.memory_child_bytes, 13);
	CHECK_EQ(out.limits.hole_hash_bytes, 14);
	CHECK_EQ(out.limits.normalize_text_bytes, 15);
	CHECK_EQ(out.limits.normalize_html_bytes, 16);
	CHECK_EQ(out.limits.normalize_no_tags_bytes, 17);
	check_exact(body, get_setup);
	setup.cpu_path = CPU_PATH_COUNT;
	CHECK(!zygote_add_setup(&message, &setup));
	setup.cpu_path = 0;
	setup.segment_count = SETUP_SEGMENTS_MAX + 1;
	CHECK(!zygote_add_setup(&message, &setup));
}

TEST("worker, kill, started, ended: what zygote and parent say of a worker")
{
	struct record_worker worker = { 3, 77, true };
	struct record_kill kill = { 3, 77 };
	struct record_started started = { 3, 77, 12345, -1 };
	struct record_ended ended = { 3, 77, true, 9 };

	message_start(&message);
	REQUIRE(zygote_add_worker(&message, &worker));
	check_exact(body_of(RECORD_WORKER), get_worker);
	message_start(&message);
	REQUIRE(zygote_add_kill(&message, &kill));
	check_exact(body_of(RECORD_KILL), get_kill);
	message_start(&message);
	REQUIRE(zygote_add_started(&message, &started));
	struct slice body = body_of(RECORD_STARTED);
	struct record_started got;
	REQUIRE(zygote_get_started(body, &got));
	CHECK_EQ(got.pid, 12345);
	CHECK_EQ(got.error, -1);
	check_exact(body, get_started);
	message_start(&message);
	REQUIRE(zygote_add_ended(&message, &ended));
	check_exact(body_of(RECORD_ENDED), get_ended);
}

TEST("failed: a failure that nobody knows is refused")
{
	struct record_failed failed = { SETUP_SEGMENT, 1, STATUS_MALFORMED, 0 };

	message_start(&message);
	REQUIRE(zygote_add_failed(&message, &failed));
	check_exact(body_of(RECORD_FAILED), get_failed);
	failed.failure = SETUP_FAILURE_COUNT;
	CHECK(!zygote_add_failed(&message, &failed));
}

TEST("hello and ready")
{
	struct record_hello hello = { .raised = 0x3fff, .landlock_abi = 7 };
	struct record_hello got;

	hello.cause[RECORD_WALLS_MAX - 1] = 38;
	message_start(&message);
	REQUIRE(zygote_add_hello(&message, &hello));
	struct slice body = body_of(RECORD_HELLO);
	REQUIRE(zygote_get_hello(body, &got));
	CHECK_EQ(got.cause[RECORD_WALLS_MAX - 1], 38);
	check_exact(body, get_hello);
	message_start(&message);
	REQUIRE(zygote_add_ready(&message));
	check_exact(body_of(RECORD_READY), zygote_get_ready);
}

TEST("a job carries the runs of data of its file")
{
	struct extent extents[] = { { 0, 10 }, { 4096, 4096 } };
	struct record_job job = { .id = 5,
				  .size_bytes = 8192,
				  .flags = RECORD_JOB_DATA | RECORD_JOB_EXPLAIN,
				  .known = 5,
				  .has_extents = true,
				  .extent_count = 2,
				  .extents = extents,
				  .segment = 1,
				  .rule = 77 };
	struct record_job got = { .extents = got_extents };

	message_start(&message);
	REQUIRE(job_add(&message, &job));
	struct slice body = body_of(RECORD_JOB);
	REQUIRE(job_get(body, &got));
	CHECK_EQ(got.id, 5);
	CHECK_EQ(got.extent_count, 2);
	CHECK_EQ(got.extents[1].offset, 4096);
	CHECK_EQ(got.rule, 77);
	CHECK_EQ(got.known, 5);
	check_exact(body, get_job);
	job.known = RECORD_KNOWN_END;
	message_start(&message);
	CHECK(!job_add(&message, &job) || !job_get(body_of(RECORD_JOB), &got));
}

TEST("a file that is one hole has runs, and none of them")
{
	struct record_job job = { .id = 5, .size_bytes = 1 << 20, .has_extents = true };
	struct record_job got = { .extents = got_extents };

	message_start(&message);
	REQUIRE(job_add(&message, &job));
	REQUIRE(job_get(body_of(RECORD_JOB), &got));
	CHECK(got.has_extents);
	CHECK_EQ(got.extent_count, 0);
}

TEST("runs that overlap, or lie outside of the file, are no job")
{
	struct extent overlap[] = { { 0, 10 }, { 9, 2 } };
	struct extent outside[] = { { 8190, 3 } };
	struct extent wraps[] = { { UINT64_MAX, 2 } };
	struct record_job job = { .id = 5,
				  .size_bytes = 8192,
				  .has_extents = true,
				  .extent_count = 2,
				  .extents = overlap };

	message_start(&message);
	CHECK(!job_add(&message, &job));
	job.extents = outside;
	job.extent_count = 1;
	CHECK(!job_add(&message, &job));
	job.extents = wraps;
	CHECK(!job_add(&message, &job));
	CHECK(message_is_empty(&message));
}

TEST("lines of an explanation, and costs")
{
	struct record_line line = { 5, 1, 3, 2, slice_of("why") };
	struct record_cost cost = { 5, 1, 77, 2, UINT64_MAX, 1 };

	message_start(&message);
	REQUIRE(job_add_line(&message, &line));
	check_exact(body_of(RECORD_LINE), get_line);
	message_start(&message);
	line.answer = RECORD_ANSWERS;
	CHECK(!job_add_line(&message, &line));
	line.answer = 0;
	line.level = RECORD_LEVELS;
	CHECK(!job_add_line(&message, &line));
	REQUIRE(job_add_cost(&message, &cost));
	check_exact(body_of(RECORD_COST), get_cost);
}

TEST("pass, share and shared: what workers do for each other")
{
	struct record_pass pass = { 5, 3, 1, RECORD_PIECES_MAX };
	struct record_share share = { 5, UINT64_MAX, 1, 3, RECORD_PIECES_MAX - 1 };
	struct record_shared shared = { 5, 3, 9, true, slice_of("eight...eight...") };
	struct record_shared got;

	message_start(&message);
	REQUIRE(share_add_pass(&message, &pass));
	check_exact(body_of(RECORD_PASS), get_pass);
	message_start(&message);
	REQUIRE(share_add(&message, &share));
	check_exact(body_of(RECORD_SHARE), get_share);
	message_start(&message);
	REQUIRE(share_add_shared(&message, &shared));
	struct slice body = body_of(RECORD_SHARED);
	REQUIRE(share_get_shared(body, &got));
	CHECK(got.is_whole && slice_equal(got.ids, shared.ids));
	check_exact(body, get_shared);
	message_start(&message);
	shared.ids.len--;
	CHECK(!share_add_shared(&message, &shared));
	shared.ids.len++;
	shared.piece = RECORD_PIECES_MAX;
	CHECK(!share_add_shared(&message, &shared));
	pass.to++;
	CHECK(!share_add_pass(&message, &pass));
	share.target = RECORD_TARGETS;
	CHECK(!share_add(&message, &share));
}

TEST("object, leave, hit, incomplete, data, done")
{
	struct record_object object = { 5, 2, 40, 99, slice_of("a\nb") };
	struct record_leave leave = {
		5, 2, 1, 1 << REASON_DEPTH, true, { 0xab, [31] = 0xcd },
	};
	struct record_hit hit = { .job = 5, .segment = 1, .rule = 2, .has_sha256 = true };
	struct record_incomplete incomplete = { 5, 0, REASON_PASSWORD, 7,
						slice_of("aes") };
	struct record_data data = { 5, 1, VIEW_TEXT, 4096, slice_of("bytes") };
	struct record_done done = { 5, 1, 0, 17, UINT64_MAX };
	struct record_object got;

	message_start(&message);
	REQUIRE(job_add_object(&message, &object));
	struct slice body = body_of(RECORD_OBJECT);
	REQUIRE(job_get_object(body, &got));
	CHECK(slice_is(got.name, "a\nb"));
	check_exact(body, get_object);
	message_start(&message);
	REQUIRE(job_add_leave(&message, &leave));
	check_exact(body_of(RECORD_LEAVE), get_leave);
	message_start(&message);
	REQUIRE(job_add_hit(&message, &hit));
	check_exact(body_of(RECORD_HIT), get_hit);
	message_start(&message);
	REQUIRE(job_add_incomplete(&message, &incomplete));
	check_exact(body_of(RECORD_INCOMPLETE), get_incomplete);
	message_start(&message);
	REQUIRE(job_add_data(&message, &data));
	check_exact(body_of(RECORD_DATA), get_data);
	message_start(&message);
	REQUIRE(job_add_done(&message, &done));
	check_exact(body_of(RECORD_DONE), get_done);
}

TEST("reasons, depths and names have their limits")
{
	static uint8_t name[RECORD_NAME_MAX + 1];
	struct record_done done = { .reasons = UINT32_C(1) << REASON_COUNT };
	struct record_incomplete incomplete = { .reason = REASON_COUNT };
	struct record_object object = { .name = { name, sizeof(name) } };
	struct record_leave leave = { .depth = RECORD_DEPTH_MAX };

	message_start(&message);
	CHECK(!job_add_done(&message, &done));
	CHECK(!job_add_incomplete(&message, &incomplete));
	CHECK(!job_add_object(&message, &object));
	CHECK(!job_add_leave(&message, &leave));
	CHECK(message_is_empty(&message));
}

TEST("what is said when rules are compiled")
{
	struct record_compile compile = { RECORD_UNPACK,
					  slice_of("a.ndb"),
					  1,
					  2,
					  slice_of("build"),
					  true,
					  true,
					  true,
					  false,
					  slice_of("Win"),
					  true };
	struct record_rule_source source = { slice_of("local"), slice_of(""),
					     slice_of(""), 0 };
	struct record_rule_file file = { 0, 1, 2, 10, slice_of("a.ndb") };
	struct record_problem problem = {
		2, 1, 3, 4, slice_of("a.ndb"), slice_of("no"), slice_of("zz")
	};
	struct record_count_of_file count = { 0, 1, 2, 3 };
	struct record_fact fact = { 1, slice_of("version"), slice_of("7") };
	struct record_piece piece = { slice_of("a.ndb"), 1, 2 };
	struct record_built built = { STATUS_OK, 4096 };

	message_start(&message);
	REQUIRE(compile_add(&message, &compile));
	check_exact(body_of(RECORD_COMPILE), get_compile);
	message_start(&message);
	REQUIRE(compile_add_rule_source(&message, &source));
	check_exact(body_of(RECORD_RULE_SOURCE), get_rule_source);
	message_start(&message);
	REQUIRE(compile_add_rule_file(&message, &file));
	check_exact(body_of(RECORD_RULE_FILE), get_rule_file);
	message_start(&message);
	REQUIRE(compile_add_build(&message));
	check_exact(body_of(RECORD_BUILD), compile_get_build);
	message_start(&message);
	REQUIRE(compile_add_problem(&message, &problem));
	check_exact(body_of(RECORD_PROBLEM), get_problem);
	message_start(&message);
	REQUIRE(compile_add_count_of_file(&message, &count));
	check_exact(body_of(RECORD_COUNT_OF_FILE), get_count);
	message_start(&message);
	REQUIRE(compile_add_fact(&message, &fact));
	check_exact(body_of(RECORD_FACT), get_fact);
	message_start(&message);
	REQUIRE(compile_add_piece(&message, &piece));
	check_exact(body_of(RECORD_PIECE), get_piece);
	message_start(&message);
	REQUIRE(compile_add_built(&message, &built));
	check_exact(body_of(RECORD_BUILT), get_built);
}

TEST_MAIN()
