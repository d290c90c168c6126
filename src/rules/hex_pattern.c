/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern is a list of *parts* with gaps between them (`*`, `{n-m}`, and
 * under `w` or `f` also `[n-m]`). Each part is bytes, alternatives and marks:
 *
 *	616263?4{3}(65|6667)*7?8?(B)
 *	\____ part 1 ______/ \part 2/
 *
 * A part must hold two fixed bytes in a row: one of them finds it quickly.
 * `{n}` up to 127 is n times `??` and splits nothing, as long as no other
 * bracket has split: behind one that has, clamscan takes every bracket for a gap.
 *
 * `[n-m]` in a part stands between its main piece and one single byte, either
 * in front or behind, so that a part is at most `61[1-2]626364[3-4]65`.
 */
#include "rules/hex_pattern.h"

#include "base/hex.h"
#include "rules/pattern_writer.h"

enum {
	FIXED_GAP_MAX = 127, /* {n} up to this does not split */
	SINGLE_GAP_MAX = 32,
	FIXED_BYTES_MIN = 2,
	PLAIN_BYTES_MIN = 3,
	GAP_MAX = INT32_MAX,
};

struct hex_parser {
	const struct rule_line *line;
	struct program program;
	size_t start;
	size_t at;
	size_t end;
	size_t part_start; /* where the present part begins in the text */
	unsigned options;
	unsigned depth; /* of alternatives */
	unsigned fixed; /* fixed bytes in a row, up to here */
	unsigned fixed_best;
	bool has_split;    /* at a bracket */
	bool is_plain;     /* nothing but fixed bytes so far */
	bool is_irregular; /* something but fixed bytes among the present alternatives */
	size_t byte_count; /* how many bytes the pattern has had so far */
};

struct gap {
	uint64_t min;
	uint64_t max;
	bool is_fixed; /* a single number */
};

static enum status read_item(struct hex_parser *parser);
static enum status read_byte(struct hex_parser *parser, struct pattern_byte *out);
static void emit_byte(struct hex_parser *parser, struct pattern_byte byte);
static enum status read_gap(struct hex_parser *parser);
static bool splits_at_single(const struct hex_parser *parser);
static enum status split_at_gap(struct hex_parser *parser, struct span span,
				const struct gap *gap);
static enum status read_near(struct hex_parser *parser, bool is_front);
static enum status read_paren(struct hex_parser *parser);
static enum status read_mark(struct hex_parser *parser, bool is_not);
static enum status read_alternatives(struct hex_parser *parser, bool is_not);
static enum status end_part(struct hex_parser *parser, bool is_last);
static enum status refuse(const struct hex_parser *parser, struct span span,
			  const char *message);

enum status hex_pattern_read(const struct rule_line *line, struct span span,
			     unsigned options, struct slice *out)
{
	struct hex_parser parser = {
		.line = line,
		.start = span.start,
		.at = span.start,
		.end = span.end,
		.part_start = span.start,
		.options = options,
		.is_plain = true,
	};
	enum status status = STATUS_OK;

	program_init(&parser.program, line->arena);
	if (span_len(span) == 0)
		return refuse(&parser, span, "the pattern is empty");
	if (options & HEX_FULLWORD)
		program_mark(&parser.program, PATTERN_MARK_WORD,
			     PATTERN_MARK_BEFORE |
				     (options & HEX_WIDE ? PATTERN_MARK_WIDE : 0u));
	while (status == STATUS_OK && parser.at < parser.end)
		status = read_item(&parser);
	if (status == STATUS_OK)
		status = end_part(&parser, true);
	if (status != STATUS_OK)
		return status;
	if (parser.is_plain && parser.fixed_best < PLAIN_BYTES_MIN &&
	    !(options & HEX_SHORT))
		return refuse(&parser, span,
			      "a pattern without wildcards needs three bytes");
	if (options & HEX_FULLWORD)
		program_mark(&parser.program, PATTERN_MARK_WORD,
			     PATTERN_MARK_AFTER |
				     (options & HEX_WIDE ? PATTERN_MARK_WIDE : 0u));
	status = program_finish(&parser.program, out);
	if (status == STATUS_LIMIT)
		return refuse(&parser, span, "an alternative of the pattern is too long");
	return status;
}

static int peek(const struct hex_parser *parser, size_t ahead)
{
	if (parser->at + ahead >= parser->end)
		return -1;
	return line_byte(parser->line, parser->at + ahead);
}

