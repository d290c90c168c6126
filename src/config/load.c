/* SPDX-License-Identifier: Apache-2.0 */
#include "config/load.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* More than any hand writes; a file above that is not a configuration. */
enum { FILE_BYTES_MAX = 1024 * 1024 };

static bool load_system(struct config *config, struct config_error *error);
static bool load_directory(struct config *config, struct config_error *error);
static bool load_environment(struct config *config, struct config_error *error);
static bool load_file(struct config *config, enum config_origin origin, const char *path,
		      struct config_error *error);
static bool read_file(struct config *config, enum config_origin origin, const char *path,
		      int fd, struct config_error *error);
static bool complain(struct config_error *error, const char *path, const char *what);

bool config_load(struct config *config, const char *only_path, struct config_error *error)
{
	AUTO_FREE char *user = NULL;

	if (only_path) {
		if (access(only_path, F_OK) != 0)
			return complain(error, only_path, strerror(errno));
		return load_file(config, ORIGIN_SYSTEM, only_path, error) &&
		       load_environment(config, error);
	}
	if (!load_system(config, error))
		return false;
	user = config_user_path();
	if (user && !load_file(config, ORIGIN_USER, user, error))
		return false;
	return load_environment(config, error);
}

char *config_user_path(void)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;
	int len = -1;

	/* The XDG specification: a path that is not absolute is to be ignored. */
	if (base && base[0] == '/')
		len = asprintf(&path, "%s/custos/custos.conf", base);
	else if (home && home[0] == '/')
		len = asprintf(&path, "%s/.config/custos/custos.conf", home);
	if (len < 0)
		return NULL;
	return path;
}

static bool load_system(struct config *config, struct config_error *error)
{
	return load_file(config, ORIGIN_SYSTEM, CONFIG_SYSTEM_FILE, error) &&
	       load_directory(config, error);
}

static int ends_in_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(&entry->d_name[len - 5], ".conf") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool load_directory(struct config *config, struct config_error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(CONFIG_SYSTEM_DIR, &entries, ends_in_conf, by_name);
	bool ok = true;

	if (count < 0)
		return errno == ENOENT ||
		       complain(error, CONFIG_SYSTEM_DIR, strerror(errno));
	for (int i = 0; i < count; i++) {
		char path[sizeof(CONFIG_SYSTEM_DIR) + sizeof(entries[i]->d_name)];

		snprintf(path, sizeof(path), "%s/%s", CONFIG_SYSTEM_DIR,
			 entries[i]->d_name);
		ok = ok && load_file(config, ORIGIN_SYSTEM, path, error);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

/* CUSTOS_MAX_DEPTH is `max-depth`. Other variables of that form are not ours to judge. */
static bool load_environment(struct config *config, struct config_error *error)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		char name[64];
		const char *value;
		size_t at;

		snprintf(name, sizeof(name), "CUSTOS_%s", settings[i].name);
		for (at = 0; name[at]; at++)
			name[at] = name[at] == '-' ?
					   '_' :
					   (char)toupper((unsigned char)name[at]);
		value = getenv(name);
		if (value && *value &&
		    !config_set(config, (enum setting_id)i,
				(struct config_place){ ORIGIN_ENVIRONMENT, name }, value,
				error))
			return false;
	}
	return true;
}

static bool load_file(struct config *config, enum config_origin origin, const char *path,
		      struct config_error *error)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ||
		       (origin == ORIGIN_USER && errno == EACCES) ||
		       complain(error, path, strerror(errno));
	if (fstat(fd, &st) != 0)
		return complain(error, path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return complain(error, path, "not a regular file");
	if (origin == ORIGIN_USER && st.st_uid != geteuid())
		return true;
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return complain(error, path,
				"belongs neither to you nor to root: not used");
	if (st.st_mode & S_IWOTH)
		return complain(error, path, "anybody can write to it: not used");
	return read_file(config, origin, path, fd, error);
}

static bool read_file(struct config *config, enum config_origin origin, const char *path,
		      int fd, struct config_error *error)
{
	AUTO_FREE uint8_t *bytes = malloc(FILE_BYTES_MAX);
	size_t len = 0;

	if (!bytes)
		return complain(error, path, strerror(errno));
	for (;;) {
		ssize_t got = read(fd, bytes + len, FILE_BYTES_MAX - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return complain(error, path, strerror(errno));
		if (got == 0)
			break;
		len += (size_t)got;
		if (len == FILE_BYTES_MAX)
			return complain(error, path, "larger than 1 MiB");
	}
	return config_read(config, origin, path, (struct slice){ bytes, len }, error);
}

/* For `return complain(...)`. */
static bool complain(struct config_error *error, const char *path, const char *what)
{
	snprintf(error->text, sizeof(error->text), "%s: %s", path, what);
	return false;
}
