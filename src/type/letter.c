/* SPDX-License-Identifier: Apache-2.0 */
#include "type/letter.h"

#include "base/compiler.h"

/* How far the signs may be from the start, in lines. */
enum { HEADER_LINES_MAX = 200, UU_LINES_MAX = 100, BINHEX_LINES_MAX = 40 };

/* What a header field tells. */
enum {
	CERTAIN = 1,  /* only mail has it */
	WAY = 2,      /* the letter went, or is to go, to somebody */
	VERSION = 4,  /* MIME-Version */
	CONTENT = 8,  /* Content-Type */
	PARTS = 16,   /* Content-Type: multipart/… or message/… */
	RELATED = 32, /* Content-Type: multipart/related */
};

static const struct {
	const char *name;
	unsigned tells;
} fields[] = {
	{ "received", CERTAIN | WAY },
	{ "return-path", CERTAIN | WAY },
	{ "delivered-to", CERTAIN | WAY },
	{ "envelope-to", CERTAIN | WAY },
	{ "dkim-signature", CERTAIN | WAY },
	{ "x-originating-ip", CERTAIN | WAY },
	{ "newsgroups", CERTAIN | WAY },
	{ "message-id", CERTAIN },
	{ "in-reply-to", CERTAIN },
	{ "x-mailer", CERTAIN },
	{ "mime-version", CERTAIN | VERSION },
	{ "content-type", CONTENT },
	{ "content-transfer-encoding", 0 },
	{ "to", WAY },
	{ "cc", WAY },
	{ "bcc", WAY },
	{ "from", 0 },
	{ "sender", 0 },
	{ "reply-to", 0 },
	{ "subject", 0 },
	{ "date", 0 },
};

struct header {
	unsigned known; /* how many fields of the list above */
	unsigned tells; /* all of them together */
	unsigned last;  /* what the last field told: a line may go on with it */
};

static bool is_mail(struct reader text, struct header *header);
static bool take_field(struct slice line, struct header *header);
static unsigned told_by_content_type(struct slice line);
static size_t field_name_len(struct slice line);
static bool mentions(struct slice line, const char *what);
static bool is_uuencoded(struct reader text);
static bool is_uu_begin(struct slice line);
static bool is_uu_data(struct slice line);
static bool is_base64_begin(struct slice line);
static bool is_binhex(struct reader text);

enum file_type letter_of(struct reader text)
{
	struct header header = { 0 };

	if (is_mail(text, &header)) {
		/* What a browser saves as one file has no way behind it. */
		if ((header.tells & (RELATED | VERSION | WAY)) == (RELATED | VERSION))
			return TYPE_MHTML;
		return TYPE_MAIL;
	}
	if (is_uuencoded(text))
		return TYPE_UUENCODED;
	if (is_binhex(text))
		return TYPE_BINHEX;
	return TYPE_ANY;
}

static bool is_mail(struct reader text, struct header *header)
{
	struct slice line;
	bool has_begun = false;

	for (int i = 0; i < HEADER_LINES_MAX && reader_line(&text, &line); i++) {
		/* The last line seen may be cut; by then enough is known. */
		if (reader_left(&text) == 0 && has_begun)
			break;
		if (line.len == 0 && !has_begun)
			continue;
		if (line.len == 0)
			break;
		if (!has_begun && slice_begins_nocase(line, "from "))
			header->known += 2;
		else if (!take_field(line, header))
			return false;
		has_begun = true;
	}
	return header->known >= 4 ||
	       (header->known >= 2 && (header->tells & (CERTAIN | PARTS)) != 0);
}

/* A header field, or a line that goes on with the one before. False: neither. */
static bool take_field(struct slice line, struct header *header)
{
	if (line.base[0] == ' ' || line.base[0] == '\t') {
		if (header->last & CONTENT)
			header->tells |= told_by_content_type(line);
		return header->known > 0;
	}

	struct slice name = { line.base, field_name_len(line) };
	header->last = 0;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (!slice_is_nocase(name, fields[i].name))
			continue;
		header->known++;
		header->last = fields[i].tells;
		header->tells |= fields[i].tells;
	}
	if (header->last & CONTENT)
		header->tells |= told_by_content_type(line);
	return name.len > 0;
}

static unsigned told_by_content_type(struct slice line)
{
	unsigned tells = 0;

	if (mentions(line, "multipart/related"))
		tells |= RELATED;
	if (mentions(line, "multipart/") || mentions(line, "message/"))
		tells |= PARTS;
	return tells;
}

/* The length of "Name" in "Name: …"; 0 if the line does not begin so, or is no text. */
static size_t field_name_len(struct slice line)
{
	size_t len = 0;

	if (memchr(line.base, '\0', line.len))
		return 0;
	while (len < line.len && line.base[len] > ' ' && line.base[len] < 0x7f) {
		if (line.base[len] == ':')
			return len;
		len++;
	}
	return 0;
}

/* `what` is in lower case. */
static bool mentions(struct slice line, const char *what)
{
	for (size_t i = 0; i < line.len; i++)
		if (slice_begins_nocase((struct slice){ &line.base[i], line.len - i },
					what))
			return true;
	return false;
}

/* "begin 644 name", and a next line that is as long as it says. */
static bool is_uuencoded(struct reader text)
{
	struct slice line;

	for (int i = 0; i < UU_LINES_MAX && reader_line(&text, &line); i++) {
		if (is_base64_begin(line))
			return true;
		if (is_uu_begin(line) && reader_line(&text, &line))
			return is_uu_data(line);
	}
	return false;
}

static bool is_uu_begin(struct slice line)
{
	struct reader in = reader_of_slice(line);

	if (!reader_has(&in, 0, slice_of("begin ")))
		return false;
	for (size_t pos = 6; pos < 9; pos++)
		if (reader_peek(&in, pos) < '0' || reader_peek(&in, pos) > '7')
			return false;
	return reader_peek(&in, 9) == ' ' || reader_peek(&in, 10) == ' ';
}

/* The first character is the number of bytes; four characters follow for each three. */
static bool is_uu_data(struct slice line)
{
	if (line.len == 0 || line.base[0] <= ' ' || line.base[0] > '`')
		return false;
	size_t bytes = (line.base[0] - ' ') & 63U;
	size_t want = (bytes + 2) / 3 * 4;
	/* Some writers cut blanks at the end, some add a check character. */
	if (line.len - 1 > want + 2 || line.len - 1 + 4 < want)
		return false;
	for (size_t i = 1; i < line.len; i++)
		if (line.base[i] < ' ' || line.base[i] > '`')
			return false;
	return true;
}

static bool is_base64_begin(struct slice line)
{
	struct reader in = reader_of_slice(line);

	return reader_has(&in, 0, slice_of("begin-base64 ")) &&
	       reader_peek(&in, 13) >= '0' && reader_peek(&in, 13) <= '7';
}

static bool is_binhex(struct reader text)
{
	struct slice line;

	for (int i = 0; i < BINHEX_LINES_MAX && reader_line(&text, &line); i++) {
		struct reader in = reader_of_slice(line);
		if (reader_has(&in, 0,
			       slice_of("(This file must be converted with BinHex")))
			return true;
	}
	return false;
}
