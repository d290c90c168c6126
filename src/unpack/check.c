/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/check.h"

#include <zlib.h>

static enum status check_read(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static uint64_t check_taken(const void *state);

struct stream check_start(struct check *check, struct stream in)
{
	*check = (struct check){ .in = in };
	return (struct stream){
		.read = check_read,
		.taken = in.taken ? check_taken : NULL,
		.state = check,
	};
}

void check_promise(struct check *check, uint32_t crc, uint64_t len)
{
	check->has_promise = true;
	check->promised_crc = crc;
	check->promised_len = len;
}

static enum status check_read(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct check *check = state;
	enum status status = stream_read(&check->in, buffer, len, ret_len);

	check->crc = (uint32_t)crc32_z(check->crc, buffer, *ret_len);
	check->len += *ret_len;
	if (status == STATUS_END && check->has_promise &&
	    ((check->crc != check->promised_crc && !check->has_no_sum) ||
	     check->len != check->promised_len))
		status = STATUS_MALFORMED;
	if (status == STATUS_MALFORMED && check->is_decrypted)
		return STATUS_ENCRYPTED;
	return status;
}

static uint64_t check_taken(const void *state)
{
	const struct check *check = state;

	return check->in.taken(check->in.state);
}
