/* SPDX-License-Identifier: Apache-2.0 */
#include "match/subs.h"

#include <stdlib.h>

#include "built.h"
#include "match/matcher.h"
#include "match/regex_cache.h"
#include "test.h"

/* Which rules match, " "-separated, in their order; "cut NAME" for those cut short. */
static char told[512];
static struct built built;

static void tell(const char *before, uint32_t segment, uint32_t rule)
{
	struct rule_info info;
	size_t len = strlen(told);

	if (!database_rule(&built.database, segment, rule, &info))
		abort();
	snprintf(told + len, sizeof(told) - len, "%s%s%.*s", len > 0 ? " " : "", before,
		 (int)info.name.len, (const char *)info.name.base);
}

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	(void)context;
	(void)offset;
	(void)len;
	tell("", segment, rule);
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	tell("cut ", segment, rule);
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static struct regex_cache *regexes;

/* So often, one after the other. */
static void match_times(const char *bytes, size_t len, unsigned flags, uint64_t steps,
			int times)
{
	struct digests digests;
	struct digest_state digest_state;
	struct arena arena;
	struct match_result result;

	arena_init(&arena, 64 << 20);
	CHECK_EQ(digests_load(&digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&digest_state, &digests), STATUS_OK);
	struct matcher matcher = {
		.segments = built.database.segments,
		.segment_count = built.database.segment_count,
		.digest_state = &digest_state,
		.arena = &arena,
		.regexes = regexes,
		.clock = { .now_ms = no_time },
		.limits = { 1, steps, 1 << 20 },
		.events = { on_hit, on_cut, NULL },
		.flags = flags,
	};
	struct match_object object = {
		.source = source_of_memory(bytes, len),
		.type = TYPE_BINARY_DATA,
	};
	for (int i = 0; i < times; i++) {
		told[0] = '\0';
		CHECK_EQ(matcher_run(&matcher, &object, &result), STATUS_OK);
	}
	digest_state_clear(&digest_state);
	digests_clear(&digests);
	arena_clear(&arena);
}

static void match(const char *bytes, size_t len, unsigned flags, uint64_t steps)
{
	match_times(bytes, len, flags, steps, 1);
}

/* What the rules of one file (and members of macros in another) find in a text. */
static const char *found_by(const char *ldb, const char *ndb, const char *text,
			    unsigned flags)
{
	const struct built_file files[] = { { "a.ldb", ldb, 0 },
					    { "a.ndb", ndb, 0 },
					    { NULL, NULL, 0 } };

	built_make(&built, files, &(struct built_limits){ 0 });
	told[0] = '\0';
	CHECK_EQ(built.status, STATUS_OK);
	if (!CHECK_STR(built.problems.text, ""))
		printf("#   of %s\n", ldb);
	match(text, strlen(text), flags, UINT64_C(1) << 40);
	built_free(&built);
	return told;
}

static const char *found(const char *ldb, const char *text)
{
	static char all[sizeof(told)];

	snprintf(all, sizeof(all), "%s", found_by(ldb, "", text, MATCH_ALL_RULES));
	const char *filtered = found_by(ldb, "", text, 0);
	CHECK_STR(filtered, all);
	return filtered;
}

/* How many compilations a thousand objects cost, each of which triggers both. */
static uint64_t compiled_for_thousand(struct regex_cache *cache)
{
	const struct built_file files[] = {
		{ "a.ldb",
		  "A;Target:0;2;41414141;0/foo\\d/;1/[a-z]+\\d/\n"
		  "B;Target:0;1;41414141;0/foo\\d/",
		  0 },
		{ NULL, NULL, 0 },
	};
	const char text[] = "..AAAA foo1 ...";

	built_make(&built, files, &(struct built_limits){ 0 });
	CHECK_EQ(built.status, STATUS_OK);
	regexes = cache;
	match_times(text, sizeof(text) - 1, 0, UINT64_C(1) << 40, 1000);
	CHECK_STR(told, "A B");
	regexes = NULL;
	built_free(&built);
	return cache->compiled;
}

TEST("a thousand objects compile each expression once")
{
	struct regex_cache *cache = calloc(1, sizeof(*cache));

	CHECK(cache);
	regex_cache_init(cache, REGEX_CACHE_BYTES);
	CHECK_EQ(compiled_for_thousand(cache), 2);
	CHECK_EQ(cache->found, 2998);
	CHECK(cache->bytes < 4096);
	regex_cache_clear(cache);
	CHECK_EQ(cache->bytes, 0);
	/* What has no room is compiled each time. */
	regex_cache_init(cache, 0);
	CHECK_EQ(compiled_for_thousand(cache), 3000);
	CHECK_EQ(cache->bytes, 0);
	free(cache);
}

