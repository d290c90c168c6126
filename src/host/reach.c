/* SPDX-License-Identifier: Apache-2.0 */
#include "host/reach.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/copy.h"
#include "host/opener.h"
#include "host/volume.h"

/* A kernel's file has no size to go by, and none that is worth reading is longer. */
enum { KERNEL_BYTES_MAX = 64 * 1024 * 1024 };

static MUST_CHECK enum status root_by_courier(struct reach *reach, const char *path,
					      int *ret_fd, struct sight *out);
static MUST_CHECK enum status guess_domain(struct reach *reach, const char *path,
					   size_t *ret_domain);
static MUST_CHECK enum status reach_by_courier(struct reach *reach,
					       struct reach_from from, const char *name,
					       struct sight *out);
static MUST_CHECK enum status look_here(int folder, const char *name, uint8_t type,
					struct sight *out);
static MUST_CHECK enum status fetch(struct reach *reach, const struct sight *file,
				    uint64_t copy_bytes_max, struct reached_file *out);

enum status reach_init(struct reach *reach, uint32_t answer_ms,
		       const volatile sig_atomic_t *stop)
{
	*reach = (struct reach){ .sees_mounts = opener_sees_mounts(), .own_fds = -1 };

	enum status status = domains_init(&reach->domains);

	if (status == STATUS_OK)
		status = opener_own_fds(&reach->own_fds);
	if (status == STATUS_OK)
		status = courier_new(answer_ms, stop, &reach->courier);
	return status;
}

void reach_clear(struct reach *reach)
{
	courier_free(reach->courier);
	cleanup_close(&reach->own_fds);
	domains_clear(&reach->domains);
	*reach = (struct reach){ .own_fds = -1 };
}

enum status reach_root(struct reach *reach, const char *path, struct sight *out)
{
	AUTO_CLOSE int fd = -1;
	enum status status;

	*out = (struct sight){ .fd = -1, .domain = SIZE_MAX };
	/* Anything on the way to it may be what never answers. */
	if (mounts_have_distant(&reach->domains.mounts)) {
		status = root_by_courier(reach, path, &fd, out);
	} else {
		status = opener_look(AT_FDCWD, path, LOOK_FOLLOW, &fd);
		if (status == STATUS_OK)
			status = target_look(fd, &out->facts);
	}
	if (fd < 0)
		return status;

	int saved = errno;
	enum status found = domains_of_fd(&reach->domains, fd, &out->domain);

	errno = saved;
	if (found != STATUS_OK)
		return found;
	out->fd = steal_fd(&fd);
	return status;
}

/* A list of files on a dead server must not cost the wait for each of them. */
static enum status root_by_courier(struct reach *reach, const char *path, int *ret_fd,
				   struct sight *out)
{
	struct domain *domain = NULL;
	struct courier_place place;
	enum status status = guess_domain(reach, path, &out->domain);

	if (status != STATUS_OK)
		return status;
	if (out->domain != SIZE_MAX)
		domain = reach_domain(reach, out->domain);
	if (domain && domain_is_silent(domain))
		return STATUS_TIME;
	status = courier_look(reach->courier, -1, path, LOOK_FOLLOW, &place);
	if (domain &&
	    (status == STATUS_OK || status == STATUS_IO || status == STATUS_TIME))
		domain_note(domain, status != STATUS_TIME);
	*ret_fd = place.fd;
	out->facts = place.facts;
	return status;
}

/* By the text of the path. Stays as it is where nothing can be guessed. */
static enum status guess_domain(struct reach *reach, const char *path, size_t *ret_domain)
{
	AUTO_FREE char *folder = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
	AUTO_FREE char *whole = NULL;
	const struct mount *mount;

