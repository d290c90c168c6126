/* SPDX-License-Identifier: Apache-2.0 */
#include "own_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/folder.h"

void own_files_add(struct own_files *own, int fd)
{
	AUTO_CLOSE int held = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	struct target_facts facts;

	if (held < 0 || own->count == OWN_FILES_MAX ||
	    target_look(held, &facts) != STATUS_OK || own_files_has(own, &facts))
		return;
	own->list[own->count++] = (struct own_file){
		.fd = steal_fd(&held),
		.device = facts.device,
		.inode = facts.inode,
	};
}

void own_files_add_folder(struct own_files *own, const char *path)
{
	AUTO_CLOSE int fd = -1;
	AUTO_CLOSEDIR DIR *folder = NULL;
	const struct dirent *entry;

	if (folder_open_private(path, &fd) != STATUS_OK)
		return;
	folder = fdopendir(fd);
	if (!folder)
		return;
	fd = -1;
	while ((entry = readdir(folder))) {
		AUTO_CLOSE int file = openat(dirfd(folder), entry->d_name,
					     O_PATH | O_NOFOLLOW | O_CLOEXEC);

		if (file >= 0)
			own_files_add(own, file);
	}
}

bool own_files_has(const struct own_files *own, const struct target_facts *facts)
{
	for (size_t i = 0; i < own->count; i++)
		if (own->list[i].device == facts->device &&
		    own->list[i].inode == facts->inode)
			return true;
	return false;
}

void own_files_clear(struct own_files *own)
{
	while (own->count > 0)
		close(own->list[--own->count].fd);
}
