/* SPDX-License-Identifier: Apache-2.0 */
#include "clamscan_paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "memory.h"

static void take(struct clamscan_roots *roots, const char *path, size_t depth)
{
	roots->list = memory_grow(roots->list, roots->count, sizeof(*roots->list));
	roots->depths = memory_grow(roots->depths, roots->count, sizeof(*roots->depths));
	roots->list[roots->count] = memory_text(slice_of(path));
	roots->depths[roots->count++] = depth;
}

/* Expressions see absolute paths. */
static bool is_excluded(const struct clamscan_options *options, const char *path,
			bool is_folder)
{
	AUTO_FREE char *absolute = realpath(path, NULL);

	return clamscan_is_excluded(options, absolute ? absolute : path, is_folder);
}

void clamscan_roots_add(struct clamscan_roots *roots, struct clamscan_report *report,
			const char *path)
{
	const struct clamscan_options *options = report->options;
	const struct slice shown = slice_of(path);
	struct stat facts;

	if (strcmp(path, "-") == 0) {
		take(roots, path, 0);
		return;
	}
	if (lstat(path, &facts) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		clamscan_report_warning(report, shown, "Can't access file");
		return;
	}
	if (S_ISLNK(facts.st_mode)) {
		bool is_there = stat(path, &facts) == 0;
		unsigned follow = is_there && S_ISDIR(facts.st_mode) ?
					  options->follow_folders :
					  options->follow_files;

		if (follow == FOLLOW_NEVER) {
			clamscan_report_note(report, shown, "Symbolic link");
			return;
		}
		if (!is_there)
			return; /* as there: not a word */
	}
	if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))
		clamscan_report_warning(report, shown, "Not supported file type");
	else if (is_excluded(options, path, S_ISDIR(facts.st_mode)))
		clamscan_report_note(report, shown, "Excluded");
	else
		take(roots, path, 0);
}

bool clamscan_roots_follow(struct clamscan_roots *roots,
			   const struct clamscan_report *report, struct slice path,
			   size_t depth)
{
	const struct clamscan_options *options = report->options;
	AUTO_FREE char *text = memory_text(path);
	struct stat facts;
	unsigned follow;

	if (options->follow_files != FOLLOW_ALWAYS &&
	    options->follow_folders != FOLLOW_ALWAYS)
		return false;
	if (stat(text, &facts) != 0 ||
	    !(S_ISDIR(facts.st_mode) || S_ISREG(facts.st_mode)))
		return false;
	follow = S_ISDIR(facts.st_mode) ? options->follow_folders : options->follow_files;
	if (follow != FOLLOW_ALWAYS || is_excluded(options, text, S_ISDIR(facts.st_mode)))
		return false;
	/* A folder is no nearer for being linked to, and may be one that we are in. */
	if (S_ISDIR(facts.st_mode) &&
	    (!options->is_recursive || depth >= options->folder_depth_max))
		return false;
	take(roots, text, depth);
	return true;
}

void clamscan_roots_clear(struct clamscan_roots *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		free(roots->list[i]);
	free(roots->list);
	free(roots->depths);
	*roots = (struct clamscan_roots){ 0 };
}

static bool matches(const struct clamscan_patterns *patterns, const char *path)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (regexec(&patterns->list[i], path, 0, NULL, 0) == 0)
			return true;
	return false;
}

bool clamscan_is_excluded(const struct clamscan_options *options, const char *path,
			  bool is_folder)
{
	const struct clamscan_patterns *out = is_folder ? &options->exclude_folder :
							  &options->exclude;
	const struct clamscan_patterns *in = is_folder ? &options->include_folder :
							 &options->include;

	return matches(out, path) || (in->count > 0 && !matches(in, path));
}
