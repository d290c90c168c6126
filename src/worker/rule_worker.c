/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/rule_worker.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/digest.h"
#include "database/build.h"
#include "ipc/channel.h"
#include "ipc/compile_record.h"
#include "sandbox/call_list.h"
#include "worker/container_worker.h"
#include "worker/zygote.h"

/* Of the private memory, what is not the arena. */
#define MEMORY_BESIDE_ARENA (UINT64_C(24) << 20)

struct order {
	struct arena arena;
	struct message *received;
	struct message *answer;
	struct record_compile compile;
	struct build_source *sources;
	size_t source_count;
	struct build_input *inputs;
	size_t input_count;
	bool is_complete; /* build was said */
	bool is_broken;   /* nobody takes the answer */
};

static bool take_order(struct order *order);
static bool take_message(struct order *order, struct reader records,
			 const struct channel_fds *fds);
static bool take_record(struct order *order, uint32_t kind, struct slice body, int fd);
static bool take_compile(struct order *order, struct slice body);
static bool take_source(struct order *order, struct slice body);
static bool take_file(struct order *order, struct slice body, int fd);
static bool copy(struct order *order, struct slice *text);
static void build(struct order *order, const struct digests *digests);
static void run_container_job(struct order *order, const struct digests *digests);
static void on_problem(void *context, const struct build_problem *problem);
static bool on_write(void *context, uint64_t offset, const void *bytes, size_t len);
static void flush(struct order *order);

#define ADD(order, function, record) \
	do { \
		if (!function((order)->answer, (record))) { \
			flush(order); \
			if (!function((order)->answer, (record))) \
				(order)->is_broken = true; \
		} \
	} while (0)

int rule_worker_run(uint64_t memory_bytes, const struct digests *digests,
		    struct message *received)
{
	struct order order = { .received = received };
	int status = EXIT_WORKER_PROTOCOL;

	arena_init(&order.arena, memory_bytes > MEMORY_BESIDE_ARENA ?
					 (size_t)(memory_bytes - MEMORY_BESIDE_ARENA) :
					 0);
	order.answer = arena_new(&order.arena, struct message);
	if (order.answer && take_order(&order)) {
		if (order.compile.action == RECORD_COMPILE_RULES)
			build(&order, digests);
		else
			run_container_job(&order, digests);
		status = EXIT_WORKER_OK;
	}
	arena_clear(&order.arena);
	return status;
}

static bool take_order(struct order *order)
{
	struct channel_fds fds;
	struct reader records;

	while (!order->is_complete) {
		if (channel_receive(SANDBOX_SOCKET_FD, order->received, &fds) !=
		    CHANNEL_OK)
			return false;
		if (!message_open(order->received->bytes, order->received->len,
				  &records) ||
		    !take_message(order, records, &fds))
			return false;
	}
	return order->source_count == order->compile.source_count &&
	       order->input_count == order->compile.file_count;
}

/* The n-th rule file of a message comes with the n-th descriptor. */
static bool take_message(struct order *order, struct reader records,
			 const struct channel_fds *fds)
{
	struct slice body;
	uint32_t kind;
	size_t taken = 0;

	while (message_next(&records, &kind, &body) == MESSAGE_RECORD) {
		int fd = -1;
		if (kind == RECORD_RULE_FILE) {
			if (taken == fds->count)
				return false;
			fd = fds->list[taken++];
		}
		if (!take_record(order, kind, body, fd))
			return false;
	}
	return taken == fds->count;
}

static bool take_record(struct order *order, uint32_t kind, struct slice body, int fd)
{
	switch (kind) {
	case RECORD_COMPILE:
		return !order->inputs && take_compile(order, body);
	case RECORD_RULE_SOURCE:
		return order->source_count < order->compile.source_count &&
		       take_source(order, body);
	case RECORD_RULE_FILE:
		return order->input_count < order->compile.file_count &&
		       take_file(order, body, fd);
	case RECORD_BUILD:
		order->is_complete = true;
		return compile_get_build(body);
	}
	return false;
}

static bool take_compile(struct order *order, struct slice body)
{
	if (!compile_get(body, &order->compile) ||
	    !copy(order, &order->compile.argument) ||
	    !copy(order, &order->compile.build_id) ||
	    !copy(order, &order->compile.pua_categories))
		return false;
	order->sources = arena_new_array(&order->arena, struct build_source,
					 order->compile.source_count);
	order->inputs = arena_new_array(&order->arena, struct build_input,
					order->compile.file_count);
	return order->sources && order->inputs;
}

static bool take_source(struct order *order, struct slice body)
{
	struct record_rule_source got;

	if (!compile_get_rule_source(body, &got) || !copy(order, &got.name) ||
	    !copy(order, &got.coverage) || !copy(order, &got.licence))
		return false;
	order->sources[order->source_count++] = (struct build_source){
		.name = got.name,
		.coverage = got.coverage,
		.licence = got.licence,
		.is_trusted = got.is_trusted,
	};
	return true;
}

