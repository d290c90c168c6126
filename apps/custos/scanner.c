/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "host/clamav_folder.h"
#include "host/folder.h"
#include "match/probe.h"
#include "problems.h"
#include "screen.h"
#ifdef CUSTOS_ENGINE_IN_PROCESS
#include "worker/local_worker.h"
#endif

enum { PROBLEMS_SHOWN = 5 };

static void on_compiling(void *context, const struct rule_files *files);
static void on_problem(void *context, const struct rule_problem *problem);
static bool rule_exists(void *context, uint32_t segment, uint32_t rule);
static bool load_list(struct allow *allow, const char *folder, bool is_system);
static bool can_run(enum cpu_path path);

/* NULL: none. */
static char *clamav_folder(const struct config *config)
{
	const char *setting = config_text(config, SETTING_CLAMAV_FOLDER);

	if (!setting || strcmp(setting, "no") == 0)
		return NULL;
	return strcmp(setting, "auto") == 0 ? clamav_folder_find(CLAMAV_CONFIG) :
					      strdup(setting);
}

char *scanner_certificates(const struct config *config)
{
	const char *setting = config_text(config, SETTING_CERTIFICATES);

	if (!setting || strcmp(setting, "no") == 0)
		return NULL;
	return strcmp(setting, "auto") == 0 ? clamav_certificates_find(CLAMAV_CONFIG) :
					      strdup(setting);
}

bool scanner_open(struct scanner *scanner, const struct config *config)
{
	const struct config_value *database = &config->values[SETTING_DATABASE];
	AUTO_FREE char *cache = folder_cache(config_text(config, SETTING_CACHE));
	struct problems problems = { .show_max = PROBLEMS_SHOWN };
	struct rule_error_text error;
	AUTO_FREE char *clamav = clamav_folder(config);
	AUTO_FREE char *certificates = scanner_certificates(config);
	struct build_pua pua;
	bool ok;

	*scanner = (struct scanner){ 0 };
	if (!can_run((enum cpu_path)config_number(config, SETTING_CPU_PATH)))
		return false;
	if (!pua_choose(config, &pua, &scanner->pua))
		return false;
	ok = catalog_open(&scanner->catalog,
			  &(struct catalog_options){
				  .paths = (const char *const *)database->texts,
				  .path_count = database->text_count,
				  .cache_folder = cache,
				  .clamav_folder = clamav,
				  .certificates = certificates,
				  .pua = pua,
				  .clamav_compat = scanner_is_compat(config),
				  .bytecode_unsigned = config_flag(
					  config, SETTING_BYTECODE_UNSIGNED),
				  .compiling = on_compiling,
				  .report = { on_problem, &problems },
			  },
			  &error);
	screen_status_wipe();
	if (!ok) {
		screen_error("%s", error.text);
		free(scanner->pua);
		scanner->pua = NULL;
		return false;
	}
	problems_end(&problems);
	if (scanner->catalog.clamav_trouble)
		screen_error("%s", scanner->catalog.clamav_trouble);
	scanner->state = folder_state(config_text(config, SETTING_STATE));
	if (scanner_load_allow(&scanner->allow, config))
		return true;
	scanner_close(scanner);
	return false;
}

bool scanner_start(struct scanner *scanner, const struct config *config,
		   const struct pool_events *events)
{
	struct scan_limits limits = scan_limits_default();
	struct pool_events told = *events;
	struct pool_error error;

	told.context = scanner;
	limits.depth_max = (uint32_t)config_number(config, SETTING_MAX_DEPTH);
	limits.files_max = (uint32_t)config_number(config, SETTING_MAX_FILES);
	limits.bytes_max = config_number(config, SETTING_MAX_BYTES);
	limits.child_bytes_max = config_number(config, SETTING_MAX_CHILD);
	limits.ratio_max = (uint32_t)config_number(config, SETTING_MAX_RATIO);
	limits.time_ms = (uint32_t)config_number(config, SETTING_MAX_TIME);

	if (pool_open(
		    &(struct pool_options){
			    .jobs = (unsigned)config_number(config, SETTING_JOBS),
			    .isolate = config_flag(config, SETTING_ISOLATE),
			    .clamav_compat = scanner_is_compat(config),
			    .no_bytecode = !config_flag(config, SETTING_BYTECODE),
			    .cpu_path = (enum cpu_path)config_number(config,
								     SETTING_CPU_PATH),
			    .limits = limits,
			    .database_fds = scanner->catalog.fds,
			    .database_fd_count = scanner->catalog.count,
			    .rule_exists = rule_exists,
			    .events = told,
#ifdef CUSTOS_ENGINE_IN_PROCESS
			    .engine = &local_worker,
#endif
		    },
		    &scanner->pool, &error))
		return true;
	screen_error("%s", error.text);
	return false;
}

