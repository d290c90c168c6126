/* SPDX-License-Identifier: Apache-2.0 */
#include "match/phish.h"

#include <string.h>

#include "match/entry.h"
#include "match/ere.h"
#include "match/link.h"

enum { PATHS_MAX = 6, HOSTS_MAX = 5, PREFIX_LEN = 4, SHA256_LEN = 32 };

/* A link under question, and the texts that expressions are asked about. */
struct question {
	struct phish *phish;
	struct link real, shown;
	struct slice urls;  /* "http://a.com/x:http://b.com/y" */
	struct slice sites; /* "http://a.com:http://b.com" */
	struct slice hosts; /* "a.com:b.com" */
	struct slice real_url, real_site;
	bool holds;           /* of entries: one of them */
	struct digest digest; /* which gdb tables are asked for */
	enum phish_kind listed;
};

typedef enum status test_entry(struct question *question,
			       const struct entry_record *entry, struct slice data);

static enum status ask_lists(struct question *question);
static enum status make_texts(struct question *question);
static enum status ask_all(struct question *question, enum rule_language language,
			   test_entry *test);
static enum status test_allowed(struct question *question,
				const struct entry_record *entry, struct slice data);
static enum status test_watched(struct question *question,
				const struct entry_record *entry, struct slice data);
static enum status test_digest(struct question *question,
			       const struct entry_record *entry, struct slice data);
static enum phish_kind name_spoof(const struct question *question);

const char *phish_name(enum phish_kind kind)
{
	switch (kind) {
	case PHISH_NONE:
		return NULL;
	case PHISH_SPOOFED_DOMAIN:
		return "Heuristics.Phishing.Email.SpoofedDomain";
	case PHISH_SSL_SPOOF:
		return "Heuristics.Phishing.Email.SSL-Spoof";
	case PHISH_CLOAKED_NULL:
		return "Heuristics.Phishing.Email.Cloaked.Null";
	case PHISH_CLOAKED_USERNAME:
		return "Heuristics.Phishing.Email.Cloaked.Username";
	case PHISH_CLOAKED_NUMERIC_IP:
		return "Heuristics.Phishing.Email.Cloaked.NumericIP";
	case PHISH_URL_BLOCKED:
		return "Heuristics.Phishing.URL.Blocked";
	case PHISH_LISTED_MALWARE:
		return "Heuristics.Safebrowsing.Suspected-malware_safebrowsing.clamav."
		       "net";
	case PHISH_LISTED_PHISHING:
		return "Heuristics.Safebrowsing.Suspected-phishing_safebrowsing.clamav."
		       "net";
	}
	return NULL;
}

/* What can be seen without any table; only allowed links are better than they look. */
static enum phish_kind look(const struct question *question)
{
	if (slice_is(question->shown.scheme, "https") &&
	    !slice_is(question->real.scheme, "https"))
		return PHISH_SSL_SPOOF;
	return question->real.has_null ? PHISH_CLOAKED_NULL : PHISH_NONE;
}

/* Of two links. */
static enum status compare(struct question *question, enum phish_kind *out)
{
	struct slice real = link_domain(question->real.host);
	struct slice shown = link_domain(question->shown.host);
	enum phish_kind kind = look(question);

	if (kind == PHISH_NONE && slice_equal(real, shown))
		return STATUS_OK;
	enum status status = make_texts(question);
	if (status == STATUS_OK)
		status = ask_all(question, RULE_LINK_ALLOWED, test_allowed);
	if (status != STATUS_OK || question->holds)
		return status;
	*out = kind;
	if (kind != PHISH_NONE)
		return STATUS_OK;
	status = ask_all(question, RULE_LINK_WATCHED, test_watched);
	if (status == STATUS_OK && question->holds)
		*out = name_spoof(question);
	return status;
}

static enum status decide(struct question *question, enum phish_kind *out)
{
	if (question->real.host.len == 0 && !question->real.has_null)
		return STATUS_OK;
	enum status status = ask_lists(question);
	if (status != STATUS_OK)
		return status;
	*out = question->listed;
	if (question->listed != PHISH_NONE || question->shown.host.len == 0)
		return STATUS_OK;
	return compare(question, out);
}

enum status phish_check(struct phish *phish, struct slice real, struct slice shown,
			enum phish_kind *out)
{
	struct question question = { .phish = phish };
	struct arena_mark mark = arena_mark(phish->arena);
	enum status status = link_read(real, phish->arena, &question.real);

