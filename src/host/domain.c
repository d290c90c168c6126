/* SPDX-License-Identifier: Apache-2.0 */
#include "host/domain.h"

#include <stdlib.h>
#include <string.h>

static const struct mount *find_mount(struct domains *domains, int id);
static MUST_CHECK bool find_domain(const struct domains *domains, int mount_id,
				   size_t *out);
static MUST_CHECK enum status add_mount(struct domains *domains,
					const struct mount *mount, size_t *out);
static MUST_CHECK enum status add_domain(struct domains *domains,
					 const struct domain *domain, size_t *out);

enum status domains_init(struct domains *domains)
{
	*domains = (struct domains){ 0 };
	return mounts_read(&domains->mounts);
}

void domains_clear(struct domains *domains)
{
	mounts_clear(&domains->mounts);
	free(domains->list);
	*domains = (struct domains){ 0 };
}

enum status domains_of_fd(struct domains *domains, int fd, size_t *out)
{
	struct domain domain = { .class = MOUNT_DISTANT };
	const struct mount *mount = NULL;

	if (mount_id_of_fd(fd, &domain.mount_id) != STATUS_OK)
		domain.mount_id = -1;
	if (find_domain(domains, domain.mount_id, out))
		return STATUS_OK;
	if (domain.mount_id >= 0)
		mount = find_mount(domains, domain.mount_id);
	if (mount)
		return add_mount(domains, mount, out);
	return add_domain(domains, &domain, out);
}

enum status domains_of_mount(struct domains *domains, const struct mount *mount,
			     size_t *out)
{
	if (find_domain(domains, mount->id, out))
		return STATUS_OK;
	return add_mount(domains, mount, out);
}

static bool find_domain(const struct domains *domains, int mount_id, size_t *out)
{
	for (size_t i = 0; i < domains->count; i++) {
		if (domains->list[i].mount_id == mount_id) {
			*out = i;
			return true;
		}
	}
	return false;
}

static enum status add_mount(struct domains *domains, const struct mount *mount,
			     size_t *out)
{
	struct domain domain = { .mount_id = mount->id, .class = mount->class };

	memcpy(domain.type, mount->type, sizeof(domain.type));
	return add_domain(domains, &domain, out);
}

static enum status add_domain(struct domains *domains, const struct domain *domain,
			      size_t *out)
{
	struct domain *list = reallocarray(domains->list, domains->count + 1,
					   sizeof(*list));

	if (!list)
		return STATUS_NO_MEMORY;
	list[domains->count] = *domain;
	domains->list = list;
	*out = domains->count++;
	return STATUS_OK;
}

void domain_note(struct domain *domain, bool answered)
{
	if (answered) {
		domain->silences = 0;
		return;
	}
	domain->silences++;
	domain->silent_sum++;
}

bool domain_is_silent(const struct domain *domain)
{
	return domain->silences >= DOMAIN_SILENCES_MAX ||
	       domain->silent_sum >= DOMAIN_SILENT_SUM_MAX;
}

/* What was mounted since the table was read is found in a new one. */
static const struct mount *find_mount(struct domains *domains, int id)
{
	const struct mount *mount = mounts_find(&domains->mounts, id);
	struct mounts fresh;

	if (mount || mounts_read(&fresh) != STATUS_OK)
		return mount;
	mounts_clear(&domains->mounts);
	domains->mounts = fresh;
	return mounts_find(&domains->mounts, id);
}
