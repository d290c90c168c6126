/* SPDX-License-Identifier: Apache-2.0 */
#include "type/zip_sign.h"

enum { LOCAL_LEN = 30, NAME_MAX_LOOKED_AT = 64 };

/* What the names seen so far amount to. */
struct office {
	enum file_type kind; /* the first part of one application; ZIP: none yet */
	bool is_package;     /* parts that every package has */
};

static bool next_local(struct reader *head);
static void take_name(struct reader head, struct slice name, struct office *office);
static bool begins(struct slice name, const char *what);

bool zip_find_end(struct reader tail, size_t before, size_t *ret_pos)
{
	static const uint8_t magic[] = { 'P', 'K', 5, 6 };

	while (reader_find_last(&tail, before, (struct slice){ magic, 4 }, &before)) {
		struct reader end = tail;
		reader_seek(&end, before + 8);
		uint16_t here = reader_u16le(&end);
		uint16_t all = reader_u16le(&end);
		uint32_t size = reader_u32le(&end);
		reader_skip(&end, 4);
		uint16_t comment = reader_u16le(&end);
		/* 46 bytes for each member at the least; all ones mean zip64. */
		bool could_be = here <= all &&
				(size >= (uint64_t)here * 46 || here == UINT16_MAX);
		if (reader_ok(&end) && comment <= reader_left(&end) && could_be) {
			*ret_pos = before;
			return true;
		}
	}
	return false;
}

enum file_type zip_kind(struct reader head)
{
	struct office office = { .kind = TYPE_ZIP };

	while (next_local(&head)) {
		struct reader local = head;
		reader_skip(&local, LOCAL_LEN - 4);
		uint16_t name_len = reader_u16le(&local);
		reader_skip(&local, 2);
		struct slice name = reader_slice(&local, name_len);
		if (reader_ok(&local))
			take_name(local, name, &office);
		if (office.kind != TYPE_ZIP &&
		    (office.is_package || office.kind == TYPE_OOXML_HWP))
			return office.kind;
		reader_skip(&head, 4);
	}
	return TYPE_ZIP;
}

/* Moves to the next "PK\3\4": sizes in local headers may be missing, so they are not used. */
static bool next_local(struct reader *head)
{
	size_t pos;

	if (!reader_find(head, head->pos, slice_of("PK\3\4"), &pos))
		return false;
	reader_seek(head, pos);
	return true;
}

/* `data` is what stands behind the name: the extra field, then the member's bytes. */
static void take_name(struct reader data, struct slice name, struct office *office)
{
	static const char hwp[] = "application/hwp+zip";

	if (begins(name, "[Content_Types].xml") || begins(name, "_rels/") ||
	    begins(name, "docProps/"))
		office->is_package = true;
	if (office->kind != TYPE_ZIP)
		return;
	if (begins(name, "word/"))
		office->kind = TYPE_OOXML_WORD;
	else if (begins(name, "xl/"))
		office->kind = TYPE_OOXML_XL;
	else if (begins(name, "ppt/"))
		office->kind = TYPE_OOXML_PPT;
	else if (slice_is(name, "mimetype") && reader_has(&data, data.pos, slice_of(hwp)))
		office->kind = TYPE_OOXML_HWP;
}

static bool begins(struct slice name, const char *what)
{
	struct reader in = reader_of_slice(name);

	return reader_has(&in, 0, slice_of(what));
}
