/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings for rules that not everybody wants: of potentially unwanted programs, and
 * of phishing.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "config/config.h"
#include "database/build.h"

/*
 * free() *ret_text once *out is not used any more. False, and said on stderr, if the
 * settings contradict each other.
 */
MUST_CHECK bool pua_choose(const struct config *config, struct build_pua *out,
			   char **ret_text);

/* For a command's table. */
#define PUA_SETTINGS \
	SETTING_PUA, SETTING_PUA_INCLUDE, SETTING_PUA_EXCLUDE, SETTING_PHISHING_RULES
