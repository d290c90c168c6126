/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos config: every setting, its value and where that came from, in the
 * form of a configuration file: what is printed can be edited and used.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "config/load.h"
#include "screen.h"

static int run_config(struct invocation *invocation);
static void print_setting(const struct config *config, enum setting_id id);

const struct command command_config = {
	.name = "config",
	.summary = "show every setting, its value and where it comes from",
	.operands = "[SETTING...]",
	.about = "Settings come from options, then the environment (CUSTOS_NAME), then "
		 "your own\n"
		 "file, then " CONFIG_SYSTEM_FILE " and " CONFIG_SYSTEM_DIR "/*.conf.\n"
		 "Files are lines of `key = value'.\n",
	.run = run_config,
};

static int run_config(struct invocation *invocation)
{
	AUTO_FREE char *user = config_user_path();

	if (invocation->operand_count == 0) {
		screen_print(SCREEN_FAINT, "# your own file: ");
		screen_text(slice_of(user ? user : "none (no home)"));
		putchar('\n');
		for (unsigned i = 0; i < SETTING_COUNT; i++)
			print_setting(&invocation->config, (enum setting_id)i);
		return EXIT_OK;
	}
	for (size_t i = 0; i < invocation->operand_count; i++) {
		enum setting_id id;

		if (!setting_find(slice_of(invocation->operands[i]), &id)) {
			screen_error("there is no setting '%s'", invocation->operands[i]);
			return EXIT_ERROR;
		}
		print_setting(&invocation->config, id);
	}
	return EXIT_OK;
}

static void print_setting(const struct config *config, enum setting_id id)
{
	const struct config_value *value = &config->values[id];
	AUTO_FREE char *text = config_write(config, id);

	screen_print(SCREEN_FAINT, "\n# %s\n# from: ", settings[id].help);
	screen_text(slice_of(value->where ? value->where : "the default"));
	putchar('\n');
	/* A list is one line for each of its values, as a file would have it. */
	if (settings[id].type == SETTING_LIST && value->text_count > 0) {
		for (size_t i = 0; i < value->text_count; i++) {
			printf("%s = ", settings[id].name);
			screen_text(slice_of(value->texts[i]));
			putchar('\n');
		}
		return;
	}
	printf("%s = ", settings[id].name);
	screen_text(slice_of(text));
	putchar('\n');
}
