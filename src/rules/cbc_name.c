/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bytecode rule is called, and what it calls what it finds. The former is the
 * second line up to the brace or semicolon. The latter are texts that the program hands
 * to setvirusname: those in the braces are known beforehand, and those that are
 * constants.
 */
#include "base/checked.h"
#include "rules/cbc.h"

enum { API_SET_NAME = 5, NAME_MAX = 128 };

/* Without a dot at either end. */
static struct slice trimmed(struct slice name)
{
	while (name.len > 0 && name.base[name.len - 1] == '.')
		name.len--;
	if (name.len > 0 && name.base[0] == '.') {
		struct reader in = reader_of_slice(name);

		reader_skip(&in, 1);
		name = reader_rest(&in);
	}
	return name;
}

static struct slice title_of(const struct cbc *cbc)
{
	struct slice name = cbc->title;
	size_t len = 0;

	while (len < name.len && name.base[len] != '{' && name.base[len] != ';')
		len++;
	name.len = min_size(len, NAME_MAX);
	return trimmed(name);
}

/* The text that a pointer among the globals points to, if that is in an array of bytes. */
static bool constant_text(struct cbc *cbc, uint64_t index, struct slice *out)
{
	const struct program *program = &cbc->program;
	const struct program_global *pointer, *text;

	if (index >= program->global_count)
		return false;
	pointer = &program->globals[index];
	if (!program_type_is_pointer(program, pointer->type) ||
	    pointer->constant_count != 2)
		return false;
	uint64_t offset = program->constants[pointer->first];
	uint64_t target = program->constants[pointer->first + 1];
	if (target >= program->global_count)
		return false;
	text = &program->globals[target];
	if (text->size != text->constant_count || offset >= text->constant_count)
		return false;
	uint8_t *bytes = arena_alloc(cbc->arena, NAME_MAX);
	size_t len = 0;
	for (uint64_t i = offset; bytes && i < text->constant_count && len < NAME_MAX;
	     i++) {
		uint64_t byte = program->constants[text->first + i];

		if (byte == 0 || byte > UINT8_MAX)
			break;
		bytes[len++] = (uint8_t)byte;
	}
	*out = (struct slice){ bytes, len };
	return len > 0;
}

static bool is_known(const struct rule *rule, struct slice name)
{
	if (slice_equal(rule->name, name))
		return true;
	for (size_t i = 0; i < rule->more_name_count; i++)
		if (slice_equal(rule->more_names[i], name))
			return true;
	return false;
}

static enum status add_name(struct cbc *cbc, struct rule *rule, struct slice name)
{
	if (rule->name.len == 0)
		rule->name = name;
	if (is_known(rule, name) || rule->more_name_count == RULE_MORE_NAMES_MAX)
		return STATUS_OK;
	if (!rule->more_names)
		rule->more_names = arena_new_array(cbc->arena, struct slice,
						   RULE_MORE_NAMES_MAX);
	if (!rule->more_names)
		return STATUS_NO_MEMORY;
	rule->more_names[rule->more_name_count++] = name;
	return STATUS_OK;
}

/* `Prefix.{A,B}` in the second line: Prefix.A, Prefix.B */
static enum status add_declared(struct cbc *cbc, struct rule *rule)
{
	struct reader in = reader_of_slice(cbc->title);
	enum status status = STATUS_OK;
	size_t open, end, at;

	if (!reader_find(&in, 0, slice_of("{"), &open) ||
	    !reader_find(&in, open, slice_of("}"), &end) || open > NAME_MAX)
		return STATUS_OK;
	for (size_t from = open + 1; from < end && status == STATUS_OK; from = at + 1) {
		if (!reader_find(&in, from, slice_of(","), &at) || at > end)
			at = end;
		size_t len = at - from;
		uint8_t *name = arena_alloc(cbc->arena, open + NAME_MAX);

		if (!name)
			return STATUS_NO_MEMORY;
		if (len == 0 || len > NAME_MAX)
			continue;
		memcpy(name, cbc->title.base, open);
		memcpy(&name[open], &cbc->title.base[from], len);
		status = add_name(cbc, rule, trimmed((struct slice){ name, open + len }));
	}
	return status;
}

enum status cbc_names(struct cbc *cbc, struct rule *rule)
{
	const struct program *program = &cbc->program;

	rule->name = title_of(cbc);
	enum status status = add_declared(cbc, rule);
	for (uint32_t i = 0; i < program->instruction_count && status == STATUS_OK; i++) {
		const struct program_instruction *call = &program->instructions[i];
		struct slice name;

		if (call->op != OP_CALL_API ||
		    program->apis[call->what].number != API_SET_NAME)
			continue;
		const struct program_operand *operand = &program->operands[call->first];
		if (operand->kind == OPERAND_GLOBAL &&
		    constant_text(cbc, operand->value, &name))
			status = add_name(cbc, rule, name);
	}
	if (rule->name.len == 0)
		rule->name = slice_of("BC.Unnamed");
	return status;
}
