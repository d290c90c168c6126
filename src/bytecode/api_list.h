/* SPDX-License-Identifier: Apache-2.0 */
/* The functions behind the table of api_list.c, by the files they are in. */
#pragma once

#include "bytecode/machine.h"

typedef bool api_function(struct machine *machine,
			  const uint64_t arguments[API_ARGUMENTS_MAX],
			  uint64_t *ret_result);

/* api_file.c: the object, or what is being made out of it, for reading */
api_function api_file_read, api_file_seek, api_file_find, api_file_find_before,
	api_file_byte, api_file_fill, api_file_number, api_file_switch;

/* api_tell.c: what is found, made and printed */
api_function api_found, api_child_write, api_child_next, api_child_container,
	api_print_text, api_print_number, api_error, api_memory, api_test1, api_test2,
	api_ignore, api_zero, api_none;

/* api_pipe.c, api_decode.c */
api_function api_pipe_new, api_pipe_of_file, api_pipe_readable, api_pipe_read,
	api_pipe_was_read, api_pipe_writable, api_pipe_write, api_pipe_was_written,
	api_pipe_done;
api_function api_inflate_new, api_lzma_new, api_bzip2_new, api_decode, api_decode_done;

/* api_set.c, api_map.c */
api_function api_set_new, api_set_add, api_set_remove, api_set_has, api_set_done,
	api_set_empty;
api_function api_map_new, api_map_add, api_map_set, api_map_remove, api_map_find,
	api_map_size, api_map_value, api_map_done;

/* api_math.c, api_text.c */
api_function api_log2, api_power, api_exp, api_sin, api_cos, api_entropy;
api_function api_text_find, api_text_hex, api_text_number, api_version_compare;

/* api_engine.c, api_pe.c */
api_function api_engine_level, api_engine_scan_options, api_engine_database_options,
	api_engine_option, api_environment, api_disable, api_platform;
api_function api_pe_offset, api_pe_section;