/* The next `len` bytes of the text, or what is left of them. */
static struct span next(const struct hex_parser *parser, size_t len)
{
	size_t left = parser->end - parser->at;

	return (struct span){ parser->at, parser->at + (len < left ? len : left) };
}

static enum status refuse(const struct hex_parser *parser, struct span span,
			  const char *message)
{
	return line_refuse(parser->line, span, STATUS_MALFORMED, message);
}

static enum status read_item(struct hex_parser *parser)
{
	struct pattern_byte byte;
	enum status status;

	switch (peek(parser, 0)) {
	case '*':
	case '{':
		return read_gap(parser);
	case '[':
		return read_near(parser, false);
	case '!':
	case '(':
		return read_paren(parser);
	}
	if (parser->at == parser->part_start && peek(parser, 2) == '[' &&
	    !splits_at_single(parser))
		return read_near(parser, true);
	status = read_byte(parser, &byte);
	if (status == STATUS_OK)
		emit_byte(parser, byte);
	return status;
}

/* A hexadecimal digit's value, 16 for `?`, or -1. */
static int digit_of(int c)
{
	return c == '?' ? 16 : hex_digit(c);
}

static enum status read_byte(struct hex_parser *parser, struct pattern_byte *out)
{
	int high = digit_of(peek(parser, 0));
	int low = digit_of(peek(parser, 1));

	if (high < 0)
		return refuse(parser, next(parser, 1),
			      "neither a hexadecimal digit nor a wildcard");
	if (low < 0)
		return refuse(parser, next(parser, 1),
			      "a byte has two hexadecimal digits");
	*out = (struct pattern_byte){ .fold = (parser->options & HEX_NOCASE) != 0 };
	if (high < 16) {
		out->value |= (uint8_t)(high << 4);
		out->mask |= 0xf0;
	}
	if (low < 16) {
		out->value |= (uint8_t)low;
		out->mask |= 0x0f;
	}
	parser->at += 2;
	return STATUS_OK;
}

/* Something else than a fixed byte. */
static void end_run(struct hex_parser *parser)
{
	parser->is_irregular = true;
	if (parser->depth > 0)
		return;
	parser->fixed = 0;
	parser->is_plain = false;
}

static void count_byte(struct hex_parser *parser, struct pattern_byte byte)
{
	parser->byte_count++;
	if (byte.mask != 0xff) {
		end_run(parser);
		return;
	}
	if (parser->depth > 0)
		return;
	parser->fixed++;
	if (parser->fixed > parser->fixed_best)
		parser->fixed_best = parser->fixed;
}

static void emit_byte(struct hex_parser *parser, struct pattern_byte byte)
{
	program_byte(&parser->program, byte);
	count_byte(parser, byte);
	if (!(parser->options & HEX_WIDE))
		return;
	byte = (struct pattern_byte){ .value = 0, .mask = 0xff, .fold = byte.fold };
	program_byte(&parser->program, byte);
	count_byte(parser, byte);
}

/* What stands between the brackets: `n`, `-n`, `n-`, `n-m`. */
static bool read_range(const struct hex_parser *parser, struct span inside,
		       struct gap *out)
{
	struct span parts[2];
	size_t count = line_split(parser->line, inside, '-', parts, 2);

	*out = (struct gap){ .min = 0, .max = 0, .is_fixed = count == 1 };
	if (count > 2 || (count == 2 && span_len(inside) == 1))
		return false;
	if ((count == 1 || span_len(parts[0]) > 0) &&
	    !line_number(parser->line, parts[0], GAP_MAX, &out->min))
		return false;
	if (count == 1)
		out->max = out->min;
	else if (span_len(parts[1]) > 0)
		return line_number(parser->line, parts[1], GAP_MAX, &out->max);
	return true;
}

/* Reads a range in brackets and moves behind it; *ret_span is all of it. */
static enum status read_brackets(struct hex_parser *parser, char close, struct gap *out,
				 struct span *ret_span)
{
	struct span rest = { parser->at, parser->end };
	size_t end = line_find(parser->line, rest, close);

	if (end == parser->end)
		return refuse(parser, next(parser, 1), "the bracket is never closed");
	*ret_span = (struct span){ parser->at, end + 1 };
	if (!read_range(parser, (struct span){ parser->at + 1, end }, out))
		return refuse(parser, *ret_span, "a gap is one of n, -n, n-, n-m");
	parser->at = end + 1;
	return STATUS_OK;
}

