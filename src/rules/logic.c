/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Written in one pass. A chain of one operator is evaluated from the left,
 * which needs no depth and gives the same; where the operator changes, the
 * rest belongs to the term just read, so the operation before it stays open:
 *
 *	0 & 1 & 2 | 3	->	0 1 AND 2 3 OR AND
 *
 * At the last operator of a parenthesis all that stands before it is closed:
 *
 *	(0 & 1 | 2)	->	0 1 AND 2 OR
 *
 * In front of what an operation takes second stands a jump over both. AND may
 * always be cut short, since what it leaves is "no"; OR only where nobody
 * counts the matches.
 */
#include "rules/logic.h"

#include "bytes/store.h"
#include "match/expr.h"

enum { PARENS_MAX = 64, BYTES_PER_CHAR = 12, SKIP_LEN = 3 };

/* An operation whose second value is being written. */
struct pending {
	enum expr_op op;
	size_t skip; /* where its jump stands; NO_SKIP */
};

#define NO_SKIP SIZE_MAX

/* A parenthesis, before it is read. */
struct block {
	size_t last_operator; /* in it, not deeper; NO_OPERATOR */
	bool is_counted;
};

#define NO_OPERATOR SIZE_MAX

struct logic_parser {
	const struct rule_line *line;
	size_t at;
	size_t end;
	uint8_t *bytes;
	size_t len;
	unsigned depth;    /* of parentheses */
	unsigned values;   /* on the stack, at run time */
	unsigned counting; /* blocks around here whose matches are counted */
	uint64_t ids;      /* seen in the present block */
	uint64_t counted;
	unsigned sub_count;
	struct pending pending[EXPR_STACK];
	unsigned pending_count;
};

static enum status read_chain(struct logic_parser *parser, size_t last_operator);
static enum status read_term(struct logic_parser *parser);
static enum status read_block(struct logic_parser *parser);
static enum status read_id(struct logic_parser *parser);
static enum status read_count(struct logic_parser *parser, bool is_block);
static enum status close_before(struct logic_parser *parser, enum expr_op op,
				unsigned outer, bool is_last);
static enum status open_operation(struct logic_parser *parser, enum expr_op op);
static enum status close_operation(struct logic_parser *parser);
static void put_comparison(struct logic_parser *parser, int how, uint32_t x, uint32_t y);

enum status logic_read(const struct rule_line *line, struct span span, struct logic *out)
{
	struct logic_parser parser = { .line = line, .at = span.start, .end = span.end };

	parser.bytes = arena_alloc(line->arena, (span_len(span) + 1) * BYTES_PER_CHAR);
	if (!parser.bytes)
		return STATUS_NO_MEMORY;
	enum status status = read_chain(&parser, NO_OPERATOR);
	if (status != STATUS_OK)
		return status;
	if (parser.at < parser.end)
		return line_refuse(line, (struct span){ parser.at, parser.at + 1 },
				   STATUS_MALFORMED,
				   "a closing parenthesis without an opening one");
	*out = (struct logic){
		.program = { parser.bytes, parser.len },
		.sub_count = parser.sub_count,
		.counted = parser.counted,
	};
	return STATUS_OK;
}

/* The next character that is no blank, or -1; moves to it. */
static int peek(struct logic_parser *parser)
{
	while (parser->at < parser->end && line_byte(parser->line, parser->at) == ' ')
		parser->at++;
	return parser->at < parser->end ? line_byte(parser->line, parser->at) : -1;
}

static bool is_comparison(int c)
{
	return c == '=' || c == '<' || c == '>';
}

static enum status refuse(const struct logic_parser *parser, const char *message)
{
	size_t end = parser->at < parser->end ? parser->at + 1 : parser->end;

	return line_refuse(parser->line, (struct span){ parser->at, end },
			   STATUS_MALFORMED, message);
}

static bool is_number_next(struct logic_parser *parser)
{
	int c = peek(parser);

	return c >= '0' && c <= '9';
}

/* A number of at most `max`, which is known to begin here. */
static enum status read_number(struct logic_parser *parser, uint64_t max,
			       const char *message, uint64_t *out)
{
	struct span span = { parser->at, parser->at };
	int c;

	while (span.end < parser->end &&
	       (c = line_byte(parser->line, span.end), c >= '0' && c <= '9'))
		span.end++;
	if (!line_number(parser->line, span, max, out))
		return line_refuse(parser->line, span, STATUS_MALFORMED, message);
	parser->at = span.end;
	return STATUS_OK;
}

static void put(struct logic_parser *parser, uint8_t byte)
{
	parser->bytes[parser->len] = byte;
	parser->len++;
}

static enum status read_chain(struct logic_parser *parser, size_t last_operator)
{
	unsigned outer = parser->pending_count;
	enum status status = read_term(parser);
	int c;

	while (status == STATUS_OK && (c = peek(parser), c == '&' || c == '|')) {
		enum expr_op op = c == '&' ? EXPR_AND : EXPR_OR;

		status = close_before(parser, op, outer, parser->at == last_operator);
		if (status == STATUS_OK)
			status = open_operation(parser, op);
		if (status == STATUS_OK)
			status = read_term(parser);
	}
	while (status == STATUS_OK && parser->pending_count > outer)
		status = close_operation(parser);
	if (status == STATUS_OK && (c = peek(parser), c >= 0 && c != ')'))
		return refuse(parser, "expected & or |");
	return status;
}

