/* SPDX-License-Identifier: Apache-2.0 */
#include "verdicts.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/cleanup.h"
#include "host/folder.h"
#include "host/program.h"
#include "host/rule_files.h"
#include "notes.h"
#include "screen.h"

/* Settings that decide what is found in a file. */
static const enum setting_id deciding[] = {
	SETTING_MAX_DEPTH, SETTING_MAX_FILES,         SETTING_MAX_BYTES,
	SETTING_MAX_CHILD, SETTING_MAX_RATIO,         SETTING_COMPAT,
	SETTING_BYTECODE,  SETTING_BYTECODE_UNSIGNED,
};

static bool is_separable(void *context, uint32_t known);
static bool make_terms(struct verdicts *verdicts, const struct catalog *catalog,
		       const struct config *config);
static char *describe_engine(const struct config *config);
static bool write_program(FILE *out, const char *path);

void verdicts_open(struct verdicts *verdicts, const struct scanner *scanner,
		   const struct config *config)
{
	AUTO_FREE char *folder = folder_cache(config_text(config, SETTING_CACHE));
	bool is_compat = config_number(config, SETTING_COMPAT) != COMPAT_NONE;
	struct verdict_terms terms = {
		.segments = verdicts->segments,
		.segment_count = scanner->catalog.count,
		/* What is allowed by rules of one source may be found by those of others. */
		.is_separable = is_compat ? NULL : is_separable,
		.context = verdicts,
	};

	*verdicts = (struct verdicts){ .database = &scanner->catalog.database };
	if (!folder || !config_flag(config, SETTING_VERDICT_CACHE) ||
	    !make_terms(verdicts, &scanner->catalog, config))
		return;
	terms.engine = slice_of(verdicts->engine);
	if (verdict_cache_open(&verdicts->cache, folder, &terms) != STATUS_OK)
		return;
	/* Asking for a lease makes us one who may be told of its end, and ends whoever
	 * does not expect that. */
	signal(SIGIO, SIG_IGN);
	verdicts->is_open = true;
}

void verdicts_close(struct verdicts *verdicts)
{
	if (verdicts->is_open)
		verdict_cache_close(&verdicts->cache);
	free(verdicts->engine);
	for (size_t i = 0; i < ARRAY_LEN(verdicts->rules); i++)
		free(verdicts->rules[i]);
	*verdicts = (struct verdicts){ 0 };
}

static bool is_separable(void *context, uint32_t known)
{
	const struct verdicts *verdicts = context;

	return database_is_separable(verdicts->database, known);
}

bool verdicts_know(void *context, uint64_t volume, const struct target_facts *facts)
{
	struct verdicts *verdicts = context;
	enum verdict_memory memory = verdict_cache_recall(&verdicts->cache, volume, facts,
							  &verdicts->recalled);

	return memory == MEMORY_CLEAN || (memory == MEMORY_INCOMPLETE &&
					  notes_read(verdicts->recalled.notes, NULL));
}

void verdicts_tell(const struct verdicts *verdicts, struct result *result)
{
	bool is_read = notes_read(verdicts->recalled.notes, result);

	/* It was asked whether they can be read. */
	assert(is_read);
	result->tally.n[TALLY_OBJECTS] = verdicts->recalled.objects;
	result->tally.n[TALLY_INCOMPLETE] = result_verdict(result) == VERDICT_INCOMPLETE;
	result->tally.n[TALLY_CACHED] = 1;
}

uint32_t verdicts_submit(const struct verdicts *verdicts, struct result *result)
{
	const struct walk_item *item = &result->item;
	enum status status;
	struct verdict_recalled recalled;

	if (!verdicts->is_open || item->is_copy || item->volume == 0)
		return 0;
	status = verdict_cache_probe(item->fd);
	result->can_be_known = status != STATUS_UNSUPPORTED;
	result->was_still = status == STATUS_OK;
	if (verdict_cache_recall(&verdicts->cache, item->volume, &item->facts,
				 &recalled) != MEMORY_PART)
		return 0;
	result->tally.n[TALLY_CACHED_PARTLY] = 1;
	return recalled.known;
}

void verdicts_done(struct verdicts *verdicts, struct result *result,
		   const struct pool_done *done)
{
	enum verdict verdict = result_verdict(result);
	const struct walk_item *item = &result->item;
	struct verdict_recalled recalled;

	if (!verdicts->is_open)
		return;
	if (verdict == VERDICT_CLEAN && !result->can_be_known)
		result->tally.n[TALLY_NO_MEMORY] = 1;
	/* Also what the allow list keeps back is not clean: lists change. */
	result->is_memorable = verdict != VERDICT_FOUND && result->was_still &&
			       result->hit_count == 0 && done->outcome.findings == 0 &&
			       verdict_cache_probe(done->fd) == STATUS_OK;
	if (verdict != VERDICT_FOUND ||
	    verdict_cache_recall(&verdicts->cache, item->volume, &item->facts,
				 &recalled) != MEMORY_DOUBTED)
		return;
	verdict_cache_forget(&verdicts->cache);
	screen_warning(
		"a file in which nothing was found before has a finding, and has not "
		"changed: no verdict of earlier scans is believed any more");
}

void verdicts_settled(struct verdicts *verdicts, const struct result *result,
		      bool is_tainted)
{
	struct verdict_news news = {
		.objects = (uint32_t)result->tally.n[TALLY_OBJECTS],
	};

	if (!result->is_memorable || is_tainted || !notes_write(result, &news.notes))
		return;
	verdict_cache_add(&verdicts->cache, result->item.volume, &result->item.facts,
			  &news);
	free((void *)(uintptr_t)news.notes.base);
}

/* False: these rules or programs cannot be known again. */
static bool make_terms(struct verdicts *verdicts, const struct catalog *catalog,
		       const struct config *config)
{
	if (!catalog_is_settled(catalog, time(NULL)))
		return false;
	for (size_t i = 0; i < catalog->count; i++) {
		/* A copy in memory is another one each time. */
		if (fcntl(catalog->fds[i], F_GET_SEALS) >= 0)
			return false;
		verdicts->rules[i] = catalog_segment_identity(catalog, i);
		if (!verdicts->rules[i])
			return false;
		verdicts->segments[i] = slice_of(verdicts->rules[i]);
	}
	verdicts->engine = describe_engine(config);
	return verdicts->engine;
}

static char *describe_engine(const struct config *config)
{
	AUTO_FREE char *worker = program_helper_path("custos-worker");
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	bool ok;

	if (!out)
		return NULL;
	fprintf(out, "custos " CUSTOS_VERSION "\n");
	/* Another build of the same version may see otherwise. */
	ok = worker && write_program(out, "/proc/self/exe") && write_program(out, worker);
	for (size_t i = 0; i < ARRAY_LEN(deciding); i++) {
		AUTO_FREE char *value = config_write(config, deciding[i]);

		ok = ok && value;
		fprintf(out, "%s %s\n", settings[deciding[i]].name, value ? value : "");
	}
	if (fclose(out) == 0 && ok)
		return text;
	free(text);
	return NULL;
}

static bool write_program(FILE *out, const char *path)
{
	AUTO_CLOSE int fd = open(path, O_PATH | O_CLOEXEC);
	struct target_facts facts;

	if (fd < 0 || target_look(fd, &facts) != STATUS_OK)
		return false;
	rule_files_describe_facts(&facts, out);
	return true;
}
