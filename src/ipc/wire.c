/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/wire.h"

#include <string.h>

static void put(struct wire *wire, const void *bytes, size_t len);
static void put_number(struct wire *wire, uint64_t value, size_t len);
static uint64_t get_number(struct wire *wire, size_t len);
static uint64_t number(struct wire *wire, uint64_t value, size_t len);

void wire_u8(struct wire *wire, uint8_t *value)
{
	*value = (uint8_t)number(wire, *value, sizeof(*value));
}

void wire_u16(struct wire *wire, uint16_t *value)
{
	*value = (uint16_t)number(wire, *value, sizeof(*value));
}

void wire_u32(struct wire *wire, uint32_t *value)
{
	*value = (uint32_t)number(wire, *value, sizeof(*value));
}

void wire_u64(struct wire *wire, uint64_t *value)
{
	*value = number(wire, *value, sizeof(*value));
}

void wire_i32(struct wire *wire, int32_t *value)
{
	*value = (int32_t)(uint32_t)number(wire, (uint32_t)*value, sizeof(*value));
}

void wire_bool(struct wire *wire, bool *value)
{
	uint64_t byte = 0;

	/* What is to be read may hold no bool yet. */
	if (wire->out)
		byte = *value;
	byte = number(wire, byte, 1);
	if (byte > 1)
		wire->failed = true;
	*value = byte == 1;
}

void wire_choice(struct wire *wire, uint32_t *value, uint32_t end)
{
	wire_u32(wire, value);
	if (*value >= end) {
		wire->failed = true;
		*value = 0;
	}
}

void wire_bytes(struct wire *wire, void *bytes, size_t len)
{
	if (wire->out)
		put(wire, bytes, len);
	else
		reader_bytes(&wire->in, bytes, len);
}

void wire_slice(struct wire *wire, struct slice *value, size_t max)
{
	uint64_t len = number(wire, value->len, sizeof(uint32_t));

	if (len > max) {
		wire->failed = true;
		len = 0;
	}
	if (wire->out)
		put(wire, value->base, (size_t)len);
	else
		*value = reader_slice(&wire->in, (size_t)len);
}

bool wire_add(struct message *message, enum record_kind kind, wire_fields *fields,
	      void *record)
{
	struct wire wire = { .out = message };
	const size_t start = message->len;

	put_number(&wire, (uint64_t)kind, 4);
	put_number(&wire, 0, 4);
	const size_t body = message->len;
	fields(&wire, record);
	if (wire.failed) {
		message->len = start;
		return false;
	}
	wire_store_u32(&message->bytes[body - 4], (uint32_t)(message->len - body));
	message->records++;
	return true;
}

bool wire_get(struct slice body, wire_fields *fields, void *record)
{
	struct wire wire = { .in = reader_of_slice(body) };

	fields(&wire, record);
	return !wire.failed && reader_ok(&wire.in) && reader_left(&wire.in) == 0;
}

void wire_store_u32(uint8_t to[4], uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

static void put(struct wire *wire, const void *bytes, size_t len)
{
	struct message *out = wire->out;

	if (len > sizeof(out->bytes) - out->len) {
		wire->failed = true;
		return;
	}
	if (len > 0)
		memcpy(&out->bytes[out->len], bytes, len);
	out->len += len;
}

static void put_number(struct wire *wire, uint64_t value, size_t len)
{
	uint8_t bytes[sizeof(value)];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	put(wire, bytes, len);
}

static uint64_t get_number(struct wire *wire, size_t len)
{
	uint8_t bytes[sizeof(uint64_t)] = { 0 };
	uint64_t value = 0;

	reader_bytes(&wire->in, bytes, len);
	for (size_t i = len; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

static uint64_t number(struct wire *wire, uint64_t value, size_t len)
{
	if (!wire->out)
		return get_number(wire, len);
	put_number(wire, value, len);
	return value;
}
