/* SPDX-License-Identifier: Apache-2.0 */
#include "host/record.h"

#include "base/utf8.h"

static const char *type_text(enum record_type type);
static void write_objects(struct json *json, const struct slice *objects, size_t count);
static void write_some(struct json *json, const char *key, struct slice text);

void record_write(struct json *json, const struct record *record)
{
	json_begin_object(json, NULL);
	json_text(json, "schema", RECORD_SCHEMA);
	json_text(json, "type", type_text(record->type));
	record_write_path(json, record->path);
	write_objects(json, record->objects, record->object_count);
	if (record->has_verdict)
		json_text(json, "verdict", verdict_name(record->verdict));
	write_some(json, "rule", record->rule);
	write_some(json, "source", record->source);
	if (record->has_place) {
		json_u64(json, "offset", record->offset);
		json_u64(json, "length", record->len);
		if (record->view != VIEW_RAW)
			json_text(json, "view", view_name(record->view));
	}
	write_some(json, "member", record->member);
	if (record->has_reason)
		json_text(json, "reason", reason_name(record->reason));
	write_some(json, "detail", record->detail);
	write_some(json, "object_type", record->object_type);
	if (record->has_size)
		json_u64(json, "size", record->size_bytes);
	if (record->sha256)
		json_hex(json, "sha256", (struct slice){ record->sha256, 32 });
	if (record->allowed > 0)
		json_u64(json, "allowed", record->allowed);
	write_some(json, "database", record->database);
	write_some(json, "message", record->message);
	if (record->is_cached)
		json_bool(json, "cached", true);
	if (record->has_ms)
		json_u64(json, "ms", record->ms);
	json_end_object(json);
}

void record_write_path(struct json *json, struct slice path)
{
	json_slice(json, "path", path);
	if (!utf8_valid(path))
		json_base64(json, "path_b64", path);
}

static const char *type_text(enum record_type type)
{
	switch (type) {
	case RECORD_OBJECT:
		return "object";
	case RECORD_FINDING:
		return "finding";
	case RECORD_INCOMPLETE:
		return "incomplete";
	case RECORD_ERROR:
		return "error";
	}
	return "error";
}

static void write_objects(struct json *json, const struct slice *objects, size_t count)
{
	bool is_text = true;

	json_begin_array(json, "objects");
	for (size_t i = 0; i < count; i++) {
		json_slice(json, NULL, objects[i]);
		is_text = is_text && utf8_valid(objects[i]);
	}
	json_end_array(json);
	if (is_text)
		return;
	json_begin_array(json, "objects_b64");
	for (size_t i = 0; i < count; i++)
		json_base64(json, NULL, objects[i]);
	json_end_array(json);
}

static void write_some(struct json *json, const char *key, struct slice text)
{
	if (text.len > 0)
		json_slice(json, key, text);
}
