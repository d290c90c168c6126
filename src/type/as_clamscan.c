/* SPDX-License-Identifier: Apache-2.0 */
#include "type/as_clamscan.h"

#include "base/checked.h"
#include "base/compiler.h"
#include "type/html_sign.h"

enum {
	MAIL_START_MAX = 1024,
	MAIL_GAP_MAX = 2048,
	MHTML_GAP_MAX = 1024,
	PE_GAP_MIN = 60,
	PE_GAP_MAX = 300,
	UNITS = AS_CLAMSCAN_HEAD / 2,
	BOOT_MARK_AT = 510,
};

struct bytes_of_type {
	enum file_type type;
	uint8_t len;
	const char *bytes;
};

#define BYTES(text) .bytes = (text), .len = sizeof(text) - 1

/* The first bytes. */
static const struct bytes_of_type starts[] = {
	{ TYPE_MSEXE, BYTES("MZ") },
	{ TYPE_GZ, BYTES("\x1f\x8b") },
	{ TYPE_BZ, BYTES("BZh") },
	{ TYPE_ZIP, BYTES("PK\3\4") },
	{ TYPE_ZIP, BYTES("PK00PK\3\4") },
	{ TYPE_CPIO_ODC, BYTES("070707") },
	{ TYPE_CPIO_NEWC, BYTES("070701") },
	{ TYPE_CPIO_CRC, BYTES("070702") },
	{ TYPE_GIF, BYTES("GIF") },
	{ TYPE_PNG, BYTES("\x89PNG") },
	{ TYPE_SWF, BYTES("FWS") },
	{ TYPE_SWF, BYTES("CWS") },
	{ TYPE_SWF, BYTES("ZWS") },
	{ TYPE_PDF, BYTES("%PDF-") },
	{ TYPE_PS, BYTES("%!PS-Adobe-") },
	{ TYPE_RTF, BYTES("{\\rtf") },
	{ TYPE_SCRENC, BYTES("#@~^") },
	{ TYPE_UUENCODED, BYTES("begin ") },
	{ TYPE_BINHEX, BYTES("(This file must be converted with BinHex 4.0)") },
	{ TYPE_MAIL, BYTES("From ") },
	{ TYPE_MAIL, BYTES(">From ") },
	{ TYPE_MAIL, BYTES("From: ") },
	{ TYPE_MAIL, BYTES("To: ") },
	{ TYPE_MAIL, BYTES("For: ") },
	{ TYPE_MAIL, BYTES("Subject: ") },
	{ TYPE_MAIL, BYTES("Date: ") },
	{ TYPE_MAIL, BYTES("Message-ID: ") },
	{ TYPE_MAIL, BYTES("Message-Id: ") },
	{ TYPE_MAIL, BYTES("Delivered-To: ") },
	{ TYPE_MAIL, BYTES("Delivery-date: ") },
	{ TYPE_MAIL, BYTES("Envelope-to: ") },
	{ TYPE_MAIL, BYTES("Received: ") },
	{ TYPE_MAIL, BYTES("Received-SPF: ") },
	{ TYPE_MAIL, BYTES("Return-Path: ") },
	{ TYPE_MAIL, BYTES("Return-path: ") },
	{ TYPE_MAIL, BYTES("X-Apparently-To: ") },
	{ TYPE_MAIL, BYTES("X-Envelope-From: ") },
	{ TYPE_MAIL, BYTES("X-Original-To: ") },
	{ TYPE_MAIL, BYTES("X-Real-To: ") },
	{ TYPE_MAIL, BYTES("X-Sieve: ") },
	{ TYPE_MAIL, BYTES("X-UIDL: ") },
	{ TYPE_MAIL, BYTES("X-EVS") },
	{ TYPE_MAIL, BYTES("X-Symantec-") },
	{ TYPE_MAIL, BYTES("Hi. This is the qmail-send") },
};

/* Archives that it looks for inside of other files. */
static const struct bytes_of_type archives[] = {
	{ TYPE_ZIP, BYTES("PK\3\4") },
	{ TYPE_RAR, BYTES("Rar!\x1a\7\0") },
	{ TYPE_SEVENZ, BYTES("7z\xbc\xaf\x27\x1c") },
	{ TYPE_MSCAB, BYTES("MSCF\0\0\0\0") },
	{ TYPE_NULSFT, BYTES("\xef\xbe\xad\xdeNullsoftInst") },
};

