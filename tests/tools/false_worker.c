/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker program that can be captured, for the tests of the pool. It speaks
 * the protocol, knows one rule (files that begin with FOUND), and is not
 * locked up. A file that begins with `CAPTURE what` makes the worker that gets
 * it do that from then on: what a captured worker might try.
 */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/channel.h"
#include "ipc/crumb.h"
#include "ipc/job_record.h"
#include "ipc/zygote_record.h"

enum { SOCKET = 3 };

static struct message in, out;
static struct crumb *crumb;
static bool answers_clean;
static bool dies_after_batch;

static void flush(void)
{
	message_finish(&out);
	if (channel_send(SOCKET, &out, NULL) != CHANNEL_OK)
		_exit(0);
	message_start(&out);
}

static void add(bool added)
{
	assert(added);
}

static void done(uint64_t job, uint32_t findings)
{
	add(job_add_done(&out,
			 &(struct record_done){ .job = job, .findings = findings }));
}

static void object(uint64_t job, uint32_t depth, uint32_t type)
{
	add(job_add_object(&out, &(struct record_object){
					 .job = job, .depth = depth, .type = type }));
}

static void hit(uint64_t job, uint32_t depth, uint32_t rule)
{
	add(job_add_hit(
		&out, &(struct record_hit){ .job = job, .depth = depth, .rule = rule }));
}

/* What may be done to a worker, each under the name that the file says. */

static void do_hang(uint64_t job)
{
	(void)job;
	for (;;)
		pause();
}

static void do_exit(uint64_t job)
{
	(void)job;
	_exit(17);
}

static void do_crash(uint64_t job)
{
	(void)job;
	signal(SIGSEGV, SIG_DFL); /* a sanitizer has its own opinion of it */
	raise(SIGSEGV);
}

/* Sees nothing any more, as long as it lives. */
static void do_clean(uint64_t job)
{
	answers_clean = true;
	done(job, 0);
}

static void do_clean_then_die(uint64_t job)
{
	dies_after_batch = true;
	do_clean(job);
}

static void do_garbage(uint64_t job)
{
	uint8_t bytes[4096];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(job * 31 + i * 7);
	(void)!send(SOCKET, bytes, sizeof(bytes), 0);
}

static void do_oversize(uint64_t job)
{
	static uint8_t bytes[MESSAGE_MAX + 100];

	(void)job;
	(void)!send(SOCKET, bytes, sizeof(bytes), 0);
}

static void do_empty(uint64_t job)
{
	(void)job;
	(void)!send(SOCKET, "", 0, 0);
	do_hang(job);
}

static void do_descriptors(uint64_t job)
{
	const struct channel_fds fds = { { SOCKET, SOCKET }, 2 };

	done(job, 0);
	message_finish(&out);
	(void)!channel_send(SOCKET, &out, &fds);
	message_start(&out);
}

static void do_other_job(uint64_t job)
{
	done(job + 1, 0);
}

static void do_twice(uint64_t job)
{
	done(job, 0);
	done(job, 0);
}

static void do_rule(uint64_t job)
{
	object(job, 0, 0);
	hit(job, 0, UINT32_MAX);
}

static void do_nowhere(uint64_t job)
{
	hit(job, 3, 0);
}

static void do_deep(uint64_t job)
{
	for (uint32_t depth = 0; depth < 1000; depth++)
		object(job, depth, 0);
}

static void do_type(uint64_t job)
{
	object(job, 0, 60000);
}

static void do_hello(uint64_t job)
{
	(void)job;
	add(zygote_add_hello(&out, &(struct record_hello){ 0 }));
}

static void do_outcome(uint64_t job)
{
	done(job, 5);
}

static void do_data(uint64_t job)
{
	object(job, 0, 0);
	add(job_add_data(&out,
			 &(struct record_data){ .job = job, .bytes = { out.bytes, 9 } }));
}

static void do_flood(uint64_t job)
{
	for (;;) {
		for (int i = 0; i < 1000; i++)
			object(job, 0, 0);
		flush();
	}
}

static void do_close(uint64_t job)
{
	close(SOCKET);
	do_hang(job);
}

/* Says that it is at another file than it is. */
static void do_blame(uint64_t job)
{
	crumb->job = job + 1000000;
	crumb->type = 60000;
	memset(crumb->text, 0x1b, sizeof(crumb->text));
	raise(SIGKILL);
}

static const struct {
	const char *name;
	void (*act)(uint64_t job);
} table[] = {
	{ "hang", do_hang },
	{ "exit", do_exit },
	{ "crash", do_crash },
	{ "clean", do_clean },
	{ "clean-then-die", do_clean_then_die },
	{ "garbage", do_garbage },
	{ "oversize", do_oversize },
	{ "empty", do_empty },
	{ "descriptors", do_descriptors },
	{ "other-job", do_other_job },
	{ "twice", do_twice },
	{ "rule", do_rule },
	{ "nowhere", do_nowhere },
	{ "deep", do_deep },
	{ "type", do_type },
	{ "hello", do_hello },
	{ "outcome", do_outcome },
	{ "data", do_data },
	{ "flood", do_flood },
	{ "close", do_close },
	{ "blame", do_blame },
};

