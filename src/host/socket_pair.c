/* SPDX-License-Identifier: Apache-2.0 */
#include "host/socket_pair.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/cleanup.h"

bool socket_pair(int *ret_ours, int *ret_theirs)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	AUTO_CLOSE int ours = ends[0];
	AUTO_CLOSE int theirs = ends[1];
	if (fcntl(ours, F_SETFL, O_NONBLOCK) != 0)
		return false;
	*ret_ours = steal_fd(&ours);
	*ret_theirs = steal_fd(&theirs);
	return true;
}
