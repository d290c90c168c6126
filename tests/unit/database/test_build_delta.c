/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deltas. That base and delta find what one segment of all lines does is a property, tried on
 * edits by chance; the others say what no delta is made of.
 */
#include <stdlib.h>
#include <string.h>

#include "built.h"
#include "bytes/source.h"
#include "cvd_maker.h"
#include "gen.h"
#include "match/matcher.h"
#include "test.h"

enum { LINES_MAX = 400, NAMES_MAX = 64, FILES = 4, WORDS = 24, EDITS_MAX = 40 };

/* A rule file that is edited. */
struct edited {
	const char *name;
	uint32_t source;
	char lines[LINES_MAX][96];
	size_t count;
	char text[LINES_MAX * 97];
};

/* What is found in an object, by name, each once. */
struct found {
	const struct database *database;
	char names[NAMES_MAX][24];
	size_t count;
};

static struct edited edited[FILES] = {
	{ .name = "a.ndb", .source = 0 },
	{ .name = "b.ldb", .source = 0 },
	{ .name = "c.hdb", .source = 0 },
	{ .name = "a.ndb", .source = 1 },
};
static struct built base, delta, whole;
static struct digests digests;
static struct digest_state digest;
static unsigned next_name;

static const char *const objects[] = {
	"word-00 word-01 word-02 word-03 word-04 word-05 word-06 word-07",
	"word-08 word-09 word-10 word-11 word-12 word-13 word-14 word-15",
	"word-16 word-17 word-18 word-19 word-20 word-21 word-22 word-23",
};

static void new_line(struct gen *gen, const struct edited *file, char out[96])
{
	unsigned a = (unsigned)gen_below(gen, WORDS), b = (unsigned)gen_below(gen, WORDS);
	struct slice object = slice_of(objects[gen_below(gen, ARRAY_LEN(objects))]);
	char name[24], hex[DIGEST_HEX_MAX];
	struct digest md5;

	snprintf(name, sizeof(name), "R.%u", next_name++);
	if (gen_below(gen, 12) == 0) {
		snprintf(out, 96, "%s", gen_below(gen, 2) ? "# a comment" : "");
	} else if (strcmp(file->name, "a.ndb") == 0) {
		snprintf(out, 96, "%.11s:0:*:776f72642d%02x%02x", name, '0' + a / 10,
			 '0' + a % 10);
	} else if (strcmp(file->name, "b.ldb") == 0) {
		snprintf(out, 96, "%.11s;Target:0;0&1;2d%02x%02x;2d%02x%02x20", name,
			 '0' + a / 10, '0' + a % 10, '0' + b / 10, '0' + b % 10);
	} else {
		if (digest_of(&digest, DIGEST_MD5, object, &md5) != STATUS_OK)
			abort();
		digest_hex(&md5, hex);
		/* The same rule in another case is the same rule. */
		if (gen_below(gen, 4) == 0)
			hex[3] = hex[3] >= 'a' ? (char)(hex[3] - 32) : hex[3];
		if (gen_below(gen, 3) == 0)
			snprintf(name, sizeof(name), "R.same");
		snprintf(out, 96, "%.32s:%zu:%.11s", hex, object.len, name);
	}
}

static void insert(struct edited *file, size_t at, const char *line)
{
	if (file->count == LINES_MAX)
		return;
	memmove(file->lines[at + 1], file->lines[at],
		(file->count - at) * sizeof(file->lines[0]));
	snprintf(file->lines[at], sizeof(file->lines[0]), "%s", line);
	file->count++;
}

static void take_out(struct edited *file, size_t at)
{
	file->count--;
	memmove(file->lines[at], file->lines[at + 1],
		(file->count - at) * sizeof(file->lines[0]));
}

static void edit(struct gen *gen, struct edited *file)
{
	size_t at = gen_below(gen, file->count);
	char line[96];

	snprintf(line, sizeof(line), "%s", file->lines[at]);
	switch (gen_below(gen, 12)) {
	case 0: /* a line moves */
		take_out(file, at);
		insert(file, gen_below(gen, file->count), line);
		break;
	case 1: /* it is there twice: rarely, as no delta is made of that */
		if (gen_below(gen, 40) == 0)
			insert(file, gen_below(gen, file->count), line);
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		take_out(file, at);
		break;
	default:
		new_line(gen, file, line);
		insert(file, at, line);
	}
}

