/* SPDX-License-Identifier: Apache-2.0 */
/* Signed containers are in tests/system/test_cvd.sh. */
#include "cvd/container.h"

#include <stdlib.h>

#include "cvd_maker.h"
#include "test.h"

static const char *const names[] = { "COPYING", "a.ndb", "b.hdb", NULL };
static const char *const texts[] = { "terms", "A:0:*:616263\n", "", NULL };

static struct arena arena;
static struct digests digests;
static struct digest_state state;
static struct cvd cvd;

static void begin(void)
{
	arena_init(&arena, 16 << 20);
	if (digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&state, &digests) != STATUS_OK)
		abort();
}

static void end(void)
{
	arena_clear(&arena);
	digest_state_clear(&state);
	digests_clear(&digests);
}

static enum status check(enum cvd_kind kind, const uint8_t *bytes, size_t len)
{
	enum status status = cvd_open(&cvd, kind, source_of_memory(bytes, len), &arena,
				      &state);

	return status == STATUS_OK ? cvd_check(&cvd) : status;
}

/* Why it is not to be believed; "" if it is. */
static const char *reason(enum cvd_kind kind, const struct cvd_maker *maker)
{
	size_t len;
	uint8_t *bytes = cvd_make(maker, &len);
	enum status status = check(kind, bytes, len);

	free(bytes);
	if (status == STATUS_OK)
		return "";
	return status == STATUS_MALFORMED && cvd.reason ? cvd.reason :
							  status_name(status);
}

TEST("the ending says what it is")
{
	enum cvd_kind kind;

	CHECK(cvd_kind_of(slice_of("a.cvd"), &kind) && kind == CVD_PUBLISHED);
	CHECK(cvd_kind_of(slice_of("A.CLD"), &kind) && kind == CVD_PATCHED);
	CHECK(cvd_kind_of(slice_of("a.cud"), &kind) && kind == CVD_UNSIGNED);
	CHECK(!cvd_kind_of(slice_of("cvd"), &kind));
	CHECK(!cvd_kind_of(slice_of("a.cvd.sign"), &kind));
	CHECK(!cvd_kind_of(slice_of(""), &kind));
}

static void read_all(const struct cvd_maker *maker)
{
	size_t len, index, got;
	uint8_t *bytes = cvd_make(maker, &len);
	uint8_t piece[64];

	REQUIRE(check(CVD_UNSIGNED, bytes, len) == STATUS_OK);
	CHECK_EQ(cvd.info.header.version, 7);
	REQUIRE(cvd.member_count == 4);
	CHECK(slice_is(cvd.members[0].name, "x.info"));
	CHECK(!cvd.members[0].is_listed);
	CHECK(slice_is(cvd.members[2].name, "a.ndb"));
	CHECK(cvd.members[2].is_listed);
	for (int pass = 0; pass < 2; pass++) {
		REQUIRE(cvd_start(&cvd) == STATUS_OK);
		for (size_t i = 0; i < 4; i++) {
			REQUIRE(cvd_next(&cvd, &index) == STATUS_OK);
			CHECK_EQ(index, i);
			if (i != 2)
				continue;
			struct stream member = cvd_stream(&cvd);
			REQUIRE(stream_read(&member, piece, sizeof(piece), &got) ==
				STATUS_OK);
			CHECK_EQ(got, strlen(texts[1]));
			CHECK_EQ(stream_read(&member, piece, sizeof(piece), &got),
				 STATUS_END);
		}
		CHECK_EQ(cvd_next(&cvd, &index), STATUS_END);
		cvd_finish(&cvd);
	}
	free(bytes);
}

TEST("members are read as often as wanted, packed or not")
{
	begin();
	read_all(&(struct cvd_maker){ .names = names, .texts = texts });
	read_all(
		&(struct cvd_maker){ .names = names, .texts = texts, .is_packed = true });
	end();
}

TEST("what has changed since it was checked is noticed")
{
	const struct cvd_maker maker = { .names = names, .texts = texts };
	uint8_t piece[64];
	size_t len, index, got;

	begin();
	uint8_t *bytes = cvd_make(&maker, &len);
	REQUIRE(check(CVD_UNSIGNED, bytes, len) == STATUS_OK);
	uint8_t *rule = memmem(bytes, len, "616263", 6);
	REQUIRE(rule);
	*rule = '7';
	REQUIRE(cvd_start(&cvd) == STATUS_OK);
	for (size_t i = 0; i < 3; i++)
		REQUIRE(cvd_next(&cvd, &index) == STATUS_OK);
	struct stream member = cvd_stream(&cvd);
	CHECK_EQ(stream_read(&member, piece, sizeof(piece), &got), STATUS_OK);
	CHECK_EQ(stream_read(&member, piece, sizeof(piece), &got), STATUS_CHANGED);
	cvd_finish(&cvd);
	free(bytes);
	end();
}

