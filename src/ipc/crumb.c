/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/crumb.h"

#include <assert.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

static_assert(sizeof(struct crumb) <= CRUMB_LEN, "a crumb is one page");

int crumb_make(void)
{
	AUTO_CLOSE int fd = memfd_create("crumb", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, CRUMB_LEN) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
		return -1;
	return steal_fd(&fd);
}

struct crumb *crumb_map(int fd)
{
	void *page = mmap(NULL, CRUMB_LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

bool crumb_read(int fd, struct crumb *out)
{
	struct crumb crumb;

	if (pread(fd, &crumb, sizeof(crumb), 0) != (ssize_t)sizeof(crumb))
		return false;
	crumb.text[CRUMB_TEXT_LEN - 1] = '\0';
	for (size_t i = 0; crumb.text[i]; i++) {
		if (crumb.text[i] < 0x20 || crumb.text[i] == 0x7f)
			crumb.text[i] = '?';
	}
	*out = crumb;
	return true;
}
