/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytecode rules (cbc): a file is one rule. docs/formats/bytecode.md describes its lines.
 */
#include "rules/cbc.h"

#include "base/checked.h"
#include "bytecode/api.h"
#include "rules/cbc_text.h"
#include "rules/languages.h"

static const uint64_t magic = UINT64_C(0x53e5493e9f3d1c30);

enum {
	LEVEL_LEAST = 6,
	LEVEL_MOST = 7,
	CHECK_NUMBER = 42,
	TYPES_NOT_LISTED = 5, /* of those that the first line counts */
	FIRST_ROOM = 16,
};

static enum status read_file(struct cbc *cbc);
static enum status make_rule(struct cbc *cbc, struct rule *rule);

enum status cbc_read(struct arena *arena, struct slice file, struct rule *out,
		     struct rule_error *error)
{
	struct cbc cbc = { .arena = arena,
			   .error = error,
			   .file = reader_of_slice(file) };
	struct rule rule = { 0 };
	const char *why = NULL;
	enum status status = read_file(&cbc);

	if (status != STATUS_OK)
		return status;
	cbc.line = reader_of(NULL, 0);
	cbc.line_number = 0;
	if (program_check(&cbc.program, &why) != STATUS_OK)
		return cbc_refuse(&cbc, why);
	status = make_rule(&cbc, &rule);
	if (status == STATUS_OK)
		status = program_save(&cbc.program, arena, &rule.data);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

enum status cbc_refuse(struct cbc *cbc, const char *message)
{
	*cbc->error = (struct rule_error){
		.line = cbc->line_number,
		.column = cbc->line_number == 0 ? 0 : (uint32_t)cbc->line.pos + 1,
		.message = message,
	};
	return STATUS_MALFORMED;
}

/* Well-formed, but not for us, or not built yet. */
static enum status leave_out(struct cbc *cbc, bool is_skip, const char *message,
			     struct slice detail)
{
	(void)cbc_refuse(cbc, message);
	cbc->error->is_skip = is_skip;
	cbc->error->detail = detail;
	return STATUS_UNSUPPORTED;
}

bool cbc_next_line(struct cbc *cbc)
{
	struct slice line = { 0 };
	bool is_there = reader_line(&cbc->file, &line);

	cbc->line_number++;
	cbc->line = reader_of_slice(line);
	return is_there;
}

void *cbc_add(struct cbc *cbc, void **list, uint32_t *count, size_t size)
{
	uint32_t used = *count;
	bool is_full = used == 0 || (used >= FIRST_ROOM && (used & (used - 1)) == 0);

	if (used >= PROGRAM_LIST_MAX)
		return NULL;
	if (is_full) {
		uint8_t *larger = arena_alloc_array(
			cbc->arena, max_size((size_t)used * 2, FIRST_ROOM), size);
		if (!larger)
			return NULL;
		if (used > 0)
			memcpy(larger, *list, used * size);
		*list = larger;
	}
	*count = used + 1;
	uint8_t *bytes = *list;
	return &bytes[used * size];
}

static enum status read_first_line(struct cbc *cbc)
{
	struct reader *in = &cbc->line;
	struct slice text;

	if (!cbc_next_line(cbc) || !slice_is(reader_slice(in, 6), "ClamBC"))
		return cbc_refuse(cbc, "no bytecode");
	uint64_t level = cbc_number(in);
	if (reader_ok(in) && (level < LEVEL_LEAST || level > LEVEL_MOST))
		return leave_out(cbc, true, "of another version of the format",
				 (struct slice){ 0 });
	(void)cbc_number(in); /* when it was made, then by whom */
	if (cbc_string(in, cbc->arena, &text) != STATUS_OK)
		return STATUS_NO_MEMORY;
	(void)cbc_number(in); /* a target to exclude: 0 in all there are */
	cbc->program.kind = cbc_number32(in);
	uint64_t lowest = cbc_number(in), highest = cbc_number(in);
	(void)cbc_number(in); /* resources; then by what it was made */
	if (cbc_string(in, cbc->arena, &text) != STATUS_OK)
		return STATUS_NO_MEMORY;
	cbc->type_count = cbc_number(in);
	cbc->function_count = cbc_number(in);
	if (cbc_number(in) != magic || cbc_fixed(in, 2) != CHECK_NUMBER || !reader_ok(in))
		return cbc_refuse(cbc, "a first line that cannot be read");
	if (lowest > RULE_FEATURE_LEVEL || (highest > 0 && highest < RULE_FEATURE_LEVEL))
		return leave_out(cbc, true, "for another feature level",
				 (struct slice){ 0 });
	return STATUS_OK;
}

static enum status read_parts(struct cbc *cbc, struct program_type *type)
{
	struct reader *in = &cbc->line;
	bool is_one = type->shape >= SHAPE_ARRAY;

	type->part_count = 1;
	if (type->shape == SHAPE_ARRAY)
		type->count = cbc_number(in);
	if (!is_one)
		type->part_count = cbc_number32(in);
	for (uint32_t i = 0; i < type->part_count && reader_ok(in); i++) {
		uint32_t *part = cbc_add(cbc, (void **)&cbc->program.parts,
					 &cbc->program.part_count, sizeof(*part));
		if (!part)
			return STATUS_NO_MEMORY;
		*part = cbc_number32(in);
	}
	return STATUS_OK;
}

static enum status read_types(struct cbc *cbc)
{
	struct program *program = &cbc->program;
	struct reader *in = &cbc->line;

