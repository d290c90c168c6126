/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subcommands of custos db, each in the file of its kind.
 */
#pragma once

#include "command.h"

extern const struct command db_build_command, db_check_command, db_info_command,
	db_list_command, db_lookup_command, db_test_command, db_decode_command,
	db_from_file_command, db_verify_command, db_unpack_command, db_apply_command,
	db_diff_command;
