/* SPDX-License-Identifier: Apache-2.0 */
#include "host/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/compiler.h"

static int open_in(const char *folder);
static int open_and_unlink(const char *folder);

int temp_file_open(void)
{
	const char *const folders[] = { secure_getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; i < ARRAY_LEN(folders) && fd < 0; i++) {
		if (folders[i] && folders[i][0] != '\0')
			fd = open_in(folders[i]);
	}
	return fd;
}

static int open_in(const char *folder)
{
	/* O_EXCL: it can never be given a name either. */
	int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	/* Not every file system knows files without a name. */
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		fd = open_and_unlink(folder);
	return fd;
}

static int open_and_unlink(const char *folder)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/custos.XXXXXX", folder) < 0)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}