	if (!cbc_next_line(cbc) || !cbc_take(in, 'T') || cbc_fixed(in, 2) != TYPE_OWN)
		return cbc_refuse(cbc, "no types");
	for (uint64_t i = TYPES_NOT_LISTED; i < cbc->type_count; i++) {
		struct program_type *type = cbc_add(cbc, (void **)&program->types,
						    &program->type_count, sizeof(*type));
		if (!type)
			return STATUS_NO_MEMORY;
		*type = (struct program_type){
			.shape = (uint8_t)cbc_fixed(in, 1),
			.first = program->part_count,
		};
		if (type->shape < SHAPE_FUNCTION || type->shape > SHAPE_POINTER)
			return cbc_refuse(cbc, "a type that is none");
		enum status status = read_parts(cbc, type);
		if (status != STATUS_OK)
			return status;
		if (!reader_ok(in))
			return cbc_refuse(cbc, "types that cannot be read");
	}
	return STATUS_OK;
}

/* Is a function of the engine known by this number and name, and is it built? */
static enum status check_api(struct cbc *cbc, uint32_t number, struct slice name)
{
	const struct api *api = api_of(number);

	if (!api)
		return leave_out(cbc, true, "it calls a function of a newer engine",
				 name);
	if (!slice_is(name, api->name))
		return cbc_refuse(cbc, "a function of the engine by a wrong name");
	if (!api->call)
		return leave_out(cbc, false, "not built yet: it calls", name);
	return STATUS_OK;
}

static enum status read_apis(struct cbc *cbc)
{
	struct program *program = &cbc->program;
	struct reader *in = &cbc->line;
	struct slice name;

	if (!cbc_next_line(cbc) || !cbc_take(in, 'E'))
		return cbc_refuse(cbc, "no functions of the engine");
	(void)cbc_number(in); /* the highest of them */
	uint64_t count = cbc_number(in);
	for (uint64_t i = 0; i < count && reader_ok(in); i++) {
		struct program_api *api = cbc_add(cbc, (void **)&program->apis,
						  &program->api_count, sizeof(*api));
		if (!api)
			return STATUS_NO_MEMORY;
		api->number = cbc_number32(in);
		api->type = cbc_number32(in);
		if (cbc_string(in, cbc->arena, &name) != STATUS_OK)
			return STATUS_NO_MEMORY;
		if (!reader_ok(in))
			break;
		enum status status = check_api(cbc, api->number, name);
		if (status != STATUS_OK)
			return status;
	}
	if (!reader_ok(in))
		return cbc_refuse(cbc, "functions of the engine that cannot be read");
	return STATUS_OK;
}

static enum status read_globals(struct cbc *cbc)
{
	struct program *program = &cbc->program;
	struct reader *in = &cbc->line;
	uint64_t value;

	if (!cbc_next_line(cbc) || !cbc_take(in, 'G'))
		return cbc_refuse(cbc, "no globals");
	(void)cbc_number(in); /* the highest of the engine's own */
	uint64_t count = cbc_number(in);
	for (uint64_t i = 0; i < count && reader_ok(in); i++) {
		struct program_global *global = cbc_add(cbc, (void **)&program->globals,
							&program->global_count,
							sizeof(*global));
		if (!global)
			return STATUS_NO_MEMORY;
		*global = (struct program_global){ .type = cbc_number32(in),
						   .first = program->constant_count };
		while (cbc_constant(in, &value)) {
			uint64_t *constant = cbc_add(cbc, (void **)&program->constants,
						     &program->constant_count,
						     sizeof(*constant));
			if (!constant)
				return STATUS_NO_MEMORY;
			*constant = value;
			global->constant_count++;
		}
	}
	if (!reader_ok(in))
		return cbc_refuse(cbc, "globals that cannot be read");
	return STATUS_OK;
}

static enum status read_file(struct cbc *cbc)
{
	enum status status = read_first_line(cbc);

	if (status != STATUS_OK)
		return status;
	if (!cbc_next_line(cbc))
		return cbc_refuse(cbc, "no second line");
	cbc->title = reader_rest(&cbc->line);
	status = read_types(cbc);
	if (status == STATUS_OK)
		status = read_apis(cbc);
	if (status == STATUS_OK)
		status = read_globals(cbc);
	if (status != STATUS_OK)
		return status;
	/* What debuggers want stands in between, and after the code its source. */
	do {
		if (!cbc_next_line(cbc))
			return cbc_refuse(cbc, "no code");
	} while (reader_peek(&cbc->line, 0) == 'D');
	return cbc_read_functions(cbc);
}

/* With a logical signature in its second line it waits for that. */
static enum status make_rule(struct cbc *cbc, struct rule *rule)
{
	uint32_t kind = cbc->program.kind;
	struct reader title = reader_of_slice(cbc->title);
	size_t at;
	enum status status = STATUS_OK;

	if (kind >= BYTECODE_LOGICAL && reader_find(&title, 0, slice_of(";"), &at)) {
		status = ldb_read_trigger(cbc->arena, cbc->title, rule, cbc->error);
		if (status == STATUS_MALFORMED || status == STATUS_UNSUPPORTED)
			cbc->error->line = 2;
	} else if (kind == BYTECODE_LOGICAL) {
		return cbc_refuse(cbc, "no logical signature");
	}
	if (status == STATUS_END)
		return cbc_refuse(cbc, "a logical signature that is a comment");
	if (status != STATUS_OK)
		return status;
	rule->language = RULE_BYTECODE;
	rule->entry_kind = (uint8_t)(kind < BYTECODE_LOGICAL ?
					     kind :
					     kind - BYTECODE_LOGICAL + 2);
	if (kind < BYTECODE_LOGICAL)
		rule->flags |= RULE_FINDS_NOTHING;
	return cbc_names(cbc, rule);
}
