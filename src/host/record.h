/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of what a scan tells to programs: the schema "custos.scan/1", used
 * by `custos scan --json` and by everything else that speaks JSON. Fields are
 * only ever added; a field that has nothing to say is left out.
 *
 *   type       object      a file (or an object in it), when it is finished
 *              finding     a rule matched
 *              incomplete  something was not looked at, and why
 *              error       something could not be done at all
 *              summary     the last line (host/tally.h)
 *   path       of the file; bytes that are not UTF-8 become U+FFFD, and then
 *   path_b64   has the bytes as they are (base64)
 *   objects    names of the objects inside, from the outermost; empty: the file itself
 *   objects_b64  likewise, where one of the names is not UTF-8
 *   verdict    clean, found, incomplete
 *   rule, source         which rule, and whose it is
 *   offset, length       where in the object, in bytes
 *   view       in which reading of the object these count, and the rule matched: text,
 *              html, html-text, script; left out: the bytes as they are
 *   reason, detail       why it is incomplete; detail is for people
 *   object_type  what the object is (ZIP, MSEXE, TEXT_ASCII …)
 *   size       of the object, in bytes
 *   sha256     of the object
 *   allowed    on an object line: how many findings the allow list kept back
 *   database   which rules: the names of their sources with + between
 *   message    what went wrong, for people
 *   ms         how long it took
 *   cached     true: it was not read, as nothing was found in it before and it has not
 *              changed since
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/reason.h"
#include "base/slice.h"
#include "base/view.h"
#include "verdict/verdict.h"

#define RECORD_SCHEMA "custos.scan/1"

enum record_type { RECORD_OBJECT, RECORD_FINDING, RECORD_INCOMPLETE, RECORD_ERROR };

/* Text that is empty, and numbers without their has_, are left out. */
struct record {
	enum record_type type;
	struct slice path;
	const struct slice *objects;
	size_t object_count;
	bool has_verdict;
	enum verdict verdict;
	struct slice rule, source;
	bool has_place;
	uint64_t offset, len;
	struct slice member; /* of the object, that a finding is about */
	enum view view;
	bool has_reason;
	enum reason reason;
	struct slice detail;
	struct slice object_type;
	bool has_size;
	uint64_t size_bytes;
	const uint8_t *sha256; /* 32 bytes, or NULL */
	uint64_t allowed;      /* 0: left out */
	struct slice database;
	struct slice message;
	bool is_cached; /* false: left out */
	bool has_ms;
	uint64_t ms;
};

/* Writes the record as one object. Memory that ends shows in json_result(). */
void record_write(struct json *json, const struct record *record);

/* "path", and "path_b64" where that loses something; for other lines of the schema. */
void record_write_path(struct json *json, struct slice path);
