/* SPDX-License-Identifier: Apache-2.0 */
#include "host/position.h"

static int byte_rank(struct slice path, size_t at);

int position_compare(struct position a, struct position b)
{
	if (a.root != b.root)
		return a.root < b.root ? -1 : 1;
	return position_compare_paths(a.path, b.path);
}

int position_compare_paths(struct slice a, struct slice b)
{
	size_t at = 0;

	while (at < a.len && at < b.len && a.base[at] == b.base[at])
		at++;
	return byte_rank(a, at) - byte_rank(b, at);
}

bool position_below(struct slice path, struct slice directory)
{
	if (directory.len == 0)
		return true;
	if (path.len < directory.len ||
	    memcmp(path.base, directory.base, directory.len) != 0)
		return false;
	return path.len == directory.len || path.base[directory.len] == '/';
}

/*
 * What ends a name comes before any byte that makes it longer: "a/b" is visited
 * between "a" and "a.b", though '.' is below '/'.
 */
static int byte_rank(struct slice path, size_t at)
{
	if (at == path.len)
		return 0;
	if (path.base[at] == '/')
		return 1;
	return 2 + path.base[at];
}
