/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MD5, SHA-1 and SHA-256: what rules name files by. None of them protects anything
 * here; that is why MD5 is asked for even where a FIPS policy forbids it elsewhere.
 *
 * The algorithms are OpenSSL's, fetched once, in a library context of our own. After
 * digests_load() and digest_state_init() no file is opened any more, so that both are
 * done before a process is locked up and the rest after it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };

enum { DIGEST_COUNT = DIGEST_SHA256 + 1, DIGEST_LEN_MAX = 32, DIGEST_HEX_MAX = 65 };

/* Sets of kinds. */
enum {
	DIGEST_BIT_MD5 = 1 << DIGEST_MD5,
	DIGEST_BIT_SHA1 = 1 << DIGEST_SHA1,
	DIGEST_BIT_SHA256 = 1 << DIGEST_SHA256,
	DIGEST_BITS_ALL = DIGEST_BIT_MD5 | DIGEST_BIT_SHA1 | DIGEST_BIT_SHA256,
};

struct digest {
	uint8_t bytes[DIGEST_LEN_MAX];
	size_t len; /* 16, 20 or 32; 0: there is none */
};

/*
 * The algorithms, loaded. Made once in a process; may be shared by all that hash in
 * it.
 */
struct digests {
	void *library;                  /* OSSL_LIB_CTX */
	void *provider;                 /* OSSL_PROVIDER */
	void *algorithms[DIGEST_COUNT]; /* EVP_MD */
	void *longer[2];                /* SHA-384 and SHA-512, for signatures */
};

/*
 * Also tells OpenSSL that this process wants no configuration file: otherwise the first
 * computation reads one, whatever context it belongs to. So this comes before any other
 * use of OpenSSL.
 *   OK
 *   UNSUPPORTED  this OpenSSL does not have them all
 *   NO_MEMORY
 */
MUST_CHECK enum status digests_load(struct digests *digests);
void digests_clear(struct digests *digests);

/* One computation after another, of several kinds at once. Belongs to one thread. */
struct digest_state {
	void *contexts[DIGEST_COUNT]; /* EVP_MD_CTX */
	const struct digests *digests;
	unsigned running; /* set of kinds since the last start */
};

/* `digests` must outlive the state.  OK, NO_MEMORY. */
MUST_CHECK enum status digest_state_init(struct digest_state *state,
					 const struct digests *digests);
void digest_state_clear(struct digest_state *state);

/*
 * Begins anew, for the kinds in the set `kinds`; an unfinished computation is dropped.
 * OpenSSL takes a small block of memory for each kind, and gives the former one back.
 *   OK
 *   NO_MEMORY  nothing is running
 */
MUST_CHECK enum status digest_start(struct digest_state *state, unsigned kinds);
void digest_update(struct digest_state *state, const void *bytes, size_t len);

/* Ends it. out[kind].len is 0 for kinds that were not asked for. */
void digest_finish(struct digest_state *state, struct digest out[DIGEST_COUNT]);

/* Start, update and finish for one kind.  OK, NO_MEMORY. */
MUST_CHECK enum status digest_of(struct digest_state *state, enum digest_kind kind,
				 struct slice bytes, struct digest *out);

/* How many bytes a digest of this kind has. */
size_t digest_len(enum digest_kind kind);

bool digest_equal(const struct digest *a, const struct digest *b);

/* Lower-case hex and a NUL; "" if there is no digest. */
void digest_hex(const struct digest *digest, char out[DIGEST_HEX_MAX]);

/*
 * The reverse, either case. False, and *out left alone, unless it is 32, 40 or 64
 * digits.
 */
MUST_CHECK bool digest_parse(struct slice hex, struct digest *out);
