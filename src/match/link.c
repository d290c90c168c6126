/* SPDX-License-Identifier: Apache-2.0 */
#include "match/link.h"

#include "bytes/reader.h"

enum { LINK_LEN_MAX = 4096 };

static struct slice part(struct slice whole, size_t start, size_t end);
static bool is_page(const struct link *link);
static bool is_scheme(struct slice scheme);

static uint8_t lower(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (uint8_t)(byte | 0x20);
	return byte;
}

static struct slice part(struct slice whole, size_t start, size_t end)
{
	struct reader reader = reader_of_slice(whole);

	reader_seek(&reader, start);
	return reader_slice(&reader, end - start);
}

/* Blanks and control bytes are left out wherever they stand: a reader passes over them. */
static enum status copy(struct slice text, struct arena *arena, struct slice *out)
{
	uint8_t *bytes = arena_alloc(arena, text.len);
	size_t len = 0;

	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < text.len && len < LINK_LEN_MAX; i++)
		if (text.base[i] > ' ' && text.base[i] != '"')
			bytes[len++] = text.base[i];
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}

static bool is_end_of_site(uint8_t byte)
{
	return byte == '/' || byte == '?' || byte == '#' || byte == '\\';
}

static struct slice without_dots(struct slice host)
{
	size_t start = 0;

	while (host.len > 0 &&
	       (host.base[host.len - 1] == '.' || host.base[host.len - 1] == ','))
		host.len--;
	while (start < host.len && host.base[start] == '.')
		start++;
	return part(host, start, host.len);
}

static bool is_host(struct slice host)
{
	bool has_dot = false;

	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = host.base[i];

		has_dot |= c == '.';
		if (c != '.' && c != '-' && c != '_' && c != '%' &&
		    !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && c < 0x80)
			return false;
	}
	return has_dot || link_is_numeric(host);
}

/* Where the label that ends before `end` begins. */
static size_t label_start(struct slice host, size_t end)
{
	while (end > 0 && host.base[end - 1] != '.')
		end--;
	return end;
}

/*
 * Without a scheme it may be a file beside the page: only the ends of host names that have
 * always been there, and those of countries, tell a host.
 */
static bool is_known_end(struct slice host)
{
	static const char *const ends[] = { "com", "net", "org",  "edu",  "gov", "mil",
					    "int", "biz", "info", "name", "pro", "mobi" };
	size_t start = label_start(host, host.len);
	struct slice end = part(host, start, host.len);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (slice_is(end, ends[i]))
			return true;
	return end.len == 2 && !link_is_numeric(end);
}

static bool has_null(struct slice site)
{
	struct reader reader = reader_of_slice(site);
	size_t at;

	return reader_find(&reader, 0, slice_of("%00"), &at) ||
	       reader_find(&reader, 0, slice_of("%01"), &at);
}

static void lower_all(struct slice text)
{
	uint8_t *bytes = (uint8_t *)(uintptr_t)text.base;

	for (size_t i = 0; i < text.len; i++)
		bytes[i] = lower(bytes[i]);
}

enum status link_read(struct slice text, struct arena *arena, struct link *out)
{
	struct link link = { .has_null = false };
	struct slice all;
	size_t site = 0, end, at;
	enum status status = copy(text, arena, &all);

	if (status != STATUS_OK)
		return status;
	struct reader reader = reader_of_slice(all);
	if (reader_find(&reader, 0, slice_of("://"), &at)) {
		link.scheme = part(all, 0, at);
		lower_all(link.scheme);
		site = at + 3;
	}
	for (end = site; end < all.len && !is_end_of_site(all.base[end]);)
		end++;
	link.rest = part(all, end, all.len);
	if (reader_find(&reader, end, slice_of("#"), &at))
		link.rest = part(all, end, at);
	link.has_null = has_null(part(all, site, end));
	if (reader_find_last(&reader, end, slice_of("@"), &at) && at >= site) {
		link.user = part(all, site, at);
		site = at + 1;
	}
	if (reader_find_last(&reader, end, slice_of(":"), &at) && at >= site)
		end = at;
	link.host = without_dots(part(all, site, end));
	lower_all(link.host);
	if (!is_page(&link))
		link.host.len = 0;
	*out = link;
	return STATUS_OK;
}

/* And not, say, an address of mail, or a file beside the page. */
static bool is_page(const struct link *link)
{
	if (!is_scheme(link->scheme) || !is_host(link->host))
		return false;
	return link->scheme.len > 0 || (link->user.len == 0 && is_known_end(link->host));
}

static bool is_scheme(struct slice scheme)
{
	return scheme.len == 0 || slice_is(scheme, "http") || slice_is(scheme, "https") ||
	       slice_is(scheme, "ftp");
}

bool link_is_numeric(struct slice host)
{
	bool is_hex = false;

	if (host.len == 0)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = host.base[i];

		if (i == 0 || host.base[i - 1] == '.')
			is_hex = c == '0' && i + 1 < host.len && host.base[i + 1] == 'x';
		bool is_digit = c >= '0' && c <= '9';
		if (!is_digit && c != '.' &&
		    !(is_hex && ((c >= 'a' && c <= 'f') || c == 'x')))
			return false;
	}
	return true;
}

struct slice link_domain(struct slice host)
{
	static const char *const common[] = { "ac",  "co",  "com", "edu", "gob", "gov",
					      "go",  "gv",  "mil", "ne",  "net", "or",
					      "org", "ltd", "plc", "nom", "id",  "info" };
	size_t last = label_start(host, host.len);
	size_t second = last > 0 ? label_start(host, last - 1) : 0;

	if (link_is_numeric(host) || second == 0)
		return host;
	struct slice label = part(host, second, last - 1);
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (host.len - last == 2 && slice_is(label, common[i]))
			second = label_start(host, second - 1);
	return part(host, second, host.len);
}