	if (!folder)
		return STATUS_OK;
	if (asprintf(&whole, "%s%s%s", folder, path[0] == '/' ? "" : "/", path) < 0) {
		whole = NULL;
		return STATUS_NO_MEMORY;
	}
	mount = mounts_guess(&reach->domains.mounts, slice_of(whole));
	if (!mount || mount->class == MOUNT_LOCAL)
		return STATUS_OK;
	return domains_of_mount(&reach->domains, mount, ret_domain);
}

/* Where names can be looked at by ourselves, without ever waiting for a stranger. */
static bool is_near(const struct reach *reach, size_t domain)
{
	return reach->sees_mounts && reach_domain(reach, domain)->class == MOUNT_LOCAL;
}

enum status reach_name(struct reach *reach, struct reach_from from, const char *name,
		       uint8_t type, struct sight *out)
{
	*out = (struct sight){ .fd = -1, .domain = from.domain };
	if (is_near(reach, from.domain)) {
		enum status status = look_here(from.folder, name, type, out);

		if (status != STATUS_IO || errno != EXDEV)
			return status;
	} else if (domain_is_silent(reach_domain(reach, from.domain))) {
		return STATUS_TIME;
	}
	return reach_by_courier(reach, from, name, out);
}

static enum status look_here(int folder, const char *name, uint8_t type,
			     struct sight *out)
{
	AUTO_CLOSE int fd = -1;
	enum status status = STATUS_IO;

	if (type == DT_DIR) {
		status = opener_directory(folder, name, &fd);
		out->is_open = status == STATUS_OK;
	}
	/* Not a directory, or no longer one. */
	if (type != DT_DIR || (status == STATUS_IO && errno == ENOTDIR))
		status = opener_look(folder, name, LOOK_INSIDE, &fd);
	if (status == STATUS_OK)
		status = target_look(fd, &out->facts);
	if (status == STATUS_OK)
		out->fd = steal_fd(&fd);
	return status;
}

static enum status reach_by_courier(struct reach *reach, struct reach_from from,
				    const char *name, struct sight *out)
{
	struct courier_place place;
	enum status status = courier_look(reach->courier, from.folder, name, LOOK_INSIDE,
					  &place);
	AUTO_CLOSE int fd = place.fd;
	int saved = errno;

	out->facts = place.facts;
	out->is_mounted = place.is_other_mount;
	if (fd >= 0 && (place.is_other_mount || !reach->sees_mounts)) {
		enum status found = domains_of_fd(&reach->domains, fd, &out->domain);

		if (found != STATUS_OK)
			return found;
		out->is_mounted = out->domain != from.domain;
	}
	if (status == STATUS_OK || status == STATUS_IO || status == STATUS_TIME)
		domain_note(reach_domain(reach, out->domain), status != STATUS_TIME);
	if (status == STATUS_OK || status == STATUS_TIME)
		out->fd = steal_fd(&fd);
	errno = saved;
	return status;
}

enum status reach_up(struct reach *reach, struct reach_from from,
		     const struct frame *above, int *ret_fd)
{
	AUTO_CLOSE int fd = -1;
	struct courier_place place = { .fd = -1 };
	enum status status;

	if (is_near(reach, from.domain) && is_near(reach, above->domain)) {
		status = opener_look(from.folder, "..", LOOK_ANYWHERE, &fd);
		if (status == STATUS_OK)
			status = target_look(fd, &place.facts);
	} else {
		status = courier_look(reach->courier, from.folder, "..", LOOK_ANYWHERE,
				      &place);
		fd = place.fd;
	}
	if (status != STATUS_OK)
		return status;
	if (place.facts.device != above->device || place.facts.inode != above->inode) {
		errno = ESTALE;
		return STATUS_IO;
	}
	*ret_fd = steal_fd(&fd);
	return STATUS_OK;
}

enum status reach_list(struct reach *reach, const struct sight *directory,
		       struct names *names)
{
	struct domain *domain = reach_domain(reach, directory->domain);
	enum status status;