static enum status split(struct hex_parser *parser, struct span span, uint64_t min,
			 uint64_t max)
{
	enum status status;

	if (parser->depth > 0)
		return refuse(parser, span, "no such gap inside alternatives");
	if (span.start == parser->part_start)
		return refuse(parser, span, "a gap needs something in front of it");
	if (parser->at == parser->end)
		return refuse(parser, span, "a gap needs something behind it");
	size_t behind = parser->at;
	parser->at = span.start;
	status = end_part(parser, false);
	parser->at = behind;
	parser->part_start = behind;
	if (status == STATUS_OK)
		program_gap(&parser->program, (uint32_t)min, (uint32_t)max);
	return status;
}

static enum status read_gap(struct hex_parser *parser)
{
	struct span span = next(parser, 1);
	struct gap gap = { .max = 0 };
	enum status status;

	if (peek(parser, 0) == '*') {
		parser->at++;
		return split(parser, span, 0, PATTERN_GAP_NO_END);
	}
	status = read_brackets(parser, '}', &gap, &span);
	if (status != STATUS_OK)
		return status;
	if (gap.is_fixed && gap.min > 0 && gap.min <= FIXED_GAP_MAX &&
	    !parser->has_split) {
		program_skip(&parser->program, (uint32_t)gap.min);
		end_run(parser);
		return STATUS_OK;
	}
	if (gap.max > 0 && gap.max < gap.min)
		return refuse(parser, span, "the gap ends before it begins");
	return split_at_gap(parser, span, &gap);
}

/* As clamscan has it, 0 as the upper bound is none at all, `{0}` included. */
static enum status split_at_gap(struct hex_parser *parser, struct span span,
				const struct gap *gap)
{
	parser->has_split = true;
	return split(parser, span, gap->min,
		     gap->max == 0 ? PATTERN_GAP_NO_END : gap->max);
}

/* Does a part end at this position of the text: at a gap, or with the text? */
static bool is_part_end(const struct hex_parser *parser, size_t at)
{
	bool splits = parser->options & (HEX_WIDE | HEX_FULLWORD);
	int c = at < parser->end ? line_byte(parser->line, at) : '*';

	return c == '*' || c == '{' || (splits && c == '[');
}

/* With these options `[n-m]` is a gap like any other. */
static bool splits_at_single(const struct hex_parser *parser)
{
	return parser->options & (HEX_WIDE | HEX_FULLWORD);
}

/*
 * One single byte at a distance from the rest of its part: `61[n-m]` (is_front) or
 * `[n-m]61`. The part is what it would be without; the byte has to be there, too.
 */
static enum status read_near(struct hex_parser *parser, bool is_front)
{
	struct pattern_byte byte = { 0 };
	struct span span;
	struct gap gap;
	enum status status = is_front ? read_byte(parser, &byte) : STATUS_OK;

	if (status == STATUS_OK)
		status = read_brackets(parser, ']', &gap, &span);
	if (status != STATUS_OK)
		return status;
	if (gap.max < gap.min || line_byte(parser->line, span.start + 1) == '-')
		return refuse(parser, span,
			      "a gap in [ ] is n or n-m, m not less than n");
	if (gap.max > SINGLE_GAP_MAX)
		return refuse(parser, span, "a gap in [ ] is 32 bytes at most");
	if (splits_at_single(parser))
		return split_at_gap(parser, span, &gap);
	if (parser->depth > 0)
		return refuse(parser, span, "no such gap inside alternatives");
	end_run(parser);
	if (!is_front) {
		bool is_one = !is_part_end(parser, parser->at) &&
			      !is_part_end(parser, parser->at + 1) &&
			      is_part_end(parser, parser->at + 2);
		if (!is_one)
			return refuse(parser, span,
				      "[ ] needs one single byte on one of its sides");
		status = read_byte(parser, &byte);
	}
	if (status == STATUS_OK)
		program_near(&parser->program, is_front ? PATTERN_NEAR_BEFORE : 0, byte,
			     (uint8_t)gap.min, (uint8_t)gap.max);
	return status;
}

static enum status read_paren(struct hex_parser *parser)
{
	bool is_not = peek(parser, 0) == '!';
	size_t open = is_not ? 1 : 0;
	int kind = peek(parser, open + 1);