TEST("a regular expression waits for its trigger")
{
	const char *text = "..AAAA foo1 foo2 BBBB";

	CHECK_STR(found("A;Target:0;1;41414141;0/foo\\d/", text), "A");
	CHECK_STR(found("A;Target:0;1;41414142;0/foo\\d/", text), "");
	CHECK_STR(found("A;Target:0;1;4141;0>2/foo\\d/", text), "A");
	CHECK_STR(found("A;Target:0;1;4141;0>3/foo\\d/", text), "");
	CHECK_STR(found("A;Target:0;2;4141;4242;0&1/foo\\d/", text), "A");
	CHECK_STR(found("A;Target:0;2;4141;4243;0&1/foo\\d/", text), "");
	CHECK_STR(found("A;Target:0;2;4141;4243;0|1/foo\\d/", text), "A");
	CHECK_STR(found("A;Target:0;2;41414141;0/foo1/;1/foo2/", text), "A");
	CHECK_STR(found("A;Target:0;2;41414141;0/foo9/;1/foo2/", text), "");
	CHECK_STR(found("A;Target:0;0&2;41414141;0/foo9/;1=0/foo2/", text), "A");
	CHECK_STR(found("A;Target:0;2;41414141;0/foo/g;1>1/foo2/", text), "A");
	CHECK_STR(found("A;Target:0;2;41414141;0/foo/;1>1/foo2/", text), "");
}

TEST("its matches count")
{
	const char *text = "..AAAA foo1 foo2 BBBB";

	CHECK_STR(found("A;Target:0;1=2;41414141;0/foo/g", text), "A");
	CHECK_STR(found("A;Target:0;1=1;41414141;0/foo/", text), "A");
	CHECK_STR(found("A;Target:0;1=0&0;41414141;0/fob/", text), "A");
	CHECK_STR(found("A;Target:0;(0|1)=3,2;41414141;0/foo/g", text), "A");
	CHECK_STR(found("A;Target:0;1;41414141;2:0/A/", text), "A");
	CHECK_STR(found("A;Target:0;1;41414141;1:0/A/", text), "");
	CHECK_STR(found("A;Target:0;1;41414141;EOF-4:0/B/", text), "A");
}

TEST("of a pattern with gaps the places of its last part count")
{
	const char *text = "..AAAA.AAAA.BBBB.BBBB.BBBB";

	CHECK_STR(found("A;Target:0;0=3;41414141*42424242", text), "A");
	CHECK_STR(found("A;Target:0;0=2;41414141*42424242", text), "");
	CHECK_STR(found("A;Target:0;0>2;41414141*42424242", text), "A");
	CHECK_STR(found("A;Target:0;0<3&1;41414141*42424242;41414141", text), "");
	CHECK_STR(found("A;Target:0;0=1;2:41414141{-6}42424242", text), "A");
	CHECK_STR(found("A;Target:0;0=2;41414141{-6}42424242", text), "A");
	CHECK_STR(found("A;Target:0;0=0&1;42424242*41414141;41414141", text), "A");
	CHECK_STR(found("A;Target:0;(0|1)=5;41414141*42424242;41414141", text), "A");
	/* The place that a comparison starts from is still where a match begins. */
	CHECK_STR(found("A;Target:0;0=3&1;41414141*42424242;0(>>0#hb2#=0xAA)", text),
		  "A");
}

TEST("a comparison looks behind the last match")
{
	const char *text = "..AAAA1234....AAAA5678";

	CHECK_STR(found("A;Target:0;1;41414141;0(>>4#d4#=5678)", text), "A");
	CHECK_STR(found("A;Target:0;1;41414141;0(>>4#d4#=1234)", text), "");
	CHECK_STR(found("A;Target:0;1;2:41414141;0(>>4#d4#=1234)", text), "A");
	CHECK_STR(found("A;Target:0;0&1;1(>>4#d4#>5000,<6000);41414141", text), "A");
	CHECK_STR(found("A;Target:0;1;35363738;0(<<4#hb4#=0xaaaa)", text), "A");
	CHECK_STR(found("A;Target:0;1;41414141;0(>>5#d4#>0)", text), "");
	CHECK_STR(found("A;Target:0;1=0&0;41414141;0(>>5#d4#>0)", text), "A");
	CHECK_STR(found("A;Target:0;1;41414141;0(<<99#d4#>0)", text), "");
	CHECK_STR(found("A;Target:0;1;41414141;0(>>9223372036854775807#d4#>0)", text),
		  "");
	CHECK_STR(found("A;Target:0;0=2&1=1;41414141;0(>>4#d4#=5678)", text), "A");
}

