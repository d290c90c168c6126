/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/compile_record.h"

#include "base/status.h"
#include "ipc/wire.h"

/* As many as enum build_severity of database/build.h has. */
enum { SEVERITY_COUNT = 3 };

/* … and of enum build_role. */
enum { ROLE_COUNT = 4 };

static void compile_fields(struct wire *wire, void *record)
{
	struct record_compile *compile = record;

	wire_choice(wire, &compile->action, RECORD_ACTIONS);
	wire_slice(wire, &compile->argument, RECORD_TEXT_MAX);
	wire_choice(wire, &compile->source_count, RECORD_RULE_SOURCES_MAX + 1);
	wire_choice(wire, &compile->file_count, RECORD_RULE_FILES_MAX + 1);
	wire_slice(wire, &compile->build_id, RECORD_TEXT_MAX);
	wire_bool(wire, &compile->clamav_compat);
	wire_bool(wire, &compile->bytecode_unsigned);
	wire_bool(wire, &compile->pua);
	wire_bool(wire, &compile->pua_is_exclusion);
	wire_slice(wire, &compile->pua_categories, RECORD_TEXT_MAX);
	wire_bool(wire, &compile->no_phishing);
}

static void rule_source_fields(struct wire *wire, void *record)
{
	struct record_rule_source *source = record;

	wire_slice(wire, &source->name, RECORD_TEXT_MAX);
	wire_slice(wire, &source->coverage, RECORD_TEXT_MAX);
	wire_slice(wire, &source->licence, RECORD_TEXT_MAX);
	wire_bool(wire, &source->is_trusted);
}

static void rule_file_fields(struct wire *wire, void *record)
{
	struct record_rule_file *file = record;

	wire_choice(wire, &file->source, RECORD_RULE_SOURCES_MAX);
	wire_choice(wire, &file->role, ROLE_COUNT);
	wire_choice(wire, &file->of, RECORD_RULE_FILES_MAX);
	wire_u64(wire, &file->size_bytes);
	wire_slice(wire, &file->name, RECORD_TEXT_MAX);
}

static void build_fields(struct wire *wire, void *record)
{
	(void)wire;
	(void)record;
}

static void problem_fields(struct wire *wire, void *record)
{
	struct record_problem *problem = record;

	wire_choice(wire, &problem->severity, SEVERITY_COUNT);
	wire_choice(wire, &problem->input, RECORD_RULE_FILES_MAX);
	wire_u32(wire, &problem->line);
	wire_u32(wire, &problem->column);
	wire_slice(wire, &problem->member, RECORD_TEXT_MAX);
	wire_slice(wire, &problem->message, RECORD_TEXT_MAX);
	wire_slice(wire, &problem->detail, RECORD_TEXT_MAX);
}

static void count_of_file_fields(struct wire *wire, void *record)
{
	struct record_count_of_file *count = record;

	wire_choice(wire, &count->input, RECORD_RULE_FILES_MAX);
	wire_u32(wire, &count->taken);
	wire_u32(wire, &count->refused);
	wire_u32(wire, &count->skipped);
}

static void fact_fields(struct wire *wire, void *record)
{
	struct record_fact *fact = record;

	wire_choice(wire, &fact->input, RECORD_RULE_FILES_MAX);
	wire_slice(wire, &fact->label, RECORD_TEXT_MAX);
	wire_slice(wire, &fact->value, RECORD_TEXT_MAX);
}

static void piece_fields(struct wire *wire, void *record)
{
	struct record_piece *piece = record;

	wire_slice(wire, &piece->name, RECORD_TEXT_MAX);
	wire_u64(wire, &piece->offset);
	wire_u64(wire, &piece->len);
}

static void built_fields(struct wire *wire, void *record)
{
	struct record_built *built = record;

	wire_choice(wire, &built->status, STATUS_COUNT);
	wire_u64(wire, &built->size_bytes);
}

bool compile_add(struct message *to, const struct record_compile *compile)
{
	struct record_compile copy = *compile;

	return wire_add(to, RECORD_COMPILE, compile_fields, &copy);
}

bool compile_get(struct slice body, struct record_compile *out)
{
	return wire_get(body, compile_fields, out);
}

bool compile_add_build(struct message *to)
{
	return wire_add(to, RECORD_BUILD, build_fields, NULL);
}

bool compile_get_build(struct slice body)
{
	return wire_get(body, build_fields, NULL);
}

#define PAIR(name, kind) \
	bool compile_add_##name(struct message *to, const struct record_##name *name) \
	{ \
		struct record_##name copy = *name; \
\
		return wire_add(to, kind, name##_fields, &copy); \
	} \
\
	bool compile_get_##name(struct slice body, struct record_##name *out) \
	{ \
		return wire_get(body, name##_fields, out); \
	}

PAIR(rule_source, RECORD_RULE_SOURCE)
PAIR(rule_file, RECORD_RULE_FILE)
PAIR(problem, RECORD_PROBLEM)
PAIR(count_of_file, RECORD_COUNT_OF_FILE)
PAIR(fact, RECORD_FACT)
PAIR(piece, RECORD_PIECE)
PAIR(built, RECORD_BUILT)
