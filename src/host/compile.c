/* SPDX-License-Identifier: Apache-2.0 */
#include "host/compile.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/socket_pair.h"
#include "host/zygote_link.h"
#include "ipc/compile_record.h"
#include "ipc/crumb.h"

#define OUT_BYTES_DEFAULT (UINT64_C(8) << 30)
#define MEMORY_DEFAULT (UINT64_C(4) << 30)
enum { TIME_DEFAULT_MS = 10 * 60 * 1000 };

/* Descriptors of the worker beside the rule files. */
enum { DESCRIPTORS_BESIDE = 16 };

struct compiling {
	const struct compile_options *options;
	struct build_count *counts;
	struct pool_error *error;
	struct zygote_link zygote;
	int socket;
	int crumb;
	struct message *message;
	uint64_t deadline_ms;
	bool has_hello;
	bool is_built;
	struct record_built built;
};

static bool open_worker(struct compiling *compiling);
static bool send_order(struct compiling *compiling);
static bool send_sources(struct compiling *compiling);
static bool send_files(struct compiling *compiling);
static bool send_message(struct compiling *compiling, const struct channel_fds *fds);
static bool hear_until_built(struct compiling *compiling);
static bool hear_worker(struct compiling *compiling);
static bool take(struct compiling *compiling, uint32_t kind, struct slice body);
static bool take_problem(struct compiling *compiling, struct slice body);
static bool take_count(struct compiling *compiling, struct slice body);
static bool take_fact(struct compiling *compiling, struct slice body);
static bool take_piece(struct compiling *compiling, struct slice body);
static bool take_built(struct compiling *compiling, struct slice body);
static bool hear_zygote(struct compiling *compiling);
static bool hear_out(struct compiling *compiling, const struct record_ended *ended);
static bool wait_for(struct compiling *compiling, short events);
static bool accept_segment(struct compiling *compiling, uint64_t *ret_size_bytes);
static bool fail(struct compiling *compiling, const char *why);
static uint64_t clock_ms(void);

bool compile_rules(const struct compile_options *options, struct build_count *counts,
		   uint64_t *ret_size_bytes, struct pool_error *error)
{
	AUTO_FREE struct message *message = malloc(sizeof(*message));
	struct compiling compiling = {
		.options = options,
		.counts = counts,
		.error = error,
		.zygote.socket = -1,
		.socket = -1,
		.crumb = -1,
		.message = message,
		.deadline_ms = clock_ms() + TIME_DEFAULT_MS,
	};

	if (options->time_ms > 0)
		compiling.deadline_ms = clock_ms() + options->time_ms;
	if (!message)
		return fail(&compiling, "no memory");
	memset(counts, 0, options->file_count * sizeof(*counts));
	bool ok = open_worker(&compiling) && send_order(&compiling) &&
		  hear_until_built(&compiling) &&
		  accept_segment(&compiling, ret_size_bytes);
	zygote_link_close(&compiling.zygote);
	cleanup_close(&compiling.socket);
	cleanup_close(&compiling.crumb);
	return ok;
}

static bool open_worker(struct compiling *compiling)
{
	const struct compile_options *options = compiling->options;
	AUTO_CLOSE int theirs = -1;
	struct record_setup setup = {
		.role = 1,
		.memory_bytes = MEMORY_DEFAULT,
		.file_bytes = OUT_BYTES_DEFAULT,
		.descriptors = (uint32_t)options->file_count + DESCRIPTORS_BESIDE,
		.limits = scan_limits_default(),
	};

	if (options->memory_bytes > 0)
		setup.memory_bytes = options->memory_bytes;
	if (options->out_bytes_max > 0)
		setup.file_bytes = options->out_bytes_max;
	if (!zygote_link_open(&compiling->zygote, options->worker_path, &setup, NULL,
			      compiling->error))
		return false;
	compiling->crumb = crumb_make();
	if (compiling->crumb < 0 || !socket_pair(&compiling->socket, &theirs))
		return fail(compiling, strerror(errno));
	const struct worker_fds fds = { theirs, compiling->crumb, options->out_fd };
	if (!zygote_link_start(&compiling->zygote, 0, 1, &fds))
		return fail(compiling, strerror(errno));
	return true;
}

static bool send_order(struct compiling *compiling)
{
	const struct record_compile compile = {
		.action = (uint32_t)compiling->options->action,
		.argument = compiling->options->argument,
		.source_count = (uint32_t)compiling->options->source_count,
		.file_count = (uint32_t)compiling->options->file_count,
		.build_id = compiling->options->build_id,
		.pua = compiling->options->pua.is_wanted,
		.pua_is_exclusion = compiling->options->pua.is_exclusion,
		.pua_categories = compiling->options->pua.categories,
		.no_phishing = compiling->options->pua.no_phishing,
		.clamav_compat = compiling->options->clamav_compat,
		.bytecode_unsigned = compiling->options->bytecode_unsigned,
	};

	message_start(compiling->message);
	if (!compile_add(compiling->message, &compile))
		return fail(compiling, "too many rule files, or categories");
	if (!send_message(compiling, NULL) || !send_sources(compiling) ||
	    !send_files(compiling))
		return false;
	message_start(compiling->message);
	if (!compile_add_build(compiling->message))
		return fail(compiling, "no room");
	return send_message(compiling, NULL);
}

