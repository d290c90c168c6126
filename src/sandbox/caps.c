/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The calls themselves: libcap would be a library for two of them. */
struct caps {
	struct __user_cap_data_struct half[_LINUX_CAPABILITY_U32S_3];
};

static bool set(const struct caps *caps);
static bool get(struct caps *out);

void caps_drop_bounding(void)
{
	unsigned long cap = 0;

	while (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
		cap++;
}

bool caps_drop_all(void)
{
	struct caps caps = { 0 };

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (!set(&caps) || !get(&caps))
		return false;
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		if (caps.half[i].effective || caps.half[i].permitted) {
			errno = EPERM;
			return false;
		}
	}
	return true;
}

void caps_keep_admin(void)
{
	struct caps now, caps = { 0 };
	const uint32_t admin = CAP_TO_MASK(CAP_SYS_ADMIN);

	if (!get(&now))
		return;
	caps.half[0].permitted = now.half[0].permitted & admin;
	caps.half[0].effective = caps.half[0].permitted;
	(void)set(&caps);
}

static bool set(const struct caps *caps)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capset, &header, caps->half) == 0;
}

static bool get(struct caps *out)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capget, &header, out->half) == 0;
}
