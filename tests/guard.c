/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard guard_new(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t body = (len + page - 1) / page * page;
	struct guard guard = { .len = len, .map_len = body + page };

	guard.map = mmap(NULL, guard.map_len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guard.map == MAP_FAILED ||
	    mprotect((uint8_t *)guard.map + body, page, PROT_NONE) != 0) {
		perror("guard_new");
		exit(99);
	}
	guard.bytes = (uint8_t *)guard.map + body - len;
	return guard;
}

struct guard guard_copy(const void *bytes, size_t len)
{
	struct guard guard = guard_new(len);

	if (len > 0)
		memcpy(guard.bytes, bytes, len);
	return guard;
}

void guard_free(struct guard *guard)
{
	if (guard->map)
		munmap(guard->map, guard->map_len);
	*guard = (struct guard){ 0 };
}
