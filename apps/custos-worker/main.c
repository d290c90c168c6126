/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos-worker: the only process that looks into hostile bytes. Started by
 * custos with a socket as descriptor 3; of no use to anybody else.
 */
#include <malloc.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failed_assert.h"
#include "sandbox/call_list.h"
#include "worker/zygote.h"

enum { LARGE_BYTES = 512 * 1024 };

int main(void)
{
	int type = 0;
	socklen_t len = sizeof(type);

	if (getsockopt(SANDBOX_SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    type != SOCK_SEQPACKET) {
		fputs("custos-worker is started by custos, not by hand\n", stderr);
		return 2;
	}
	/*
	 * What one file took goes back when it is done. Left alone, malloc() learns from
	 * large pieces to keep them.
	 */
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
	/* Libraries that tidy up at exit would make a copy of every page they touch. */
	_exit(zygote_run(failed_assert_tell));
}