TEST("as clamscan: no comparison at the first byte, nor behind the first 128 KiB")
{
	enum { LEN = 300 * 1024 };
	static char text[LEN + 1];
	const char *start = "A;Target:0;1;42424242;0(<<2#hb2#=0xaa)";
	const char *far = "A;Target:0;1;43434343;0(>>4#d4#=1234)";

	CHECK_STR(found_by(start, "", "AABBBB..", 0), "A");
	CHECK_STR(found_by(start, "", "AABBBB..", MATCH_CLAMAV_COMPAT), "");
	CHECK_STR(found_by(start, "", ".AABBBB..", MATCH_CLAMAV_COMPAT), "A");
	memset(text, '.', LEN);
	memcpy(&text[LEN - 8], "CCCC1234", 8);
	CHECK_STR(found_by(far, "", text, 0), "A");
	CHECK_STR(found_by(far, "", text, MATCH_CLAMAV_COMPAT), "");
}

TEST("a macro matches where a member of its group is")
{
	const char *members = "D1:0:$12:626262\nD2:0:$12$:636363\nD3:0:$30$:626264\n"
			      "D4:1:$12$:656565\n";
	const char *rule = "A;Target:0;0&1;616161;${6-7}12$";

	/* The manual's own example. */
	CHECK_STR(found_by(rule, members, "..aaa...bbb..", 0), "A");
	CHECK_STR(found_by(rule, members, "..aaa....ccc..", 0), "A");
	CHECK_STR(found_by(rule, members, "..aaa..bbb..", 0), "");
	CHECK_STR(found_by(rule, members, "..aaa.....ccc..", 0), "");
	CHECK_STR(found_by(rule, members, "..aaa...bbd..", 0), "");
	CHECK_STR(found_by(rule, members, "..aaa...eee..", 0), "");
	CHECK_STR(found_by(rule, members, "bbb...aaa", 0), "");
	CHECK_STR(found_by(rule, members, "aaa....aaa...bbb..", 0), "A");
	CHECK_STR(found_by("A;Target:0;1=2;616161;${6-7}12$", members,
			   "aaa...bbb...aaa...bbb", 0),
		  "A");
	CHECK_STR(found_by("A;Target:0;0&2;616161;${6-7}12$;1(>>3#d1#=7)", members,
			   "aaa...bbb7", 0),
		  "A");
}

TEST("a macro's members are those of its own source, and none is a finding")
{
	const struct built_file files[] = {
		{ "a.ldb", "A;Target:0;0&1;616161;${6-7}12$", 0 },
		{ "b.ndb", "B:0:$12$:626262", 1 },
		{ "c.ldb", "C;Target:0;0&1;616161;${6-7}12$", 1 },
		{ NULL, NULL, 0 },
	};

	built_make(&built, files, &(struct built_limits){ 0 });
	told[0] = '\0';
	match("aaa...bbb", 9, 0, UINT64_C(1) << 40);
	CHECK_STR(told, "C");
	CHECK_STR(built.problems.text, "");
	built_free(&built);
}

TEST("as clamscan: a macro wants what is before it once more behind it")
{
	const char *members = "D:0:$12$:626262\n";
	const char *rule = "A;Target:0;0&1;616161;${6-7}12$";

	CHECK_STR(found_by(rule, members, "aaa...bbb", MATCH_CLAMAV_COMPAT), "");
	CHECK_STR(found_by(rule, members, "aaa...bbb.aaa", MATCH_CLAMAV_COMPAT), "A");
	CHECK_STR(found_by(rule, members, "aaa...bbbbaaa", MATCH_CLAMAV_COMPAT), "A");
	CHECK_STR(found_by(rule, members, "aaa...bbb.bbb.aaa", MATCH_CLAMAV_COMPAT), "");
	CHECK_STR(found_by(rule, members, "aaa.aaa...bbb", MATCH_CLAMAV_COMPAT), "");
}

TEST("an expression made to explode is told, and the others are decided")
{
	static char text[100];

	memset(text, 'a', sizeof(text));
	built_one(&built, "a.ldb",
		  "Bomb;Target:0;1;6161;0/(a|aa)+[^a]/\n"
		  "A;Target:0;0=1;616161{94-94}616161\n");
	told[0] = '\0';
	match(text, sizeof(text), 0, 1 << 24);
	CHECK_STR(told, "cut Bomb A");
	built_free(&built);
}

TEST("rules that need a trigger are no candidates without it")
{
	built_one(&built, "a.ldb",
		  "A;Target:0;1;61626364;0/x/\n"
		  "B;Target:0;0&1;61626364;0(>>4#d1#=1)\n"
		  "C;Target:0;1;61626364;${1-9}3$\n"
		  "D;Target:0;1;fuzzy_img#af2ad01ed42993c7;61626364\n"
		  "E;Target:0;0|1;fuzzy_img#af2ad01ed42993c7;61626364\n");
	CHECK_STR(built.problems.text, "");
	built_free(&built);
	built_one(&built, "a.ldb", "A;Target:0;1;61626364;0=0/x/\n");
	CHECK(strstr(built.problems.text, "no literal to search for") != NULL);
	built_free(&built);
}

TEST_MAIN()
