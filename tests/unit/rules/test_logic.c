/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/logic.h"

#include <ctype.h>
#include <stdlib.h>

#include "bytes/reader.h"
#include "gen.h"
#include "match/expr.h"
#include "test.h"
#include "text_buffer.h"

struct value {
	bool holds;
	uint64_t count;
	uint64_t subs;
};

/* How often each subsignature matched. */
struct matches {
	uint32_t of[EXPR_SUBS_MAX];
};

static bool compare(uint64_t count, int how, uint32_t x)
{
	if (how == '=')
		return count == x;
	return how == '<' ? count < x : count > x;
}

static struct value compared(struct value a, int how, uint32_t x, uint32_t y)
{
	if (!compare(a.count, how, x) || (unsigned)__builtin_popcountll(a.subs) < y)
		return (struct value){ 0 };
	a.holds = true;
	return a;
}

static struct value joined(struct value a, struct value b, bool is_and)
{
	if (is_and ? !(a.holds && b.holds) : !(a.holds || b.holds))
		return (struct value){ 0 };
	return (struct value){ true, a.count + b.count, a.subs | b.subs };
}

static struct value sub_value(const struct matches *matches, unsigned id)
{
	uint32_t n = matches->of[id];

	return (struct value){ n > 0, n, n > 0 ? UINT64_C(1) << id : 0 };
}

/* Runs a program as match/expr.h says. */
static struct value run(struct slice program, const struct matches *matches)
{
	struct reader code = reader_of_slice(program);
	struct value stack[EXPR_STACK];
	unsigned depth = 0;

	while (reader_left(&code) > 0) {
		uint8_t op = reader_u8(&code);
		uint32_t x;

		switch (op) {
		case EXPR_SUB:
			if (depth == EXPR_STACK)
				abort();
			stack[depth++] = sub_value(matches, reader_u8(&code));
			break;
		case EXPR_AND:
		case EXPR_OR:
			depth--;
			stack[depth - 1] = joined(stack[depth - 1], stack[depth],
						  op == EXPR_AND);
			break;
		case EXPR_CMP:
			op = reader_u8(&code);
			x = reader_u32le(&code);
			stack[depth - 1] = compared(stack[depth - 1], op, x,
						    reader_u32le(&code));
			break;
		case EXPR_SKIP_IF_FALSE:
		case EXPR_SKIP_IF_TRUE:
			x = reader_u16le(&code);
			if (stack[depth - 1].holds == (op == EXPR_SKIP_IF_TRUE))
				reader_skip(&code, x);
			break;
		default:
			abort();
		}
	}
	if (!reader_ok(&code) || depth != 1)
		abort();
	return stack[0];
}

/*
 * The same from the text, as the original does: at the first operator outside
 * parentheses the text is cut in two, and what is in parentheses at its last.
 */
static struct value decide(const char *text, size_t len, const struct matches *matches);
static struct value decide_block(const char *text, size_t len,
				 const struct matches *matches);

static struct value decide_term(const char *text, size_t len,
				const struct matches *matches)
{
	size_t end = 0;
	unsigned depth = 0;
	struct value value;

	if (text[0] == '(') {
		do {
			depth += text[end] == '(';
			depth -= text[end] == ')';
			end++;
		} while (depth > 0);
		value = decide_block(text + 1, end - 2, matches);
	} else {
		while (end < len && isdigit((unsigned char)text[end]))
			end++;
		value = sub_value(matches, (unsigned)strtoul(text, NULL, 10));
	}
	if (end == len)
		return value;
	char *rest;
	uint32_t x = (uint32_t)strtoul(text + end + 1, &rest, 10);
	uint32_t y = *rest == ',' ? (uint32_t)strtoul(rest + 1, NULL, 10) : 0;
	return compared(value, text[end], x, y);
}

static struct value decide(const char *text, size_t len, const struct matches *matches)
{
	unsigned depth = 0;

	for (size_t i = 0; i < len; i++) {
		depth += text[i] == '(';
		depth -= text[i] == ')';
		if (depth == 0 && (text[i] == '&' || text[i] == '|'))
			return joined(decide_term(text, i, matches),
				      decide(text + i + 1, len - i - 1, matches),
				      text[i] == '&');
	}
	return decide_term(text, len, matches);
}