TEST("without a signature it is believed only where none is asked for")
{
	const struct cvd_maker good = { .names = names, .texts = texts };
	const struct cvd_maker bare = { .names = names,
					.texts = texts,
					.has_no_list = true };

	begin();
	CHECK_STR(reason(CVD_UNSIGNED, &good), "");
	CHECK_STR(reason(CVD_UNSIGNED, &bare), "");
	CHECK_STR(reason(CVD_PATCHED, &good), "not signed by ClamAV (list of members)");
	CHECK_STR(reason(CVD_PATCHED, &bare), "it has no list of its members");
	CHECK_STR(reason(CVD_PUBLISHED, &good), "its header holds no MD5");
	end();
}

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD "ClamAV-VDB:t:7:3:81:X:X:me:1\n"

/* What is there, as it is. */
#define LISTED \
	"a.ndb:13:b6c0717ba4179924c8ddfead3dc5172b" \
	"5de46b63ff0c03230f9b3510c68ca733\n" \
	"b.hdb:0:e3b0c44298fc1c149afbf4c8996fb924" \
	"27ae41e4649b934ca495991b7852b855\n"

TEST("the list has to fit the members")
{
	static const struct {
		const char *list, *reason;
	} cases[] = {
		{ HEAD, "a member that its list does not name" },
		{ HEAD "a.ndb:13:" SHA "\n",
		  "a member is not the one that its list names" },
		{ HEAD "a.ndb:12:" SHA "\n",
		  "a member is not the one that its list names" },
		{ HEAD LISTED, "" },
		{ HEAD LISTED "z.ndb:12:" SHA "\n",
		  "a member that its list names is not there" },
		{ HEAD "nonsense\n", "its list of members is damaged" },
		{ "ClamAV-VDB:t:8:3:81:X:X:me:1\n",
		  "its header and its list name two versions" },
	};

	begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(reason(CVD_UNSIGNED,
				 &(struct cvd_maker){ .names = names,
						      .texts = texts,
						      .list = cases[i].list }),
			  cases[i].reason);
	end();
}

TEST("hostile containers are refused by name")
{
	static const char *const twice[] = { "a.ndb", "a.ndb", NULL };
	static const char *const path[] = { "../a.ndb", "b.ndb", NULL };
	struct cvd_maker maker = { .names = twice, .texts = texts };

	begin();
	CHECK_STR(reason(CVD_UNSIGNED, &maker), "a member is there twice");
	maker.names = path;
	CHECK_STR(reason(CVD_UNSIGNED, &maker), "a member whose name is not plain");
	maker = (struct cvd_maker){ .names = names,
				    .texts = texts,
				    .header = "no header" };
	CHECK_STR(reason(CVD_UNSIGNED, &maker), "it has no header of ClamAV's databases");
	/* Versions below 0 and beyond 32 bits; clamscan takes the second for another one. */
	maker.header = "ClamAV-VDB:t:-1:3:81:X:X:me:1";
	CHECK_STR(reason(CVD_UNSIGNED, &maker), "it has no header of ClamAV's databases");
	maker.header = "ClamAV-VDB:t:4294967303:3:81:X:X:me:1";
	CHECK_STR(reason(CVD_UNSIGNED, &maker), "it has no header of ClamAV's databases");
	end();
}

static void cut_everywhere(bool is_packed)
{
	const struct cvd_maker maker = { .names = names,
					 .texts = texts,
					 .is_packed = is_packed };
	size_t len;
	uint8_t *bytes = cvd_make(&maker, &len);

	for (size_t cut = 0; cut < len; cut++) {
		/* A tar archive may do without the zeros at its end. */
		bool is_whole = !is_packed && cut >= len - 1024 &&
				(cut == len - 1024 || cut >= len - 512);
		enum status status = check(CVD_UNSIGNED, bytes, cut);

		if (!CHECK_EQ(status == STATUS_OK, is_whole))
			printf("#   cut at %zu of %zu\n", cut, len);
		CHECK(status == STATUS_OK || cvd.reason);
		arena_clear(&arena);
		arena_init(&arena, 16 << 20);
	}
	free(bytes);
}

TEST("one that is cut short is refused, wherever")
{
	begin();
	cut_everywhere(false);
	cut_everywhere(true);
	end();
}

TEST_MAIN()
