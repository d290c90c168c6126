/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ere_compile.h"

#include <regex.h>

#include "gen.h"
#include "match/ere.h"
#include "test.h"

enum { PLENTY = 1 << 30, DEPTH = 3 };

static unsigned search_options;

/* "yes", "no", or why the expression is refused: "4: message". */
static const char *search(const char *expression, const char *text)
{
	static char answer[128];
	struct rule_error error = { 0 };
	struct arena arena;
	struct slice program;
	struct ere ere;
	uint64_t steps = PLENTY;
	bool matches = false;

	arena_init(&arena, 16 << 20);
	struct rule_line line = { slice_of(expression), &arena, &error };
	enum status status = ere_compile(&line, line_whole(&line), search_options,
					 &program);
	if (status == STATUS_OK && ere_open(program, &arena, &ere) == STATUS_OK &&
	    ere_search(&ere, slice_of(text), &steps, &matches) == STATUS_OK)
		snprintf(answer, sizeof(answer), "%s", matches ? "yes" : "no");
	else
		snprintf(answer, sizeof(answer), "%u: %s", error.column, error.message);
	arena_clear(&arena);
	return answer;
}

static const struct example {
	const char *expression;
	const char *yes;
	const char *no;
} examples[] = {
	{ "^aa", "aab", "baa" },
	{ "\\.exe$", "x.exe", "x.exe.txt" },
	{ "(?i)^A[B-D]$", "aB", "ae" },
	{ "(?i)[^x]$", "y", "X" },
	{ "\\d", "d", "7" },
	{ "^a{2}\\.", "aa.", "aaa." },
	{ "^a{1,2}$", "aa", "aaa" },
	{ "^a{2,}$", "aaaa", "a" },
	{ "^a{0}b", "b", "ab" },
	{ "a{,2}", "xa{,2}", "aa" },
	{ "a{", "a{", "a" },
	{ "^()$", "", "a" },
	{ "[]]", "]", "[" },
	{ "[^]a]", "b", "]a" },
	{ "[a-]", "-", "b" },
	{ "[\\w]", "\\", "v" },
	{ "[[.a.]][[=b=]]", "ab", "a." },
	{ "]}", "]}", "]" },
	{ "(a|b|cd)e", "cde", "ce" },
	{ "^(a|ab)(c|bcd|$)$", "abcd", "abd" },
	{ "(a))", "a)", "a" },
	{ "(x|^b)", "b", "ab" },
	{ "a^b", "", "a^b" },
	{ "^(a*)*b$", "aab", "aac" },
	{ "^((a|b)?c){2}$", "acc", "c" },
	{ "(a+b)+$", "aabab", "ba" },
	{ "^.{3}$", "a\nb", "ab" },
	{ "b.$", "ba", "ba\n" },
	{ "$*a", "a", "b" },
	{ "\xe9.", "\xe9\xff", "\xe9" },
};

TEST("what expressions match")
{
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *example = &examples[i];

		if (strcmp(example->expression, "a^b") != 0)
			CHECK_STR(search(example->expression, example->yes), "yes");
		CHECK_STR(search(example->expression, example->no), "no");
	}
}

TEST("with an option a match reaches to the end, or to a slash there")
{
	search_options = ERE_TO_THE_END;
	CHECK_STR(search("a|b", "xa"), "yes");
	CHECK_STR(search("a|b", "xa/"), "yes");
	CHECK_STR(search("a|b", "bx"), "no");
	CHECK_STR(search("a|b", "b//"), "no");
	CHECK_STR(search("a$", "a/"), "no");
	search_options = 0;
}

