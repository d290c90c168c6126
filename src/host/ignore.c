/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern is compiled to a row of atoms, cut into names at its slashes. One
 * name matches one name of the path, but for a run of any names (**). Both
 * levels need to remember one way back only, to the last star: what an earlier
 * star could take, the later one can take as well.
 */
#include "host/ignore.h"

#include <assert.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/cleanup.h"

enum atom_kind { ATOM_BYTE, ATOM_ANY, ATOM_STAR, ATOM_SET };

struct atom {
	enum atom_kind kind;
	uint8_t byte;    /* BYTE */
	uint8_t set[32]; /* SET: a bit for each byte */
};

/* One name of a pattern: atoms [first, first + count), or any number of names. */
struct piece {
	size_t first;
	size_t count;
	bool is_any;
};

struct pattern {
	struct atom *atoms;
	struct piece *pieces;
	size_t atom_count;
	size_t piece_count;
	bool is_negative;
	bool is_anchored; /* pieces are matched from the root; else one, with the last name */
	bool wants_directory;
};

struct ignore {
	struct pattern *patterns;
	size_t count;
};

/* Text that is being compiled. */
struct scanner {
	struct slice text;
	size_t pos;
};

static enum status pattern_compile(struct slice text, struct pattern *out);
static bool compile_pieces(struct scanner *in, struct pattern *pattern);
static bool compile_atom(struct scanner *in, struct atom *out);
static bool compile_set(struct scanner *in, uint8_t set[32]);
static bool compile_named_set(struct scanner *in, uint8_t set[32], bool *ret_named);
static bool set_add_named(struct slice name, uint8_t set[32]);
static void pattern_clear(struct pattern *pattern);
static bool pattern_matches(const struct pattern *pattern, struct slice path);
static bool piece_matches(const struct pattern *pattern, const struct piece *piece,
			  struct slice name);
static bool atom_matches(const struct atom *atom, uint8_t byte);
static struct slice name_at(struct slice path, size_t pos);

enum status ignore_new(struct ignore **out)
{
	struct ignore *ignore = calloc(1, sizeof(*ignore));

	if (!ignore)
		return STATUS_NO_MEMORY;
	*out = ignore;
	return STATUS_OK;
}

void ignore_free(struct ignore *ignore)
{
	if (!ignore)
		return;
	for (size_t i = 0; i < ignore->count; i++)
		pattern_clear(&ignore->patterns[i]);
	free(ignore->patterns);
	free(ignore);
}

enum status ignore_add(struct ignore *ignore, struct slice text)
{
	struct pattern pattern = { 0 };
	enum status status = pattern_compile(text, &pattern);

	if (status == STATUS_OK) {
		struct pattern *grown = reallocarray(ignore->patterns, ignore->count + 1,
						     sizeof(*grown));

		if (grown) {
			grown[ignore->count++] = pattern;
			ignore->patterns = grown;
			return STATUS_OK;
		}
		status = STATUS_NO_MEMORY;
	}
	pattern_clear(&pattern);
	return status;
}

bool ignore_matches(const struct ignore *ignore, struct slice path, bool is_directory)
{
	if (path.len == 0)
		return false;
	for (size_t i = ignore->count; i > 0; i--) {
		const struct pattern *pattern = &ignore->patterns[i - 1];

		if (pattern->wants_directory && !is_directory)
			continue;
		if (pattern_matches(pattern, path))
			return !pattern->is_negative;
	}
	return false;
}

static void pattern_clear(struct pattern *pattern)
{
	free(pattern->atoms);
	free(pattern->pieces);
}

static enum status pattern_compile(struct slice text, struct pattern *out)
{
	if (text.len > 0 && text.base[0] == '!') {
		out->is_negative = true;
		text = (struct slice){ &text.base[1], text.len - 1 };
	}
	if (text.len > 0 && text.base[text.len - 1] == '/') {
		out->wants_directory = true;
		text.len--;
	}
	if (text.len == 0)
		return STATUS_MALFORMED;
	out->is_anchored = memchr(text.base, '/', text.len) != NULL;

	/* No atom and no name is shorter than a byte of the text. */
	out->atoms = calloc(text.len, sizeof(*out->atoms));
	out->pieces = calloc(text.len + 1, sizeof(*out->pieces));
	if (!out->atoms || !out->pieces)
		return STATUS_NO_MEMORY;

