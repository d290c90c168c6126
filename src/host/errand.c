/* SPDX-License-Identifier: Apache-2.0 */
#include "host/errand.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/copy.h"
#include "host/courier.h"
#include "host/names.h"

/* An errand that is being run. */
struct run {
	int socket;
	struct errand_order order;
	int own_fds;                 /* for opener_read() */
	int fds[ERRAND_FDS_MAX + 1]; /* given, and one opened; closed at the end */
	size_t fd_count;
	struct errand_answer done;
	char path[COURIER_PATH_MAX];
	uint8_t entries[ERRAND_NAMES_BYTES];
	uint8_t names[ERRAND_NAMES_BYTES];
};

static void run_look(struct run *run);
static MUST_CHECK enum status look_at(struct run *run, int folder, int *ret_fd,
				      bool *ret_other_mount);
static void run_list(struct run *run);
static void send_names(struct run *run, struct entries *entries);
static void run_fetch(struct run *run);
static MUST_CHECK enum status fetch_pieces(struct run *run, struct copy *copy);
static void say(struct run *run, const struct errand_answer *answer, int fd);

bool errand_send(int socket, const struct errand_message *message)
{
	union {
		char bytes[CMSG_SPACE(ERRAND_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec parts[] = { { message->head, message->head_len },
				 { message->body, message->body_len } };
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = message->body ? 2 : 1 };
	ssize_t sent;

	memset(&control, 0, sizeof(control));
	if (message->fd_count > 0) {
		size_t len = message->fd_count * sizeof(int);

		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(len);

		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);

		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(len);
		memcpy(CMSG_DATA(rights), message->fds, len);
	}
	do
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

bool errand_receive(int socket, struct errand_message *message)
{
	union {
		char bytes[CMSG_SPACE(ERRAND_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec parts[] = { { message->head, message->head_len },
				 { message->body, message->body_len } };
	struct msghdr header = { .msg_iov = parts,
				 .msg_iovlen = message->body ? 2 : 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes) };
	ssize_t got;

	do
		got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		errno = 0;
	if (got <= 0)
		return false;

	struct cmsghdr *rights = CMSG_FIRSTHDR(&header);

	message->fd_count = 0;
	if (rights && rights->cmsg_level == SOL_SOCKET &&
	    rights->cmsg_type == SCM_RIGHTS) {
		message->fd_count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(message->fds, CMSG_DATA(rights), message->fd_count * sizeof(int));
	}
	assert((size_t)got >= message->head_len);
	message->body_len = (size_t)got - message->head_len;
	return true;
}

void errand_serve(int socket)
{
	AUTO_FREE struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return;
	run->socket = socket;
	if (opener_own_fds(&run->own_fds) != STATUS_OK)
		return;
	for (;;) {
		struct errand_message message = { .head = &run->order,
						  .head_len = sizeof(run->order),
						  .body = run->path,
						  .body_len = sizeof(run->path) };

		if (!errand_receive(socket, &message))
			return;
		run->fd_count = message.fd_count;
		memcpy(run->fds, message.fds, sizeof(message.fds));
		run->done = (struct errand_answer){ .word = ERRAND_DONE };
		switch (run->order.errand) {
		case ERRAND_LOOK:
			run_look(run);
			break;
		case ERRAND_LIST:
			run_list(run);
			break;
		case ERRAND_FETCH:
			run_fetch(run);
			break;
		}
		/* Answered first: a close may be what never ends. */
		say(run, &run->done, -1);
		for (size_t i = 0; i < run->fd_count; i++)
			close(run->fds[i]);
	}
}

static void run_look(struct run *run)
{
	AUTO_CLOSE int fd = -1;
	struct errand_answer place = { .word = ERRAND_PLACE };
	int folder = run->order.has_folder ? run->fds[0] : AT_FDCWD;

	if (look_at(run, folder, &fd, &place.is_other_mount) != STATUS_OK) {
		run->done.error = errno;
		return;
	}
	/* Sent before the facts are asked for: they may not come. */
	say(run, &place, fd);
	if (target_look(fd, &run->done.facts) != STATUS_OK)
		run->done.error = errno;
}

static enum status look_at(struct run *run, int folder, int *ret_fd,
			   bool *ret_other_mount)
{
	enum status status = opener_look(folder, run->path, run->order.how, ret_fd);

	*ret_other_mount = false;
	if (status == STATUS_OK || run->order.how != LOOK_INSIDE || errno != EXDEV)
		return status;
	*ret_other_mount = true;
	return opener_look(folder, run->path, LOOK_ANYWHERE, ret_fd);
}

static void run_list(struct run *run)
{
	int fd;

	if (opener_read(run->own_fds, run->fds[0], run->order.owner, &fd) != STATUS_OK) {
		run->done.error = errno;
		return;
	}
	run->fds[run->fd_count++] = fd;
	for (;;) {
		ssize_t got = getdents64(fd, run->entries, sizeof(run->entries));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			run->done.error = errno;
		if (got <= 0)
			return;
		send_names(run, &(struct entries){ run->entries, (size_t)got, 0 });
	}
}

/* An entry takes more room than what is sent of it: all of a buffer fit one answer. */
static void send_names(struct run *run, struct entries *entries)
{
	uint8_t *body = run->names;
	struct errand_answer answer = { .word = ERRAND_NAMES };
	struct errand_message message = { .head = &answer,
					  .head_len = sizeof(answer),
					  .body = body };
	struct slice name;
	uint8_t type;

	while (entries_next(entries, &name, &type)) {
		assert(sizeof(run->names) - message.body_len >= name.len + 2);
		body[message.body_len++] = type;
		memcpy(&body[message.body_len], name.base, name.len);
		message.body_len += name.len;
		body[message.body_len++] = '\0';
	}
	if (!errand_send(run->socket, &message))
		_exit(0);
}

static void tell_progress(void *context, uint64_t bytes)
{
	struct run *run = context;
	struct errand_answer answer = { .word = ERRAND_PROGRESS, .bytes = bytes };

	say(run, &answer, -1);
}

static void run_fetch(struct run *run)
{
	struct copy copy = { .to = run->fds[1],
			     .limit = run->order.limit,
			     .progress = tell_progress,
			     .context = run };

	if (opener_read(run->own_fds, run->fds[0], run->order.owner, &copy.from) !=
	    STATUS_OK) {
		run->done.error = errno;
		return;
	}
	run->fds[run->fd_count++] = copy.from;
	if (fetch_pieces(run, &copy) != STATUS_OK)
		run->done.error = errno;
	run->done.bytes = copy.len;
	run->done.is_cut = copy.is_cut;
}

static enum status fetch_pieces(struct run *run, struct copy *copy)
{
	AUTO_FREE struct extent *extents = NULL;
	struct target_facts before;
	size_t count = 0;
	enum status status = target_look(copy->from, &before);

	if (status == STATUS_OK && run->order.trust_holes)
		status = target_extents(copy->from, &before, &extents, &count);
	if (status != STATUS_OK)
		return status;
	if (extents)
		status = copy_extents(copy, before.size, extents, count);
	else
		status = copy_stream(copy);
	run->done.facts = before;
	if (!run->order.is_endless)
		run->done.has_changed = target_changed(copy->from, &before) ||
					(!copy->is_cut && copy->len < before.size);
	return status;
}

/* The other end may have given us up meanwhile: then there is nothing left to do. */
static void say(struct run *run, const struct errand_answer *answer, int fd)
{
	struct errand_answer copy = *answer;
	struct errand_message message = { .head = &copy,
					  .head_len = sizeof(copy),
					  .fds = { fd },
					  .fd_count = fd >= 0 };

	if (!errand_send(run->socket, &message))
		_exit(0);
}
