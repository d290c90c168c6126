/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc/crumb.h"
#include "ipc/zygote_record.h"
#include "test.h"

static struct message message;
static struct message got;

static void make_pair(int ends[2])
{
	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
}

static void close_pair(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static void make_message(void)
{
	message_start(&message);
	CHECK(zygote_add_ready(&message));
	message_finish(&message);
}

/* Descriptors this process has open. */
static int count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

TEST("a message arrives with its descriptors, closed on exec")
{
	int ends[2];
	struct channel_fds sent = { { STDIN_FILENO, STDOUT_FILENO }, 2 };
	struct channel_fds came;

	make_pair(ends);
	make_message();
	CHECK_EQ(channel_send(ends[0], &message, &sent), CHANNEL_OK);
	REQUIRE(channel_receive(ends[1], &got, &came) == CHANNEL_OK);
	CHECK_EQ(got.len, message.len);
	CHECK_MEM(got.bytes, message.bytes, message.len);
	REQUIRE(came.count == 2);
	CHECK(fcntl(came.list[0], F_GETFD) & FD_CLOEXEC);
	close(came.list[0]);
	close(came.list[1]);
	close_pair(ends);
}

TEST("descriptors that nobody asked for are not taken, and break the protocol")
{
	int ends[2];
	struct channel_fds sent = { { STDIN_FILENO, STDIN_FILENO }, 2 };

	make_pair(ends);
	make_message();
	CHECK_EQ(channel_send(ends[0], &message, &sent), CHANNEL_OK);
	const int before = count_open();
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_BROKEN);
	CHECK_EQ(count_open(), before);
	close_pair(ends);
}

TEST("more than one batch of descriptors is not taken either")
{
	int ends[2];
	struct channel_fds came;
	union {
		struct cmsghdr part;
		char bytes[CMSG_SPACE(sizeof(int) * (CHANNEL_FDS_MAX + 8))];
	} control = { 0 };
	struct iovec data = { message.bytes, 0 };
	struct msghdr header = { .msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };

	make_pair(ends);
	make_message();
	data.iov_len = message.len;
	control.part.cmsg_level = SOL_SOCKET;
	control.part.cmsg_type = SCM_RIGHTS;
	control.part.cmsg_len = CMSG_LEN(sizeof(int) * (CHANNEL_FDS_MAX + 8));
	REQUIRE(sendmsg(ends[0], &header, 0) == (ssize_t)message.len);
	const int before = count_open();
	CHECK_EQ(channel_receive(ends[1], &got, &came), CHANNEL_BROKEN);
	CHECK_EQ(count_open(), before);
	close_pair(ends);
}

TEST("a datagram larger than a message is refused")
{
	static char large[MESSAGE_MAX + 1];
	int ends[2];

	make_pair(ends);
	REQUIRE(send(ends[0], large, sizeof(large), 0) == (ssize_t)sizeof(large));
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_BROKEN);
	close_pair(ends);
}

TEST("an empty datagram counts as the end")
{
	int ends[2];

	make_pair(ends);
	REQUIRE(send(ends[0], "", 0, 0) == 0);
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_CLOSED);
	close_pair(ends);
}

TEST("waiting and the end of the other side are told apart")
{
	int ends[2];

	make_pair(ends);
	make_message();
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_AGAIN);
	close(ends[0]);
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_CLOSED);
	CHECK_EQ(channel_send(ends[1], &message, NULL), CHANNEL_CLOSED);
	close(ends[1]);
}

TEST("what was said before the end arrives, even when our message was never read")
{
	int ends[2];

	make_pair(ends);
	make_message();
	CHECK_EQ(channel_send(ends[0], &message, NULL), CHANNEL_OK);
	CHECK_EQ(channel_send(ends[1], &message, NULL), CHANNEL_OK);
	close(ends[0]);
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_OK);
	CHECK_EQ(channel_receive(ends[1], &got, NULL), CHANNEL_CLOSED);
	close(ends[1]);
}

TEST("a crumb can be read by the parent and not be made smaller by anybody")
{
	struct crumb read;
	int fd = crumb_make();

	REQUIRE(fd >= 0);
	struct crumb *mine = crumb_map(fd);
	REQUIRE(mine != NULL);
	mine->job = 7;
	mine->offset = 4096;
	for (size_t i = 0; i < sizeof(mine->text); i++)
		mine->text[i] = 'x';
	REQUIRE(crumb_read(fd, &read));
	CHECK_EQ(read.job, 7);
	CHECK_EQ(read.offset, 4096);
	CHECK_EQ(strlen(read.text), CRUMB_TEXT_LEN - 1);
	CHECK(ftruncate(fd, 0) != 0);
	close(fd);
}

TEST_MAIN()