	*out = PHISH_NONE;
	if (status == STATUS_OK)
		status = link_read(shown, phish->arena, &question.shown);
	if (status == STATUS_OK)
		status = decide(&question, out);
	arena_rewind(phish->arena, mark);
	return status;
}

static enum phish_kind name_spoof(const struct question *question)
{
	const struct link *real = &question->real;

	if (question->phish->clamav_compat)
		return PHISH_SPOOFED_DOMAIN;
	if (real->user.len > 0)
		return PHISH_CLOAKED_USERNAME;
	if (link_is_numeric(real->host))
		return PHISH_CLOAKED_NUMERIC_IP;
	return PHISH_SPOOFED_DOMAIN;
}

/* The texts, one after the other. */
static enum status join(struct arena *arena, const struct slice *texts, size_t count,
			struct slice *out)
{
	size_t len = 0, at = 0;

	for (size_t i = 0; i < count; i++)
		len += texts[i].len;
	uint8_t *bytes = arena_alloc(arena, len);
	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (texts[i].len > 0)
			memcpy(&bytes[at], texts[i].base, texts[i].len);
		at += texts[i].len;
	}
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}

static enum status site_of(struct arena *arena, const struct link *link,
			   struct slice *out)
{
	struct slice texts[] = {
		link->scheme.len > 0 ? link->scheme : slice_of("http"),
		slice_of("://"),
		link->host,
	};

	return join(arena, texts, ARRAY_LEN(texts), out);
}

static enum status make_texts(struct question *question)
{
	struct arena *arena = question->phish->arena;
	const struct slice colon = slice_of(":");
	struct slice shown_site;
	enum status status = site_of(arena, &question->real, &question->real_site);

	if (status == STATUS_OK)
		status = site_of(arena, &question->shown, &shown_site);
	if (status != STATUS_OK)
		return status;
	struct slice hosts[] = { question->real.host, colon, question->shown.host };
	struct slice sites[] = { question->real_site, colon, shown_site };
	struct slice urls[] = { question->real_site, question->real.rest, colon,
				shown_site, question->shown.rest };
	status = join(arena, hosts, ARRAY_LEN(hosts), &question->hosts);
	if (status == STATUS_OK)
		status = join(arena, sites, ARRAY_LEN(sites), &question->sites);
	if (status == STATUS_OK)
		status = join(arena, urls, ARRAY_LEN(urls), &question->urls);
	if (status == STATUS_OK)
		status = join(arena, urls, 2, &question->real_url);
	return status;
}

/* Asks entries until one holds. */
static enum status ask_all(struct question *question, enum rule_language language,
			   test_entry *test)
{
	struct phish *phish = question->phish;
	enum status status = STATUS_OK;

	question->holds = false;
	for (size_t s = 0; s < phish->segment_count; s++) {
		const struct tables *tables = &phish->segments[s];
		struct entry_range range = table_entries(tables, language);

		for (uint32_t i = range.first;
		     i < range.end && status == STATUS_OK && !question->holds; i++) {
			struct arena_mark mark = arena_mark(phish->arena);
			struct entry_record entry = table_entry(tables, i);
			struct slice data;

			if (phish->steps == 0)
				return STATUS_LIMIT;
			phish->steps--;
			status = table_entry_data(tables, &entry, phish->arena, &data);
			if (status == STATUS_OK)
				status = test(question, &entry, data);
			arena_rewind(phish->arena, mark);
		}
	}
	return status;
}

/* A damaged expression matches nothing. */
static enum status test_texts(struct question *question, struct slice program,
			      const struct slice *texts, size_t count)
{
	struct phish *phish = question->phish;
	struct ere ere;
	enum status status = ere_open(program, phish->arena, &ere);

	if (status == STATUS_MALFORMED)
		return STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK && !question->holds; i++)
		status = ere_search(&ere, texts[i], &phish->steps, &question->holds);
	return status;
}

/* Does `whole` end with `end`, and nothing or a dot in front of it? */
static bool ends_at_label(struct slice whole, struct slice end)
{
	size_t before = whole.len - end.len;

	if (end.len == 0 || end.len > whole.len ||
	    memcmp(&whole.base[before], end.base, end.len) != 0)
		return false;
	return before == 0 || whole.base[before - 1] == '.';
}