static struct value decide_block(const char *text, size_t len,
				 const struct matches *matches)
{
	unsigned depth = 0;

	for (size_t i = len; i > 0; i--) {
		char c = text[i - 1];

		depth += c == ')';
		depth -= c == '(';
		if (depth == 0 && (c == '&' || c == '|'))
			return joined(decide(text, i - 1, matches),
				      decide_term(text + i, len - i, matches), c == '&');
	}
	return decide_term(text, len, matches);
}

struct parsed {
	struct arena arena;
	struct rule_error error;
	struct logic logic;
	enum status status;
};

static void parse(const char *text, struct parsed *out)
{
	*out = (struct parsed){ 0 };
	arena_init(&out->arena, 16 << 20);
	struct rule_line line = { slice_of(text), &out->arena, &out->error };
	out->status = logic_read(&line, line_whole(&line), &out->logic);
}

static bool holds(const char *text, const struct matches *matches)
{
	struct parsed parsed;

	parse(text, &parsed);
	bool result = parsed.status == STATUS_OK &&
		      run(parsed.logic.program, matches).holds;
	arena_clear(&parsed.arena);
	return result;
}

TEST("an expression splits at its first operator, whichever that is")
{
	struct matches only_0 = { { 1, 0, 0 } };
	struct matches only_2 = { { 0, 0, 1 } };

	CHECK(!holds("1&2|0", &only_0));
	CHECK(holds("(1&2)|0", &only_0));
	CHECK(!holds("0&1|2", &only_2));
	CHECK(holds("0|1&2", &only_0));
}

