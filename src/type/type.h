/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is this? The types an object can have, and how to tell.
 *
 * The names are those that ClamAV's rules use (CL_TYPE_<name>), so that a
 * rule's `Container:CL_TYPE_ZIP` and our type are one thing, plus types of
 * ours where ClamAV has no word for a format that we recognise.
 *
 * Each type is a leaf or a container. A container that nothing here opens
 * makes the object `incomplete (unsupported)`: a type must not be marked leaf
 * merely because its opener is not written yet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "bytes/reader.h"

/* X(id, name, kind): the one list that makes the enum, the names and the kinds. */
#include "type/type_list.h"

enum file_type {
#define X(id, name, kind) TYPE_##id,
	TYPE_LIST(X)
#undef X
};

#define X(id, name, kind) +1
enum { TYPE_COUNT = 0 TYPE_LIST(X) };
#undef X

enum type_kind {
	TYPE_LEAF,      /* nothing inside that has to be taken out to be looked at */
	TYPE_CONTAINER, /* holds other objects */
};

/* The types that fit an object: one that decides, and containers it is as well. */
enum { TYPES_ALSO_MAX = 4 };

struct types {
	enum file_type primary;
	/* other containers whose signs are there too */
	enum file_type also[TYPES_ALSO_MAX];
	size_t also_count;
};

/*
 * How many bytes from the start, and up to how many from the end, type_detect() looks
 * at: far enough for the descriptors of an ISO 9660 or UDF image, which begin at 32 KiB,
 * and for a zip's end record behind the longest comment.
 */
enum { TYPE_HEAD_LEN = 40 * 1024, TYPE_TAIL_LEN = 22 + 65535 };

/*
 * Decides from the first TYPE_HEAD_LEN bytes (fewer if the object is shorter), the last
 * TYPE_TAIL_LEN bytes and the size of the whole. Never fails: what nothing recognises
 * is TEXT_* or BINARY_DATA, an empty object is EMPTY.
 */
struct types type_detect(struct reader head, struct reader tail, uint64_t size_bytes);

/* "ZIP", "MSEXE" …: the name without "CL_TYPE_"; never NULL. */
const char *type_name(enum file_type type);

/* Finds a type by that name; false, and *out left alone, if there is none. */
MUST_CHECK bool type_parse(struct slice name, enum file_type *out);

enum type_kind type_kind(enum file_type type);

/* Is it a format that ClamAV has no word for: to it, BINARY_DATA or text? */
bool type_is_ours(enum file_type type);

/*
 * The number a rule's `Target:` must have to be meant for objects of this type:
 * 1 PE, 2 OLE2, 3 HTML, 4 mail, 5 graphics, 6 ELF, 7 text, 9 Mach-O, 10 PDF, 11 Flash,
 * 12 Java, 13 internal, 14 other. Target 0 fits every object and is never returned;
 * 0 means: no target but 0.
 */
unsigned type_target(enum file_type type);

/*
 * Is there no object that rules of this target are asked about? Number 8 is not in use; 13
 * is for the description of a file that clamscan writes with --gen-json, and matches with
 * that option alone.
 */
bool type_target_is_empty(unsigned target);

enum {
	TARGET_ANY = 0,
	TARGET_HTML = 3,
	TARGET_MAIL = 4,
	TARGET_TEXT = 7,
	TARGET_DATA = 14, /* what is nothing else */
	TARGET_COUNT = 15
};

/* What a target is for, for people: "PE", "any object" …; never NULL. */
const char *type_target_name(unsigned target);