void scanner_explain_walk(void)
{
	/* A file is opened in two steps, the second of which goes through /proc. */
	if (errno == ENOENT)
		screen_error("cannot scan where /proc is not mounted");
	else
		screen_error("cannot walk: %s", strerror(errno));
}

int scanner_exit_code(const struct scanner *scanner, int code)
{
	bool is_less = code == EXIT_OK || code == EXIT_INCOMPLETE;

	return is_less && scanner->catalog.clamav_trouble ? EXIT_ERROR : code;
}

void scanner_close(struct scanner *scanner)
{
	pool_close(scanner->pool);
	catalog_close(&scanner->catalog);
	allow_clear(&scanner->allow);
	free(scanner->state);
	free(scanner->pua);
	*scanner = (struct scanner){ 0 };
}

bool scanner_load_allow(struct allow *allow, const struct config *config)
{
	const char *setting = config_text(config, SETTING_STATE);
	AUTO_FREE char *own = folder_state(setting);

	if (!setting && own && strcmp(own, FOLDER_SYSTEM_STATE) != 0 &&
	    !load_list(allow, FOLDER_SYSTEM_STATE, true))
		return false;
	if (own && !load_list(allow, own, false))
		return false;
	if (allow->bad_lines > 0)
		screen_warning("%zu lines of the allow list are not of its form and "
			       "allow nothing",
			       allow->bad_lines);
	return true;
}

bool scanner_is_compat(const struct config *config)
{
	return config_number(config, SETTING_COMPAT) == COMPAT_CLAMAV;
}

static bool load_list(struct allow *allow, const char *folder, bool is_system)
{
	enum status status = allow_load(allow, folder, is_system);

	/* Not to see the system's list only means to see more findings. */
	if (status == STATUS_OK || (is_system && status == STATUS_IO && errno == EACCES))
		return true;
	if (status == STATUS_CHANGED)
		screen_error("%s/allow: others own it or may write to it: not believed",
			     folder);
	else if (status == STATUS_LIMIT)
		screen_error("%s/allow: too large", folder);
	else
		screen_error("%s/allow: %s", folder, strerror(errno));
	return false;
}

static void on_compiling(void *context, const struct rule_files *files)
{
	char text[256];

	(void)context;
	if (!screen_has_status())
		return;
	snprintf(text, sizeof(text), "compiling %zu rule file%s ...", files->file_count,
		 files->file_count == 1 ? "" : "s");
	screen_status(text);
}

static void on_problem(void *context, const struct rule_problem *problem)
{
	problems_add(context, problem);
}

static bool rule_exists(void *context, uint32_t segment, uint32_t rule)
{
	const struct scanner *scanner = context;
	struct rule_info info;

	return database_rule(&scanner->catalog.database, segment, rule, &info);
}

/* Says on stderr what this processor has, if not that. */
static bool can_run(enum cpu_path path)
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	char list[64] = "";

	if (probe_kernel_of(path))
		return true;
	for (size_t i = 0, count = probe_kernels(kernels); i < count; i++) {
		size_t len = strlen(list);

		snprintf(list + len, sizeof(list) - len, " %s", kernels[i]->name);
	}
	screen_error("no such cpu-path on this processor; it has:%s", list);
	return false;
}
