/* SPDX-License-Identifier: Apache-2.0 */
/* What clamscan 1.4.6 says of such links in mail, unless it is said otherwise. */
#include "match/phish.h"

#include "built.h"
#include "test.h"

#define PDB "H:bank.com\nH:www.shop.co.uk\n"
/* SHA-256 of "evil.com/" and of "evil.com/x" */
#define EVIL "c759a0aaa49a133ff527065e3d18c51388eae5c72c927b5703d07ca2e80c0f35"
#define EVIL_X "abd9fe227a9401b2aa7f25a3669a07000255230c04c90022443b1a2b228ff7a5"

static struct built built;
static struct digests digests;
static struct digest_state digest_state;
static bool clamav_compat;

static void use(const char *pdb, const char *wdb, const char *gdb)
{
	const struct built_file files[] = {
		{ "a.pdb", pdb, 0 }, { "a.wdb", wdb, 0 }, { "a.gdb", gdb, 0 }, { 0 }
	};

	built_free(&built);
	built_make(&built, files, NULL);
	REQUIRE(built.status == STATUS_OK);
	CHECK(!strstr(built.problems.text, "refused"));
	if (!digest_state.digests) {
		REQUIRE(digests_load(&digests) == STATUS_OK);
		REQUIRE(digest_state_init(&digest_state, &digests) == STATUS_OK);
	}
}

static enum status check_link(const char *real, const char *shown, uint64_t steps,
			      enum phish_kind *ret_kind)
{
	struct arena arena;
	struct phish phish = {
		.segments = built.database.segments,
		.segment_count = built.database.segment_count,
		.digest_state = &digest_state,
		.arena = &arena,
		.steps = steps,
		.clamav_compat = clamav_compat,
	};

	arena_init(&arena, 1 << 22);
	enum status status = phish_check(&phish, slice_of(real), slice_of(shown),
					 ret_kind);
	arena_clear(&arena);
	return status;
}

/* The last word of the finding's name. */
static const char *said(const char *real, const char *shown)
{
	enum phish_kind kind = PHISH_NONE;

	CHECK_EQ(check_link(real, shown, 1 << 24, &kind), STATUS_OK);
	if (kind == PHISH_NONE)
		return "good";
	CHECK(strncmp(phish_name(kind), "Heuristics.", 11) == 0);
	switch ((int)kind) {
	case PHISH_LISTED_MALWARE:
		return "malware";
	case PHISH_LISTED_PHISHING:
		return "phishing";
	default:
		return strrchr(phish_name(kind), '.') + 1;
	}
}

struct link_case {
	const char *real, *shown, *said;
};

static void check_all(const struct link_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!CHECK_STR(said(cases[i].real, cases[i].shown), cases[i].said))
			printf("#   of %s shown as %s\n", cases[i].real, cases[i].shown);
}

TEST("a watched host that leads elsewhere is spoofed")
{
	static const struct link_case cases[] = {
		{ "http://evil.com/x", "http://www.bank.com/", "SpoofedDomain" },
		{ "http://evil.com/x", "www.bank.com", "SpoofedDomain" },
		{ "http://evil.com/x", "BANK.COM", "SpoofedDomain" },
		{ "http://evil.com/x", " bank.com. ", "SpoofedDomain" },
		{ "http://evil.com/x", "ba nk.com", "SpoofedDomain" },
		{ "http://evil.com/x", "bank.com/path", "SpoofedDomain" },
		{ "http://evil.com:80/", "http://bank.com:80/", "SpoofedDomain" },
		{ "http://evil.com/bank.com", "http://bank.com/", "SpoofedDomain" },
		{ "http://bank.com.evil.com/", "http://bank.com/", "SpoofedDomain" },
		{ "http://mybank.com/", "http://bank.com/", "SpoofedDomain" },
		{ "http://bank.net/", "http://bank.com/", "SpoofedDomain" },
		{ "evil.com/foo.html", "http://www.bank.com/", "SpoofedDomain" },
		{ "ftp://evil.com/x", "http://www.bank.com/", "SpoofedDomain" },
		{ "https://evil.com/x", "https://www.bank.com/", "SpoofedDomain" },
		{ "http://evil.com/x", "http://a.www.shop.co.uk/", "SpoofedDomain" },
		{ "http://x.other.co.uk/", "http://www.shop.co.uk/", "SpoofedDomain" },
		{ "http://evil.com/%00", "http://www.bank.com/", "SpoofedDomain" },
	};

	use(PDB, "", "");
	check_all(cases, ARRAY_LEN(cases));
}