static bool decides_at_once(enum file_type type);
static enum file_type type_at_start(struct reader head, enum file_type ours);
static enum file_type encoding_as_clamscan(struct slice head);
static bool is_text_byte(unsigned c);
static bool is_wide_text(struct slice head);
static bool is_wide_page(struct slice head);
static enum file_type type_by_signs(struct slice head, enum file_type ours);
static size_t find_last_forced(struct slice head, enum file_type *type);
static bool may_begin_sign(const struct reader *head, size_t at);
static const struct bytes_of_type *archive_at(const struct reader *head, size_t at);
static bool ends_program_sign(const struct reader *head, size_t at);
static enum file_type type_by_words(struct slice head);
static enum file_type type_by_place(struct reader head, enum file_type ours);
static enum file_type type_by_markup(struct slice head);
static bool reads_as_mail(struct slice head);
static bool reads_as_mhtml(struct slice head, bool is_start);
static bool follows(struct slice behind, size_t gap_max, const char *line);

struct types type_as_clamscan(struct reader head, struct types ours)
{
	struct types types = { .primary = ours.primary };

	reader_seek(&head, 0);
	struct slice first = reader_rest(&head);
	first.len = min_size(first.len, AS_CLAMSCAN_HEAD);
	if (first.len == 0)
		return ours;
	types.primary = type_at_start(reader_of_slice(first), ours.primary);
	if (types.primary == TYPE_ANY)
		types.primary = type_by_signs(first, ours.primary);
	if (types.primary == TYPE_ANY && is_wide_page(first))
		types.primary = TYPE_HTML_UTF16;
	if (types.primary == TYPE_ANY)
		types.primary = encoding_as_clamscan(first);
	/* Out of a page nothing comes if it is one to us alone; text may turn out to be one. */
	bool is_page = type_target(ours.primary) == TARGET_HTML;
	if (types.primary != ours.primary && type_kind(ours.primary) == TYPE_CONTAINER &&
	    (!is_page || types.primary == TYPE_TEXT_ASCII))
		types.also[types.also_count++] = ours.primary;
	for (size_t i = 0; i < ours.also_count; i++)
		if (ours.also[i] != types.primary && types.also_count < TYPES_ALSO_MAX)
			types.also[types.also_count++] = ours.also[i];
	return types;
}

/* ANY: none of those that decide. */
static enum file_type type_at_start(struct reader head, enum file_type ours)
{
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		const struct bytes_of_type *start = &starts[i];
		struct slice bytes = { (const uint8_t *)start->bytes, start->len };

		if (!reader_has(&head, 0, bytes))
			continue;
		/* What kind of zip it is we know better. */
		if (start->type == TYPE_ZIP && decides_at_once(ours))
			return ours;
		return start->type;
	}
	return decides_at_once(ours) && ours != TYPE_ZIP ? ours : TYPE_ANY;
}