/* What the operator that comes now ends: an equal one before it; the last one, all. */
static enum status close_before(struct logic_parser *parser, enum expr_op op,
				unsigned outer, bool is_last)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && parser->pending_count > outer &&
	       (is_last || parser->pending[parser->pending_count - 1].op == op))
		status = close_operation(parser);
	return status;
}

static enum status open_operation(struct logic_parser *parser, enum expr_op op)
{
	struct pending *pending = &parser->pending[parser->pending_count];

	if (parser->pending_count == EXPR_STACK - 1)
		return refuse(parser, "the expression is nested too deep");
	parser->pending_count++;
	*pending = (struct pending){ op, NO_SKIP };
	parser->at++;
	if (op == EXPR_OR && parser->counting > 0)
		return STATUS_OK;
	pending->skip = parser->len;
	put(parser, op == EXPR_AND ? EXPR_SKIP_IF_FALSE : EXPR_SKIP_IF_TRUE);
	put(parser, 0);
	put(parser, 0);
	return STATUS_OK;
}

static enum status close_operation(struct logic_parser *parser)
{
	struct pending *pending = &parser->pending[parser->pending_count - 1];

	put(parser, (uint8_t)pending->op);
	parser->pending_count--;
	parser->values--;
	if (pending->skip == NO_SKIP)
		return STATUS_OK;
	size_t len = parser->len - pending->skip - SKIP_LEN;
	if (len > UINT16_MAX)
		return refuse(parser, "the expression is too long");
	store_u16le(&parser->bytes[pending->skip + 1], (uint16_t)len);
	return STATUS_OK;
}

static enum status read_term(struct logic_parser *parser)
{
	if (peek(parser) == '(')
		return read_block(parser);
	if (!is_number_next(parser))
		return refuse(parser, "expected the number of a subsignature");
	return read_id(parser);
}

static enum status read_id(struct logic_parser *parser)
{
	uint64_t outer = parser->ids;
	uint64_t id;
	enum status status = read_number(parser, EXPR_SUBS_MAX - 1,
					 "subsignatures are numbered from 0 to 63", &id);

	if (status != STATUS_OK)
		return status;
	if (parser->values == EXPR_STACK)
		return refuse(parser, "the expression is nested too deep");
	parser->values++;
	put(parser, EXPR_SUB);
	put(parser, (uint8_t)id);
	if (id >= parser->sub_count)
		parser->sub_count = (unsigned)id + 1;
	parser->ids = UINT64_C(1) << id;
	status = read_count(parser, false);
	parser->ids |= outer;
	return status;
}

/* Looks at the parenthesis that opens here: its operators, and what follows it. */
static struct block look_ahead(const struct logic_parser *parser)
{
	struct logic_parser ahead = *parser;
	struct block block = { .last_operator = NO_OPERATOR };
	unsigned depth = 0;

	for (; ahead.at < ahead.end; ahead.at++) {
		int c = line_byte(ahead.line, ahead.at);

		depth += c == '(';
		if (c == ')')
			depth--;
		if (depth == 0)
			break;
		if (depth == 1 && (c == '&' || c == '|'))
			block.last_operator = ahead.at;
	}
	if (ahead.at < ahead.end)
		ahead.at++;
	block.is_counted = is_comparison(peek(&ahead));
	return block;
}

static enum status read_block(struct logic_parser *parser)
{
	uint64_t outer = parser->ids;
	struct block block = look_ahead(parser);

	if (parser->depth == PARENS_MAX)
		return refuse(parser, "the expression is nested too deep");
	parser->depth++;
	parser->counting += block.is_counted;
	parser->ids = 0;
	parser->at++;
	enum status status = read_chain(parser, block.last_operator);
	if (status == STATUS_OK && peek(parser) != ')')
		status = refuse(parser, "a parenthesis is never closed");
	if (status != STATUS_OK)
		return status;
	parser->at++;
	parser->depth--;
	parser->counting -= block.is_counted;
	if (block.is_counted && block.last_operator == NO_OPERATOR)
		return refuse(parser, "a count follows a number, or a block of several");
	status = read_count(parser, true);
	parser->ids |= outer;
	return status;
}

/* `=X`, `<X`, `>X`, of a block also with `,Y`; or nothing. */
static enum status read_count(struct logic_parser *parser, bool is_block)
{
	int how = peek(parser);
	uint64_t x = 0;
	uint64_t y = 0;

	if (!is_comparison(how))
		return STATUS_OK;
	parser->at++;
	(void)peek(parser);
	enum status status = read_number(parser, UINT32_MAX,
					 "expected a number of matches", &x);
	if (status == STATUS_OK && peek(parser) == ',') {
		parser->at++;
		(void)peek(parser);
		status = read_number(parser, UINT32_MAX,
				     "expected a number of different subsignatures", &y);
	}
	if (status != STATUS_OK)
		return status;
	if (!is_block)
		y = 0; /* clamscan reads it and does nothing with it */
	put_comparison(parser, how, (uint32_t)x, (uint32_t)y);
	return STATUS_OK;
}

static void put_comparison(struct logic_parser *parser, int how, uint32_t x, uint32_t y)
{
	bool only_whether = (how == '>' && x == 0) || (how == '=' && x == 0) ||
			    (how == '<' && x <= 1);

	put(parser, EXPR_CMP);
	put(parser, (uint8_t)how);
	store_u32le(&parser->bytes[parser->len], x);
	store_u32le(&parser->bytes[parser->len + 4], y);
	parser->len += 8;
	if (!only_whether)
		parser->counted |= parser->ids;
}
