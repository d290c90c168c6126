/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/reader.h"
#include "rules/rule.h"

static bool begins(struct slice name, const char *what);

bool rule_name_is_weak(struct slice name)
{
	return begins(name, "PUA.") || begins(name, "Heuristics.") ||
	       begins(name, "BC.Heuristics.");
}

bool rule_name_is_phishing(struct slice name)
{
	return begins(name, "HTML.Phishing") || begins(name, "Email.Phishing");
}

static bool begins(struct slice name, const char *what)
{
	struct reader reader = reader_of_slice(name);

	return reader_has(&reader, 0, slice_of(what));
}

struct slice rule_name_cut(struct slice name)
{
	struct reader reader = reader_of_slice(name);
	size_t at;

	if (reader_find(&reader, 0, slice_of(" (Clam)"), &at))
		name.len = at;
	return name;
}

/*
 * The categories: from the dot behind the prefix to the last one. False if those are one,
 * or there is no prefix.
 */
static bool find_categories(struct slice name, struct reader *out)
{
	struct reader reader = reader_of_slice(name);
	size_t end;

	if (!reader_has(&reader, 0, slice_of("PUA.")) ||
	    !reader_find_last(&reader, name.len, slice_of("."), &end) || end == 3)
		return false;
	reader_skip(&reader, 3);
	*out = reader_take(&reader, end + 1 - 3);
	return true;
}

bool rule_name_has_category(struct slice name)
{
	struct reader categories;

	return find_categories(name, &categories);
}

bool rule_name_in_category(struct slice name, struct slice category)
{
	struct reader left;
	size_t at = 0;

	if (category.len == 0 || !find_categories(name, &left))
		return false;
	while (reader_find(&left, at, slice_of("."), &at)) {
		if (reader_has(&left, at + 1, category) &&
		    reader_has(&left, at + 1 + category.len, slice_of(".")))
			return true;
		at++;
	}
	return false;
}