TEST("what is no expression is refused with its column")
{
	CHECK_STR(search("a(", ""), "3: an empty alternative");
	CHECK_STR(search("a(b", ""), "4: a parenthesis is not closed");
	CHECK_STR(search("*a", ""), "1: nothing that could be repeated");
	CHECK_STR(search("{2}a", ""), "1: nothing that could be repeated");
	CHECK_STR(search("a**", ""), "3: a repetition of a repetition");
	CHECK_STR(search("a{2}{3}", ""), "5: a repetition of a repetition");
	CHECK_STR(search("^*", ""), "2: the beginning cannot be repeated");
	CHECK_STR(search("", ""), "1: an empty alternative");
	CHECK_STR(search("a|", ""), "3: an empty alternative");
	CHECK_STR(search("|a", ""), "1: an empty alternative");
	CHECK_STR(search("b|*a", ""), "3: nothing that could be repeated");
	CHECK_STR(search("a{2,1}", ""), "6: repetitions are {n}, {n,} or {n,m}");
	CHECK_STR(search("a{2", ""), "4: repetitions are {n}, {n,} or {n,m}");
	CHECK_STR(search("a{256}", ""), "3: a number of repetitions is 0 to 255");
	CHECK_STR(search("[z-a]", ""), "5: a range ends before it begins");
	CHECK_STR(search("[n--]", ""), "5: a range ends before it begins");
	CHECK_STR(search("[a-c-e]", ""), "5: a range without a beginning");
	CHECK_STR(search("[]-a]", ""), "3: a range without a beginning");
	CHECK_STR(search("[[=a=]-c]", ""), "7: a range without a beginning");
	CHECK_STR(search("[a", ""), "3: a set is not closed");
	CHECK_STR(search("[a-", ""), "3: a range without a beginning");
	CHECK_STR(search("[[:alpha:]]", ""),
		  "2: only a byte can stand in [. .] and [= =]");
	CHECK_STR(search("a\\", ""), "3: nothing behind the backslash");
}

TEST("what would need too many states is refused, however it is written")
{
	char deep[300];

	CHECK_STR(search("(a{255}){17}", ""), "1: the expression is too large");
	CHECK_STR(search("((((()){255}){255}){255}){255}", ""),
		  "1: the expression is too large");
	CHECK_STR(search("((((a{0}){255}){255}){255}){255}", ""),
		  "1: the expression is too large");
	CHECK_STR(search("((((a{0,255}){0,255}){0,255})*){0,255}", ""),
		  "1: the expression is too large");
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	CHECK_STR(search(deep, ""), "65: parentheses too deep");
}

static size_t put(char *out, const char *text)
{
	memcpy(out, text, strlen(text));
	return strlen(text);
}

/* Some expression of the grammar that both libraries have. */
static size_t make(struct gen *gen, char *out, size_t room, unsigned depth)
{
	static const char *const atoms[] = { "a",    "b",   "c",     ".", "[ab]",
					     "[^a]", "\\.", "[b-c]", "^", "$" };
	static const char *const times[] = { "*", "+", "?", "{2}", "{0,1}", "{1,}" };
	size_t len = 0;

	/* Anchors only outside: the library takes `(.$){2}` for `.$`. */
	size_t choices = depth == DEPTH ? ARRAY_LEN(atoms) : ARRAY_LEN(atoms) - 2;
	for (size_t i = 1 + gen_below(gen, 3); i > 0 && room - len > 60; i--) {
		size_t atom = gen_below(gen, choices);

		if (depth > 0 && gen_below(gen, 4) == 0) {
			out[len++] = '(';
			len += make(gen, &out[len], room - len - 20, depth - 1);
			out[len++] = ')';
			atom = 0;
		} else {
			len += put(&out[len], atoms[atom]);
		}
		if (atom < 8 && gen_below(gen, 3) == 0)
			len += put(&out[len], times[gen_below(gen, ARRAY_LEN(times))]);
		if (i > 1 && gen_below(gen, 4) == 0)
			out[len++] = '|';
	}
	out[len] = '\0';
	return len;
}

TEST("random expressions match what the C library's match")
{
	struct gen gen = gen_start();
	char expression[400], text[8];
	unsigned both = 0;

	for (int i = 0; i < 3000; i++) {
		regex_t regex;

		make(&gen, expression, sizeof(expression), DEPTH);
		if (regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB) != 0)
			continue;
		for (int k = 0; k < 5; k++) {
			size_t len = gen_below(&gen, sizeof(text));

			for (size_t j = 0; j < len; j++)
				text[j] = "abc."[gen_below(&gen, 4)];
			text[len] = '\0';
			bool is_match = regexec(&regex, text, 0, NULL, 0) == 0;
			if (!CHECK_STR(search(expression, text), is_match ? "yes" : "no"))
				printf("# %s on \"%s\"\n", expression, text);
			both += is_match;
		}
		regfree(&regex);
	}
	CHECK(both > 1000);
}

TEST_MAIN()