static void build(struct built *out, const struct built *on)
{
	struct built_limits limits = { .base = on };
	struct built_file files[FILES + 2] = { 0 };

	for (size_t f = 0; f < FILES; f++) {
		struct edited *file = &edited[f];
		size_t len = 0;

		file->text[0] = '\0';
		for (size_t i = 0; i < file->count; i++)
			len += (size_t)snprintf(file->text + len,
						sizeof(file->text) - len, "%s\n",
						file->lines[i]);
		files[f] = (struct built_file){ file->name, file->text, file->source };
	}
	files[FILES] = (struct built_file){ "l.ign2", "R.7\nR.1003\n", 0 };
	built_make(out, files, &limits);
}

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct found *found = context;
	struct rule_info info;
	char name[24];

	(void)offset;
	(void)len;
	if (database_is_removed(found->database, segment, rule) ||
	    !database_rule(found->database, segment, rule, &info))
		return;
	snprintf(name, sizeof(name), "%.*s %.*s", (int)info.source.len,
		 (const char *)info.source.base, (int)info.name.len,
		 (const char *)info.name.base);
	for (size_t i = 0; i < found->count; i++)
		if (strcmp(found->names[i], name) == 0)
			return;
	if (found->count == NAMES_MAX)
		abort();
	memcpy(found->names[found->count++], name, sizeof(name));
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	(void)segment;
	(void)rule;
	abort();
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* In all objects, as a text of sorted names. */
static void find(const struct database *database, struct text_buffer *out)
{
	*out = (struct text_buffer){ .len = 0 };
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		struct found found = { .database = database };
		struct match_object object = {
			.source = source_of_memory(objects[i], strlen(objects[i])),
			.type = TYPE_BINARY_DATA,
		};
		struct match_result result;
		struct arena arena;

		arena_init(&arena, 32 << 20);
		struct matcher matcher = {
			.segments = database->segments,
			.segment_count = database->segment_count,
			.digest_state = &digest,
			.arena = &arena,
			.clock = { no_time, NULL },
			.limits = { .deadline_ms = UINT64_MAX, .steps_max = UINT64_MAX },
			.events = { on_hit, on_cut, &found, NULL },
		};
		if (matcher_run(&matcher, &object, &result) != STATUS_OK)
			abort();
		arena_clear(&arena);
		qsort(found.names, found.count, sizeof(found.names[0]), by_text);
		for (size_t n = 0; n < found.count; n++)
			text_add(out, "%zu %s\n", i, found.names[n]);
	}
}

static void together(const struct built *first, const struct built *second,
		     struct database *out)
{
	*out = (struct database){ .segment_count = 0 };
	if (database_add(out, first->bytes, first->len) != STATUS_OK ||
	    database_add(out, second->bytes, second->len) != STATUS_OK)
		abort();
}

static struct text_buffer found_together, found_whole;

/* False: they differ. */
static bool is_same(void)
{
	struct source_info one, other;
	struct database both;

	together(&base, &delta, &both);
	find(&both, &found_together);
	find(&whole.database, &found_whole);
	bool same = CHECK_STR(found_together.text, found_whole.text);
	/* Those of the other: what says the same in other words is counted once or twice. */
	return same && database_source(&both, 1, 1, &one) &&
	       database_source(&whole.database, 0, 1, &other) &&
	       CHECK_EQ(one.rules, other.rules);
}