static bool take_file(struct order *order, struct slice body, int fd)
{
	struct record_rule_file got;

	if (!compile_get_rule_file(body, &got) || got.role >= BUILD_ROLES ||
	    got.of >= order->compile.file_count ||
	    got.source >= order->compile.source_count || !copy(order, &got.name))
		return false;
	order->inputs[order->input_count++] = (struct build_input){
		.name = got.name,
		.content = source_of_fd(fd, got.size_bytes, NULL, 0),
		.source_id = got.source,
		.role = (enum build_role)got.role,
		.of = got.of,
	};
	return true;
}

static bool copy(struct order *order, struct slice *text)
{
	return arena_copy(&order->arena, *text, text);
}

static void build(struct order *order, const struct digests *digests)
{
	struct record_built built = { .status = STATUS_NO_MEMORY };
	struct build_count *counts = arena_new_array(&order->arena, struct build_count,
						     order->input_count);
	const struct build_options options = {
		.sources = order->sources,
		.source_count = order->source_count,
		.build_id = order->compile.build_id,
		.pua = {
			.is_wanted = order->compile.pua,
			.categories = order->compile.pua_categories,
			.is_exclusion = order->compile.pua_is_exclusion,
			.no_phishing = order->compile.no_phishing,
		},
		.clamav_compat = order->compile.clamav_compat,
		.bytecode_unsigned = order->compile.bytecode_unsigned,
		.arena = &order->arena,
		.digests = digests,
		.problem = on_problem,
		.write = on_write,
		.context = order,
	};

	message_start(order->answer);
	if (counts)
		built.status = (uint32_t)database_build(&options, order->inputs,
							order->input_count, counts,
							&built.size_bytes);
	for (size_t i = 0; counts && i < order->input_count; i++) {
		const struct record_count_of_file count = {
			.input = (uint32_t)i,
			.taken = counts[i].taken,
			.refused = counts[i].refused,
			.skipped = counts[i].skipped,
		};
		ADD(order, compile_add_count_of_file, &count);
	}
	ADD(order, compile_add_built, &built);
	flush(order);
}

static void on_fact(void *context, const struct record_fact *fact)
{
	struct order *order = context;
	struct record_fact record = *fact;

	record.value.len = min_size(record.value.len, RECORD_TEXT_MAX);
	ADD(order, compile_add_fact, &record);
}

static void on_piece(void *context, const struct record_piece *piece)
{
	struct order *order = context;

	ADD(order, compile_add_piece, piece);
}

static struct source read_back(void *context, uint64_t size)
{
	(void)context;
	return source_of_fd(SANDBOX_WRITE_FD, size, NULL, 0);
}

/* Signatures and certificates stand behind what they are of. */
static size_t count_rule_files(const struct order *order)
{
	size_t count = 0;

	while (count < order->input_count && order->inputs[count].role == BUILD_RULES)
		count++;
	return count;
}

static void run_container_job(struct order *order, const struct digests *digests)
{
	struct record_built built = { .status = STATUS_NO_MEMORY };
	struct cvd_room *room = arena_new(&order->arena, struct cvd_room);
	const struct container_job job = {
		.action = (enum record_action)order->compile.action,
		.argument = order->compile.argument,
		.files = order->inputs,
		.file_count = count_rule_files(order),
		.beside_count = order->input_count,
		.arena = &order->arena,
		.digests = digests,
		.room = room,
		.fact = on_fact,
		.piece = on_piece,
		.context = order,
	};

	message_start(order->answer);
	if (room) {
		room->write = on_write;
		room->read = read_back;
		room->context = order;
		room->size_max = UINT64_MAX;
		built.status = (uint32_t)container_job_run(&job);
		built.size_bytes = room->at;
	}
	ADD(order, compile_add_built, &built);
	flush(order);
}

static void on_problem(void *context, const struct build_problem *problem)
{
	struct order *order = context;
	struct record_problem record = {
		.severity = (uint32_t)problem->severity,
		.input = problem->input,
		.line = problem->line,
		.column = problem->column,
		.member = problem->member,
		.message = slice_of(problem->message),
		.detail = problem->detail,
	};

	record.message.len = min_size(record.message.len, RECORD_TEXT_MAX);
	record.detail.len = min_size(record.detail.len, RECORD_TEXT_MAX);
	ADD(order, compile_add_problem, &record);
}

static bool on_write(void *context, uint64_t offset, const void *bytes, size_t len)
{
	struct reader left = reader_of(bytes, len);
	const struct order *order = context;

	if (order->is_broken)
		return false;
	while (reader_left(&left) > 0) {
		struct reader rest = left;
		struct slice piece = reader_rest(&rest);
		ssize_t written = pwrite(SANDBOX_WRITE_FD, piece.base, piece.len,
					 (off_t)(offset + left.pos));
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		reader_skip(&left, (size_t)written);
	}
	return true;
}

static void flush(struct order *order)
{
	if (!order->is_broken && !message_is_empty(order->answer)) {
		message_finish(order->answer);
		order->is_broken = channel_send(SANDBOX_SOCKET_FD, order->answer, NULL) !=
				   CHANNEL_OK;
	}
	message_start(order->answer);
}
