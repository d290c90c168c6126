/* SPDX-License-Identifier: Apache-2.0 */
#include "pua.h"

#include "screen.h"

bool pua_choose(const struct config *config, struct build_pua *out, char **ret_text)
{
	bool is_exclusion = config->values[SETTING_PUA_EXCLUDE].text_count > 0;

	if (is_exclusion && config->values[SETTING_PUA_INCLUDE].text_count > 0) {
		screen_error("pua-include and pua-exclude: one of them is enough");
		return false;
	}
	*ret_text = config_write(config, is_exclusion ? SETTING_PUA_EXCLUDE :
							SETTING_PUA_INCLUDE);
	*out = (struct build_pua){
		.is_wanted = config_flag(config, SETTING_PUA),
		.categories = slice_of(*ret_text),
		.is_exclusion = is_exclusion,
	};
	return true;
}
