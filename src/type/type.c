/* SPDX-License-Identifier: Apache-2.0 */
#include "type/type.h"

#define X(id, name, kind) [TYPE_##id] = name,
static const char *const names[TYPE_COUNT] = { TYPE_LIST(X) };
#undef X

#define X(id, name, kind) [TYPE_##id] = kind,
static const uint8_t kinds[TYPE_COUNT] = { TYPE_LIST(X) };
#undef X

/*
 * What ClamAV has no word for it calls BINARY_DATA, or text: a rule written for it must
 * find such an object under the same target here.
 */
static const uint8_t targets[TYPE_COUNT] = {
	[TYPE_MSEXE] = 1,        [TYPE_MSOLE2] = 2,
	[TYPE_HTML] = 3,         [TYPE_HTML_UTF16] = 3,
	[TYPE_MAIL] = 4,         [TYPE_GRAPHICS] = 5,
	[TYPE_GIF] = 5,          [TYPE_PNG] = 5,
	[TYPE_JPEG] = 5,         [TYPE_TIFF] = 5,
	[TYPE_ELF] = 6,          [TYPE_TEXT_ASCII] = 7,
	[TYPE_TEXT_UTF8] = 7,    [TYPE_TEXT_UTF16LE] = 7,
	[TYPE_TEXT_UTF16BE] = 7, [TYPE_SCRIPT] = 7,
	[TYPE_WARC] = 7,         [TYPE_XML_ODF] = 7,
	[TYPE_MACHO] = 9,        [TYPE_MACHO_UNIBIN] = 9,
	[TYPE_PDF] = 10,         [TYPE_SWF] = 11,
	[TYPE_JAVA] = 12,        [TYPE_INTERNAL] = 13,
	[TYPE_BINARY_DATA] = 14, [TYPE_PYTHON_COMPILED] = 14,
};

const char *type_name(enum file_type type)
{
	if ((unsigned)type >= TYPE_COUNT)
		return "ANY";
	return names[type];
}

bool type_parse(struct slice name, enum file_type *out)
{
	for (unsigned i = 0; i < TYPE_COUNT; i++) {
		if (slice_is(name, names[i])) {
			*out = (enum file_type)i;
			return true;
		}
	}
	return false;
}

enum type_kind type_kind(enum file_type type)
{
	if ((unsigned)type >= TYPE_COUNT)
		return TYPE_LEAF;
	return (enum type_kind)kinds[type];
}

bool type_is_ours(enum file_type type)
{
	return type >= TYPE_ZSTD;
}

unsigned type_target(enum file_type type)
{
	if ((unsigned)type >= TYPE_COUNT)
		return TARGET_ANY;
	if (targets[type] == 0 && type_is_ours(type))
		return targets[TYPE_BINARY_DATA];
	return targets[type];
}

bool type_target_is_empty(unsigned target)
{
	enum { UNUSED = 8, METADATA = 13 };

	return target == UNUSED || target == METADATA;
}

const char *type_target_name(unsigned target)
{
	static const char *const words[TARGET_COUNT] = {
		"any object", "PE",    "OLE2", "HTML",     "mail",
		"pictures",   "ELF",   "text", "unused",   "Mach-O",
		"PDF",        "Flash", "Java", "metadata", "other data",
	};

	return target < TARGET_COUNT ? words[target] : "unknown";
}