static bool send_sources(struct compiling *compiling)
{
	const struct compile_options *options = compiling->options;

	for (size_t i = 0; i < options->source_count; i++) {
		const struct build_source *source = &options->sources[i];
		const struct record_rule_source record = {
			.name = source->name,
			.coverage = source->coverage,
			.licence = source->licence,
			.is_trusted = source->is_trusted,
		};
		message_start(compiling->message);
		if (!compile_add_rule_source(compiling->message, &record))
			return fail(compiling, "the name of a source is too long");
		if (!send_message(compiling, NULL))
			return false;
	}
	return true;
}

static bool send_files(struct compiling *compiling)
{
	const struct compile_options *options = compiling->options;
	struct channel_fds fds = { .count = 0 };

	message_start(compiling->message);
	for (size_t i = 0; i < options->file_count; i++) {
		const struct compile_file *file = &options->files[i];
		const struct record_rule_file record = {
			.source = file->source_id,
			.role = (uint32_t)file->role,
			.of = file->of,
			.size_bytes = file->size_bytes,
			.name = file->name,
		};
		bool is_full = fds.count == CHANNEL_FDS_MAX;
		if (!is_full)
			is_full = !compile_add_rule_file(compiling->message, &record);
		if (is_full) {
			if (fds.count == 0)
				return fail(compiling, "a rule file's name is too long");
			if (!send_message(compiling, &fds))
				return false;
			message_start(compiling->message);
			fds.count = 0;
			if (!compile_add_rule_file(compiling->message, &record))
				return fail(compiling, "a rule file's name is too long");
		}
		fds.list[fds.count++] = file->fd;
	}
	return message_is_empty(compiling->message) || send_message(compiling, &fds);
}

static bool send_message(struct compiling *compiling, const struct channel_fds *fds)
{
	message_finish(compiling->message);
	for (;;) {
		switch (channel_send(compiling->socket, compiling->message, fds)) {
		case CHANNEL_OK:
			return true;
		case CHANNEL_AGAIN:
			if (!wait_for(compiling, POLLOUT))
				return false;
			break;
		case CHANNEL_CLOSED:
			/* Why is heard of from the zygote, by whoever waits next. */
			return true;
		case CHANNEL_BROKEN:
		case CHANNEL_FAILED:
			return fail(compiling, strerror(errno));
		}
	}
}

static bool hear_until_built(struct compiling *compiling)
{
	while (!compiling->is_built) {
		if (!wait_for(compiling, POLLIN) || !hear_worker(compiling))
			return false;
	}
	return true;
}

/* One message, if there is one. */
static bool hear_worker(struct compiling *compiling)
{
	struct reader records;
	struct slice body;
	uint32_t kind;

	switch (channel_receive(compiling->socket, compiling->message, NULL)) {
	case CHANNEL_OK:
		break;
	case CHANNEL_AGAIN:
		return true;
	case CHANNEL_CLOSED:
		/* Nothing more from there; the zygote says how it ended. */
		cleanup_close(&compiling->socket);
		compiling->socket = -1;
		return true;
	case CHANNEL_BROKEN:
	case CHANNEL_FAILED:
		return fail(compiling, "it answered what no worker of ours answers");
	}
	if (!message_open(compiling->message->bytes, compiling->message->len, &records))
		return fail(compiling, "it answered what no worker of ours answers");
	while (message_next(&records, &kind, &body) == MESSAGE_RECORD) {
		if (compiling->is_built || !take(compiling, kind, body))
			return fail(compiling,
				    "it answered what no worker of ours answers");
	}
	return true;
}

static bool take(struct compiling *compiling, uint32_t kind, struct slice body)
{
	struct record_hello hello;

	if (!compiling->has_hello) {
		compiling->has_hello = kind == RECORD_HELLO &&
				       zygote_get_hello(body, &hello);
		return compiling->has_hello;
	}
	switch (kind) {
	case RECORD_PROBLEM:
		return take_problem(compiling, body);
	case RECORD_COUNT_OF_FILE:
		return take_count(compiling, body);
	case RECORD_FACT:
		return take_fact(compiling, body);
	case RECORD_PIECE:
		return take_piece(compiling, body);
	case RECORD_BUILT:
		return take_built(compiling, body);
	}
	return false;
}

static bool take_problem(struct compiling *compiling, struct slice body)
{
	const struct compile_options *options = compiling->options;
	struct record_problem got;
	char message[RECORD_TEXT_MAX + 1];

	if (!compile_get_problem(body, &got) || got.input >= options->file_count)
		return false;
	/* Ours are plain text; what came need not be ours. */
	for (size_t i = 0; i < got.message.len; i++) {
		uint8_t byte = got.message.base[i];
		message[i] = byte < 0x20 || byte >= 0x7f ? '?' : (char)byte;
	}
	message[got.message.len] = '\0';
	const struct build_problem problem = {
		.severity = (enum build_severity)got.severity,
		.input = got.input,
		.line = got.line,
		.column = got.column,
		.member = got.member,
		.message = message,
		.detail = got.detail,
	};
	if (options->problem)
		options->problem(options->context, &problem);
	return true;
}

