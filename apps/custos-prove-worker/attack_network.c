/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Getting anything out of the machine, or to another program in it.
 */
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int make(int domain, int type, int protocol)
{
	return attack_result(syscall(SYS_socket, domain, type, protocol));
}

static int run_tcp(const struct stage *stage)
{
	(void)stage;
	return make(AF_INET, SOCK_STREAM, 0);
}

static int run_tcp6(const struct stage *stage)
{
	(void)stage;
	return make(AF_INET6, SOCK_STREAM, 0);
}

static int run_udp(const struct stage *stage)
{
	(void)stage;
	return make(AF_INET, SOCK_DGRAM, 0);
}

static int run_unix(const struct stage *stage)
{
	(void)stage;
	return make(AF_UNIX, SOCK_STREAM, 0);
}

static int run_netlink(const struct stage *stage)
{
	(void)stage;
	return make(AF_NETLINK, SOCK_RAW, 0);
}

static int run_raw(const struct stage *stage)
{
	(void)stage;
	return make(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int run_packet(const struct stage *stage)
{
	(void)stage;
	return make(AF_PACKET, SOCK_RAW, 0);
}

static int run_vsock(const struct stage *stage)
{
	(void)stage;
	return make(AF_VSOCK, SOCK_STREAM, 0);
}

static int run_pair(const struct stage *stage)
{
	int ends[2];

	(void)stage;
	return attack_result(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends));
}

/* To the discard port of this machine; that nobody listens there is an answer, too. */
static int run_connect(const struct stage *stage)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	(void)stage;
	if (fd < 0)
		return errno;
	return attack_result(syscall(SYS_connect, fd, &to, sizeof(to)));
}

static int run_sendto(const struct stage *stage)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	long fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	(void)stage;
	if (fd < 0)
		return errno;
	return attack_result(syscall(SYS_sendto, fd, "x", 1, 0, &to, sizeof(to)));
}

static int run_listen(const struct stage *stage)
{
	const struct sockaddr_in any = { .sin_family = AF_INET };
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	(void)stage;
	if (fd < 0 || syscall(SYS_bind, fd, &any, sizeof(any)) != 0)
		return errno;
	return attack_result(syscall(SYS_listen, fd, 1));
}

/* A name that nobody has: refused, but asked. */
static int run_abstract(const struct stage *stage)
{
	const struct sockaddr_un to = { .sun_family = AF_UNIX,
					.sun_path = "\0custos-prove-nobody" };
	long fd = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);

	(void)stage;
	if (fd < 0)
		return errno;
	return attack_result(syscall(SYS_connect, fd, &to, sizeof(to)));
}

static int run_sendmmsg(const struct stage *stage)
{
	return attack_result(syscall(SYS_sendmmsg, stage->socket, NULL, 0, 0));
}

const struct attack attacks_on_network[] = {
	{ "socket TCP", "send data out", run_tcp, { 0 } },
	{ "socket TCP, IPv6", "send data out", run_tcp6, { 0 } },
	{ "socket UDP", "send data out, in a name query", run_udp, { 0 } },
	{ "socket UNIX", "talk to local services", run_unix, { 0 } },
	{ "socket NETLINK", "talk to the kernel", run_netlink, { 0 } },
	{ "socket RAW", "send data out, in a ping", run_raw, { 0 } },
	{ "socket PACKET", "listen to the network", run_packet, { 0 } },
	{ "socket VSOCK", "talk to the host of a virtual machine", run_vsock, { 0 } },
	{ "socketpair", "have sockets", run_pair, { 0 } },
	{ "connect", "reach a service on this machine", run_connect, { ECONNREFUSED } },
	{ "sendto", "send a packet", run_sendto, { ECONNREFUSED } },
	{ "bind, listen", "be reached from outside", run_listen, { 0 } },
	{ "connect, abstract",
	  "reach a local service without a file",
	  run_abstract,
	  { ECONNREFUSED } },
	{ "sendmmsg", "send by a door nobody thought of", run_sendmmsg, { 0 } },
	{ NULL, NULL, NULL, { 0 } },
};
