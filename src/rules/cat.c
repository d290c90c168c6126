/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalogues (cat): a file is one entry, kept as it is. Whether its signature holds is asked
 * when it is used, with the certificates that the same source trusts (view/digest_catalog.h).
 */
#include "bytes/der.h"
#include "rules/languages.h"

static const uint8_t signed_data_oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
					   0x0d, 0x01, 0x07, 0x02 };

enum status cat_read(struct arena *arena, struct slice file, struct rule *out,
		     struct rule_error *error)
{
	struct reader in = reader_of_slice(file), all;
	struct slice oid;

	(void)arena;
	if (!der_enter(&in, DER_SEQUENCE, &all) || !der_take(&all, DER_OID, &oid) ||
	    !slice_equal(oid,
			 (struct slice){ signed_data_oid, sizeof(signed_data_oid) })) {
		*error = (struct rule_error){ .message = "no catalogue: not PKCS #7" };
		return STATUS_MALFORMED;
	}
	*out = (struct rule){
		.language = RULE_CATALOG,
		.flags = RULE_FINDS_NOTHING,
		.name = slice_of("Catalog"),
		.data = file,
	};
	return STATUS_OK;
}
