/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures: as their text, and, if the first byte is odd, as a good text around
 * a signature of any bytes. Nobody is trusted.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cvd/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct digests digests;

static struct slice wrap(struct arena *arena, const uint8_t *bytes, size_t len)
{
	static const char head[] = "#clamsign-1.0\n230::pkcs7-pem:";
	size_t head_len = sizeof(head) - 1;
	uint8_t *text = arena_alloc(arena, head_len + 2 * len + 8);

	if (!text)
		return (struct slice){ bytes, 0 };
	memcpy(text, head, head_len);
	int encoded = EVP_EncodeBlock(text + head_len, bytes, (int)len);
	return (struct slice){ text, head_len + (size_t)encoded };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct cvd_sign sign = { .digests = &digests, .arena = &arena };

	if (size == 0 || (!digests.library && digests_load(&digests) != STATUS_OK))
		return 0;
	arena_init(&arena, 4 << 20);
	struct slice text = { data + 1, size - 1 };
	if (data[0] & 1)
		text = wrap(&arena, data + 1, size - 1);
	enum status status = cvd_sign_verify(&sign, text, source_of_memory("x", 1));
	assert(status == STATUS_MALFORMED && sign.reason);
	arena_clear(&arena);
	return 0;
}
