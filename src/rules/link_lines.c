/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables about links, each line with an optional range of feature levels `min-[max]`
 * behind it:
 *
 *	pdb   H:ShownHost   R:RealExpression:ShownExpression
 *	wdb   M:RealHost:ShownHost   X:RealExpression:ShownExpression   Y:RealExpression
 *	gdb   S|S1|S2:P|F|W:Hex
 *
 * An entry's kind is the letter. Its data: the host, or both with the colon between
 * them, in lower case; the program of the expression (match/ere.h); of gdb u8 list (0, 1,
 * 2) and the digest or its first bytes.
 *
 * Nothing asks match/phish.h about a link yet, so that none of them finds anything.
 */
#include "rules/ere_compile.h"
#include "rules/languages.h"
#include "rules/line.h"

enum { FIELDS_MAX = 4, PREFIX_LEN = 4, DIGEST_LEN = 32 };

/* A line and its fields without the levels. */
struct link_line {
	struct rule_line line;
	struct span fields[FIELDS_MAX];
	size_t count;
};

static enum status split(struct link_line *link);
static enum status read_hosts(struct link_line *link, struct rule *rule);
static enum status read_expression(struct link_line *link, struct rule *rule);
static enum status read_digest(struct link_line *link, struct rule *rule);

/* Which kinds a table has, how many fields each, and who reads it. */
struct link_kind {
	const char *letter;
	size_t fields;
	enum status (*read)(struct link_line *link, struct rule *rule);
};

static enum status read_link(struct link_line *link, const struct link_kind *kinds,
			     struct rule *rule)
{
	if (line_is_blank(link->line.bytes))
		return STATUS_END;
	enum status status = split(link);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; kinds[i].letter; i++) {
		const struct link_kind *kind = &kinds[i];

		if (!line_is(&link->line, link->fields[0], kind->letter))
			continue;
		if (link->count != kind->fields)
			return line_refuse(&link->line, line_whole(&link->line),
					   STATUS_MALFORMED,
					   "not as many fields as this kind has");
		rule->entry_kind = (uint8_t)kind->letter[0];
		rule->name = line_slice(
			&link->line, (struct span){ link->fields[1].start,
						    link->fields[link->count - 1].end });
		return kind->read(link, rule);
	}
	return line_refuse(&link->line, link->fields[0], STATUS_MALFORMED,
			   "a kind that this table has not");
}

enum status pdb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	static const struct link_kind kinds[] = { { "H", 2, read_hosts },
						  { "R", 3, read_expression },
						  { NULL, 0, NULL } };
	struct link_line link = { .line = { text, arena, error } };
	struct rule rule = { .language = RULE_LINK_WATCHED, .flags = RULE_FINDS_NOTHING };
	enum status status = read_link(&link, kinds, &rule);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status wdb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	static const struct link_kind kinds[] = {
		{ "M", 3, read_hosts },
		{ "X", 3, read_expression },
		{ "Y", 2, read_expression },
		{ NULL, 0, NULL },
	};
	struct link_line link = { .line = { text, arena, error } };
	struct rule rule = { .language = RULE_LINK_ALLOWED, .flags = RULE_FINDS_NOTHING };
	enum status status = read_link(&link, kinds, &rule);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status gdb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	static const struct link_kind kinds[] = { { "S", 3, read_digest },
						  { "S1", 3, read_digest },
						  { "S2", 3, read_digest },
						  { NULL, 0, NULL } };
	struct link_line link = { .line = { text, arena, error } };
	struct rule rule = { .language = RULE_LINK_HASH, .flags = RULE_FINDS_NOTHING };
	enum status status = read_link(&link, kinds, &rule);

	if (status == STATUS_OK)
		*out = rule;
	return status;
}

/* The last field is one of levels if it is digits and one dash. */
static bool is_levels(const struct rule_line *line, struct span span)
{
	size_t dashes = 0;

	for (size_t at = span.start; at < span.end; at++) {
		int byte = line_byte(line, at);

		dashes += byte == '-';
		if (byte != '-' && (byte < '0' || byte > '9'))
			return false;
	}
	return dashes == 1;
}

static enum status split(struct link_line *link)
{
	const struct rule_line *line = &link->line;
	struct span levels[2];

	link->count = line_split(line, line_whole(line), ':', link->fields, FIELDS_MAX);
	if (link->count < 2 || link->count > FIELDS_MAX)
		return line_refuse(line, line_whole(line), STATUS_MALFORMED,
				   "a letter and one or two fields, perhaps levels");
	if (!is_levels(line, link->fields[link->count - 1]))
		return STATUS_OK;
	link->count--;
	return line_feature_levels(
		line, levels,
		line_split(line, link->fields[link->count], '-', levels, 2));
}

/* In lower case, as hosts are compared. */
static enum status read_hosts(struct link_line *link, struct rule *rule)
{
	struct slice lower;

	for (size_t i = 1; i < link->count; i++)
		if (span_len(link->fields[i]) == 0)
			return line_refuse(&link->line, link->fields[i], STATUS_MALFORMED,
					   "the host is empty");
	if (!arena_copy(link->line.arena, rule->name, &lower))
		return STATUS_NO_MEMORY;
	uint8_t *bytes = (uint8_t *)(uintptr_t)lower.base;
	for (size_t i = 0; i < lower.len; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] |= 0x20;
	rule->data = lower;
	return STATUS_OK;
}

static enum status read_expression(struct link_line *link, struct rule *rule)
{
	struct span all = { link->fields[1].start, link->fields[link->count - 1].end };

	return ere_compile(&link->line, all, ERE_TO_THE_END, &rule->data);
}

static enum status read_digest(struct link_line *link, struct rule *rule)
{
	const struct rule_line *line = &link->line;
	int letter = line_byte(line, link->fields[1].start);
	struct slice digest;
	enum status status = line_hex(line, link->fields[2], &digest);

	if (status != STATUS_OK)
		return status;
	if (span_len(link->fields[1]) != 1 ||
	    (letter != 'P' && letter != 'F' && letter != 'W'))
		return line_refuse(line, link->fields[1], STATUS_MALFORMED,
				   "P, F or W: a prefix, a whole digest, an allowed one");
	if (digest.len != (letter == 'P' ? PREFIX_LEN : DIGEST_LEN))
		return line_refuse(line, link->fields[2], STATUS_MALFORMED,
				   "a prefix has 8 digits, a digest 64");
	uint8_t *data = arena_alloc(line->arena, 1 + digest.len);
	if (!data)
		return STATUS_NO_MEMORY;
	if (span_len(link->fields[0]) == 2)
		data[0] = (uint8_t)(line_byte(line, link->fields[0].start + 1) - '0');
	memcpy(&data[1], digest.base, digest.len);
	rule->data = (struct slice){ data, 1 + digest.len };
	rule->entry_kind = (uint8_t)letter;
	return STATUS_OK;
}
