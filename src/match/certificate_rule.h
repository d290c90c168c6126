/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about certificates (entries of RULE_CERTIFICATE): keys whose signatures are
 * trusted, or reported. The data of an entry, little-endian:
 *
 *	u8 flags: 1 trusted, 2 signs code, 4 times, 8 certificates; 16 there is a serial
 *	20 bytes SHA-1 of the subject's name, 20 of the serial number, without tag and length
 *	u64 not before, in seconds since 1970
 *	the modulus of its RSA key, big-endian, no zeros in front
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "view/trust_chain.h"

enum certificate_rule_flags {
	CERTIFICATE_RULE_TRUSTED = 1,
	CERTIFICATE_RULE_CODE = 2,
	CERTIFICATE_RULE_TIMES = 4,
	CERTIFICATE_RULE_CERTIFICATES = 8,
	CERTIFICATE_RULE_SERIAL = 16,
};

enum { CERTIFICATE_RULE_HEAD_LEN = 1 + 20 + 20 + 8 };

struct certificate_rule {
	bool is_trusted; /* else it is reported */
	struct trust_anchor anchor;
};

/* False: the data is damaged. The modulus points into it. */
MUST_CHECK bool certificate_rule_read(struct slice data, struct certificate_rule *out);
