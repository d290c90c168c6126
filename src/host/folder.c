/* SPDX-License-Identifier: Apache-2.0 */
#include "host/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static char *default_folder(const char *system, const char *variable,
			    const char *below_home);
static enum status read_whole(int fd, size_t size_max, char **ret_text, size_t *ret_len);
static enum status write_whole(int fd, struct slice text);

char *folder_state(const char *setting)
{
	if (setting)
		return strdup(setting);
	return default_folder(FOLDER_SYSTEM_STATE, "XDG_STATE_HOME", ".local/state");
}

char *folder_cache(const char *setting)
{
	if (setting)
		return strdup(setting);
	return default_folder(FOLDER_SYSTEM_CACHE, "XDG_CACHE_HOME", ".cache");
}

static char *default_folder(const char *system, const char *variable,
			    const char *below_home)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");
	char *path = NULL;
	int len = -1;

	if (geteuid() == 0)
		return strdup(system);
	/* The XDG specification: a path that is not absolute is to be ignored. */
	if (base && base[0] == '/')
		len = asprintf(&path, "%s/custos", base);
	else if (home && home[0] == '/')
		len = asprintf(&path, "%s/%s/custos", home, below_home);
	if (len < 0)
		return NULL;
	return path;
}

enum status folder_make(const char *path, mode_t mode)
{
	AUTO_FREE char *copy = strdup(path);

	if (!copy)
		return STATUS_IO;
	for (char *at = copy + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, mode) != 0 && errno != EEXIST)
			return STATUS_IO;
		*at = '/';
	}
	if (mkdir(copy, mode) != 0 && errno != EEXIST)
		return STATUS_IO;
	return STATUS_OK;
}

enum status folder_open_private(const char *path, int *ret_fd)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? STATUS_END : STATUS_IO;
	if (fstat(fd, &st) != 0)
		return STATUS_IO;
	if (st.st_uid != geteuid() || (st.st_mode & (S_IRWXG | S_IRWXO)))
		return STATUS_CHANGED;
	*ret_fd = steal_fd(&fd);
	return STATUS_OK;
}

enum status folder_read(int folder_fd, const char *name, size_t size_max, char **ret_text,
			size_t *ret_len)
{
	AUTO_CLOSE int fd = openat(folder_fd, name,
				   O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? STATUS_END : STATUS_IO;
	if (fstat(fd, &st) != 0)
		return STATUS_IO;
	if (!S_ISREG(st.st_mode) || (st.st_uid != 0 && st.st_uid != geteuid()) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)))
		return STATUS_CHANGED;
	return read_whole(fd, size_max, ret_text, ret_len);
}

static enum status read_whole(int fd, size_t size_max, char **ret_text, size_t *ret_len)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, size = 0;

	for (;;) {
		ssize_t got;

		if (len + 1 >= size) {
			char *larger = realloc(text, size = size * 2 + 4096);

			if (!larger)
				return STATUS_NO_MEMORY;
			text = larger;
		}
		got = read(fd, text + len, size - len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		if (got == 0)
			break;
		len += (size_t)got;
		if (len > size_max)
			return STATUS_LIMIT;
	}
	text[len] = '\0';
	*ret_text = text;
	*ret_len = len;
	text = NULL;
	return STATUS_OK;
}

enum status folder_replace(int folder_fd, const char *name, struct slice text,
			   mode_t mode)
{
	char beside[256];
	AUTO_CLOSE int fd = -1;

	if (snprintf(beside, sizeof(beside), ".%s.%ld", name, (long)getpid()) >=
	    (int)sizeof(beside)) {
		errno = ENAMETOOLONG;
		return STATUS_IO;
	}
	fd = openat(folder_fd, beside,
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return STATUS_IO;
	if (write_whole(fd, text) == STATUS_OK && fchmod(fd, mode) == 0 &&
	    fsync(fd) == 0 && renameat(folder_fd, beside, folder_fd, name) == 0 &&
	    fsync(folder_fd) == 0)
		return STATUS_OK;

	int saved = errno;

	unlinkat(folder_fd, beside, 0);
	errno = saved;
	return STATUS_IO;
}

static enum status write_whole(int fd, struct slice text)
{
	size_t done = 0;

	while (done < text.len) {
		ssize_t got = write(fd, &text.base[done], text.len - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		done += (size_t)got;
	}
	return STATUS_OK;
}
