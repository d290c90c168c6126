/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/zygote.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/channel.h"
#include "ipc/zygote_record.h"
#include "sandbox/sandbox.h"
#include "worker/engine.h"
#include "worker/rule_worker.h"
#include "worker/scan_worker.h"

enum { SLOTS_MAX = 512 };

/* Where deaths of workers are heard of; so that no descriptor that comes in gets this number. */
enum { DEATHS_FD = SANDBOX_WRITE_FD };

struct zygote {
	struct sandbox sandbox;
	struct engine engine;
	struct message message;
	struct {
		pid_t pid; /* 0: nobody */
		uint32_t life;
	} slots[SLOTS_MAX];
	void (*on_worker)(struct crumb *crumb);
};

/* How a step of the zygote's loop ended. */
enum step {
	STEP_ON,
	STEP_END,    /* the parent hung up, or nothing can go on */
	STEP_WORKER, /* this is a worker now, and it is through */
};

/*
 * The walls. Sanitizers live on system calls that no worker has, so that their
 * builds, which are never installed, go without.
 */
#ifdef CUSTOS_ENGINE_IN_PROCESS
static bool shut_in_zygote(struct sandbox *sandbox)
{
	(void)sandbox;
	return true;
}

static pid_t fork_worker(struct sandbox *sandbox)
{
	(void)sandbox;
	return fork();
}

static bool shut_in_worker(struct sandbox *sandbox)
{
	(void)sandbox;
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}
#else
static bool shut_in_zygote(struct sandbox *sandbox)
{
	return sandbox_prepare(sandbox);
}

static pid_t fork_worker(struct sandbox *sandbox)
{
	return sandbox_fork(sandbox);
}

static bool shut_in_worker(struct sandbox *sandbox)
{
	return sandbox_lock(sandbox);
}
#endif

static bool hear_of_deaths(void);
static bool set_up(struct zygote *zygote);
static bool prepare(struct zygote *zygote, const struct record_setup *setup,
		    const struct channel_fds *segments, struct record_failed *failed);
static bool say(struct zygote *zygote, bool added);
static enum step serve(struct zygote *zygote, int *ret_status);
static enum step obey(struct zygote *zygote, int *ret_status);
static enum step start_worker(struct zygote *zygote, const struct record_worker *wanted,
			      struct channel_fds *fds, int *ret_status);
static int be_worker(struct zygote *zygote, const struct record_worker *wanted,
		     const struct channel_fds *fds);
static bool tell_deaths(struct zygote *zygote);
static bool tell_death(struct zygote *zygote, pid_t pid, int how);
static void close_all(struct channel_fds *fds);

int zygote_run(void (*on_worker)(struct crumb *crumb))
{
	struct zygote *zygote = calloc(1, sizeof(*zygote));
	int status = EXIT_WORKER_OK;

	if (!zygote)
		return EXIT_WORKER_NOT_LOCKED;
	zygote->on_worker = on_worker;
	if (!hear_of_deaths() || !set_up(zygote)) {
		free(zygote);
		return EXIT_WORKER_NOT_LOCKED;
	}
	enum step step = STEP_ON;
	while (step == STEP_ON)
		step = serve(zygote, &status);
	/* The workers go when the zygote does. */
	free(zygote);
	return status;
}

static bool hear_of_deaths(void)
{
	sigset_t deaths;

	sigemptyset(&deaths);
	sigaddset(&deaths, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &deaths, NULL) != 0)
		return false;
	int fd = signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return false;
	if (fd == DEATHS_FD)
		return true;
	bool ok = dup3(fd, DEATHS_FD, O_CLOEXEC) == DEATHS_FD;
	close(fd);
	return ok;
}