TEST("a parenthesis splits at its last operator, and what is left of that at its first")
{
	/* For each set of matched subsignatures, from {} to {0,1,2,3}: as clamscan 1.4.6. */
	static const struct {
		const char *text;
		const char *decided;
	} cases[] = {
		{ "0&1|2&3", "0001000100010101" },
		{ "(0&1|2&3)", "0000000000010101" },
		{ "(0&1|2)|3&0", "0001111101011111" },
		{ "(0&1|2|3)", "0001010111111111" },
		{ "(0|1&2|3)", "0101011111111111" },
		{ "(0|1&(2|3))", "0000011101110111" },
		{ "3&(0&1|2)", "0000000000011111" },
		{ "((0|1&2)&3)", "0000000000000111" },
		{ "(0&1|2)=0|3&0", "1110000011110101" },
		{ "(0|1&2)>1&3", "0000000000000111" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (unsigned set = 0; set < 16; set++) {
			struct matches matches = { { set & 1, set >> 1 & 1, set >> 2 & 1,
						     set >> 3 } };
			bool expected = cases[i].decided[set] == '1';

			if (!CHECK_EQ(holds(cases[i].text, &matches), expected))
				printf("#   of %s with set %u\n", cases[i].text, set);
		}
	}
}

TEST("counts are of all matches, and zero of them can be asked for")
{
	struct matches matches = { { 2, 1, 0 } };

	CHECK(holds("0=2", &matches));
	CHECK(!holds("0>2", &matches));
	CHECK(holds("0<3", &matches));
	CHECK(holds("2=0", &matches));
	CHECK(holds("(0|1)=3", &matches));
	CHECK(holds("(0|1|2)>2,2", &matches));
	CHECK(!holds("(0|1|2)>2,3", &matches));
	CHECK(!holds("(0&2)>0", &matches));
	CHECK(holds("(0&2)=0", &matches));
	CHECK(holds("((0>1)|1)>2", &matches));
	CHECK(holds("0>1,9",
		    &matches)); /* clamscan reads the ,9 and does nothing with it */
}

TEST("blanks may stand between numbers and signs")
{
	struct matches matches = { { 2, 1, 0 } };

	CHECK(holds(" 0 & ( 1 | 2 ) > 0 , 1 ", &matches));
}

TEST("what is no expression is refused at its place")
{
	static const struct {
		const char *text;
		unsigned column;
	} cases[] = {
		{ "", 1 },        { "a", 1 },         { "&0", 1 },
		{ "0&", 3 },      { "0&&1", 3 },      { "0&1)", 4 },
		{ "(0&1", 5 },    { "()", 2 },        { "0(1)", 2 },
		{ "(0)(1)", 4 },  { "0 1", 3 },       { "0!1", 2 },
		{ "0>", 3 },      { "0>a", 3 },       { "0>-1", 3 },
		{ "0=1=2", 4 },   { "(0|1)>1,", 9 },  { "(0|1)>=2", 7 },
		{ "64", 1 },      { "0&100", 3 },     { "(0)>1", 4 },
		{ "((0))>1", 6 }, { "((0|1))>1", 8 }, { "0>4294967296", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed parsed;

		parse(cases[i].text, &parsed);
		CHECK_EQ(parsed.status, STATUS_MALFORMED);
		if (!CHECK_EQ(parsed.error.column, cases[i].column))
			printf("#   of %s: %s\n", cases[i].text, parsed.error.message);
		arena_clear(&parsed.arena);
	}
}

TEST("only what is compared with more than none is counted")
{
	static const struct {
		const char *text;
		uint64_t counted;
	} cases[] = {
		{ "0&1|2", 0 },         { "0>0&1", 0 },     { "0=0&1<1", 0 },
		{ "0>1&1", 1 },         { "0&1=2", 2 },     { "0<2&1", 1 },
		{ "(0|1)>0,2&2", 0 },   { "(0|1)>1&2", 3 }, { "((0|1)>0|2)>4", 7 },
		{ "(0|(1&2)=3)>0", 6 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed parsed;

		parse(cases[i].text, &parsed);
		if (!CHECK_EQ(parsed.logic.counted, cases[i].counted))
			printf("#   of %s\n", cases[i].text);
		arena_clear(&parsed.arena);
	}
}

TEST("depth is bounded, length is not")
{
	static struct text_buffer text;
	struct matches matches = { { 1 } };
	struct parsed parsed;

	text_repeat(&text, "(", 64);
	text_add(&text, "0");
	text_repeat(&text, ")", 64);
	CHECK(holds(text.text, &matches));
	text_clear(&text);
	text_repeat(&text, "(", 65);
	parse(text.text, &parsed);
	CHECK_EQ(parsed.status, STATUS_MALFORMED);
	arena_clear(&parsed.arena);

	text_clear(&text);
	text_repeat(&text, "0&", 16000);
	text_add(&text, "0");
	CHECK(holds(text.text, &matches));

	/* Where the operator changes, the rest is one deeper. */
	text_clear(&text);
	text_add(&text, "0");
	text_repeat(&text, "&0|0", 31);
	CHECK(holds(text.text, &matches));
	text_add(&text, "&0|0&0");
	parse(text.text, &parsed);
	CHECK_EQ(parsed.status, STATUS_MALFORMED);
	CHECK_STR(parsed.error.message, "the expression is nested too deep");
	arena_clear(&parsed.arena);
}

/* Returns whether it has an operator outside parentheses: then a count may follow them. */
static bool gen_expression(struct gen *gen, struct text_buffer *out, unsigned depth);

static bool gen_block(struct gen *gen, struct text_buffer *out, unsigned depth)
{
	text_add(out, "(");
	bool may_be_counted = gen_expression(gen, out, depth - 1);
	text_add(out, ")");
	return may_be_counted;
}

static bool gen_expression(struct gen *gen, struct text_buffer *out, unsigned depth)
{
	size_t terms = 1 + gen_below(gen, 4);

	for (size_t i = 0; i < terms; i++) {
		bool is_block = depth > 0 && gen_below(gen, 3) == 0;

		if (i > 0)
			text_add(out, gen_below(gen, 2) ? "&" : "|");
		if (is_block && !gen_block(gen, out, depth))
			continue;
		if (!is_block)
			text_add(out, "%zu", gen_below(gen, 4));
		if (gen_below(gen, 3) > 0)
			continue;
		text_add(out, "%c%zu", "=<>"[gen_below(gen, 3)], gen_below(gen, 4));
		if (is_block && gen_below(gen, 2))
			text_add(out, ",%zu", gen_below(gen, 4));
	}
	return terms > 1;
}

TEST("every expression decides as its text reads")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 20000; i++) {
		static struct text_buffer text;
		struct matches matches;
		struct parsed parsed;

		text_clear(&text);
		gen_expression(&gen, &text, 3);
		for (size_t id = 0; id < EXPR_SUBS_MAX; id++)
			matches.of[id] = (uint32_t)gen_below(&gen, 3);
		parse(text.text, &parsed);
		bool same = parsed.status == STATUS_OK &&
			    run(parsed.logic.program, &matches).holds ==
				    decide(text.text, text.len, &matches).holds;
		arena_clear(&parsed.arena);
		if (!CHECK(same)) {
			printf("#   of %s\n", text.text);
			return;
		}
	}
}

TEST_MAIN()
