/* SPDX-License-Identifier: Apache-2.0 */
#include "database/anchor.h"

#include "match/trigger.h"
#include "test.h"
#include "text_buffer.h"

/* The literals that are chosen for a line of ldb, in hex; ~ for either case. */
static const char *anchors_of(const char *line)
{
	static struct text_buffer shown;
	const struct rule_reader *reader = rule_reader_of(slice_of("x.ldb"));
	struct rule_error error = { 0 };
	struct anchors anchors;
	struct arena arena;
	struct rule rule;

	text_clear(&shown);
	arena_init(&arena, 16 << 20);
	if (reader->read(&arena, slice_of(line), &rule, &error) != STATUS_OK ||
	    anchor_choose(&rule, &arena, &anchors) != STATUS_OK)
		return error.message ? error.message : "no memory";
	for (size_t i = 0; i < anchors.count; i++) {
		text_add(&shown, "%s%s", i > 0 ? " " : "",
			 anchors.list[i].flags & TRIGGER_FOLD ? "~" : "");
		for (size_t at = 0; at < anchors.list[i].literal.len; at++)
			text_add(&shown, "%02x", anchors.list[i].literal.base[at]);
	}
	arena_clear(&arena);
	return anchors.count > 0 ? shown.text : "none";
}

struct anchor_case {
	const char *logic, *subs, *chosen;
};

static void check_all(const struct anchor_case *cases, size_t count)
{
	static struct text_buffer line;

	for (size_t i = 0; i < count; i++) {
		text_clear(&line);
		text_add(&line, "A;Target:0;%s;%s", cases[i].logic, cases[i].subs);
		if (!CHECK_STR(anchors_of(line.text), cases[i].chosen))
			printf("#   of %s\n", line.text);
	}
}

TEST("of a pattern the rarest run is taken, whole")
{
	static const struct anchor_case cases[] = {
		{ "0", "616263", "616263" },
		{ "0", "00000000??8fd317b9??20202020", "8fd317b9" },
		{ "0", "4142::i", "~6162" },
		{ "0", "4142::w", "41004200" },
		{ "0", "4142::wa", "4142 41004200" },
		{ "0", "63648fd317b90?6364", "63648fd317b9" },
		{ "0", "(B)8fd317b9(W)*8fd317b98fd317b9", "8fd317b98fd317b9" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("of alternatives all are needed")
{
	static const struct anchor_case cases[] = {
		{ "0", "2020(8fd317b9|fe139be2)2020", "8fd317b9 fe139be2" },
		{ "0", "2020(8fd317b9(fe139be2|8fd317b0)|fe139be2)2020",
		  "8fd317b9 fe139be2" },
		{ "0", "2020((8fd317b9|8fd317b8)|fe139be2)2020",
		  "8fd317b9 8fd317b8 fe139be2" },
		{ "0", "2020(8fd317b9|61)2020", "2020" }, /* one has too few bytes */
		{ "0", "2020!(8fd317b9|fe139be2)2020",
		  "2020" }, /* none of them is there */
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("of an AND one side is enough, of an OR both are needed")
{
	static const char subs[] = "20202020;8fd317b9;00000000";
	static const struct anchor_case cases[] = {
		{ "0&1&2", subs, "8fd317b9" },
		{ "0|1|2", subs, "20202020 8fd317b9 00000000" },
		{ "(0|2)&1", subs, "8fd317b9" },
		{ "(0&1)|2", subs, "8fd317b9 00000000" },
		{ "0&1|2", subs, "20202020" }, /* 0&(1|2), and zeros are too common */
		{ "0|1|2", "616263;616263;616263::i", "616263 ~616263" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("counts give a literal only where none cannot do")
{
	static const char subs[] = "20202020;8fd317b9";
	static const struct anchor_case cases[] = {
		{ "0&1=0", subs, "20202020" },
		{ "0&1<5", subs, "20202020" },
		{ "0&1>0", subs, "8fd317b9" },
		{ "0&1=3", subs, "8fd317b9" },
		{ "(0|1)>1", subs, "20202020 8fd317b9" },
		{ "(0|1)>1,2", subs, "20202020 8fd317b9" },
		{ "(0&1)>1", subs, "8fd317b9" },
		{ "(0|1)=0", subs, "none" },
		{ "(0&1)<2", subs, "none" },
		{ "0=0|1", subs, "none" },
		{ "1|0=0", subs, "none" },
		{ "((0|1)<2|1)>0", subs, "none" },
		{ "((0|1)<2&1)>0", subs, "8fd317b9" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("a long run gives what is around its rarest gram")
{
	static struct text_buffer line;
	const char *shown;

	text_add(&line, "A;Target:0;0;");
	text_repeat(&line, "20", 500);
	text_add(&line, "8fd317b9");
	text_repeat(&line, "20", 500);
	shown = anchors_of(line.text);
	CHECK_EQ(strlen(shown), 2 * FILTER_LITERAL_MAX);
	const char *at = strstr(shown, "8fd317b9");
	CHECK(at && at != shown);

	text_clear(&line);
	text_add(&line, "A;Target:0;0;8fd317b9");
	text_repeat(&line, "20", 500);
	CHECK(strncmp(anchors_of(line.text), "8fd317b9", 8) == 0);
}

TEST("a group that would be too large is none")
{
	static struct text_buffer line;

	text_add(&line, "A;Target:0;0;2020(8fd317b9");
	for (unsigned i = 1; i < ANCHORS_MAX; i++)
		text_add(&line, "|8fd3%04x", i);
	text_add(&line, ")");
	CHECK(strncmp(anchors_of(line.text), "8fd317b9 8fd30001 ", 18) == 0);
	line.text[line.len - 1] = '\0';
	line.len--;
	text_add(&line, "|8fd3ffff)");
	CHECK_STR(anchors_of(line.text), "2020");
}

TEST("where the gram begins is inside the literal")
{
	const struct rule_reader *reader = rule_reader_of(slice_of("x.ndb"));
	struct rule_error error = { 0 };
	struct anchors anchors;
	struct arena arena;
	struct rule rule;

	arena_init(&arena, 16 << 20);
	REQUIRE(reader->read(&arena, slice_of("A:0:*:202020208fd317b92020"), &rule,
			     &error) == STATUS_OK);
	REQUIRE(anchor_choose(&rule, &arena, &anchors) == STATUS_OK);
	REQUIRE(anchors.count == 1);
	CHECK_EQ(anchors.list[0].literal.len, 10);
	CHECK_EQ(anchors.list[0].gram_at, 4);
	arena_clear(&arena);
}

TEST_MAIN()