static enum status test_allowed(struct question *question,
				const struct entry_record *entry, struct slice data)
{
	const struct slice pairs[] = { question->urls, question->sites, question->hosts };
	const struct slice reals[] = { question->real_url, question->real_site,
				       question->real.host };

	if (entry->kind == 'M') {
		question->holds = ends_at_label(question->hosts, data);
		return STATUS_OK;
	}
	if (entry->kind == 'Y')
		return test_texts(question, data, reals, ARRAY_LEN(reals));
	return test_texts(question, data, pairs, ARRAY_LEN(pairs));
}

static enum status test_watched(struct question *question,
				const struct entry_record *entry, struct slice data)
{
	const struct slice pairs[] = { question->urls, question->sites };

	if (entry->kind == 'H') {
		question->holds = ends_at_label(question->shown.host, data);
		return STATUS_OK;
	}
	return test_texts(question, data, pairs, ARRAY_LEN(pairs));
}

/* The digest of a host and a path, in all gdb entries. */
static enum status look_up(struct question *question, struct slice host,
			   struct slice path)
{
	struct phish *phish = question->phish;
	struct slice texts[] = { host, path }, text;
	enum status status = join(phish->arena, texts, 2, &text);

	if (status == STATUS_OK)
		status = digest_of(phish->digest_state, DIGEST_SHA256, text,
				   &question->digest);
	if (status == STATUS_OK)
		status = ask_all(question, RULE_LINK_HASH, test_digest);
	return status;
}

/* An allowed one beats all others. */
static enum status test_digest(struct question *question,
			       const struct entry_record *entry, struct slice data)
{
	static const enum phish_kind lists[] = {
		PHISH_LISTED_MALWARE,
		PHISH_URL_BLOCKED,
		PHISH_LISTED_PHISHING,
	};

	if (data.len != 1 + SHA256_LEN ||
	    memcmp(&data.base[1], question->digest.bytes, SHA256_LEN) != 0)
		return STATUS_OK;
	if (entry->kind == 'W')
		question->holds = true;
	else if (data.base[0] < ARRAY_LEN(lists))
		question->listed = lists[data.base[0]];
	return STATUS_OK;
}

/* "/", then each folder of the path, then all of it without and with the query. */
static size_t list_paths(struct slice rest, struct slice out[PATHS_MAX])
{
	static const struct slice root = { (const uint8_t *)"/", 1 };
	size_t count = 0, query = 0;

	out[count++] = root;
	if (rest.len == 0 || rest.base[0] != '/')
		return count;
	while (query < rest.len && rest.base[query] != '?')
		query++;
	for (size_t i = 1; i < query && count < PATHS_MAX - 2; i++)
		if (rest.base[i] == '/')
			out[count++] = (struct slice){ rest.base, i + 1 };
	if (query > 1)
		out[count++] = (struct slice){ rest.base, query };
	if (query < rest.len)
		out[count++] = rest;
	return count;
}

/* What is behind the first dot; empty if there is none. */
static struct slice without_label(struct slice host)
{
	struct reader reader = reader_of_slice(host);
	size_t dot = host.len;

	if (reader_find(&reader, 0, slice_of("."), &dot))
		dot++;
	reader_seek(&reader, dot);
	return reader_rest(&reader);
}

static enum status ask_lists(struct question *question)
{
	struct arena_mark mark = arena_mark(question->phish->arena);
	struct slice paths[PATHS_MAX], host = question->real.host;
	size_t count = list_paths(question->real.rest, paths);
	enum status status;
	bool any = false;

	for (size_t s = 0; s < question->phish->segment_count; s++) {
		struct entry_range range = table_entries(&question->phish->segments[s],
							 RULE_LINK_HASH);
		any |= range.end > range.first;
	}
	/* Without a scheme it is not told as an address. */
	if (!any || question->real.scheme.len == 0)
		return STATUS_OK;
	for (size_t i = 0; i < HOSTS_MAX && host.len > 0 && !question->holds; i++) {
		for (size_t k = 0; k < count && !question->holds; k++) {
			status = look_up(question, host, paths[k]);
			if (status != STATUS_OK)
				return status;
		}
		if (link_is_numeric(host))
			break;
		host = without_label(host);
	}
	if (question->holds)
		question->listed = PHISH_NONE;
	arena_rewind(question->phish->arena, mark);
	return STATUS_OK;
}