	struct scanner in = { text, 0 };

	if (text.base[0] == '/')
		in.pos = 1;
	return compile_pieces(&in, out) ? STATUS_OK : STATUS_MALFORMED;
}

/* A slash keeps its meaning behind a backslash, which is passed over. */
static bool slash_at(struct scanner *in)
{
	const uint8_t *base = in->text.base;

	if (in->text.len - in->pos >= 2 && base[in->pos] == '\\' &&
	    base[in->pos + 1] == '/')
		in->pos++;
	return base[in->pos] == '/';
}

static bool compile_pieces(struct scanner *in, struct pattern *pattern)
{
	for (;;) {
		struct piece piece = { .first = pattern->atom_count };
		size_t stars = 0;

		while (in->pos < in->text.len && !slash_at(in)) {
			struct atom *atom = &pattern->atoms[pattern->atom_count];

			if (!compile_atom(in, atom))
				return false;
			stars += atom->kind == ATOM_STAR;
			pattern->atom_count++;
			piece.count++;
		}
		/* Without a slash there is but one name to match, and ** is a star. */
		piece.is_any = pattern->is_anchored && stars >= 2 && stars == piece.count;
		pattern->pieces[pattern->piece_count++] = piece;
		if (in->pos == in->text.len)
			return true;
		in->pos++;
	}
}

static bool compile_atom(struct scanner *in, struct atom *out)
{
	uint8_t byte = in->text.base[in->pos++];

	if (byte == '*') {
		out->kind = ATOM_STAR;
		return true;
	}
	if (byte == '?') {
		out->kind = ATOM_ANY;
		return true;
	}
	if (byte == '[') {
		out->kind = ATOM_SET;
		return compile_set(in, out->set);
	}
	if (byte == '\\') {
		if (in->pos == in->text.len)
			return false;
		byte = in->text.base[in->pos++];
	}
	out->kind = ATOM_BYTE;
	out->byte = byte;
	return true;
}

static bool set_has(const uint8_t set[32], uint8_t byte)
{
	return (set[byte / 8] >> (byte % 8)) & 1;
}

static void set_add_range(uint8_t set[32], unsigned first, unsigned last)
{
	for (unsigned byte = first; byte <= last; byte++)
		set[byte / 8] = (uint8_t)(set[byte / 8] | 1U << (byte % 8));
}

/* The next byte of a class, or what follows a backslash. */
static bool set_byte(struct scanner *in, uint8_t *out)
{
	if (in->pos < in->text.len && in->text.base[in->pos] == '\\')
		in->pos++;
	if (in->pos >= in->text.len)
		return false;
	*out = in->text.base[in->pos++];
	return true;
}

static bool set_ends(const struct scanner *in)
{
	return in->pos < in->text.len && in->text.base[in->pos] == ']';
}

/* Behind a byte: a '-' that is not the last of the class. */
static bool set_range_follows(const struct scanner *in)
{
	return in->pos + 1 < in->text.len && in->text.base[in->pos] == '-' &&
	       in->text.base[in->pos + 1] != ']';
}

static bool compile_set(struct scanner *in, uint8_t set[32])
{
	bool negative = in->pos < in->text.len &&
			(in->text.base[in->pos] == '!' || in->text.base[in->pos] == '^');
	bool first = true;

	if (negative)
		in->pos++;
	for (; first || !set_ends(in); first = false) {
		uint8_t low, high;
		bool named;

		if (!compile_named_set(in, set, &named))
			return false;
		if (named)
			continue;
		if (!set_byte(in, &low))
			return false;
		set_add_range(set, low, low);
		high = low;
		if (set_range_follows(in)) {
			in->pos++;
			if (!set_byte(in, &high))
				return false;
		}
		set_add_range(set, low, high);
	}
	in->pos++;
	for (size_t i = 0; negative && i < 32; i++)
		set[i] = (uint8_t)~set[i];
	return true;
}

