/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rsa.h"

#include <limits.h>

#include <openssl/bn.h>

struct numbers {
	BN_CTX *scratch;
	BIGNUM *modulus, *exponent, *number;
};

static BIGNUM *number_of(struct slice bytes)
{
	return bytes.len > INT_MAX ? NULL : BN_bin2bn(bytes.base, (int)bytes.len, NULL);
}

static enum status raise(struct numbers *numbers, uint8_t *out, size_t len)
{
	if (BN_ucmp(numbers->number, numbers->modulus) >= 0)
		return STATUS_MALFORMED;
	if (BN_mod_exp(numbers->number, numbers->number, numbers->exponent,
		       numbers->modulus, numbers->scratch) != 1 ||
	    BN_bn2binpad(numbers->number, out, (int)len) < 0)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

enum status rsa_raise(struct slice modulus, uint32_t exponent, struct slice number,
		      uint8_t *out)
{
	struct numbers numbers = {
		.scratch = BN_CTX_new(),
		.modulus = number_of(modulus),
		.exponent = BN_new(),
		.number = number_of(number),
	};
	enum status status = STATUS_NO_MEMORY;

	if (numbers.scratch && numbers.modulus && numbers.exponent && numbers.number &&
	    BN_set_word(numbers.exponent, exponent) == 1)
		status = raise(&numbers, out, modulus.len);
	BN_free(numbers.number);
	BN_free(numbers.exponent);
	BN_free(numbers.modulus);
	BN_CTX_free(numbers.scratch);
	return status;
}