	if (peek(parser, open) != '(')
		return refuse(parser, next(parser, 1), "only ( may follow !");
	end_run(parser);
	if ((kind == 'B' || kind == 'L' || kind == 'W') && peek(parser, open + 2) == ')')
		return read_mark(parser, is_not);
	return read_alternatives(parser, is_not);
}

/*
 * At the end of a part a mark looks at what follows and consumes nothing; at
 * its start, unless negated, at what precedes. In between it consumes a byte.
 */
static enum status read_mark(struct hex_parser *parser, bool is_not)
{
	bool is_full = parser->options & HEX_FULLWORD;
	bool is_first = parser->at == parser->part_start;
	int kind = peek(parser, is_not ? 2 : 1);
	unsigned flags = is_not ? PATTERN_MARK_NOT : 0;

	if (parser->depth > 0)
		return refuse(parser, next(parser, 3), "no mark inside alternatives");
	/* The marks of a full word stand outside of this one. */
	if (is_full && parser->at == parser->start)
		is_first = false;
	parser->at += is_not ? 4 : 3;
	if (is_part_end(parser, parser->at) && !(is_full && parser->at == parser->end))
		flags |= PATTERN_MARK_AFTER;
	else if (is_first && !is_not)
		flags |= PATTERN_MARK_BEFORE;
	if (kind == 'W' && (parser->options & HEX_WIDE) &&
	    (flags & (PATTERN_MARK_AFTER | PATTERN_MARK_BEFORE)))
		flags |= PATTERN_MARK_WIDE;
	program_mark(&parser->program, (enum pattern_mark)kind, flags);
	return STATUS_OK;
}

static enum status read_alternative(struct hex_parser *parser)
{
	size_t start = parser->at;
	enum status status = STATUS_OK;
	int c;

	while (c = peek(parser, 0), c != '|' && c != ')' && c >= 0) {
		status = read_item(parser);
		if (status != STATUS_OK)
			return status;
	}
	if (c < 0)
		return refuse(parser, (struct span){ start, parser->at },
			      "the parenthesis is never closed");
	if (parser->at == start)
		return refuse(parser, next(parser, 1), "an alternative is empty");
	return STATUS_OK;
}

/* Each of `span` was `len` bytes, or is_even is false. */
static enum status check_negated(const struct hex_parser *parser, struct span span,
				 bool is_even)
{
	if (parser->is_irregular)
		return refuse(parser, span, "alternatives after ! are plain bytes");
	if (!is_even)
		return refuse(parser, span, "alternatives after ! are all of one length");
	if (parser->options & HEX_OPTIONED)
		return refuse(parser, span, "no !( ) in a subsignature with options");
	return STATUS_OK;
}

static enum status read_alternatives(struct hex_parser *parser, bool is_not)
{
	struct span span = { parser->at, parser->at };
	struct program_alt alt;
	size_t first_len = 0;
	bool is_even = true;

	if (parser->depth == PATTERN_ALT_DEPTH)
		return refuse(parser, next(parser, 1),
			      "alternatives are nested too deep");
	if (is_not && parser->depth > 0)
		return refuse(parser, next(parser, 2), "no ! inside alternatives");
	parser->depth++;
	parser->is_irregular = false;
	parser->at += is_not;
	program_alt_open(&parser->program, is_not ? PATTERN_ALT_NOT : 0, &alt);
	do {
		size_t before = parser->byte_count;

		parser->at++;
		program_alt_next(&parser->program, &alt);
		enum status status = read_alternative(parser);
		if (status != STATUS_OK)
			return status;
		size_t len = parser->byte_count - before;
		if (alt.count == 1)
			first_len = len;
		is_even = is_even && len == first_len;
	} while (peek(parser, 0) == '|');
	parser->at++;
	program_alt_close(&parser->program, &alt);
	parser->depth--;
	span.end = parser->at;
	if (is_not && check_negated(parser, span, is_even) != STATUS_OK)
		return STATUS_MALFORMED;
	end_run(parser);
	return STATUS_OK;
}

static enum status end_part(struct hex_parser *parser, bool is_last)
{
	struct span part = { parser->part_start, parser->at };

	if (parser->fixed_best < FIXED_BYTES_MIN)
		return refuse(parser, part, "this part has no two fixed bytes in a row");
	if (!is_last) {
		parser->fixed_best = 0;
		end_run(parser);
	}
	return STATUS_OK;
}
