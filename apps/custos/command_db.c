/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db: rules as files and as compiled databases.
 */
#include "command.h"
#include "db.h"

static const struct command *const db_commands[] = {
	&db_build_command,
	&db_check_command,
	&db_info_command,
	&db_list_command,
	&db_lookup_command,
	&db_test_command,
	&db_decode_command,
	&db_from_file_command,
	&db_verify_command,
	&db_unpack_command,
	&db_apply_command,
	&db_diff_command,
	NULL,
};

const struct command command_db = {
	.name = "db",
	.summary = "compile, check and look into rules",
	.about = "Rules are text files in ClamAV's languages (.hdb .hsb .ndb .ldb .fp "
		 ".sfp .ign2\n"
		 "...), ClamAV's containers of them (.cvd .cld .cud), or databases "
		 "compiled from\n"
		 "them (.cseg).\n",
	.subcommands = db_commands,
};
