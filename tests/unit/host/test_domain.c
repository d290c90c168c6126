/* SPDX-License-Identifier: Apache-2.0 */
#include "host/domain.h"

#include <fcntl.h>
#include <unistd.h>

#include "test.h"

TEST("one that is silent now and then is asked on, one that is silent in a row is not")
{
	struct domain domain = { 0 };

	for (int i = 0; i < DOMAIN_SILENCES_MAX - 1; i++)
		domain_note(&domain, false);
	CHECK(!domain_is_silent(&domain));
	domain_note(&domain, true);
	domain_note(&domain, false);
	CHECK(!domain_is_silent(&domain));
	for (int i = 0; i < DOMAIN_SILENCES_MAX - 1; i++)
		domain_note(&domain, false);
	CHECK(domain_is_silent(&domain));
}

TEST("one that answers every other time is given up as well")
{
	struct domain domain = { 0 };

	for (int i = 0; i < DOMAIN_SILENT_SUM_MAX; i++) {
		CHECK(!domain_is_silent(&domain));
		domain_note(&domain, false);
		domain_note(&domain, true);
	}
	CHECK(domain_is_silent(&domain));
}

TEST("each mount is one domain, however it is come to")
{
	struct domains domains;
	size_t proc, root, again, by_mount;
	int proc_fd = open("/proc/self", O_PATH | O_CLOEXEC);
	int root_fd = open("/", O_PATH | O_CLOEXEC);

	REQUIRE(domains_init(&domains) == STATUS_OK);
	CHECK_EQ(domains_of_fd(&domains, proc_fd, &proc), STATUS_OK);
	CHECK_EQ(domains_of_fd(&domains, root_fd, &root), STATUS_OK);
	CHECK_EQ(domains_of_fd(&domains, proc_fd, &again), STATUS_OK);
	CHECK(proc != root);
	CHECK_EQ(proc, again);
	CHECK_EQ(domains.list[proc].class, MOUNT_KERNEL);
	CHECK_STR(domains.list[proc].type, "proc");

	const struct mount *mount = mounts_find(&domains.mounts,
						domains.list[proc].mount_id);

	REQUIRE(mount != NULL);
	CHECK_EQ(domains_of_mount(&domains, mount, &by_mount), STATUS_OK);
	CHECK_EQ(by_mount, proc);
	close(proc_fd);
	close(root_fd);
	domains_clear(&domains);
}

TEST("what is on no mount that is known may not answer")
{
	struct domains domains;
	size_t which;

	REQUIRE(domains_init(&domains) == STATUS_OK);
	CHECK_EQ(domains_of_fd(&domains, -1, &which), STATUS_OK);
	CHECK_EQ(domains.list[which].class, MOUNT_DISTANT);
	CHECK_STR(domains.list[which].type, "");
	domains_clear(&domains);
}

TEST_MAIN()