TEST("a link to the same domain, to no page or shown as no link is good")
{
	static const struct link_case cases[] = {
		{ "http://bank.com/x", "http://www.bank.com/", "good" },
		{ "http://a.b.bank.com/x", "http://c.bank.com/", "good" },
		{ "http://bank.com:8080/x", "http://www.bank.com/", "good" },
		{ "http://a@bank.com/", "http://www.bank.com/", "good" },
		{ "http://shop.co.uk/", "http://www.shop.co.uk/", "good" },
		{ "http://evil.com/x", "http://shop.co.uk/", "good" },
		{ "http://evil.com/x", "http://other.com/", "good" },
		{ "http://evil.com/x", "Click at bank.com now", "good" },
		{ "http://evil.com/x", "click here", "good" },
		{ "http://evil.com/x", "bank,com", "good" },
		{ "http://evil.com/x", "xbank.com", "good" },
		{ "http://evil.com/x", "bank.comx", "good" },
		{ "http://evil.com/", "x@bank.com", "good" },
		{ "mailto:x@evil.com", "http://www.bank.com/", "good" },
		{ "#foo", "http://www.bank.com/", "good" },
		{ "foo.html", "http://www.bank.com/", "good" },
		{ "javascript:x", "http://www.bank.com/", "good" },
		{ "", "http://www.bank.com/", "good" },
		{ "1.2.3.4", "www.bank.com", "good" },
	};

	use(PDB, "", "");
	check_all(cases, ARRAY_LEN(cases));
}

TEST("https shown and not followed, and hidden ends of hosts, need no table")
{
	static const struct link_case cases[] = {
		{ "http://evil.com/x", "https://other.com/", "SSL-Spoof" },
		{ "http://bank.com/x", "https://bank.com/", "SSL-Spoof" },
		{ "evil.com", "https://evil.com/", "SSL-Spoof" },
		{ "https://evil.com/", "https://other.com/", "good" },
		{ "http://bank.com%00@evil.com/x", "http://www.bank.com/", "Null" },
		{ "http://bank.com%01.evil.com/x", "http://other.com/", "Null" },
		{ "https://bank.com%00.evil.com/x", "click here", "good" },
	};

	use("", "", "");
	check_all(cases, ARRAY_LEN(cases));
}

TEST("user names and numbers in front of what is watched cloak; clamscan only says "
     "spoofed")
{
	static const struct link_case ours[] = {
		{ "http://bank.com@evil.com/x", "http://www.bank.com/", "Username" },
		{ "http://1.2.3.4/x", "http://www.bank.com/", "NumericIP" },
		{ "http://0x1.0x2.0x3.0x4/x", "www.bank.com", "NumericIP" },
		{ "http://bank.com@evil.com/x", "http://other.com/", "good" },
		{ "http://16909060/x", "http://other.com/", "good" },
	};
	static const struct link_case theirs[] = {
		{ "http://bank.com@evil.com/x", "http://www.bank.com/", "SpoofedDomain" },
		{ "http://16909060/x", "http://www.bank.com/", "SpoofedDomain" },
	};

	use(PDB, "", "");
	check_all(ours, ARRAY_LEN(ours));
	clamav_compat = true;
	check_all(theirs, ARRAY_LEN(theirs));
	clamav_compat = false;
}

