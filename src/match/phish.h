/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a link lead where it says it does? What is asked of a link in mail: its address
 * and the text that is shown for it.
 *
 *	1. digests of its host and path, and of what they begin with, in gdb tables
 *	2. links that wdb tables allow, and those that lead to the shown domain, are good
 *	3. an address with a hidden end of the host; https shown and not followed
 *	4. a shown host that pdb tables watch, and another domain behind it
 *
 * Only what is shown as a link is compared at all.
 */
#pragma once

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/tables.h"

enum phish_kind {
	PHISH_NONE,
	PHISH_SPOOFED_DOMAIN,
	PHISH_SSL_SPOOF,
	PHISH_CLOAKED_NULL,
	PHISH_CLOAKED_USERNAME,
	PHISH_CLOAKED_NUMERIC_IP,
	PHISH_URL_BLOCKED,     /* gdb: S1 */
	PHISH_LISTED_MALWARE,  /* gdb: S */
	PHISH_LISTED_PHISHING, /* gdb: S2 */
};

struct phish {
	const struct tables *segments;
	size_t segment_count;
	struct digest_state *digest_state;
	struct arena *arena; /* rewound */
	uint64_t steps;      /* of entries and expressions; taken from */
	/* clamscan 1.4.6 says SpoofedDomain where a user name or a number cloaks */
	bool clamav_compat;
};

/* What a finding is called: ClamAV's names, "Heuristics.Phishing.…"; NULL for NONE. */
const char *phish_name(enum phish_kind kind);

/*
 * Looks at one link.
 *   OK      *out says it
 *   LIMIT   there are no steps left: it is not known
 *   NO_MEMORY
 */
MUST_CHECK enum status phish_check(struct phish *phish, struct slice real,
				   struct slice shown, enum phish_kind *out);