/* "[:name:]". What only begins like it is a plain '[': *ret_named is false. */
static bool compile_named_set(struct scanner *in, uint8_t set[32], bool *ret_named)
{
	const uint8_t *text = in->text.base;
	size_t end = in->pos + 2;

	*ret_named = false;
	if (end > in->text.len || text[in->pos] != '[' || text[in->pos + 1] != ':')
		return true;
	while (end < in->text.len && text[end] != ']')
		end++;
	if (end == in->text.len)
		return false;
	if (end == in->pos + 2 || text[end - 1] != ':')
		return true;
	if (!set_add_named((struct slice){ &text[in->pos + 2], end - in->pos - 3 }, set))
		return false;
	in->pos = end + 1;
	*ret_named = true;
	return true;
}

/* ASCII alone, whatever the locale: names of files are bytes. */
static bool set_add_named(struct slice name, uint8_t set[32])
{
	static const struct {
		const char *name;
		const char *ranges; /* pairs of first and last */
	} classes[] = {
		{ "alnum", "09AZaz" },   { "alpha", "AZaz" },
		{ "blank", "\t\t  " },   { "cntrl", "\001\037\177\177" },
		{ "digit", "09" },       { "graph", "!~" },
		{ "lower", "az" },       { "print", " ~" },
		{ "punct", "!/:@[`{~" }, { "space", "\t\r  " },
		{ "upper", "AZ" },       { "xdigit", "09AFaf" },
	};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		struct slice ranges = slice_of(classes[i].ranges);

		if (!slice_is(name, classes[i].name))
			continue;
		for (size_t at = 0; at < ranges.len; at += 2)
			set_add_range(set, ranges.base[at], ranges.base[at + 1]);
		return true;
	}
	return false;
}

static bool pattern_matches(const struct pattern *pattern, struct slice path)
{
	size_t piece = 0, pos = 0;
	size_t any_piece = 0, any_pos = 0; /* the last run of any names, and its end */

	if (!pattern->is_anchored) {
		while (pos < path.len && memchr(&path.base[pos], '/', path.len - pos))
			pos += name_at(path, pos).len + 1;
		return piece_matches(pattern, &pattern->pieces[0], name_at(path, pos));
	}
	while (piece < pattern->piece_count || pos < path.len) {
		if (piece < pattern->piece_count && pattern->pieces[piece].is_any) {
			piece++;
			if (piece == pattern->piece_count)
				return pos <
				       path.len; /* what is in a directory, not itself */
			any_piece = piece;
			any_pos = pos;
			continue;
		}

		struct slice name = name_at(path, pos);

		if (piece < pattern->piece_count && pos < path.len &&
		    piece_matches(pattern, &pattern->pieces[piece], name)) {
			piece++;
			pos += name.len + 1;
			continue;
		}
		if (any_piece == 0 || any_pos >= path.len)
			return false;
		any_pos += name_at(path, any_pos).len + 1;
		piece = any_piece;
		pos = any_pos;
	}
	return true;
}

static struct slice name_at(struct slice path, size_t pos)
{
	if (pos >= path.len)
		return (struct slice){ NULL, 0 };

	const uint8_t *base = &path.base[pos];
	const uint8_t *end = memchr(base, '/', path.len - pos);

	return (struct slice){ base, end ? (size_t)(end - base) : path.len - pos };
}

static bool piece_matches(const struct pattern *pattern, const struct piece *piece,
			  struct slice name)
{
	const struct atom *atoms = &pattern->atoms[piece->first];
	size_t at = 0, pos = 0;
	size_t star = 0, star_pos = 0; /* behind the last star, and what it took */

	while (at < piece->count || pos < name.len) {
		if (at < piece->count && atoms[at].kind == ATOM_STAR) {
			star = ++at;
			star_pos = pos;
			continue;
		}
		if (at < piece->count && pos < name.len &&
		    atom_matches(&atoms[at], name.base[pos])) {
			at++;
			pos++;
			continue;
		}
		if (star == 0 || star_pos >= name.len)
			return false;
		at = star;
		pos = ++star_pos;
	}
	return true;
}

static bool atom_matches(const struct atom *atom, uint8_t byte)
{
	switch (atom->kind) {
	case ATOM_BYTE:
		return atom->byte == byte;
	case ATOM_ANY:
		return true;
	case ATOM_SET:
		return set_has(atom->set, byte);
	case ATOM_STAR:
		break;
	}
	assert(!"a star is not one byte");
	return false;
}
