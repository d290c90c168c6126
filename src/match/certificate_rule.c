/* SPDX-License-Identifier: Apache-2.0 */
#include "match/certificate_rule.h"

#include "bytes/reader.h"

bool certificate_rule_read(struct slice data, struct certificate_rule *out)
{
	struct reader in = reader_of_slice(data);
	unsigned flags = reader_u8(&in);
	struct certificate_rule rule = {
		.is_trusted = flags & CERTIFICATE_RULE_TRUSTED,
		.anchor.has_serial = flags & CERTIFICATE_RULE_SERIAL,
	};

	if (flags & CERTIFICATE_RULE_CODE)
		rule.anchor.uses |= CERTIFICATE_SIGNS_CODE;
	if (flags & CERTIFICATE_RULE_TIMES)
		rule.anchor.uses |= CERTIFICATE_SIGNS_TIMES;
	if (flags & CERTIFICATE_RULE_CERTIFICATES)
		rule.anchor.uses |= CERTIFICATE_SIGNS_CERTIFICATES;
	reader_bytes(&in, rule.anchor.subject_sha1, sizeof(rule.anchor.subject_sha1));
	reader_bytes(&in, rule.anchor.serial_sha1, sizeof(rule.anchor.serial_sha1));
	rule.anchor.not_before = (int64_t)(reader_u64le(&in) & INT64_MAX);
	rule.anchor.modulus = reader_rest(&in);
	if (!reader_ok(&in) || rule.anchor.modulus.len == 0)
		return false;
	*out = rule;
	return true;
}
