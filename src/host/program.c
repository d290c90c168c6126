/* SPDX-License-Identifier: Apache-2.0 */
#include "host/program.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static char *beside_or_in(const char *installed_folder, const char *name);
static bool find_self(char out[PATH_MAX]);

char *program_helper_path(const char *name)
{
	return beside_or_in(CUSTOS_HELPER_DIR, name);
}

char *program_builtin_path(void)
{
	return beside_or_in(CUSTOS_DATA_DIR, "builtin.cseg");
}

static char *beside_or_in(const char *installed_folder, const char *name)
{
	char self[PATH_MAX];
	char *path = NULL;
	char *slash;

	if (find_self(self)) {
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		if (asprintf(&path, "%s/%s", self, name) < 0)
			return NULL;
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	if (asprintf(&path, "%s/%s", installed_folder, name) < 0)
		return NULL;
	return path;
}

/* Where /proc is not mounted the kernel still told the path that was started. */
static bool find_self(char out[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	const char *started = (const char *)getauxval(AT_EXECFN);

	if (len > 0) {
		out[len] = '\0';
		return true;
	}
	return started && realpath(started, out);
}