TEST("a base and a delta find what one segment of all lines finds")
{
	struct gen gen = gen_start();
	unsigned made = 0, rounds = 300;
	char line[96];

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&digest, &digests) == STATUS_OK);
	for (unsigned round = 0; round < rounds; round++) {
		next_name = 0;
		for (size_t f = 0; f < FILES; f++) {
			edited[f].count = 0;
			for (size_t i = 4 + gen_below(&gen, 12); i > 0; i--) {
				new_line(&gen, &edited[f], line);
				insert(&edited[f], edited[f].count, line);
			}
		}
		build(&base, NULL);
		REQUIRE(base.status == STATUS_OK);
		next_name = 1000;
		for (size_t i = gen_below(&gen, EDITS_MAX); i > 0; i--) {
			struct edited *file = &edited[gen_below(&gen, FILES)];

			if (file->count > 2)
				edit(&gen, file);
		}
		build(&delta, &base);
		build(&whole, NULL);
		REQUIRE(whole.status == STATUS_OK);
		bool good = delta.status == STATUS_OK ||
			    delta.status == STATUS_UNSUPPORTED;
		if (delta.status == STATUS_OK) {
			made++;
			good = is_same();
		}
		built_free(&base);
		built_free(&delta);
		built_free(&whole);
		if (!CHECK(good))
			return;
	}
	/* Most edits make one, so that the above says something. */
	CHECK(made > rounds / 3);
	digest_state_clear(&digest);
	digests_clear(&digests);
}

/* One file of rules, built anew with another text on top of the first. */
static enum status change(const char *name, const char *before, const char *after)
{
	struct built_file files[] = { { name, before, 0 }, { NULL, NULL, 0 } };
	enum status status;

	built_make(&base, files, NULL);
	if (base.status != STATUS_OK)
		abort();
	files[0].text = after;
	built_make(&delta, files, &(struct built_limits){ .base = &base });
	status = delta.status;
	built_free(&base);
	built_free(&delta);
	return status;
}

TEST("no delta is made where a line acts on others")
{
	static const char ndb[] = "A:0:*:616263\n";
	static const char hash[] = "900150983cd24fb0d6963f7d28e17f72:3:H\n";

	CHECK_EQ(change("x.ndb", ndb, "A:0:*:616263\nB:0:*:616264\n"), STATUS_OK);
	CHECK_EQ(change("x.ndb", ndb, ""), STATUS_OK);
	CHECK_EQ(change("x.ndb", ndb, "B:0:$3$:616264\nA:0:*:616263\n"),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ndb", "B:0:$3$:616264\nA:0:*:616263\n", ndb),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ldb", "", "J;Target:0;0&1;6162;${1-9}3$\n"),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ldb", "", "J;Engine:80-255,Target:1,IconGroup1:g;0;6162\n"),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ign2", "A\n", "A\nB\n"), STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ign2", "A\nB\n", "A\n"), STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.cdb", "", "C:CL_TYPE_ZIP:*:a\\.exe:*:*:*:*:*:*\n"),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.fp", "", hash), STATUS_OK);
	CHECK_EQ(change("x.fp", hash, ""), STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.hdb", hash, ""), STATUS_OK);
	CHECK_EQ(change("x.hdb", hash, "# not any more\n"), STATUS_OK);
	/* The second line stands for both. */
	CHECK_EQ(change("x.hdb",
			"900150983cd24fb0d6963f7d28e17f72:3:H\n"
			"900150983CD24fb0d6963f7d28e17f72:3:H\n",
			"900150983CD24fb0d6963f7d28e17f72:3:H\n"),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.ndb", "A:0:*:616263\nA:0:*:616263\n", ndb),
		 STATUS_UNSUPPORTED);
}

/* A file of so many rules, from a number on. */
static char *many(unsigned first, unsigned count)
{
	const size_t size = (size_t)count * 48 + 1;
	char *text = malloc(size);
	size_t len = 0;

	if (!text)
		abort();
	text[0] = '\0';
	for (unsigned i = first; i < first + count; i++)
		len += (size_t)snprintf(text + len, size - len, "%032x:%u:N.%u\n", i,
					i + 1, i);
	return text;
}

