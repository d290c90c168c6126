/* SPDX-License-Identifier: Apache-2.0 */
#include "deflated.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void *need(size_t size)
{
	void *memory = malloc(size > 0 ? size : 1);

	if (!memory)
		exit(99);
	return memory;
}

static void pack(struct deflated *deflated)
{
	z_stream zlib = { 0 };

	if (deflateInit2(&zlib, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		exit(99);
	size_t bound = deflateBound(&zlib, (uLong)deflated->plain_len);
	deflated->packed = need(bound);
	zlib.next_in = deflated->plain;
	zlib.avail_in = (uInt)deflated->plain_len;
	zlib.next_out = deflated->packed;
	zlib.avail_out = (uInt)bound;
	if (deflate(&zlib, Z_FINISH) != Z_STREAM_END)
		exit(99);
	deflated->packed_len = bound - zlib.avail_out;
	deflateEnd(&zlib);
}

struct deflated deflated_bytes(const void *bytes, size_t len)
{
	struct deflated deflated = { .plain = need(len), .plain_len = len };

	if (len > 0)
		memcpy(deflated.plain, bytes, len);
	pack(&deflated);
	return deflated;
}

struct deflated deflated_sample(size_t len)
{
	static const char *const words[] = { "quis ", "custodiet ", "ipsos ",
					     "custodes\n" };
	struct deflated deflated = { .plain = need(len + 16) };
	unsigned state = 1;

	while (deflated.plain_len < len) {
		state = state * 1103515245 + 12345;
		const char *word = words[state >> 16 & 3];
		memcpy(deflated.plain + deflated.plain_len, word, strlen(word));
		deflated.plain_len += strlen(word);
		if (state >> 20 & 1)
			deflated.plain[deflated.plain_len - 1] = (uint8_t)(state >> 24);
	}
	deflated.plain_len = len;
	pack(&deflated);
	return deflated;
}

void deflated_free(struct deflated *deflated)
{
	free(deflated->plain);
	free(deflated->packed);
	*deflated = (struct deflated){ 0 };
}