/* Types of ours that both tell by the same first bytes. */
static bool decides_at_once(enum file_type type)
{
	static const enum file_type list[] = {
		TYPE_ELF,      TYPE_MACHO,     TYPE_POSIX_TAR,  TYPE_OLD_TAR,
		TYPE_CPIO_OLD, TYPE_ZIP,       TYPE_OOXML_WORD, TYPE_OOXML_PPT,
		TYPE_OOXML_XL, TYPE_OOXML_HWP, TYPE_RAR,        TYPE_ARJ,
		TYPE_MSSZDD,   TYPE_MSCAB,     TYPE_MSCHM,      TYPE_SEVENZ,
		TYPE_XAR,      TYPE_XZ,        TYPE_EGG,        TYPE_ALZ,
		TYPE_TNEF,     TYPE_CRYPTFF,   TYPE_MSOLE2,     TYPE_HWPOLE2,
		TYPE_ONENOTE,  TYPE_GRAPHICS,  TYPE_JPEG,       TYPE_TIFF,
		TYPE_RIFF,     TYPE_LNK,       TYPE_GPT,        TYPE_HWP3,
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (list[i] == type)
			return true;
	return false;
}

/* Text in any encoding of one byte is ASCII to it, and nearly all data UTF-16. */
static enum file_type encoding_as_clamscan(struct slice head)
{
	struct reader reader = reader_of_slice(head);
	size_t i = 0;

	while (i < head.len && is_text_byte(head.base[i]))
		i++;
	if (i == head.len)
		return TYPE_TEXT_ASCII;
	if (!is_wide_text(head))
		return TYPE_BINARY_DATA;
	return reader_u16le(&reader) == 0xfeff ? TYPE_TEXT_UTF16LE : TYPE_TEXT_UTF16BE;
}

/* BEL BS HT LF FF CR ESC, and all that is no control character */
static bool is_text_byte(unsigned c)
{
	const uint32_t spoken = 1u << 7 | 1u << 8 | 1u << 9 | 1u << 10 | 1u << 12 |
				1u << 13 | 1u << 27;

	return c < ' ' ? spoken >> c & 1 : c != 0x7f;
}

/*
 * After a byte order mark all units but one are text; else the high byte comes first, and
 * nobody looks at the first.
 */
static bool is_wide_text(struct slice head)
{
	struct reader reader = reader_of_slice(head);
	unsigned first = reader_u16be(&reader);
	bool has_mark = first == 0xfeff || first == 0xfffe;

	while (reader_left(&reader) >= 2) {
		unsigned unit = first == 0xfffe ? reader_u16le(&reader) :
						  reader_u16be(&reader);

		if (unit == 0xfffe || (!has_mark && !is_text_byte(unit)))
			return false;
	}
	return true;
}

/* Behind a byte order mark: each unit becomes a byte, as in utf16_read(). */
static bool is_wide_page(struct slice head)
{
	struct reader reader = reader_of_slice(head);
	unsigned first = reader_u16be(&reader);
	uint8_t units[UNITS];
	size_t len = 0;

	if ((first != 0xfeff && first != 0xfffe) ||
	    encoding_as_clamscan(head) == TYPE_BINARY_DATA)
		return false;
	while (len < UNITS && reader_left(&reader) >= 2) {
		unsigned unit = first == 0xfffe ? reader_u16le(&reader) :
						  reader_u16be(&reader);

		units[len++] = (uint8_t)(unit + (unit >> 8 << 4));
	}
	return html_sign_is_in((struct slice){ units, len });
}

/*
 * An archive silences all else, and a program what stands before it. Of words those for
 * letters count more than those for pages. ANY: there is no sign.
 */
static enum file_type type_by_signs(struct slice head, enum file_type ours)
{
	enum file_type forced = TYPE_ANY;
	size_t at = find_last_forced(head, &forced);

	if (forced == TYPE_NULSFT)
		return forced;
	if (forced != TYPE_ANY && forced != TYPE_MSEXE)
		return TYPE_ANY;
	enum file_type type = type_by_words(
		(struct slice){ &head.base[at], head.len - at });
	if (type == TYPE_ANY)
		type = forced;
	if (type == TYPE_ANY)
		type = type_by_place(reader_of_slice(head), ours);
	return type;
}

/* The last archive, or program, that begins behind the start; where its sign ends. */
static size_t find_last_forced(struct slice head, enum file_type *type)
{
	struct reader reader = reader_of_slice(head);

	for (size_t at = head.len; at > 0; at--) {
		if (!may_begin_sign(&reader, at))
			continue;
		const struct bytes_of_type *archive = archive_at(&reader, at);
		if (archive) {
			*type = archive->type;
			return at + archive->len;
		}
		if (ends_program_sign(&reader, at)) {
			*type = TYPE_MSEXE;
			return at + 4;
		}
	}
	return 0;
}

/* An archive's sign, or the last part of a program's: most bytes are passed over by it. */
static bool may_begin_sign(const struct reader *head, size_t at)
{
	switch (reader_peek(head, at)) {
	case 'P':
	case 'R':
	case '7':
	case 'M':
	case 0xef:
		return true;
	default:
		return false;
	}
}

/* NULL: none begins there. */
static const struct bytes_of_type *archive_at(const struct reader *head, size_t at)
{
	for (size_t i = 0; i < ARRAY_LEN(archives); i++) {
		struct slice bytes = { (const uint8_t *)archives[i].bytes,
				       archives[i].len };

		if (reader_has(head, at, bytes))
			return &archives[i];
	}
	return NULL;
}

/* "MZ", some bytes, "PE\0\0" */
static bool ends_program_sign(const struct reader *head, size_t at)
{
	static const uint8_t mark[] = { 'P', 'E', 0, 0 };

	if (!reader_has(head, at, (struct slice){ mark, sizeof(mark) }))
		return false;
	for (size_t gap = PE_GAP_MIN; gap <= PE_GAP_MAX && gap + 2 <= at; gap++)
		if (reader_has(head, at - gap - 2, slice_of("MZ")))
			return true;
	return false;
}

static enum file_type type_by_words(struct slice head)
{
	enum file_type type = type_by_markup(head);

	if (type != TYPE_ANY)
		return type;
	if (reads_as_mhtml(head, true))
		return TYPE_MHTML;
	if (reads_as_mail(head))
		return TYPE_MAIL;
	if (html_sign_is_in(head))
		return TYPE_HTML;
	return TYPE_ANY;
}

/* hot loop: the first of these that stands anywhere, in either case. */
static enum file_type type_by_markup(struct slice head)
{
	static const struct {
		const char *word;
		enum file_type type;
	} words[] = {
		{ "<xdp:xdp", TYPE_XDP },
		{ "urn:schemas-microsoft-com:office:spreadsheet", TYPE_XML_XL },
		{ "<?mso-application progid=\"excel.sheet\"", TYPE_XML_XL },
		{ "<w:worddocument", TYPE_XML_WORD },
		{ "<?mso-application progid=\"word.document\"", TYPE_XML_WORD },
	};
	size_t first = ARRAY_LEN(words);

	for (size_t at = 0; at < head.len; at++) {
		uint8_t c = head.base[at];

		if (c != '<' && (c | 0x20) != 'u')
			continue;
		for (size_t i = 0; i < first; i++)
			if (slice_begins_nocase(
				    (struct slice){ &head.base[at], head.len - at },
				    words[i].word))
				first = i;
	}
	return first < ARRAY_LEN(words) ? words[first].type : TYPE_ANY;
}

/* What is told by bytes at one place, and does not keep words from being heard. */
static enum file_type type_by_place(struct reader head, enum file_type ours)
{
	static const char fat[] = { '\xca', '\xfe', '\xba', '\xbe' };
	size_t at;

	if (ours == TYPE_JAVA)
		return ours;
	if (reader_find(&head, 0, slice_of("%PDF-"), &at))
		return TYPE_PDF;
	if (reader_has(&head, 0, (struct slice){ (const uint8_t *)fat, sizeof(fat) }))
		return TYPE_MACHO_UNIBIN;
	if (ours == TYPE_LHA_LZH || ours == TYPE_SIS || ours == TYPE_PYTHON_COMPILED)
		return ours;
	if (reader_has(&head, BOOT_MARK_AT, slice_of("\x55\xaa")))
		return TYPE_MBR;
	return TYPE_ANY;
}

bool type_reads_as_mail(struct reader head)
{
	reader_seek(&head, 0);
	return reads_as_mail(reader_rest(&head));
}

/* Two fields in this order, of which the first is near the start. */
static bool reads_as_mail(struct slice head)
{
	static const char *const pairs[][2] = {
		{ "\nfrom: ", "\ncontent-type: " },
		{ "\nreceived: ", "\ncontent-type: " },
		{ "\nmime-version: ", "\ncontent-type: " },
		{ "\nfrom: ", "\nmime-version: " },
		{ "\ndelivered-to: ", "\nreceived: " },
	};

	struct reader reader = reader_of_slice(head);

	for (size_t at = 0;
	     reader_find(&reader, at, slice_of("\n"), &at) && at <= MAIL_START_MAX;
	     at++) {
		struct slice rest = { &head.base[at], head.len - at };

		for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
			size_t len = strlen(pairs[i][0]);

			if (slice_begins_nocase(rest, pairs[i][0]) &&
			    follows((struct slice){ &rest.base[len], rest.len - len },
				    MAIL_GAP_MAX, pairs[i][1]))
				return true;
		}
	}
	return false;
}

