/* SPDX-License-Identifier: Apache-2.0 */
#include "resumption.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "memory.h"
#include "screen.h"

enum { SAVE_EVERY_MS = 30 * 1000 };

/* Settings that decide which files are scanned and what is found in them. */
static const enum setting_id deciding[] = {
	SETTING_EXCLUDE,   SETTING_ONE_FILE_SYSTEM, SETTING_ALL_MATCHES,
	SETTING_MAX_DEPTH, SETTING_MAX_FILES,       SETTING_MAX_BYTES,
	SETTING_MAX_CHILD, SETTING_MAX_RATIO,       SETTING_MAX_TIME,
	SETTING_COMPAT,    SETTING_BYTECODE,        SETTING_BYTECODE_UNSIGNED,
};

static bool has_files(const char *path);
static bool make_key(struct resumption *resumption);
static bool make_key_with(struct resumption *resumption, struct digest_state *digester);
static bool point_of(const struct resumption *resumption, struct resume_count *counts,
		     struct resume_point *out);

bool resumption_is_possible(const struct invocation *invocation)
{
	for (size_t i = 0; i < invocation->operand_count; i++)
		if (strcmp(invocation->operands[i], "-") == 0)
			return false;
	return !invocation_has(invocation, "files-from");
}

void resumption_init(struct resumption *resumption, const struct invocation *invocation,
		     const struct catalog *catalog, const char *state)
{
	bool is_possible = state && resumption_is_possible(invocation);

	*resumption = (struct resumption){
		.is_possible = is_possible,
		.invocation = invocation,
		.catalog = catalog,
		.mark_fd = -1,
	};
	if (!is_possible)
		return;
	if (asprintf(&resumption->folder, "%s/resume", state) < 0 ||
	    frontier_new(TALLY_COUNT, &resumption->frontier) != STATUS_OK)
		abort();
}

void resumption_clear(struct resumption *resumption)
{
	frontier_free(resumption->frontier);
	cleanup_close(&resumption->mark_fd);
	free(resumption->folder);
	free(resumption->text);
}

bool resumption_take(struct resumption *resumption, struct tally *tally)
{
	struct resume_count counts[TALLY_COUNT];
	struct resume_point point = { .counts = counts, .count = TALLY_COUNT };
	enum status status = STATUS_NO_MEMORY;

	if (!resumption->is_possible) {
		screen_error(
			"--resume needs paths, not standard input or a list of them");
		return false;
	}
	tally_to_counts(tally, counts);
	if (make_key(resumption))
		status = resume_load(resumption->folder, &resumption->key, &point,
				     &resumption->text);
	if (status == STATUS_OK) {
		tally_from_counts(tally, counts);
		resumption->start = point.at;
		resumption->is_resumed = true;
		resumption->is_saved = true;
		if (frontier_begin(resumption->frontier, point.at, tally->n) != STATUS_OK)
			abort();
		return true;
	}
	if (status == STATUS_END)
		screen_warning("no scan of these paths was interrupted: starting from "
			       "the beginning");
	else if (status == STATUS_CHANGED)
		screen_warning("rules or settings are not those of the interrupted scan: "
			       "starting from the beginning");
	else if (status == STATUS_MALFORMED)
		screen_warning("what the interrupted scan left is damaged: "
			       "starting from the beginning");
	else
		screen_error("%s: %s", resumption->folder, strerror(errno));
	return status == STATUS_END || status == STATUS_CHANGED ||
	       status == STATUS_MALFORMED;
}

struct frontier_part *resumption_issue(struct resumption *resumption, struct position at)
{
	struct frontier_part *part;

	if (!resumption->is_possible)
		return NULL;
	if (frontier_issue(resumption->frontier, at, &part) != STATUS_OK)
		abort();
	return part;
}

void resumption_finish(struct resumption *resumption, struct frontier_part *part,
		       const struct tally *tally)
{
	if (part)
		frontier_finish(resumption->frontier, part, tally->n);
}

