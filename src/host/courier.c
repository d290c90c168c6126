/* SPDX-License-Identifier: Apache-2.0 */
#include "host/courier.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/errand.h"

/*
 * What answers in time every time, but next to nothing, is given up as well:
 * an errand as a whole may take so many answer times, and longer only while
 * it brings in at least so much.
 */
enum {
	WHOLE_ANSWERS = 6,
	BYTES_PER_MS = 64,
	NAMES_PER_MS = 1,
};

struct courier {
	pid_t pid; /* 0: there is none */
	int socket;
	uint32_t answer_ms;
	const volatile sig_atomic_t *stop;
	uint64_t whole_ms; /* when the errand that runs is given up in any case */
	pid_t lost[COURIERS_LOST_MAX];
	size_t lost_count;
	uint8_t names[ERRAND_NAMES_BYTES];
};

static MUST_CHECK enum status start(struct courier *courier);
static void become_courier(int socket, pid_t parent);
static MUST_CHECK enum status send_order(struct courier *courier,
					 const struct errand_message *order);
static MUST_CHECK enum status wait_answer(struct courier *courier,
					  struct errand_answer *answer, int *ret_fd,
					  size_t *ret_names_len);
static MUST_CHECK enum status wait_readable(struct courier *courier);
static MUST_CHECK enum status add_names(struct names *names, const uint8_t *bytes,
					size_t len);
static enum status done_status(const struct errand_answer *answer);
static void give_up(struct courier *courier);
static void bury_lost(struct courier *courier);
static uint64_t now_ms(void);

enum status courier_new(uint32_t answer_ms, const volatile sig_atomic_t *stop,
			struct courier **out)
{
	struct courier *courier = calloc(1, sizeof(*courier));

	if (!courier)
		return STATUS_NO_MEMORY;
	courier->socket = -1;
	courier->answer_ms = answer_ms;
	courier->stop = stop;
	*out = courier;
	return STATUS_OK;
}

void courier_free(struct courier *courier)
{
	if (!courier)
		return;
	give_up(courier);
	free(courier);
}

enum status courier_look(struct courier *courier, int folder, const char *path,
			 enum look_how how, struct courier_place *out)
{
	struct errand_order order = { .errand = ERRAND_LOOK,
				      .how = how,
				      .has_folder = folder >= 0 };
	struct errand_message message = { .head = &order,
					  .head_len = sizeof(order),
					  .body_len = strlen(path) + 1,
					  .fds = { folder },
					  .fd_count = folder >= 0 };
	AUTO_FREE char *body = strdup(path);
	struct errand_answer answer = { 0 };
	int fd = -1;

	*out = (struct courier_place){ .fd = -1 };
	if (!body)
		return STATUS_NO_MEMORY;
	message.body = body;
	if (message.body_len > COURIER_PATH_MAX) {
		errno = ENAMETOOLONG;
		return STATUS_IO;
	}

	enum status status = send_order(courier, &message);

	while (status == STATUS_OK) {
		status = wait_answer(courier, &answer, &fd, NULL);
		if (status != STATUS_OK || answer.word == ERRAND_DONE)
			break;
		out->fd = fd;
		out->is_other_mount = answer.is_other_mount;
	}
	if (status == STATUS_OK)
		status = done_status(&answer);
	if (status == STATUS_OK)
		out->facts = answer.facts;
	if (status != STATUS_OK && status != STATUS_TIME) {
		cleanup_close(&out->fd);
		out->fd = -1;
	}
	return status;
}

enum status courier_list(struct courier *courier, int path_fd, uint32_t owner,
			 struct names *names)
{
	struct errand_order order = { .errand = ERRAND_LIST, .owner = owner };
	struct errand_message message = { .head = &order,
					  .head_len = sizeof(order),
					  .fds = { path_fd },
					  .fd_count = 1 };
	struct errand_answer answer = { 0 };
	enum status status = send_order(courier, &message);

	while (status == STATUS_OK) {
		size_t count = names->count, len = 0;

		status = wait_answer(courier, &answer, NULL, &len);
		if (status != STATUS_OK || answer.word == ERRAND_DONE)
			break;
		status = add_names(names, courier->names, len);
		courier->whole_ms += (names->count - count) / NAMES_PER_MS;
		/* The rest of its answers has no reader any more. */
		if (status != STATUS_OK)
			give_up(courier);
	}
	return status == STATUS_OK ? done_status(&answer) : status;
}

enum status courier_fetch(struct courier *courier, struct courier_copy *copy)
{
	struct errand_order order = { .errand = ERRAND_FETCH,
				      .owner = copy->owner,
				      .is_endless = copy->is_endless,
				      .trust_holes = copy->trust_holes,
				      .limit = copy->limit };
	struct errand_message message = { .head = &order,
					  .head_len = sizeof(order),
					  .fds = { copy->path_fd, copy->to },
					  .fd_count = 2 };
	struct errand_answer answer = { 0 };
	enum status status = send_order(courier, &message);

	while (status == STATUS_OK) {
		status = wait_answer(courier, &answer, NULL, NULL);
		if (status != STATUS_OK || answer.word == ERRAND_DONE)
			break;
		courier->whole_ms += answer.bytes / BYTES_PER_MS;
	}
	if (status != STATUS_OK)
		return status;
	copy->len = answer.bytes;
	copy->is_cut = answer.is_cut;
	copy->has_changed = answer.has_changed;
	return done_status(&answer);
}

