/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests as signatures take them: the three that rules name files by, and two longer
 * ones. One computation at a time; the algorithms are those of digests_load().
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"

enum message_hash { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

enum { MESSAGE_HASHES = HASH_SHA512 + 1, MESSAGE_DIGEST_MAX = 64 };

struct message_digest {
	uint8_t bytes[MESSAGE_DIGEST_MAX];
	size_t len;
};

/* A computation under way; message_digest_end() must follow. */
struct message_digester {
	void *context; /* EVP_MD_CTX */
};

/* OK, NO_MEMORY (nothing is to be ended then) */
MUST_CHECK enum status message_digest_begin(struct message_digester *digester,
					    const struct digests *digests,
					    enum message_hash hash);
void message_digest_update(struct message_digester *digester, struct slice bytes);
void message_digest_end(struct message_digester *digester, struct message_digest *out);

/* Of some bytes.  OK, NO_MEMORY */
MUST_CHECK enum status message_digest_of(const struct digests *digests,
					 enum message_hash hash, struct slice bytes,
					 struct message_digest *out);

size_t message_digest_len(enum message_hash hash);