static void look(uint64_t job, int fd)
{
	char text[64] = { 0 };
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	*crumb = (struct crumb){ .job = job };
	if (got > 0)
		text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; strncmp(text, "CAPTURE ", 8) == 0 && i < ARRAY_LEN(table);
	     i++) {
		if (strcmp(text + 8, table[i].name) == 0) {
			table[i].act(job);
			return;
		}
	}
	const bool is_found = strncmp(text, "FOUND", 5) == 0 && !answers_clean;
	if (is_found) {
		object(job, 0, 0);
		hit(job, 0, 0);
	}
	done(job, is_found);
}

static void work(void)
{
	struct channel_fds fds;
	struct reader records;
	struct slice body;
	uint32_t kind;
	static struct extent extents[RECORD_EXTENTS_MAX];

	message_start(&out);
	add(zygote_add_hello(&out, &(struct record_hello){ .raised = 1 }));
	flush();
	while (channel_receive(SOCKET, &in, &fds) == CHANNEL_OK) {
		size_t index = 0;
		if (!message_open(in.bytes, in.len, &records))
			_exit(1);
		while (message_next(&records, &kind, &body) == MESSAGE_RECORD) {
			struct record_job job = { .extents = extents };
			if (!job_get(body, &job))
				_exit(1);
			look(job.id, fds.list[index]);
			close(fds.list[index++]);
			if (dies_after_batch && index + 1 == fds.count) {
				flush();
				raise(SIGKILL);
			}
		}
		flush();
	}
	_exit(0);
}

static struct {
	pid_t pid;
	uint32_t life;
} slots[512];

static void tell_death(uint32_t slot, int how)
{
	struct record_ended ended = { .slot = slot, .life = slots[slot].life };

	ended.is_signal = WIFSIGNALED(how);
	ended.code = ended.is_signal ? (uint32_t)WTERMSIG(how) :
				       (uint32_t)WEXITSTATUS(how);
	slots[slot].pid = 0;
	message_start(&out);
	add(zygote_add_ended(&out, &ended));
	flush();
}

static void tell_deaths(void)
{
	int how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		for (uint32_t slot = 0; slot < ARRAY_LEN(slots); slot++) {
			if (slots[slot].pid == pid)
				tell_death(slot, how);
		}
	}
}

static void start_worker(const struct record_worker *wanted,
			 const struct channel_fds *fds)
{
	pid_t pid = fork();

	if (pid == 0) {
		/* As of the true one: nobody is left behind, however it hangs. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
			_exit(1);
		crumb = crumb_map(fds->list[1]);
		dup2(fds->list[0], SOCKET);
		for (size_t i = 0; i < fds->count; i++)
			close(fds->list[i]);
		work();
	}
	slots[wanted->slot].pid = pid;
	slots[wanted->slot].life = wanted->life;
	message_start(&out);
	add(zygote_add_started(&out, &(struct record_started){ .slot = wanted->slot,
							       .life = wanted->life,
							       .pid = (uint32_t)pid }));
	flush();
}

/* False: that was no message of the parent's. */
static bool obey(const struct channel_fds *fds)
{
	struct record_worker wanted;
	struct record_kill killed;
	struct reader records;
	struct slice body;
	uint32_t kind;

	if (!message_open(in.bytes, in.len, &records) ||
	    message_next(&records, &kind, &body) != MESSAGE_RECORD)
		return false;
	if (kind == RECORD_WORKER && zygote_get_worker(body, &wanted))
		start_worker(&wanted, fds);
	else if (kind == RECORD_KILL && zygote_get_kill(body, &killed) &&
		 slots[killed.slot].pid > 0 && slots[killed.slot].life == killed.life)
		kill(slots[killed.slot].pid, SIGKILL);
	for (size_t i = 0; i < fds->count; i++)
		close(fds->list[i]);
	return true;
}

int main(void)
{
	struct channel_fds fds;
	const struct timeval tick = { .tv_usec = 5000 };

	if (channel_receive(SOCKET, &in, &fds) != CHANNEL_OK)
		return 1;
	message_start(&out);
	add(zygote_add_ready(&out));
	flush();
	/* A false zygote may be a slow one: it looks for deaths now and then. */
	setsockopt(SOCKET, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
	for (;;) {
		enum channel_result result = channel_receive(SOCKET, &in, &fds);
		tell_deaths();
		if (result == CHANNEL_OK && !obey(&fds))
			return 1;
		if (result != CHANNEL_OK && result != CHANNEL_AGAIN)
			return 0;
	}
}
