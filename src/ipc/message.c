/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/message.h"

#include <assert.h>
#include <string.h>

#include "ipc/wire.h"

static const uint32_t magic = 0x31535543; /* "CUS1" */

void message_start(struct message *message)
{
	message->len = MESSAGE_HEADER_LEN;
	message->records = 0;
}

void message_finish(struct message *message)
{
	assert(message->len >= MESSAGE_HEADER_LEN && message->len <= MESSAGE_MAX);
	wire_store_u32(&message->bytes[0], magic);
	wire_store_u32(&message->bytes[4], (uint32_t)(message->len - MESSAGE_HEADER_LEN));
	wire_store_u32(&message->bytes[8], message->records);
}

bool message_is_empty(const struct message *message)
{
	return message->records == 0;
}

bool message_open(const void *bytes, size_t len, struct reader *out)
{
	struct reader in = reader_of(bytes, len);
	uint32_t seen_magic = reader_u32le(&in);
	uint32_t payload = reader_u32le(&in);
	uint32_t records = reader_u32le(&in);
	struct slice body;
	uint32_t kind;

	if (!reader_ok(&in) || seen_magic != magic || payload != reader_left(&in))
		return false;
	struct reader count = in;
	while (records > 0 && message_next(&count, &kind, &body) == MESSAGE_RECORD)
		records--;
	if (records != 0 || reader_left(&count) != 0)
		return false;
	*out = in;
	return true;
}

enum message_step message_next(struct reader *records, uint32_t *ret_kind,
			       struct slice *ret_body)
{
	if (!reader_ok(records))
		return MESSAGE_MALFORMED;
	if (reader_left(records) == 0)
		return MESSAGE_END;

	uint32_t kind = reader_u32le(records);
	uint32_t len = reader_u32le(records);
	struct slice body = reader_slice(records, len);
	if (!reader_ok(records))
		return MESSAGE_MALFORMED;
	*ret_kind = kind;
	*ret_body = body;
	return MESSAGE_RECORD;
}
