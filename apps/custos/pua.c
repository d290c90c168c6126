/* SPDX-License-Identifier: Apache-2.0 */
#include "pua.h"

#include <stdio.h>
#include <stdlib.h>

#include "screen.h"

static char *joined(const struct config_value *value);

bool pua_choose(const struct config *config, struct build_pua *out, char **ret_text)
{
	bool is_exclusion = config->values[SETTING_PUA_EXCLUDE].text_count > 0;

	if (is_exclusion && config->values[SETTING_PUA_INCLUDE].text_count > 0) {
		screen_error("pua-include and pua-exclude: one of them is enough");
		return false;
	}
	*ret_text = joined(&config->values[is_exclusion ? SETTING_PUA_EXCLUDE :
							  SETTING_PUA_INCLUDE]);
	*out = (struct build_pua){
		.is_wanted = config_flag(config, SETTING_PUA),
		.categories = slice_of(*ret_text),
		.is_exclusion = is_exclusion,
		.no_phishing = !config_flag(config, SETTING_PHISHING_RULES),
	};
	return true;
}

static char *joined(const struct config_value *value)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	for (size_t i = 0; i < value->text_count; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", value->texts[i]);
	if (fclose(out) != 0)
		abort();
	return text;
}