static bool take_count(struct compiling *compiling, struct slice body)
{
	struct record_count_of_file got;

	if (!compile_get_count_of_file(body, &got) ||
	    got.input >= compiling->options->file_count)
		return false;
	compiling->counts[got.input] = (struct build_count){
		.taken = got.taken,
		.refused = got.refused,
		.skipped = got.skipped,
	};
	return true;
}

/* Only what was asked for is told. */
static bool take_fact(struct compiling *compiling, struct slice body)
{
	const struct compile_options *options = compiling->options;
	struct record_fact got;

	if (!options->fact || !compile_get_fact(body, &got) ||
	    got.input >= options->file_count)
		return false;
	options->fact(options->context, &got);
	return true;
}

static bool take_piece(struct compiling *compiling, struct slice body)
{
	const struct compile_options *options = compiling->options;
	struct record_piece got;

	if (!options->piece || !compile_get_piece(body, &got))
		return false;
	options->piece(options->context, &got);
	return true;
}

static bool take_built(struct compiling *compiling, struct slice body)
{
	compiling->is_built = compile_get_built(body, &compiling->built);
	return compiling->is_built;
}

/* False: it is over, and why has been said. */
static bool hear_zygote(struct compiling *compiling)
{
	for (;;) {
		struct zygote_news news = zygote_link_hear(&compiling->zygote,
							   compiling->message);
		switch (news.kind) {
		case ZYGOTE_NOTHING:
			return true;
		case ZYGOTE_READY:
			break;
		case ZYGOTE_STARTED:
			if (news.started.pid == 0)
				return fail(compiling, strerror(news.started.error));
			break;
		case ZYGOTE_FAILED:
			zygote_link_explain(&news.failed, compiling->error);
			return false;
		case ZYGOTE_GONE:
			return fail(compiling, "the process it comes from is gone");
		case ZYGOTE_ENDED:
			return hear_out(compiling, &news.ended);
		}
	}
}

/* The worker is dead. What it had said before can still be heard. */
static bool hear_out(struct compiling *compiling, const struct record_ended *ended)
{
	struct crumb crumb = { 0 };

	while (compiling->socket >= 0 && !compiling->is_built) {
		if (!hear_worker(compiling))
			return false;
	}
	if (compiling->is_built)
		return true;
	if (!crumb_read(compiling->crumb, &crumb))
		crumb.text[0] = '\0';
	pool_error_set(compiling->error, "the process that did it %s %u%s%s",
		       ended->is_signal ? "was killed by signal" : "ended with status",
		       ended->code, crumb.text[0] ? ": " : "", crumb.text);
	return false;
}

/* Until the worker can be heard, or written to. Meanwhile the zygote is heard. */
static bool wait_for(struct compiling *compiling, short events)
{
	struct pollfd polled[] = {
		{ .fd = compiling->socket, .events = events },
		{ .fd = compiling->zygote.socket, .events = POLLIN },
	};
	const uint64_t now_ms = clock_ms();

	if (now_ms >= compiling->deadline_ms)
		return fail(compiling, "it takes too long");
	int ready = poll(polled, ARRAY_LEN(polled),
			 (int)min_u64(compiling->deadline_ms - now_ms, INT32_MAX));
	if (ready < 0)
		return errno == EINTR || fail(compiling, strerror(errno));
	return !polled[1].revents || hear_zygote(compiling);
}

static bool accept_segment(struct compiling *compiling, uint64_t *ret_size_bytes)
{
	const struct record_built *built = &compiling->built;
	const int fd = compiling->options->out_fd;
	struct stat facts;

	switch ((enum status)built->status) {
	case STATUS_OK:
		break;
	case STATUS_NO_MEMORY:
		return fail(compiling, "they need more memory than is allowed");
	case STATUS_IO:
		return fail(compiling,
			    "the compiled rules cannot be written, or a rule file "
			    "cannot be read");
	case STATUS_LIMIT:
		return fail(compiling, "there are more of them than fit one file");
	case STATUS_END:
	case STATUS_TRUNCATED:
	case STATUS_MALFORMED:
	case STATUS_UNSUPPORTED:
	case STATUS_ENCRYPTED:
	case STATUS_VOLUMES:
	case STATUS_TIME:
	case STATUS_CHANGED:
		return fail(compiling, status_name((enum status)built->status));
	}
	/* Its size is what the worker says, if it wrote that much; nothing lies behind. */
	if (fstat(fd, &facts) != 0 || built->size_bytes > (uint64_t)facts.st_size ||
	    ftruncate(fd, (off_t)built->size_bytes) != 0)
		return fail(compiling, "less was written than was said");
	*ret_size_bytes = built->size_bytes;
	return true;
}

static bool fail(struct compiling *compiling, const char *why)
{
	pool_error_set(compiling->error, "%s", why);
	return false;
}

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
