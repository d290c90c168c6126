/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/escape.h"
#include "base/utf8.h"

enum { FIRST_SIZE = 512 };

static void begin(struct json *json, const char *key, char bracket);
static void end(struct json *json, char bracket);
static void put_key(struct json *json, const char *key);
static void put_value(struct json *json, const char *key, const char *value);
static void put_string(struct json *json, struct slice text);
static void put_character(struct json *json, uint32_t code, struct slice as_it_is);
static void put_bytes(struct json *json, const void *bytes, size_t len);
static void put_byte(struct json *json, char byte);
static bool make_room(struct json *json, size_t len);

void json_init_fixed(struct json *json, char *buffer, size_t size)
{
	*json = (struct json){ .bytes = buffer, .size = size };
}

void json_init(struct json *json)
{
	*json = (struct json){ .is_growing = true };
}

void json_clear(struct json *json)
{
	if (json->is_growing)
		free(json->bytes);
	*json = (struct json){ .is_growing = json->is_growing };
}

void json_reset(struct json *json)
{
	json->len = 0;
	json->failed = false;
	json->wants_comma = false;
	json->depth = 0;
}

void json_begin_object(struct json *json, const char *key)
{
	begin(json, key, '{');
}

void json_end_object(struct json *json)
{
	end(json, '}');
}

void json_begin_array(struct json *json, const char *key)
{
	begin(json, key, '[');
}

void json_end_array(struct json *json)
{
	end(json, ']');
}

void json_slice(struct json *json, const char *key, struct slice text)
{
	put_key(json, key);
	put_string(json, text);
}

void json_text(struct json *json, const char *key, const char *text)
{
	json_slice(json, key, slice_of(text));
}

void json_base64(struct json *json, const char *key, struct slice bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";

	put_key(json, key);
	put_byte(json, '"');
	for (size_t pos = 0; pos < bytes.len; pos += 3) {
		size_t len = min_size(bytes.len - pos, 3);
		uint32_t group = 0;

		for (size_t i = 0; i < 3; i++)
			group = group << 8 | (i < len ? bytes.base[pos + i] : 0U);
		for (size_t i = 0; i < 4; i++) {
			if (i <= len)
				put_byte(json, digits[group >> (18 - 6 * i) & 63]);
			else
				put_byte(json, '=');
		}
	}
	put_byte(json, '"');
}

void json_hex(struct json *json, const char *key, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";

	put_key(json, key);
	put_byte(json, '"');
	for (size_t i = 0; i < bytes.len; i++) {
		put_byte(json, digits[bytes.base[i] >> 4]);
		put_byte(json, digits[bytes.base[i] & 15]);
	}
	put_byte(json, '"');
}

void json_u64(struct json *json, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	put_value(json, key, text);
}

void json_i64(struct json *json, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	put_value(json, key, text);
}

void json_bool(struct json *json, const char *key, bool value)
{
	put_value(json, key, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	put_value(json, key, "null");
}

bool json_result(const struct json *json, struct slice *out)
{
	assert(json->depth == 0);
	if (json->failed)
		return false;
	*out = (struct slice){ (const uint8_t *)json->bytes, json->len };
	return true;
}

static void begin(struct json *json, const char *key, char bracket)
{
	put_key(json, key);
	put_byte(json, bracket);
	assert(json->depth + 1 < JSON_DEPTH_MAX);
	json->depth++;
	json->objects &= ~(UINT64_C(1) << json->depth);
	if (bracket == '{')
		json->objects |= UINT64_C(1) << json->depth;
	json->wants_comma = false;
}

static void end(struct json *json, char bracket)
{
	bool is_object = json->objects >> json->depth & 1;

	assert(json->depth > 0 && is_object == (bracket == '}'));
	put_byte(json, bracket);
	json->depth--;
	json->wants_comma = true;
}

/* What stands before a value: a comma, and inside an object its key. */
static void put_key(struct json *json, const char *key)
{
	bool in_object = json->depth > 0 && (json->objects >> json->depth & 1);

	assert(in_object == (key != NULL));
	assert(json->depth > 0 || !json->wants_comma);
	if (json->wants_comma)
		put_byte(json, ',');
	json->wants_comma = true;
	if (!key)
		return;
	put_string(json, slice_of(key));
	put_byte(json, ':');
}

static void put_value(struct json *json, const char *key, const char *value)
{
	put_key(json, key);
	put_bytes(json, value, strlen(value));
}

static void put_string(struct json *json, struct slice text)
{
	put_byte(json, '"');
	for (size_t pos = 0; pos < text.len;) {
		uint32_t code = 0xfffd;
		size_t len = utf8_decode(text, pos, &code);

		if (len > 0)
			put_character(json, code, (struct slice){ &text.base[pos], len });
		else
			put_bytes(json, "\xef\xbf\xbd", 3);
		pos += len > 0 ? len : 1;
	}
	put_byte(json, '"');
}

static void put_character(struct json *json, uint32_t code, struct slice as_it_is)
{
	char escape[16];

	if (code == '"' || code == '\\') {
		put_byte(json, '\\');
		put_byte(json, (char)code);
	} else if (!escape_is_unsafe(code)) {
		put_bytes(json, as_it_is.base, as_it_is.len);
	} else if (code < 0x10000) {
		snprintf(escape, sizeof(escape), "\\u%04" PRIx32, code);
		put_bytes(json, escape, 6);
	} else {
		snprintf(escape, sizeof(escape), "\\u%04" PRIx32 "\\u%04" PRIx32,
			 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
		put_bytes(json, escape, 12);
	}
}

static void put_byte(struct json *json, char byte)
{
	put_bytes(json, &byte, 1);
}

static void put_bytes(struct json *json, const void *bytes, size_t len)
{
	if (!make_room(json, len)) {
		json->failed = true;
		return;
	}
	if (len > 0)
		memcpy(&json->bytes[json->len], bytes, len);
	json->len += len;
}

static bool make_room(struct json *json, size_t len)
{
	size_t wanted;
	size_t size = json->size;

	if (json->failed)
		return false;
	if (len <= size - json->len)
		return true;
	if (!json->is_growing || !add_size(json->len, len, &wanted))
		return false;
	if (size == 0)
		size = FIRST_SIZE;
	while (size < wanted)
		if (!mul_size(size, 2, &size))
			return false;

	char *bytes = realloc(json->bytes, size);
	if (!bytes)
		return false;
	json->bytes = bytes;
	json->size = size;
	return true;
}