bool type_outranks_page(struct reader bytes, bool is_start)
{
	reader_seek(&bytes, 0);
	struct slice text = reader_rest(&bytes);

	if (is_start && reads_as_mail(text))
		return true;
	for (size_t at = 1; at < text.len; at++)
		if (may_begin_sign(&bytes, at) && archive_at(&bytes, at))
			return true;
	return reads_as_mhtml(text, is_start);
}

/* The first field begins a line. */
static bool reads_as_mhtml(struct slice head, bool is_start)
{
	static const char field[] = "mime-version: ";
	const size_t len = sizeof(field) - 1;
	struct reader reader = reader_of_slice(head);
	size_t at = 0;
	bool begins = is_start && head.len > 0;

	while (begins || reader_find(&reader, at, slice_of("\n"), &at)) {
		at += !begins;
		begins = false;
		struct slice rest = { &head.base[at], head.len - at };

		if (slice_begins_nocase(rest, field) &&
		    follows((struct slice){ &rest.base[len], rest.len - len },
			    MHTML_GAP_MAX, "\ncontent-type: "))
			return true;
	}
	return false;
}

/* The first byte of `line` ends the line before. */
static bool follows(struct slice behind, size_t gap_max, const char *line)
{
	struct reader reader = reader_of_slice(behind);

	for (size_t gap = 0;
	     reader_find(&reader, gap, slice_of("\n"), &gap) && gap <= gap_max; gap++)
		if (slice_begins_nocase(
			    (struct slice){ &behind.base[gap], behind.len - gap }, line))
			return true;
	return false;
}
