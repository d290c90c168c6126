/* SPDX-License-Identifier: Apache-2.0 */

#include "rules/hex_pattern.h"

#include "gen.h"
#include "guard.h"
#include "match/pattern_program.h"
#include "rule_show.h"
#include "test.h"
#include "text_buffer.h"

struct pattern_case {
	const char *pattern;
	const char *shown;
};

/* How the pattern is read, or the column and the message of its refusal. */
static const char *read_pattern(const char *pattern, unsigned options)
{
	static char refusal[128];
	const char *shown = refusal;
	struct arena arena;
	struct rule_error error = { 0 };
	struct slice program;
	struct rule_line line = { slice_of(pattern), &arena, &error };

	arena_init(&arena, 1 << 20);
	enum status status = hex_pattern_read(&line, line_whole(&line), options,
					      &program);
	if (status == STATUS_OK)
		shown = show_program(program);
	else
		snprintf(refusal, sizeof(refusal), "%u: %s", error.column, error.message);
	arena_clear(&arena);
	return shown;
}

static void check_all(const struct pattern_case *cases, size_t count, unsigned options)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(read_pattern(cases[i].pattern, options), cases[i].shown))
			printf("#   of %s\n", cases[i].pattern);
}

TEST("bytes, nibbles and fixed gaps become literals, masks and skips")
{
	static const struct pattern_case cases[] = {
		{ "616263", "lit 616263" },
		{ "AbCdEF", "lit abcdef" },
		{ "6162??6364", "lit 6162 skip 1 lit 6364" },
		{ "6162????6364", "lit 6162 skip 2 lit 6364" },
		{ "6162{2}??6364", "lit 6162 skip 3 lit 6364" },
		{ "6162{127}6364", "lit 6162 skip 127 lit 6364" },
		{ "6162?36?", "lit 6162 mask 03/0f 60/f0" },
		{ "??6162", "skip 1 lit 6162" },
		{ "{3}6162", "skip 3 lit 6162" },
		{ "6162{3}", "lit 6162 skip 3" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("gaps split a pattern, and 0 as an upper bound is none")
{
	static const struct pattern_case cases[] = {
		{ "6162*6364", "lit 6162 gap 0- lit 6364" },
		{ "6162{-5}6364", "lit 6162 gap 0-5 lit 6364" },
		{ "6162{5-}6364", "lit 6162 gap 5- lit 6364" },
		{ "6162{2-5}6364", "lit 6162 gap 2-5 lit 6364" },
		{ "6162{128}6364", "lit 6162 gap 128-128 lit 6364" },
		{ "6162{0}6364", "lit 6162 gap 0- lit 6364" },
		{ "6162{1-0}6364", "lit 6162 gap 1- lit 6364" },
		{ "6162{3}*6364", "lit 6162 skip 3 gap 0- lit 6364" },
		{ "6162*6364{3}65", "lit 6162 gap 0- lit 6364 skip 3 lit 65" },
		/* behind a bracket that splits, all of them do */
		{ "6162{1-2}6364{3}6566", "lit 6162 gap 1-2 lit 6364 gap 3-3 lit 6566" },
		{ "6162{1-2}6364{3}65", "17: this part has no two fixed bytes in a row" },
		{ "6162{1-2}6364{3}", "14: a gap needs something behind it" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("single bytes stand in front of or behind a part, with a gap of their own")
{
	static const struct pattern_case cases[] = {
		{ "61[1-2]6263", "near< 1-2 61/ff lit 6263" },
		{ "6162[3]63", "lit 6162 near> 3-3 63/ff" },
		{ "61[0-0]6263[1-32]64", "near< 0-0 61/ff lit 6263 near> 1-32 64/ff" },
		{ "6162[1-2]63*64[1-2]6566",
		  "lit 6162 near> 1-2 63/ff gap 0- near< 1-2 64/ff lit 6566" },
		{ "?1[1-2]6263", "near< 1-2 01/0f lit 6263" },
		{ "6162[1-2]6364", "5: [ ] needs one single byte on one of its sides" },
		{ "61[1-2]62[1-2]63", "1: this part has no two fixed bytes in a row" },
		{ "61[1-2]6263[1-2]64[1-2]65",
		  "12: [ ] needs one single byte on one of its sides" },
		{ "6162[2-1]63", "5: a gap in [ ] is n or n-m, m not less than n" },
		{ "6162[-2]63", "5: a gap in [ ] is n or n-m, m not less than n" },
		{ "6162[0-33]63", "5: a gap in [ ] is 32 bytes at most" },
		{ "6162[1-2", "5: the bracket is never closed" },
		{ "[1-2]6162", "1: [ ] needs one single byte on one of its sides" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("alternatives nest, and may be of any length unless they are negated")
{
	static const struct pattern_case cases[] = {
		{ "6162(63|64)65", "lit 6162 alt(lit 63|lit 64) lit 65" },
		{ "6162(63)65", "lit 6162 alt(lit 63) lit 65" },
		{ "6162(6364|65|6?)66",
		  "lit 6162 alt(lit 6364|lit 65|mask 60/f0) lit 66" },
		{ "6162(63(64|65)66|67)68",
		  "lit 6162 alt(lit 63 alt(lit 64|lit 65) lit 66|lit 67) lit 68" },
		{ "6162((63|64)|65)", "lit 6162 alt(alt(lit 63|lit 64)|lit 65)" },
		{ "6162(63{2}64|65)66",
		  "lit 6162 alt(lit 63 skip 2 lit 64|lit 65) lit 66" },
		{ "6162(BB)63", "lit 6162 alt(lit bb) lit 63" },
		{ "6162!(63|64)65", "lit 6162 not(lit 63|lit 64) lit 65" },
		{ "!(6364|6566)6162", "not(lit 6364|lit 6566) lit 6162" },
		{ "6162()63", "6: an alternative is empty" },
		{ "6162(63|)65", "9: an alternative is empty" },
		{ "6162(|63)65", "6: an alternative is empty" },
		{ "6162(63|64", "9: the parenthesis is never closed" },
		{ "616263)64", "7: neither a hexadecimal digit nor a wildcard" },
		{ "6162!(63|6465)66", "5: alternatives after ! are all of one length" },
		{ "6162!(6?|64)65", "5: alternatives after ! are plain bytes" },
		{ "6162!(63|(64|65))66", "5: alternatives after ! are plain bytes" },
		{ "6162(!(63)|64)65", "6: no ! inside alternatives" },
		{ "6162(63*64|65)66", "8: no such gap inside alternatives" },
		{ "6162(63{1-2}64|65)66", "8: no such gap inside alternatives" },
		{ "6162(63[1-2]64|65)66", "8: no such gap inside alternatives" },
		{ "6162((W)|65)66", "6: no mark inside alternatives" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("alternatives nest fifteen deep and no deeper")
{
	static struct text_buffer pattern;

	text_add(&pattern, "6162");
	text_repeat(&pattern, "(", PATTERN_ALT_DEPTH);
	text_add(&pattern, "63");
	text_repeat(&pattern, ")", PATTERN_ALT_DEPTH);
	CHECK(strncmp(read_pattern(pattern.text, HEX_SHORT), "lit 6162 alt(alt(alt(",
		      21) == 0);

	text_clear(&pattern);
	text_add(&pattern, "6162");
	text_repeat(&pattern, "(", PATTERN_ALT_DEPTH + 1);
	text_add(&pattern, "63");
	CHECK_STR(read_pattern(pattern.text, HEX_SHORT),
		  "20: alternatives are nested too deep");
}

TEST("marks look outwards at the ends of parts and consume a byte elsewhere")
{
	static const struct pattern_case cases[] = {
		{ "(B)6162(W)", "<B lit 6162 W>" },
		{ "(L)6162", "<L lit 6162" },
		{ "6162!(L)", "lit 6162 !L>" },
		{ "!(B)6162", "!B lit 6162" }, /* negated at the start: consumes */
		{ "6162(B)6364", "lit 6162 B lit 6364" },
		{ "6162(B)(B)6364", "lit 6162 B B lit 6364" },
		{ "6162(W)*(B)6364", "lit 6162 W> gap 0- <B lit 6364" },
		{ "6162(W){1-2}!(B)6364", "lit 6162 W> gap 1-2 !B lit 6364" },
		{ "6162(W){2}6364", "lit 6162 W> skip 2 lit 6364" },
		{ "6162(b)6364", "6: a byte has two hexadecimal digits" },
		{ "(B)", "1: this part has no two fixed bytes in a row" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("what is no pattern is refused at its place")
{
	static const struct pattern_case cases[] = {
		{ "", "1: the pattern is empty" },
		{ "61626", "5: a byte has two hexadecimal digits" },
		{ "6162 6364", "5: neither a hexadecimal digit nor a wildcard" },
		{ "6162g4", "5: neither a hexadecimal digit nor a wildcard" },
		{ "6162{5-3}6364", "5: the gap ends before it begins" },
		{ "6162{}6364", "5: a gap is one of n, -n, n-, n-m" },
		{ "6162{-}6364", "5: a gap is one of n, -n, n-, n-m" },
		{ "6162{1-2-3}6364", "5: a gap is one of n, -n, n-, n-m" },
		{ "6162{a}6364", "5: a gap is one of n, -n, n-, n-m" },
		{ "6162{4294967296}6364", "5: a gap is one of n, -n, n-, n-m" },
		{ "6162{1", "5: the bracket is never closed" },
		{ "*6162", "1: a gap needs something in front of it" },
		{ "6162*", "5: a gap needs something behind it" },
		{ "{1-2}6162", "1: a gap needs something in front of it" },
		{ "6162{200}", "5: a gap needs something behind it" },
		{ "6162**6364", "6: a gap needs something in front of it" },
		{ "6162*63", "6: this part has no two fixed bytes in a row" },
		{ "61??62", "1: this part has no two fixed bytes in a row" },
		{ "61(62|63)", "1: this part has no two fixed bytes in a row" },
		{ "6162!6364", "5: only ( may follow !" },
		{ "6162!", "5: only ( may follow !" },
		{ "6162}6364", "5: neither a hexadecimal digit nor a wildcard" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT);
}

TEST("without wildcards three bytes are needed unless two are enough")
{
	CHECK_STR(read_pattern("6162", 0),
		  "1: a pattern without wildcards needs three bytes");
	CHECK_STR(read_pattern("6162", HEX_SHORT), "lit 6162");
	CHECK_STR(read_pattern("6162??", 0), "lit 6162 skip 1");
	CHECK_STR(read_pattern("616263", 0), "lit 616263");
}

TEST("letters in either case are folded, runs without letters are not")
{
	static const struct pattern_case cases[] = {
		{ "414243", "fold 616263" },
		{ "313233", "lit 313233" },
		{ "31412d", "fold 31612d" },
		{ "41426?41", "fold 6162 mask 60/f0 fold 61" },
		{ "4142(43|34)45", "fold 6162 alt(fold 63|lit 34) fold 65" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT | HEX_NOCASE);
}

TEST("wide bytes are followed by a zero, gaps are not doubled")
{
	static const struct pattern_case cases[] = {
		{ "6162", "lit 61006200" },
		{ "61", "lit 6100" },
		{ "6162??63", "lit 61006200 skip 1 lit 006300" },
		{ "6162{2}63", "lit 61006200 skip 2 lit 6300" },
		{ "6162*63", "lit 61006200 gap 0- lit 6300" },
		{ "6162[1-2]6364", "lit 61006200 gap 1-2 lit 63006400" },
		{ "6162(63|6465)66", "lit 61006200 alt(lit 6300|lit 64006500) lit 6600" },
		{ "(W)6162(W)63(W)", "<W~ lit 61006200 W lit 6300 W~>" },
		{ "(B)6162", "<B lit 61006200" },
	};

	check_all(cases, ARRAY_LEN(cases), HEX_SHORT | HEX_WIDE);
}

TEST("a full word has a mark on either side, and brackets are gaps")
{
	CHECK_STR(read_pattern("6162", HEX_SHORT | HEX_FULLWORD), "<W lit 6162 W>");
	CHECK_STR(read_pattern("6162", HEX_SHORT | HEX_FULLWORD | HEX_WIDE),
		  "<W~ lit 61006200 W~>");
	CHECK_STR(read_pattern("6162[1-2]6364", HEX_SHORT | HEX_FULLWORD),
		  "<W lit 6162 gap 1-2 lit 6364 W>");
	CHECK_STR(read_pattern("6162[0-0]6364", HEX_SHORT | HEX_FULLWORD),
		  "<W lit 6162 gap 0- lit 6364 W>");
	CHECK_STR(read_pattern("6162[1-2]63", HEX_SHORT | HEX_FULLWORD),
		  "10: this part has no two fixed bytes in a row");
}

TEST("negated alternatives and options do not go together")
{
	CHECK_STR(read_pattern("6162!(63|64)65", HEX_SHORT | HEX_OPTIONED),
		  "5: no !( ) in a subsignature with options");
}

/* Writes a random piece of a part; `depth` counts down to plain bytes. */
static void gen_piece(struct gen *gen, struct text_buffer *out, unsigned depth)
{
	static const char *const plain[] = { "61", "7a", "00", "4F", "??", "6?", "?1" };
	size_t count = 1 + gen_below(gen, 3);

	for (size_t i = 0; i < count; i++) {
		if (depth == 0 || gen_below(gen, 4) > 0) {
			text_add(out, "%s", plain[gen_below(gen, ARRAY_LEN(plain))]);
			continue;
		}
		text_add(out, "(");
		gen_piece(gen, out, depth - 1);
		for (size_t n = gen_below(gen, 3); n > 0; n--) {
			text_add(out, "|");
			gen_piece(gen, out, depth - 1);
		}
		text_add(out, ")");
	}
}

static void gen_pattern(struct gen *gen, struct text_buffer *out)
{
	static const char *const marks[] = { "",    "(B)",  "(L)",
					     "(W)", "!(W)", "!(6162|6364)" };
	static const char *const gaps[] = { "*", "{-5}", "{2-}", "{2-9}", "{200}" };
	size_t parts = 1 + gen_below(gen, 3);

	text_clear(out);
	for (size_t i = 0; i < parts; i++) {
		if (i > 0)
			text_add(out, "%s", gaps[gen_below(gen, ARRAY_LEN(gaps))]);
		text_add(out, "%s6162", marks[gen_below(gen, ARRAY_LEN(marks))]);
		if (i == 0 && gen_below(gen, 2))
			text_add(out, "(61{2}|62){3}");
		gen_piece(gen, out, 3);
		text_add(out, "6364%s", marks[gen_below(gen, ARRAY_LEN(marks))]);
	}
}

TEST("every pattern of the grammar is read, into a program that loads")
{
	struct gen gen = gen_start();

	for (int i = 0; i < 3000; i++) {
		static struct text_buffer pattern;
		unsigned options = (unsigned)gen_below(&gen, 8) | HEX_SHORT;
		struct arena arena;
		struct rule_error error = { 0 };
		struct pattern_program loaded;
		struct slice program;

		gen_pattern(&gen, &pattern);
		struct rule_line line = { slice_of(pattern.text), &arena, &error };
		arena_init(&arena, 8 << 20);
		bool ok = hex_pattern_read(&line, line_whole(&line), options, &program) ==
				  STATUS_OK &&
			  pattern_load(program, &arena, &loaded) == STATUS_OK;
		arena_clear(&arena);
		if (!CHECK(ok)) {
			printf("#   of %s, options %u: %s\n", pattern.text, options,
			       error.message ? error.message : "");
			return;
		}
	}
}

TEST("any text is read or refused, with a column inside it")
{
	static const char alphabet[] = "0123456789abcdefABCDEF???*{}[]()|!-BLWW 6162";
	struct gen gen = gen_start();

	for (int i = 0; i < 30000; i++) {
		char pattern[48];
		size_t len = gen_below(&gen, sizeof(pattern));
		struct arena arena;
		struct rule_error error = { 0 };
		struct pattern_program loaded;
		struct slice program;

		for (size_t at = 0; at < len; at++)
			pattern[at] = alphabet[gen_below(&gen, sizeof(alphabet) - 1)];
		struct guard guard = guard_copy(pattern, len);
		struct rule_line line = { { guard.bytes, len }, &arena, &error };
		arena_init(&arena, 1 << 20);
		enum status status = hex_pattern_read(&line, line_whole(&line),
						      (unsigned)gen_below(&gen, 32),
						      &program);
		bool ok = status == STATUS_OK ?
				  pattern_load(program, &arena, &loaded) == STATUS_OK :
				  status == STATUS_MALFORMED && error.column >= 1 &&
					  error.column <= len + 1;
		arena_clear(&arena);
		guard_free(&guard);
		if (!CHECK(ok)) {
			printf("#   of %.*s\n", (int)len, pattern);
			return;
		}
	}
}

TEST_MAIN()
