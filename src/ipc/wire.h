/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records to bytes and back, by one description for both ways: a record has
 * one function that names its fields in order, and that function either puts
 * them into a message or gets them out of a body. Putting and getting cannot
 * differ, as they are the same lines.
 *
 *	static void fields(struct wire *wire, void *record)
 *	{
 *		struct record_started *started = record;
 *
 *		wire_u32(wire, &started->slot);
 *		wire_u32(wire, &started->pid);
 *	}
 *
 * As with a reader, failure sticks: past the end zeros are got, and whoever
 * asked believes nothing until the whole record was good.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "bytes/reader.h"
#include "ipc/message.h"

struct wire {
	struct message *out; /* NULL: getting */
	struct reader in;
	bool failed;
};

void wire_u8(struct wire *wire, uint8_t *value);
void wire_u16(struct wire *wire, uint16_t *value);
void wire_u32(struct wire *wire, uint32_t *value);
void wire_u64(struct wire *wire, uint64_t *value);
void wire_i32(struct wire *wire, int32_t *value);

/* One byte; getting anything but 0 and 1 fails. */
void wire_bool(struct wire *wire, bool *value);

/* Getting a value of `end` or more fails. */
void wire_choice(struct wire *wire, uint32_t *value, uint32_t end);

/* Exactly `len` bytes, in place. */
void wire_bytes(struct wire *wire, void *bytes, size_t len);

/* A length and that many bytes, at most `max`. Got: a part of the message. */
void wire_slice(struct wire *wire, struct slice *value, size_t max);

typedef void wire_fields(struct wire *wire, void *record);

/*
 * Adds a record. False, and the message as it was, if it does not fit any more
 * (or breaks a limit of its own fields: then it never will).
 */
MUST_CHECK bool wire_add(struct message *message, enum record_kind kind,
			 wire_fields *fields, void *record);

/* Gets a record. False, unless the fields are good and fill the body exactly. */
MUST_CHECK bool wire_get(struct slice body, wire_fields *fields, void *record);

void wire_store_u32(uint8_t to[4], uint32_t value);
