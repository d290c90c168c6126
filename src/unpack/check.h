/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream that passes another one's bytes on and, at its end, says MALFORMED instead of
 * END if they are not what the container promised. By then all of them were given: a
 * wrong sum hides nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bytes/stream.h"

struct check {
	struct stream in;
	uint32_t crc; /* CRC-32 of the bytes so far */
	uint64_t len; /* how many there were */
	bool has_promise;
	uint32_t promised_crc;
	uint64_t promised_len;
	bool has_no_sum;   /* only the length is compared */
	bool is_decrypted; /* other bytes than promised: ENCRYPTED, a wrong password */
};

/* Without a promise (yet): crc and len can be asked at the end. */
struct stream check_start(struct check *check, struct stream in);

/* From now on the end is compared with this. */
void check_promise(struct check *check, uint32_t crc, uint64_t len);