static bool set_up(struct zygote *zygote)
{
	struct record_failed failed = { .failure = SETUP_PROTOCOL };
	struct record_setup setup;
	struct channel_fds segments;
	struct reader records;
	struct slice body;
	uint32_t kind;

	if (channel_receive(SANDBOX_SOCKET_FD, &zygote->message, &segments) != CHANNEL_OK)
		return false;
	bool ok = message_open(zygote->message.bytes, zygote->message.len, &records) &&
		  message_next(&records, &kind, &body) == MESSAGE_RECORD &&
		  kind == RECORD_SETUP && zygote_get_setup(body, &setup) &&
		  prepare(zygote, &setup, &segments, &failed);
	close_all(&segments);
	message_start(&zygote->message);
	if (ok)
		return say(zygote, zygote_add_ready(&zygote->message));
	(void)say(zygote, zygote_add_failed(&zygote->message, &failed));
	return false;
}

static bool prepare(struct zygote *zygote, const struct record_setup *setup,
		    const struct channel_fds *segments, struct record_failed *failed)
{
	zygote->sandbox = (struct sandbox){
		.role = (enum sandbox_role)setup->role,
		.memory_bytes = setup->memory_bytes,
		.file_bytes = setup->file_bytes,
		.descriptors = setup->descriptors,
	};
	/* A zygote for compiling has no segments, and no use for the rest but the digests. */
	if (!engine_open(&zygote->engine, setup, segments, failed))
		return false;
	if (!shut_in_zygote(&zygote->sandbox)) {
		*failed = (struct record_failed){ .failure = SETUP_SANDBOX,
						  .error = errno };
		return false;
	}
	return engine_read_segments(&zygote->engine, failed);
}

/* Sends what was added to the message. */
static bool say(struct zygote *zygote, bool added)
{
	assert(added);
	message_finish(&zygote->message);
	return channel_send(SANDBOX_SOCKET_FD, &zygote->message, NULL) == CHANNEL_OK;
}

static enum step serve(struct zygote *zygote, int *ret_status)
{
	struct pollfd polled[] = {
		{ .fd = SANDBOX_SOCKET_FD, .events = POLLIN },
		{ .fd = DEATHS_FD, .events = POLLIN },
	};

	if (poll(polled, ARRAY_LEN(polled), -1) < 0)
		return errno == EINTR ? STEP_ON : STEP_END;
	if (polled[1].revents && !tell_deaths(zygote))
		return STEP_END;
	if (polled[0].revents)
		return obey(zygote, ret_status);
	return STEP_ON;
}

static enum step obey(struct zygote *zygote, int *ret_status)
{
	struct channel_fds fds;
	struct record_worker worker;
	struct record_kill wanted;
	struct reader records;
	struct slice body;
	uint32_t kind;
	enum step step = STEP_END;

	if (channel_receive(SANDBOX_SOCKET_FD, &zygote->message, &fds) != CHANNEL_OK)
		return STEP_END;
	if (!message_open(zygote->message.bytes, zygote->message.len, &records) ||
	    message_next(&records, &kind, &body) != MESSAGE_RECORD) {
		close_all(&fds);
		return STEP_END;
	}
	if (kind == RECORD_WORKER && zygote_get_worker(body, &worker)) {
		step = start_worker(zygote, &worker, &fds, ret_status);
	} else if (kind == RECORD_KILL && zygote_get_kill(body, &wanted) &&
		   wanted.slot < SLOTS_MAX) {
		/* Not yet waited for, so the number is still this worker's. */
		if (zygote->slots[wanted.slot].pid > 0 &&
		    zygote->slots[wanted.slot].life == wanted.life)
			kill(zygote->slots[wanted.slot].pid, SIGKILL);
		step = STEP_ON;
	}
	close_all(&fds);
	return step;
}

static enum step start_worker(struct zygote *zygote, const struct record_worker *wanted,
			      struct channel_fds *fds, int *ret_status)
{
	struct record_started started = { .slot = wanted->slot, .life = wanted->life };