TEST("tables of expressions watch pairs of links")
{
	static const struct {
		const char *pdb, *said;
	} rules[] = {
		{ "R:.+evil\\.com([/?].*)?:.+bank\\.com([/?].*)?\n", "SpoofedDomain" },
		{ "R:^http.+evil\\.com:.+bank\\.com\n", "SpoofedDomain" },
		{ "R:evil.com:bank.com\n", "good" },
		{ "R:.+other\\.com:.+bank\\.com\n", "good" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		use(rules[i].pdb, "", "");
		CHECK_STR(said("http://evil.com/x", "http://www.bank.com/"),
			  rules[i].said);
	}
}

TEST("allowed pairs are good")
{
	static const struct {
		const char *wdb, *said;
	} rules[] = {
		{ "X:.+evil\\.com([/?].*)?:.+bank\\.com([/?].*)?\n", "good" },
		{ "X:evil\\.com:www\\.bank\\.com\n", "good" },
		{ "X:vil\\.com:www\\.bank\\.com\n", "good" },
		{ "X:evil\\.com:www\\.bank\\.co\n", "SpoofedDomain" },
		{ "X:.*EVIL\\.com:.*bank\\.com\n", "SpoofedDomain" },
		{ "M:evil.com:www.bank.com\n", "good" },
		{ "M:com:www.bank.com\n", "good" },
		{ "M:EVIL.com:www.bank.com:1-\n", "good" },
		{ "M:evil.com:bank.com\n", "SpoofedDomain" },
		{ "M:vil.com:www.bank.com\n", "SpoofedDomain" },
		{ "M:www.evil.com:www.bank.com\n", "SpoofedDomain" },
		/* clamscan 1.4 has no Y yet */
		{ "Y:.+evil\\.com\n", "good" },
		{ "Y:other\\.com\n", "SpoofedDomain" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		use(PDB, rules[i].wdb, "");
		if (!CHECK_STR(said("http://evil.com/x", "http://www.bank.com/"),
			       rules[i].said))
			printf("#   by %s", rules[i].wdb);
	}
}

TEST("addresses are known by the digest of host and path")
{
	use("", "", "S:F:" EVIL "\n");
	CHECK_STR(said("http://evil.com/x", "click"), "malware");
	CHECK_STR(said("http://www.evil.com/x/y?z=1", ""), "malware");
	CHECK_STR(said("http://EVIL.com:80/x#f", ""), "malware");
	CHECK_STR(said("http://u@evil.com/x", ""), "malware");
	CHECK_STR(said("evil.com", ""), "good");
	CHECK_STR(said("http://other.com/", "http://evil.com/"), "good");
	use("", "", "S1:P:c759a0aa\nS1:F:" EVIL "\n");
	CHECK_STR(said("http://evil.com/x", "click"), "Blocked");
	use("", "", "S2:F:" EVIL_X "\n");
	CHECK_STR(said("http://evil.com/x", "click"), "phishing");
	CHECK_STR(said("http://evil.com/", "click"), "good");
	use("", "", "S:P:c759a0aa\n");
	CHECK_STR(said("http://evil.com/x", "click"), "good");
	use("", "", "S1:F:" EVIL "\nS:W:" EVIL "\n");
	CHECK_STR(said("http://evil.com/x", "click"), "good");
}

TEST("each entry that is asked costs a step")
{
	enum phish_kind kind;

	/* Two hosts and two paths of them, each asked of both entries. */
	use("", "", "S:F:" EVIL_X "\nS:P:01020304\n");
	CHECK_EQ(check_link("http://evil.com/x", "", 8, &kind), STATUS_OK);
	CHECK_EQ(kind, PHISH_LISTED_MALWARE);
	CHECK_EQ(check_link("http://evil.com/x", "", 7, &kind), STATUS_LIMIT);
	use(PDB, "", "");
	CHECK_EQ(check_link("http://evil.com/x", "no.com", 2, &kind), STATUS_OK);
	CHECK_EQ(check_link("http://evil.com/x", "no.com", 1, &kind), STATUS_LIMIT);
}

TEST_MAIN()
