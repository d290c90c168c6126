/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of several messages in memory, taken side by side. Each step of MD5 waits for the
 * one before, so that one message at a time leaves most of a processor idle; and for SHA-1
 * and SHA-256, which newer processors have instructions for, sixteen lanes are still
 * faster. Made for many messages of a few KiB; what is longer has other ways.
 */
#pragma once

#include <stddef.h>

#include "base/compiler.h"
#include "base/cpu_path.h"
#include "base/digest.h"
#include "base/slice.h"

enum { DIGEST_MANY_MAX = 64, DIGEST_KERNELS_MAX = 2 };

struct digest_kernel;

/* Those that this processor can run, the one to use last. Returns how many; may be none. */
size_t digest_kernels(const struct digest_kernel *out[DIGEST_KERNELS_MAX]);

/* The one of a path; NULL: messages are taken one after another there. */
const struct digest_kernel *digest_kernel_of(enum cpu_path path);

/* digests[i] is to become that of messages[i]. */
struct digest_batch {
	enum digest_kind kind;
	const struct slice *messages;
	size_t count; /* at most DIGEST_MANY_MAX */
	struct digest *digests;
};

/*
 * `kernel` may be NULL; `state` is used where it does not help.
 *   OK
 *   NO_MEMORY
 */
MUST_CHECK enum status digest_many(const struct digest_kernel *kernel,
				   struct digest_state *state,
				   const struct digest_batch *batch);
