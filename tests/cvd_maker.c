/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd_maker.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "scanning.h"
#include "text_buffer.h"

enum { MEMBERS_MAX = 8, HEADER_LEN = 512 };

static const char good_header[] = "ClamAV-VDB:22 Jun 2021 14-58 -0400:7:3:81:X:X:"
				  "somebody:1624388302";

static void list_members(const struct cvd_maker *maker, struct text_buffer *text)
{
	struct digests digests;
	struct digest_state state;
	struct digest digest;
	char hex[DIGEST_HEX_MAX];

	if (digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&state, &digests) != STATUS_OK)
		abort();
	text_add(text, "%s\n", good_header);
	for (size_t i = 0; maker->names[i]; i++) {
		if (digest_of(&state, DIGEST_SHA256, slice_of(maker->texts[i]),
			      &digest) != STATUS_OK)
			abort();
		digest_hex(&digest, hex);
		text_add(text, "%s:%zu:%s\n", maker->names[i], strlen(maker->texts[i]),
			 hex);
	}
	digest_state_clear(&state);
	digests_clear(&digests);
}

uint8_t *cvd_make(const struct cvd_maker *maker, size_t *ret_len)
{
	static struct text_buffer list;
	const char *names[MEMBERS_MAX + 1] = { 0 };
	struct wrapped members[MEMBERS_MAX];
	const char *header = maker->header ? maker->header : good_header;
	size_t count = 0;

	text_clear(&list);
	if (maker->list)
		text_add(&list, "%s", maker->list);
	else
		list_members(maker, &list);
	if (!maker->has_no_list) {
		names[count] = "x.info";
		members[count++] = (struct wrapped){ (uint8_t *)list.text,
						     strlen(list.text) };
	}
	for (size_t i = 0; maker->names[i] && count < MEMBERS_MAX; i++) {
		names[count] = maker->names[i];
		members[count++] = (struct wrapped){ (uint8_t *)maker->texts[i],
						     strlen(maker->texts[i]) };
	}
	struct wrapped body = wrap_tar(names, members, count);
	if (maker->is_packed) {
		struct wrapped packed = wrap_gzip(body.bytes, body.len);
		free(body.bytes);
		body = packed;
	}
	uint8_t *bytes = malloc(HEADER_LEN + body.len);
	if (!bytes)
		abort();
	memset(bytes, ' ', HEADER_LEN);
	memcpy(bytes, header, strlen(header));
	memcpy(bytes + HEADER_LEN, body.bytes, body.len);
	free(body.bytes);
	*ret_len = HEADER_LEN + body.len;
	return bytes;
}
