/* SPDX-License-Identifier: Apache-2.0 */
#include "type/magic.h"

#include <stdlib.h>

#include "guard.h"
#include "test.h"

static uint8_t bytes[TYPE_HEAD_LEN];

static size_t place(const struct magic *magic)
{
	memset(bytes, 0xee, sizeof(bytes));
	memcpy(bytes + magic->offset, magic->bytes, magic->len);
	return magic->offset + magic->len;
}

TEST("every entry lies inside the head and is long enough to mean something")
{
	for (const struct magic *magic = magic_table; magic->len > 0; magic++) {
		CHECK(magic->offset + magic->len <= TYPE_HEAD_LEN);
		CHECK(magic->len >= 3 || magic->shaped || magic->binary_only);
	}
}

TEST("an entry fits its bytes, and not fewer of them or others")
{
	for (const struct magic *magic = magic_table; magic->len > 0; magic++) {
		struct magic bare = *magic;
		size_t len = place(magic);
		struct guard guard = guard_copy(bytes, len);
		struct sample sample = { .head = reader_of(guard.bytes, len),
					 .size = len };

		bare.shaped = NULL;
		CHECK(magic_fits(&bare, &sample));
		sample.is_text = true;
		CHECK_EQ(magic_fits(&bare, &sample), !magic->binary_only);
		sample.is_text = false;
		sample.head.len--;
		CHECK(!magic_fits(&bare, &sample));
		sample.head.len++;
		guard.bytes[magic->offset] ^= 0xff;
		CHECK_EQ(magic_fits(&bare, &sample),
			 magic->mask && magic->mask[0] == '\0');
		guard_free(&guard);
	}
}

TEST("shapes look at nothing behind the end")
{
	for (const struct magic *magic = magic_table; magic->len > 0; magic++) {
		size_t len = place(magic);

		for (size_t more = 0; more < 200; more++) {
			struct guard guard = guard_copy(bytes, len + more);
			struct sample sample = {
				.head = reader_of(guard.bytes, len + more),
				.size = len + more,
			};
			if (len + more <= TYPE_HEAD_LEN)
				(void)magic_fits(magic, &sample);
			guard_free(&guard);
			if (!magic->shaped)
				break;
		}
	}
}

TEST_MAIN()
