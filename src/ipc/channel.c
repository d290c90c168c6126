/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/channel.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int) * CHANNEL_FDS_MAX)];
};

static enum channel_result receive(int fd, struct message *message,
				   struct channel_fds *fds, int flags);
static void take_fds(struct msghdr *header, struct channel_fds *fds);
static void close_fds(struct channel_fds *fds);

enum channel_result channel_send(int fd, const struct message *message,
				 const struct channel_fds *fds)
{
	union control control;
	struct iovec data = { (void *)message->bytes, message->len };
	struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fds && fds->count > 0) {
		const size_t size = sizeof(int) * fds->count;
		assert(fds->count <= CHANNEL_FDS_MAX);
		memset(&control, 0, sizeof(control));
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(size);
		struct cmsghdr *part = CMSG_FIRSTHDR(&header);
		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(part), fds->list, size);
	}
	for (;;) {
		ssize_t sent = sendmsg(fd, &header, MSG_NOSIGNAL);
		if (sent == (ssize_t)message->len)
			return CHANNEL_OK;
		if (sent < 0 && errno == EINTR)
			continue;
		/* Too many descriptors under way: some will arrive, and it goes on. */
		if (sent < 0 && (errno == EAGAIN || errno == ETOOMANYREFS))
			return CHANNEL_AGAIN;
		if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
			return CHANNEL_CLOSED;
		return CHANNEL_FAILED;
	}
}

enum channel_result channel_receive(int fd, struct message *message,
				    struct channel_fds *fds)
{
	return receive(fd, message, fds, 0);
}

enum channel_result channel_receive_now(int fd, struct message *message)
{
	return receive(fd, message, NULL, MSG_DONTWAIT);
}

static enum channel_result receive(int fd, struct message *message,
				   struct channel_fds *fds, int flags)
{
	union control control;
	struct iovec data = { message->bytes, sizeof(message->bytes) };
	struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };
	ssize_t got;

	if (fds) {
		fds->count = 0;
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
	}
	/*
	 * A reset (the other end was closed with our messages unread) is told once,
	 * and before what the other end had sent: that is there all the same.
	 */
	do {
		got = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | flags);
	} while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got < 0 && errno == EAGAIN)
		return CHANNEL_AGAIN;
	if (got < 0)
		return CHANNEL_FAILED;

	if (fds)
		take_fds(&header, fds);
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		if (fds)
			close_fds(fds);
		return CHANNEL_BROKEN;
	}
	/* An empty datagram looks like the end, and nobody of ours sends one. */
	if (got == 0) {
		if (fds)
			close_fds(fds);
		return CHANNEL_CLOSED;
	}
	message->len = (size_t)got;
	return CHANNEL_OK;
}

static void take_fds(struct msghdr *header, struct channel_fds *fds)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part;
	     part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			assert(fds->count < CHANNEL_FDS_MAX);
			memcpy(&fds->list[fds->count++],
			       &CMSG_DATA(part)[i * sizeof(int)], sizeof(int));
		}
	}
}

static void close_fds(struct channel_fds *fds)
{
	for (size_t i = 0; i < fds->count; i++)
		close(fds->list[i]);
	fds->count = 0;
}