	if (fds->count != (wanted->has_write_fd ? 3U : 2U) || wanted->slot >= SLOTS_MAX ||
	    zygote->slots[wanted->slot].pid > 0)
		return STEP_END;
	pid_t pid = fork_worker(&zygote->sandbox);
	if (pid == 0) {
		*ret_status = be_worker(zygote, wanted, fds);
		fds->count = 0;
		return STEP_WORKER;
	}
	if (pid < 0) {
		started.error = errno;
	} else {
		started.pid = (uint32_t)pid;
		zygote->slots[wanted->slot].pid = pid;
		zygote->slots[wanted->slot].life = wanted->life;
	}
	message_start(&zygote->message);
	if (!say(zygote, zygote_add_started(&zygote->message, &started)))
		return STEP_END;
	return STEP_ON;
}

/* fds: socket, crumb, and perhaps what may be written. Returns the exit status. */
static int be_worker(struct zygote *zygote, const struct record_worker *wanted,
		     const struct channel_fds *fds)
{
	struct crumb *crumb = crumb_map(fds->list[1]);

	if (!crumb || dup2(fds->list[0], SANDBOX_SOCKET_FD) < 0)
		return EXIT_WORKER_NOT_LOCKED;
	if (!wanted->has_write_fd)
		close(SANDBOX_WRITE_FD);
	else if (dup2(fds->list[2], SANDBOX_WRITE_FD) < 0)
		return EXIT_WORKER_NOT_LOCKED;
	zygote->on_worker(crumb);
	if (!shut_in_worker(&zygote->sandbox))
		return EXIT_WORKER_NOT_LOCKED;

	const struct walls *walls = &zygote->sandbox.walls;
	struct record_hello hello = {
		.raised = walls->raised,
		.missing = walls->missing,
		.landlock_abi = (uint32_t)walls->landlock_abi,
	};
	static_assert((int)WALL_COUNT <= (int)RECORD_WALLS_MAX,
		      "hello has room for every wall");
	for (size_t i = 0; i < WALL_COUNT; i++)
		hello.cause[i] = walls->cause[i];
	message_start(&zygote->message);
	if (!say(zygote, zygote_add_hello(&zygote->message, &hello)))
		return EXIT_WORKER_OK;

	if (zygote->sandbox.role == SANDBOX_COMPILE)
		return rule_worker_run(zygote->sandbox.memory_bytes,
				       &zygote->engine.digests, &zygote->message);
	if (wanted->has_write_fd)
		spool_init(&zygote->engine.spool, SANDBOX_WRITE_FD,
			   zygote->sandbox.file_bytes);
	return scan_worker_run(&zygote->engine, crumb, &zygote->message);
}

static bool tell_deaths(struct zygote *zygote)
{
	struct signalfd_siginfo signals[8];
	int how;
	pid_t pid;

	/* Several deaths may be one signal: who it was is asked below. */
	if (read(DEATHS_FD, signals, sizeof(signals)) < 0 && errno != EAGAIN)
		return false;
	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (!tell_death(zygote, pid, how))
			return false;
	}
	return true;
}

static bool tell_death(struct zygote *zygote, pid_t pid, int how)
{
	uint32_t slot = 0;

	while (slot < SLOTS_MAX && zygote->slots[slot].pid != pid)
		slot++;
	if (slot == SLOTS_MAX)
		return true;
	zygote->slots[slot].pid = 0;
	struct record_ended ended = {
		.slot = slot,
		.life = zygote->slots[slot].life,
		.is_signal = WIFSIGNALED(how),
	};
	ended.code = (uint32_t)WEXITSTATUS(how);
	if (ended.is_signal)
		ended.code = (uint32_t)WTERMSIG(how);
	message_start(&zygote->message);
	return say(zygote, zygote_add_ended(&zygote->message, &ended));
}

static void close_all(struct channel_fds *fds)
{
	for (size_t i = 0; i < fds->count; i++)
		close(fds->list[i]);
	fds->count = 0;
}