TEST("no delta is made of more than the tenth part")
{
	char *before = many(0, 2000), *less = many(200, 1800), *more = many(201, 1799);

	CHECK_EQ(change("x.hdb", before, less), STATUS_OK);
	CHECK_EQ(change("x.hdb", before, more), STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.hdb", less, before), STATUS_UNSUPPORTED);
	CHECK_EQ(change("x.hdb", before, before), STATUS_OK);
	free(before);
	free(less);
	free(more);
}

/* A container whose one member is that text, built on top of the same with another. */
static enum status change_member(const char *name, const char *before, const char *after)
{
	const char *const names[] = { name, NULL };
	const char *texts[] = { before, NULL };
	const struct cvd_maker maker = { .names = names, .texts = texts };
	struct built_limits limits = { .base = NULL };
	uint8_t *bytes = cvd_make(&maker, &limits.first_len);
	struct built_file files[] = { { "x.cud", (char *)bytes, 0 }, { NULL, NULL, 0 } };

	built_make(&base, files, &limits);
	free(bytes);
	if (base.status != STATUS_OK)
		abort();
	texts[0] = after;
	bytes = cvd_make(&maker, &limits.first_len);
	files[0].text = (char *)bytes;
	limits.base = &base;
	built_make(&delta, files, &limits);
	free(bytes);
	return delta.status;
}

TEST("members of containers are compared like files")
{
	struct database both;
	struct rule_info rule;

	REQUIRE(change_member("a.ndb", "A:0:*:616263\nB:0:*:616264\n",
			      "A:0:*:616263\nC:0:*:616265\n") == STATUS_OK);
	together(&base, &delta, &both);
	CHECK(!database_is_removed(&both, 0, 0));
	CHECK(database_is_removed(&both, 0, 1));
	REQUIRE(database_rule(&both, 1, 0, &rule));
	CHECK(slice_is(rule.name, "C"));
	CHECK(slice_is(rule.file, "x.cud ! a.ndb"));
	CHECK_EQ(rule.line, 2);
	built_free(&base);
	built_free(&delta);
	CHECK_EQ(change_member("a.ign2", "A\n", "B\n"), STATUS_UNSUPPORTED);
	built_free(&base);
	built_free(&delta);
}

TEST("a rule file may come, but not go")
{
	static const char a[] = "A:0:*:616263\n", b[] = "B:0:*:616264\n";
	const struct built_file one[] = { { "a.ndb", a, 0 }, { NULL, NULL, 0 } };
	const struct built_file two[] = { { "a.ndb", a, 0 },
					  { "b.ndb", b, 0 },
					  { NULL, NULL, 0 } };
	const struct built_file other[] = { { "a.ndb", a, 1 }, { NULL, NULL, 0 } };

	built_make(&base, one, NULL);
	built_make(&delta, two, &(struct built_limits){ .base = &base });
	CHECK_EQ(delta.status, STATUS_OK);
	CHECK_EQ(database_rule_count(&delta.database, 0), 1);
	built_free(&delta);
	built_make(&delta, other, &(struct built_limits){ .base = &base });
	CHECK_EQ(delta.status, STATUS_UNSUPPORTED);
	built_free(&delta);
	built_free(&base);
	built_make(&base, two, NULL);
	built_make(&delta, one, &(struct built_limits){ .base = &base });
	CHECK_EQ(delta.status, STATUS_UNSUPPORTED);
	built_free(&delta);
	built_free(&base);
}

TEST("a delta names its base, and is none itself")
{
	struct built_file files[] = { { "x.ndb", "A:0:*:616263\n", 0 },
				      { NULL, NULL, 0 } };
	struct database both;
	struct built second;

	built_make(&base, files, NULL);
	REQUIRE(base.status == STATUS_OK);
	CHECK_EQ(database_delta_base(&base.database, 0).len, 0);
	files[0].text = "B:0:*:616264\n";
	built_make(&delta, files, &(struct built_limits){ .base = &base });
	REQUIRE(delta.status == STATUS_OK);
	CHECK(slice_is(database_delta_base(&delta.database, 0), BUILT_BASE_NAME));
	together(&base, &delta, &both);
	CHECK(database_is_removed(&both, 0, 0));
	CHECK(!database_is_removed(&both, 0, 1));
	CHECK(!database_is_removed(&both, 1, 0));
	files[0].text = "C:0:*:616265\n";
	built_make(&second, files, &(struct built_limits){ .base = &delta });
	CHECK_EQ(second.status, STATUS_UNSUPPORTED);
	built_free(&second);
	/* Nor is one made on what is cut short. */
	base.len--;
	built_make(&second, files, &(struct built_limits){ .base = &base });
	CHECK_EQ(second.status, STATUS_UNSUPPORTED);
	built_free(&second);
	built_free(&delta);
	built_free(&base);
}

TEST_MAIN()
