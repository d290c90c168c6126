/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Did *our work* succeed? A status never says anything about malware: what a
 * file is, is a verdict (verdict/verdict.h), and the two types never meet.
 *
 * STATUS_OK and STATUS_END are the good ones; END means that an iterator or a
 * stream has no more to give. The rest say why a piece of work stopped. Whether
 * that ends the object, the file or the program is the caller's business: the
 * scan loop turns them into reasons (base/reason.h) for `incomplete`.
 */
#pragma once

#include "base/compiler.h"

enum status {
	STATUS_OK = 0,
	STATUS_END,         /* nothing more: not an error */
	STATUS_TRUNCATED,   /* the bytes end before the structure does */
	STATUS_MALFORMED,   /* the bytes contradict the format */
	STATUS_UNSUPPORTED, /* well-formed as far as seen, but no code for it */
	STATUS_ENCRYPTED,   /* needs a password that we do not have */
	STATUS_VOLUMES,     /* a part is in another file that is not here */
	STATUS_LIMIT,       /* a limit given by the caller was reached */
	STATUS_TIME,        /* the deadline given by the caller has passed */
	STATUS_CHANGED,     /* the file is not what it was when the work began */
	STATUS_NO_MEMORY,   /* the arena's budget, or the machine's memory, is used up */
	STATUS_IO,          /* the system refused a read or a write */
};

enum { STATUS_COUNT = STATUS_IO + 1 };

/* A short lower-case name, for messages; never NULL. */
const char *status_name(enum status status);
