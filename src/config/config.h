/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value of every setting, and where it came from.
 *
 * Origins in rising order: default, system (/etc/custos/custos.conf, then
 * conf.d in the order of names), user ($XDG_CONFIG_HOME/custos/custos.conf),
 * environment (CUSTOS_NAME), option. The highest that says anything wins; the
 * values of a list add up inside one origin and replace those of lower ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "config/setting.h"

enum config_origin {
	ORIGIN_DEFAULT,
	ORIGIN_SYSTEM,
	ORIGIN_USER,
	ORIGIN_ENVIRONMENT,
	ORIGIN_OPTION,
};

/* Who says it: an origin and, for messages, the line, the variable or the option. */
struct config_place {
	enum config_origin origin;
	const char *where; /* "/etc/custos/custos.conf:3", "CUSTOS_JOBS", "--jobs" */
};

struct config_value {
	enum config_origin origin;
	char *where;     /* NULL: default */
	uint64_t number; /* FLAG (0, 1), NUMBER, SIZE, TIME, REASONS, CHOICE */
	char **texts;    /* TEXT (none or one), LIST */
	size_t text_count;
};

/* Owned: config_init() before, config_clear() after. */
struct config {
	struct config_value values[SETTING_COUNT];
};

/*
 * What is wrong, and where, as one line without its end. Raw bytes of a file may be in
 * it.
 */
struct config_error {
	char text[1024];
};

/* Every setting at its default. */
void config_init(struct config *config);
void config_clear(struct config *config);

/*
 * Takes one value as text. False, with *error filled in and the value as it
 * was, if the text does not fit the setting or the origin may not set it.
 * A value from a lower origin than the present one is checked and dropped.
 */
MUST_CHECK bool config_set(struct config *config, enum setting_id id,
			   struct config_place place, const char *text,
			   struct config_error *error);

/*
 * Reads the `key = value` lines of a file whose bytes these are. Stops at the first
 * error.
 */
MUST_CHECK bool config_read(struct config *config, enum config_origin origin,
			    const char *path, struct slice bytes,
			    struct config_error *error);

static inline bool config_flag(const struct config *config, enum setting_id id)
{
	return config->values[id].number != 0;
}

static inline uint64_t config_number(const struct config *config, enum setting_id id)
{
	return config->values[id].number;
}

/* The text of a TEXT setting, or NULL if it has none. */
static inline const char *config_text(const struct config *config, enum setting_id id)
{
	const struct config_value *value = &config->values[id];

	return value->text_count > 0 ? value->texts[0] : NULL;
}

/*
 * The value as it could stand in a file (lists: with commas between), in memory of the
 * caller's: free() it.
 */
char *config_write(const struct config *config, enum setting_id id);