void resumption_tick(struct resumption *resumption, uint64_t now_ms)
{
	if (resumption->saved_ms == 0)
		resumption->saved_ms = now_ms;
	if (now_ms - resumption->saved_ms < SAVE_EVERY_MS)
		return;
	resumption->saved_ms = now_ms;
	/* That it cannot be kept is told at the end, if it matters then. */
	if (!resumption_save(resumption))
		return;
}

bool resumption_save(struct resumption *resumption)
{
	struct resume_count counts[TALLY_COUNT];
	struct resume_point point;

	if (!resumption->is_possible || !point_of(resumption, counts, &point) ||
	    !make_key(resumption) ||
	    resume_save(resumption->folder, &resumption->key, &point) != STATUS_OK)
		return false;
	resumption->is_saved = true;
	cleanup_close(&resumption->mark_fd);
	resumption->mark_fd = resume_open(resumption->folder, &resumption->key);
	return true;
}

bool resumption_is_mark(const struct resumption *resumption,
			const struct target_facts *facts)
{
	struct target_facts mark;

	return resumption->mark_fd >= 0 &&
	       target_look(resumption->mark_fd, &mark) == STATUS_OK &&
	       mark.device == facts->device && mark.inode == facts->inode;
}

void resumption_end(struct resumption *resumption)
{
	/* What an earlier run of these paths left is as good as nothing now. */
	if (!resumption->is_possible ||
	    (!resumption->is_saved && !has_files(resumption->folder)))
		return;
	if (!make_key(resumption) ||
	    resume_remove(resumption->folder, &resumption->key) != STATUS_OK)
		screen_warning(
			"%s: the mark of an interrupted scan cannot be removed: %s",
			resumption->folder, strerror(errno));
}

/* Asked first, as the key takes longer to make than a small file takes to scan. */
static bool has_files(const char *path)
{
	AUTO_CLOSEDIR DIR *folder = opendir(path);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			return true;
	return false;
}

static bool point_of(const struct resumption *resumption, struct resume_count *counts,
		     struct resume_point *out)
{
	struct tally tally;
	const uint64_t *sums;

	if (!frontier_reached(resumption->frontier, &out->at, &sums))
		return false;
	memcpy(tally.n, sums, sizeof(tally.n));
	tally_to_counts(&tally, counts);
	out->counts = counts;
	out->count = TALLY_COUNT;
	return true;
}

static bool make_key(struct resumption *resumption)
{
	struct digests digests;
	struct digest_state digester;
	bool ok = false;

	if (resumption->has_key)
		return true;
	if (digests_load(&digests) != STATUS_OK)
		return false;
	if (digest_state_init(&digester, &digests) == STATUS_OK) {
		ok = make_key_with(resumption, &digester);
		digest_state_clear(&digester);
	}
	digests_clear(&digests);
	resumption->has_key = ok;
	return ok;
}

static bool make_key_with(struct resumption *resumption, struct digest_state *digester)
{
	const struct invocation *invocation = resumption->invocation;
	size_t count = invocation->operand_count;
	struct slice *roots = memory_zeroed(count, sizeof(*roots));
	struct slice options[ARRAY_LEN(deciding) + 1];
	struct resume_subject subject = { roots, count, options, ARRAY_LEN(options) };
	char *texts[ARRAY_LEN(options)];
	bool ok;

	for (size_t i = 0; i < count; i++) {
		char *name = resume_root_name(invocation->operands[i]);

		if (!name)
			abort();
		roots[i] = slice_of(name);
	}
	for (size_t i = 0; i < ARRAY_LEN(deciding); i++)
		texts[i] = config_write(&invocation->config, deciding[i]);
	texts[ARRAY_LEN(deciding)] = catalog_identity(resumption->catalog);
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		options[i] = slice_of(texts[i] ? texts[i] : "");
	ok = resume_key_make(&subject, digester, &resumption->key) == STATUS_OK;
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		free(texts[i]);
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)roots[i].base);
	free(roots);
	return ok;
}