	if (directory->is_open) {
		status = names_read(names, directory->fd);
	} else if (domain->class == MOUNT_LOCAL) {
		AUTO_CLOSE int fd = -1;

		status = opener_read(reach->own_fds, directory->fd, directory->facts.uid,
				     &fd);
		if (status == STATUS_OK)
			status = names_read(names, fd);
	} else if (domain_is_silent(domain)) {
		return STATUS_TIME;
	} else {
		status = courier_list(reach->courier, directory->fd, directory->facts.uid,
				      names);
		if (status == STATUS_OK || status == STATUS_TIME)
			domain_note(domain, status == STATUS_OK);
	}
	int saved = errno;

	names_sort(names);
	errno = saved;
	return status;
}

enum status reach_list_mounts(struct reach *reach, size_t domain, struct names *names)
{
	const struct mounts *mounts = &reach->domains.mounts;
	const struct mount *outer = mounts_find(mounts,
						reach_domain(reach, domain)->mount_id);
	struct slice below;
	size_t index = 0;

	while (outer && mounts_next_inside(mounts, outer, &index, &below)) {
		enum status status = names_add(names, below, DT_UNKNOWN);

		if (status != STATUS_OK)
			return status;
	}
	names_sort(names);
	return STATUS_OK;
}

uint64_t reach_volume(struct reach *reach, const struct sight *sight)
{
	struct domain *domain = reach_domain(reach, sight->domain);

	if (!domain->has_volume) {
		domain->has_volume = true;
		if (domain->class != MOUNT_LOCAL ||
		    !volume_of_fd(sight->fd, domain->type, &domain->volume))
			domain->volume = 0;
	}
	return domain->volume;
}

enum status reach_open(struct reach *reach, const struct sight *file,
		       uint64_t copy_bytes_max, struct reached_file *out)
{
	struct domain *domain = reach_domain(reach, file->domain);

	*out = (struct reached_file){ .fd = -1, .facts = file->facts };
	if (domain->class == MOUNT_LOCAL)
		return opener_read(reach->own_fds, file->fd, file->facts.uid, &out->fd);
	if (domain_is_silent(domain))
		return STATUS_TIME;

	enum status status = fetch(reach, file, copy_bytes_max, out);

	if (status == STATUS_OK || status == STATUS_TIME)
		domain_note(domain, status == STATUS_OK);
	return status;
}

static enum status fetch(struct reach *reach, const struct sight *file,
			 uint64_t copy_bytes_max, struct reached_file *out)
{
	AUTO_CLOSE int to = -1;
	const struct domain *domain = reach_domain(reach, file->domain);
	bool is_kernel = domain->class == MOUNT_KERNEL;
	struct courier_copy copy = { .path_fd = file->fd,
				     .owner = file->facts.uid,
				     .limit = copy_bytes_max,
				     .is_endless = is_kernel,
				     .trust_holes = !is_kernel &&
						    !mount_is_fuse(domain->type) };
	enum status status;

	status = copy_place(is_kernel ? 0 : file->facts.size, &to);
	if (status != STATUS_OK)
		return status;
	copy.to = to;
	/* A size is what somebody says: memory is not to be had for more than that. */
	if (is_kernel)
		copy.limit = min_u64(copy.limit, KERNEL_BYTES_MAX);
	else if (file->facts.size <= COPY_MEMORY_MAX)
		copy.limit = min_u64(copy.limit, COPY_MEMORY_MAX);
	else
		copy.limit = min_u64(copy.limit, copy_room(to));
	status = courier_fetch(reach->courier, &copy);
	if (status == STATUS_OK)
		status = opener_read_only(reach->own_fds, to, &out->fd);
	if (status == STATUS_OK)
		status = target_look(to, &out->facts);
	out->is_copy = true;
	out->is_cut = copy.is_cut;
	out->has_changed = copy.has_changed;
	/* Of what was written last, all need not belong to the copy. */
	out->facts.size = min_u64(out->facts.size, copy.len);
	return status;
}
