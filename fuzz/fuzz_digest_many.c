/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages taken side by side have the digests that OpenSSL takes of each alone. Kind (u8);
 * of each message its length (u16) and where it begins in what follows (u16).
 */
#include "base/digest_many.h"

#include <stdlib.h>

#include "base/checked.h"
#include "bytes/reader.h"

enum { HEAD_LEN = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct digests digests;
static struct digest_state state;

static void load(void)
{
	if (!state.digests && (digests_load(&digests) != STATUS_OK ||
			       digest_state_init(&state, &digests) != STATUS_OK))
		abort();
}

static void compare(const struct digest_kernel *kernel, enum digest_kind kind,
		    const struct slice *messages, size_t count)
{
	struct digest got[DIGEST_MANY_MAX], want;

	if (digest_many(kernel, &state,
			&(struct digest_batch){ kind, messages, count, got }) !=
	    STATUS_OK)
		abort();
	for (size_t i = 0; i < count; i++)
		if (digest_of(&state, kind, messages[i], &want) != STATUS_OK ||
		    !digest_equal(&got[i], &want))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct digest_kernel *kernels[DIGEST_KERNELS_MAX];
	struct reader in = reader_of(data, size);
	enum digest_kind kind = (enum digest_kind)(reader_u8(&in) % DIGEST_COUNT);
	struct slice messages[DIGEST_MANY_MAX];
	size_t count = 0;

	load();
	while (count < DIGEST_MANY_MAX && reader_left(&in) >= HEAD_LEN) {
		size_t len = reader_u16le(&in);
		size_t at = min_size(reader_u16le(&in), reader_left(&in));
		struct reader message = in;

		reader_skip(&message, at);
		len = min_size(len, reader_left(&message));
		messages[count++] = reader_slice(&message, len);
	}
	size_t kernel_count = digest_kernels(kernels);
	for (size_t k = 0; k < kernel_count; k++)
		compare(kernels[k], kind, messages, count);
	return 0;
}
