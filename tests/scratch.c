/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[PATH_MAX];

static void require(bool ok, const char *what)
{
	if (ok)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

void scratch_enter(void)
{
	const char *base = getenv("TMPDIR");

	/* Memory is quicker than a disk that others use. */
	if (!base)
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(folder, sizeof(folder), "%s/custos-test-XXXXXX", base);
	require(mkdtemp(folder) && chdir(folder) == 0, folder);
}

void scratch_leave(void)
{
	pid_t pid;
	int code = 1;

	require(chdir("/") == 0, "/");
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", folder, NULL);
		_exit(1);
	}
	require(pid > 0 && waitpid(pid, &code, 0) == pid && code == 0, "rm -rf");
}

void scratch_folder(const char *path)
{
	char part[PATH_MAX];

	for (size_t i = 1; path[i - 1]; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		require(mkdir(part, 0700) == 0 || errno == EEXIST, part);
	}
}

void scratch_write(const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');
	FILE *file;

	if (slash) {
		char above[PATH_MAX];

		snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
		scratch_folder(above);
	}
	file = fopen(path, "w");
	require(file && fputs(text, file) >= 0 && fclose(file) == 0, path);
}

const char *scratch_path(void)
{
	return folder;
}
