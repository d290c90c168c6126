/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures: as their text, and, if the first byte is odd, as a good text around
 * a signature of any bytes. One certificate is trusted, whose key nobody has any more: one
 * signature of its is among the seeds.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cvd/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct digests digests;

static const char trusted[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBDTCBs6ADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBFNlZWQwIBcN\n"
	"MjAwMTAxMDAwMDAwWhgPMjA5OTAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBFNlZWQw\n"
	"WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQgBz7hZOiHmqkNlcpQPPkVA3zZnjLc\n"
	"IaN1K8p/qOxmCxeCBcadF2eaSsRxA/DvSFa1q6HPNi3QNGaJLXuwdOR6MAoGCCqG\n"
	"SM49BAMCA0kAMEYCIQCGCv5D2GozFkoJoecvA/N2rcmNFeeczh76Uj4CFCmNHwIh\n"
	"AKZbBnMKPy3QsWwL8ZBIvI5PfZOnbTYz5J6E4dTYCojq\n"
	"-----END CERTIFICATE-----\n";

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
	const struct slice certificate = slice_of(trusted);
	struct cvd_sign sign = { .certificates = &certificate,
				 .certificate_count = 1,
				 .digests = &digests,
				 .arena = &arena };

	if (size == 0 || (!digests.library && digests_load(&digests) != STATUS_OK))
		return 0;
	arena_init(&arena, 4 << 20);
	struct slice text = { data + 1, size - 1 };
	if (data[0] & 1)
		text = wrap(&arena, data + 1, size - 1);
	enum status status = cvd_sign_verify(&sign, text, source_of_memory("x", 1));
	assert(status == STATUS_OK ? strcmp(sign.signer, "Seed") == 0 :
				     status == STATUS_MALFORMED && sign.reason);
	arena_clear(&arena);
	return 0;
}