static enum status done_status(const struct errand_answer *answer)
{
	if (answer->error == 0)
		return STATUS_OK;
	errno = answer->error;
	if (errno == EMFILE || errno == ENFILE)
		return STATUS_LIMIT;
	return STATUS_IO;
}

static enum status send_order(struct courier *courier, const struct errand_message *order)
{
	/* Twice, because one that was idle may have been killed by somebody. */
	for (int tries = 0; tries < 2; tries++) {
		if (courier->pid == 0) {
			enum status status = start(courier);

			if (status != STATUS_OK)
				return status;
		}
		courier->whole_ms = now_ms() +
				    (uint64_t)courier->answer_ms * WHOLE_ANSWERS;
		if (errand_send(courier->socket, order))
			return STATUS_OK;
		if (errno == ETOOMANYREFS || errno == ENOBUFS || errno == ENOMEM)
			return STATUS_LIMIT;
		give_up(courier);
	}
	errno = EIO;
	return STATUS_IO;
}

static enum status start(struct courier *courier)
{
	int pair[2];
	pid_t parent = getpid();

	bury_lost(courier);
	if (courier->lost_count == COURIERS_LOST_MAX)
		return STATUS_TIME;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return STATUS_LIMIT;

	pid_t pid = fork();

	if (pid == 0)
		become_courier(pair[1], parent);
	cleanup_close(&pair[1]);
	if (pid < 0) {
		cleanup_close(&pair[0]);
		return STATUS_IO;
	}
	courier->pid = pid;
	courier->socket = pair[0];
	return STATUS_OK;
}

/*
 * It keeps nothing of ours but its socket: neither a pipe that somebody waits
 * on to be closed, nor the terminal's signals and stops.
 */
static void become_courier(int socket, pid_t parent)
{
	sigset_t none;
	int null;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	prctl(PR_SET_NAME, "custos-courier");
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	if (socket != 3 && dup3(socket, 3, O_CLOEXEC) != 3)
		_exit(1);
	syscall(SYS_close_range, 4, ~0U, 0);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) != fd)
			close(fd);
	errand_serve(3);
	_exit(0);
}

/* `ret_fd`, `ret_names_len`: NULL where no such answer can come. */
static enum status wait_answer(struct courier *courier, struct errand_answer *answer,
			       int *ret_fd, size_t *ret_names_len)
{
	struct errand_message message = { .head = answer,
					  .head_len = sizeof(*answer),
					  .body = courier->names,
					  .body_len = sizeof(courier->names) };
	enum status status = wait_readable(courier);

	if (status == STATUS_OK && !errand_receive(courier->socket, &message)) {
		/* Killed by somebody, or for want of memory. */
		errno = EIO;
		status = STATUS_IO;
	}
	if (status != STATUS_OK) {
		int saved = errno;

		give_up(courier);
		errno = saved;
		return status;
	}
	if (answer->word == ERRAND_PLACE) {
		/* Without the descriptor (we had no room for it) nothing can follow. */
		if (message.fd_count == 0) {
			give_up(courier);
			return STATUS_LIMIT;
		}
		assert(ret_fd);
		*ret_fd = message.fds[0];
	}
	if (answer->word == ERRAND_NAMES) {
		assert(ret_names_len);
		*ret_names_len = message.body_len;
	}
	return STATUS_OK;
}

static enum status wait_readable(struct courier *courier)
{
	uint64_t give_up_ms = min_u64(now_ms() + courier->answer_ms, courier->whole_ms);

	for (;;) {
		struct pollfd poll_fd = { courier->socket, POLLIN, 0 };
		uint64_t now = now_ms();
		int left = now < give_up_ms ? (int)min_u64(give_up_ms - now, 60000) : 0;
		int ready = poll(&poll_fd, 1, left);

		if (ready > 0)
			return STATUS_OK;
		if (courier->stop && *courier->stop)
			return STATUS_END;
		if (ready == 0 && now >= give_up_ms)
			return STATUS_TIME;
		if (ready < 0 && errno != EINTR)
			return STATUS_IO;
	}
}

static enum status add_names(struct names *names, const uint8_t *bytes, size_t len)
{
	size_t pos = 0;

	while (pos < len) {
		const uint8_t *end = memchr(&bytes[pos + 1], '\0', len - pos - 1);
		uint8_t type = bytes[pos];
		struct slice name;

		assert(end);
		name.base = &bytes[pos + 1];
		name.len = (size_t)(end - name.base);

		enum status status = names_add(names, name, type);

		if (status != STATUS_OK)
			return status;
		pos += name.len + 2;
	}
	return STATUS_OK;
}

static void give_up(struct courier *courier)
{
	if (courier->pid == 0)
		return;
	close(courier->socket);
	courier->socket = -1;
	kill(courier->pid, SIGKILL);
	courier->lost[courier->lost_count++] = courier->pid;
	courier->pid = 0;
	bury_lost(courier);
}

static void bury_lost(struct courier *courier)
{
	size_t left = 0;

	for (size_t i = 0; i < courier->lost_count; i++)
		if (waitpid(courier->lost[i], NULL, WNOHANG) == 0)
			courier->lost[left++] = courier->lost[i];
	courier->lost_count = left;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
