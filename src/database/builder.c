/* SPDX-License-Identifier: Apache-2.0 */
/* What all parts of a build call. */
#include "database/builder.h"

static enum status begin_string(struct builder *builder, struct slice text,
				uint32_t *ret_offset);

enum status builder_string(struct builder *builder, struct slice text,
			   uint32_t *ret_offset)
{
	enum status status = begin_string(builder, text, ret_offset);

	if (status == STATUS_OK)
		output_put(&builder->output, text.base, text.len);
	return status;
}

enum status builder_text(struct builder *builder, const struct rule_place *place,
			 uint32_t *ret_offset)
{
	struct slice line = place->is_file ? (struct slice){ 0 } : place->text;
	enum status status = begin_string(builder, line, ret_offset);

	if (status == STATUS_OK)
		output_veiled(&builder->output, line, (uint64_t)*ret_offset + 2);
	return status;
}

/* Its length; what follows is its bytes. The empty one is there already. */
static enum status begin_string(struct builder *builder, struct slice text,
				uint32_t *ret_offset)
{
	struct output *output = &builder->output;
	uint64_t offset = output->at - output->places[SECTION_STRINGS].offset;

	if (text.len == 0) {
		*ret_offset = 0;
		return STATUS_OK;
	}
	if (text.len > UINT16_MAX || offset > UINT32_MAX)
		return STATUS_LIMIT;
	*ret_offset = (uint32_t)offset;
	output_u16(output, (uint16_t)text.len);
	return STATUS_OK;
}

void builder_problem(struct builder *builder, const struct build_problem *problem)
{
	struct build_count *count = &builder->counts[problem->input];
	const struct build_file *file = &builder->files[problem->input];
	struct build_problem told = *problem;

	switch (problem->severity) {
	case BUILD_REFUSED:
		count->refused++;
		break;
	case BUILD_SKIPPED:
		count->skipped++;
		break;
	case BUILD_NOTE:
		break;
	}
	told.input = file->input;
	if (file->is_member)
		told.member = file->member;
	builder->options->problem(builder->options->context, &told);
}
