/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules for an object would have to say: digests of the object, of its sections
 * and of what it imports, and what its icons look like, if it is a PE file. Told to
 * whoever watches, as the language of the rule, a blank, and its line without the name,
 * which stands at its end, or with idb in front.
 */
#include <stdio.h>

#include "match/watch.h"
#include "scan/program_look.h"
#include "view/pe_icons.h"
#include "view/pe_imports.h"

enum { PRINT_KINDS = 1 << DIGEST_MD5 | 1 << DIGEST_SHA256 };

static void tell_object(struct scan *scan, struct level *level);
static void tell_sections(struct scan *scan, struct level *level,
			  const struct executable *executable, enum digest_kind kind);
static void tell_imports(struct scan *scan, const struct executable *executable);
static void tell_icons(struct scan *scan, const struct executable *executable);
static void tell(struct scan *scan, const char *language, const struct digest *digest,
		 uint64_t size, bool size_first);

void object_tell_prints(struct scan *scan, struct level *level,
			const struct executable *executable)
{
	const struct match_watch *watch = scan->setup->watch;

	if (!watch || !watch->prints)
		return;
	tell_object(scan, level);
	if (executable && level->types.primary == TYPE_MSEXE) {
		tell_sections(scan, level, executable, DIGEST_SHA256);
		tell_sections(scan, level, executable, DIGEST_MD5);
	}
	if (executable && executable->pe) {
		tell_imports(scan, executable);
		tell_icons(scan, executable);
	}
}

/* What cannot be read is told by matching. */
static void tell_object(struct scan *scan, struct level *level)
{
	struct digest digests[DIGEST_COUNT] = { 0 };

	if (scan_digests(scan, &level->source, PRINT_KINDS, digests) != STATUS_OK)
		return;
	tell(scan, "hsb", &digests[DIGEST_SHA256], level->source.size, false);
	tell(scan, "hdb", &digests[DIGEST_MD5], level->source.size, false);
}

static void tell_sections(struct scan *scan, struct level *level,
			  const struct executable *executable, enum digest_kind kind)
{
	const char *language = kind == DIGEST_MD5 ? "mdb" : "msb";

	for (size_t i = 0; i < executable->section_count; i++) {
		const struct executable_section *section = &executable->sections[i];
		struct source bytes = source_window(&level->source, section->offset,
						    section->len);
		struct digest digests[DIGEST_COUNT] = { 0 };

		if (bytes.size == 0 || scan_time_is_up(scan) ||
		    scan_digests(scan, &bytes, 1U << kind, digests) != STATUS_OK)
			continue;
		tell(scan, language, &digests[kind], bytes.size, true);
	}
}

static void tell_imports(struct scan *scan, const struct executable *executable)
{
	struct pe_imports_setup setup = {
		.digest_state = scan->setup->digest_state,
		.kinds = 1 << DIGEST_MD5,
		.clamav_compat = scan->setup->clamav_compat,
	};
	struct pe_imports imports = { 0 };

	if (pe_imports_digest(executable->pe, scan->setup->arena, &setup, &imports) ==
	    STATUS_OK)
		tell(scan, "imp", &imports.digests[DIGEST_MD5], imports.len, false);
}

/* Which groups they are in, only who writes rules with them can say. */
static void tell_icons(struct scan *scan, const struct executable *executable)
{
	const struct match_watch *watch = scan->setup->watch;
	struct arena_mark mark = arena_mark(scan->setup->arena);
	struct pe_icons icons = { 0 };

	if (pe_icons_read(executable->pe, scan->setup->arena, &icons) != STATUS_OK)
		icons.count = 0;
	for (size_t i = 0; i < icons.count; i++) {
		char digits[ICON_DIGITS + 1], text[ICON_DIGITS + 64];

		icon_digits(&icons.looks[i], digits);
		snprintf(text, sizeof(text), "idb GROUP1:GROUP2:%s", digits);
		watch->line(watch->context,
			    &(struct watch_line){ .answer = WATCH_TEXT,
						  .text = slice_of(text) });
	}
	arena_rewind(scan->setup->arena, mark);
}

static void tell(struct scan *scan, const char *language, const struct digest *digest,
		 uint64_t size, bool size_first)
{
	const struct match_watch *watch = scan->setup->watch;
	unsigned long long bytes = size;
	char hex[DIGEST_HEX_MAX], text[DIGEST_HEX_MAX + 64];

	digest_hex(digest, hex);
	if (size_first)
		snprintf(text, sizeof(text), "%s %llu:%s", language, bytes, hex);
	else
		snprintf(text, sizeof(text), "%s %s:%llu", language, hex, bytes);
	watch->line(watch->context,
		    &(struct watch_line){ .answer = WATCH_TEXT, .text = slice_of(text) });
}
