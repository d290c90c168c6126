/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a build: first the lists of rules to leave out, then all other
 * files in their order, then everything that had to wait for the last rule.
 */
#include "database/build.h"

#include <assert.h>

#include "bytes/reader.h"
#include "database/builder.h"
#include "database/lines.h"

enum { INPUTS_MAX = UINT16_MAX, LDB_LINE_MAX = 32 * 1024, OTHER_LINE_MAX = 8 * 1024 };

/* Where the texts of SOURCES, FILES and INFO stand in STRINGS. */
struct names {
	struct source_names {
		uint32_t name;
		uint32_t coverage;
		uint32_t licence;
	} * sources;
	uint32_t *files;
	uint32_t build_id;
};

static enum status init(struct builder *builder);
static enum status read_all(struct builder *builder);
static enum status read_input(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader, uint8_t *buffer);
static enum status read_lines(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader, uint8_t *buffer);
static enum status read_whole(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader);
static enum status read_line(struct builder *builder, const struct rule_reader *reader,
			     const struct rule_place *place);
static enum status take(struct builder *builder, const struct rule *rule,
			const struct rule_place *place);
static enum status write_all(struct builder *builder);
static enum status write_names(struct builder *builder, struct names *out);
static void write_sources(struct builder *builder, const struct names *names);
static void write_files(struct builder *builder, const struct names *names);
static void write_info(struct builder *builder, const struct names *names);
static void refuse(struct builder *builder, const struct rule_place *place,
		   const char *message);

enum status database_build(const struct build_options *options,
			   const struct build_input *inputs, size_t input_count,
			   struct build_count *counts, uint64_t *ret_size_bytes)
{
	struct builder builder = {
		.options = options,
		.inputs = inputs,
		.input_count = input_count,
		.counts = counts,
	};
	struct arena_mark mark = arena_mark(options->arena);

	if (input_count > INPUTS_MAX)
		return STATUS_LIMIT;
	for (size_t i = 0; i < input_count; i++) {
		assert(inputs[i].source_id < options->source_count);
		counts[i] = (struct build_count){ 0 };
	}
	enum status status = digest_state_init(&builder.digest, options->digests);
	if (status != STATUS_OK)
		return status;
	arena_init(&builder.scratch, RULE_SCRATCH_BYTES);
	status = init(&builder);
	if (status == STATUS_OK)
		status = read_all(&builder);
	if (status == STATUS_OK)
		status = write_all(&builder);
	if (status == STATUS_OK)
		status = output_finish(&builder.output, ret_size_bytes);
	arena_clear(&builder.scratch);
	digest_state_clear(&builder.digest);
	arena_rewind(options->arena, mark);
	return status;
}

bool build_reads(struct slice file_name)
{
	return rule_reader_of(file_name);
}

const char *build_refusal(struct slice file_name)
{
	return rule_refusal(file_name);
}

static enum status init(struct builder *builder)
{
	struct arena *arena = builder->options->arena;

	rows_init(&builder->rules, arena, RULE_RECORD_LEN);
	rows_init(&builder->subs, arena, SUB_RECORD_LEN);
	rows_init(&builder->programs, arena, 1);
	rows_init(&builder->conditions, arena, 1);
	builder_init_filter(builder);
	builder_init_hashes(builder);
	builder_init_entries(builder);
	ignored_init(&builder->ignored, arena, &builder->digest);
	seen_init(&builder->seen, arena, &builder->digest);
	builder->source_rules = arena_new_array(arena, uint32_t,
						builder->options->source_count);
	if (!builder->source_rules || !output_init(&builder->output, builder->options))
		return STATUS_NO_MEMORY;
	output_begin(&builder->output, SECTION_STRINGS);
	output_u16(&builder->output, 0); /* offset 0 is the empty string */
	return STATUS_OK;
}

/* Not one rule of such a file is wanted; that is told once for each. */
static bool is_left_out(struct builder *builder, uint32_t input,
			const struct rule_reader *reader)
{
	if (!rule_reader_is_pua(reader) || builder->options->pua.is_wanted)
		return false;
	builder_problem(builder, &(struct build_problem){
					 .severity = BUILD_NOTE,
					 .input = input,
					 .message = "potentially unwanted programs: "
						    "loaded only with --pua",
				 });
	return true;
}

static bool is_ignore_list(const struct rule_reader *reader)
{
	return strncmp(reader->suffix, "ign", 3) == 0;
}

static enum status read_all(struct builder *builder)
{
	uint8_t *buffer = arena_alloc(builder->options->arena, LINES_BUFFER);
	enum status status = STATUS_OK;

	if (!buffer)
		return STATUS_NO_MEMORY;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < builder->input_count && status == STATUS_OK;
		     i++) {
			const struct rule_reader *reader = rule_reader_of(
				builder->inputs[i].name);

			if (reader && is_ignore_list(reader) == (pass == 0) &&
			    !is_left_out(builder, i, reader))
				status = read_input(builder, i, reader, buffer);
			else if (!reader && pass == 0)
				builder_problem(builder,
						&(struct build_problem){
							.severity = BUILD_REFUSED,
							.input = i,
							.message = "no rule language "
								   "that is read here",
							.detail = builder->inputs[i].name,
						});
		}
		if (pass == 0)
			ignored_finish(&builder->ignored);
	}
	return status;
}

static size_t line_max_of(const struct rule_reader *reader)
{
	return strcmp(reader->suffix, "ldb") == 0 ? LDB_LINE_MAX : OTHER_LINE_MAX;
}

static enum status read_input(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader, uint8_t *buffer)
{
	if (reader->is_whole_file)
		return read_whole(builder, input, reader);
	return read_lines(builder, input, reader, buffer);
}

static enum status read_whole(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader)
{
	struct rule_place place = { .input = input, .line = 1, .is_file = true };
	const struct source *content = &builder->inputs[input].content;
	struct arena_mark mark = arena_mark(&builder->scratch);
	enum status status = STATUS_IO;
	size_t got;

	if (content->size > RULE_FILE_MAX) {
		refuse(builder, &place, "the file is too long");
		return STATUS_OK;
	}
	uint8_t *bytes = arena_alloc(&builder->scratch, (size_t)content->size);
	if (!bytes)
		return STATUS_NO_MEMORY;
	if (source_read(content, 0, bytes, (size_t)content->size, &got) == STATUS_OK) {
		place.text = (struct slice){ bytes, got };
		status = read_line(builder, reader, &place);
	}
	arena_rewind(&builder->scratch, mark);
	return status;
}

static enum status read_lines(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader, uint8_t *buffer)
{
	struct rule_place place = { .input = input };
	struct lines lines;

	lines_init(&lines, &builder->inputs[input].content, buffer, line_max_of(reader));
	for (;;) {
		enum status status = lines_next(&lines, &place.text);

		place.line = lines.number;
		if (status == STATUS_LIMIT) {
			refuse(builder, &place, "the line is too long");
			continue;
		}
		if (status == STATUS_OK)
			status = read_line(builder, reader, &place);
		if (status == STATUS_END)
			return STATUS_OK;
		if (status != STATUS_OK)
			return status;
	}
}

static void refuse(struct builder *builder, const struct rule_place *place,
		   const char *message)
{
	builder_problem(builder, &(struct build_problem){
					 .severity = BUILD_REFUSED,
					 .input = place->input,
					 .line = place->line,
					 .message = message,
				 });
}

static void skip(struct builder *builder, const struct rule_place *place,
		 const char *message, struct slice detail)
{
	builder_problem(builder, &(struct build_problem){
					 .severity = BUILD_SKIPPED,
					 .input = place->input,
					 .line = place->line,
					 .message = message,
					 .detail = detail,
				 });
}

/* A rule for potentially unwanted programs. One without a category is in no choice of them. */
static bool is_wanted(const struct builder *builder, struct slice name)
{
	const struct build_pua *pua = &builder->options->pua;
	struct reader left = reader_of_slice(pua->categories);
	bool is_named = false;

	if (pua->categories.len == 0)
		return true;
	while (reader_left(&left) > 0) {
		size_t end = left.len;

		(void)reader_find(&left, left.pos, slice_of(","), &end);
		is_named |= rule_name_in_category(name,
						  reader_slice(&left, end - left.pos));
		if (reader_left(&left) > 0)
			reader_skip(&left, 1);
	}
	if (pua->is_exclusion)
		return rule_name_has_category(name) && !is_named;
	return is_named;
}

static enum status read_line(struct builder *builder, const struct rule_reader *reader,
			     const struct rule_place *place)
{
	struct arena_mark mark = arena_mark(&builder->scratch);
	struct rule_error error = { 0 };
	struct rule rule;
	enum status status = reader->read(&builder->scratch, place->text, &rule, &error);

	if (status == STATUS_OK && rule_reader_is_pua(reader) &&
	    !is_wanted(builder, rule.name)) {
		skip(builder, place, "of a category that is not wanted", rule.name);
	} else if (status == STATUS_OK) {
		status = take(builder, &rule, place);
	} else if (status == STATUS_NO_MEMORY) {
		refuse(builder, place, "the rule needs too much memory to be read");
		status = STATUS_OK;
	} else if (status == STATUS_END) {
		status = STATUS_OK;
	} else {
		builder_problem(
			builder,
			&(struct build_problem){
				.severity = error.is_skip ? BUILD_SKIPPED : BUILD_REFUSED,
				.input = place->input,
				.line = error.line ? error.line : place->line,
				.column = error.column,
				.message = error.message,
				.detail = error.detail,
			});
		status = STATUS_OK;
	}
	arena_rewind(&builder->scratch, mark);
	return status;
}

static enum status take(struct builder *builder, const struct rule *rule,
			const struct rule_place *place)
{
	uint32_t source = builder->inputs[place->input].source_id;
	uint32_t ignorer = builder->options->clamav_compat ? 0 : source;
	bool is_out = false;

	if (rule->language == RULE_IGNORE) {
		if (!ignored_add(&builder->ignored, ignorer, rule))
			return STATUS_NO_MEMORY;
		builder->counts[place->input].taken++;
		return STATUS_OK;
	}
	enum status status = ignored_has(&builder->ignored, ignorer, rule->name,
					 place->text, &is_out);
	if (status != STATUS_OK)
		return status;
	if (is_out) {
		skip(builder, place, "left out by its source's own list", rule->name);
		return STATUS_OK;
	}
	if (rule->language == RULE_HASH || rule->language == RULE_ALLOW)
		return builder_add_hash(builder, rule, place);
	status = seen_add(&builder->seen, source, place->text, &is_out);
	if (status != STATUS_OK)
		return status;
	if (is_out) {
		skip(builder, place, "the same rule once more", rule->name);
		return STATUS_OK;
	}
	if (rule->language >= RULE_CONTAINER)
		return builder_add_entry(builder, rule, place);
	return builder_add_rule(builder, rule, place);
}

static enum status write_all(struct builder *builder)
{
	struct output *output = &builder->output;
	struct names names;
	enum status status = write_names(builder, &names);

	if (status != STATUS_OK)
		return status;
	output_end(output, SECTION_STRINGS);
	builder_write_rules(builder);
	builder_write_entries(builder);
	status = builder_write_filter(builder);
	if (status == STATUS_OK)
		status = builder_write_hashes(builder);
	if (status != STATUS_OK)
		return status;
	write_sources(builder, &names);
	write_files(builder, &names);
	write_info(builder, &names);
	return STATUS_OK;
}

/* The last texts: STRINGS ends with them. */
static enum status write_names(struct builder *builder, struct names *out)
{
	const struct build_options *options = builder->options;
	enum status status = builder_string(builder, options->build_id, &out->build_id);

	out->sources = arena_new_array(options->arena, struct source_names,
				       options->source_count);
	out->files = arena_new_array(options->arena, uint32_t, builder->input_count);
	if (!out->sources || !out->files)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < options->source_count && status == STATUS_OK; i++) {
		const struct build_source *source = &options->sources[i];

		status = builder_string(builder, source->name, &out->sources[i].name);
		if (status == STATUS_OK)
			status = builder_string(builder, source->coverage,
						&out->sources[i].coverage);
		if (status == STATUS_OK)
			status = builder_string(builder, source->licence,
						&out->sources[i].licence);
	}
	for (size_t i = 0; i < builder->input_count && status == STATUS_OK; i++)
		status = builder_string(builder, builder->inputs[i].name, &out->files[i]);
	return status;
}

static void write_sources(struct builder *builder, const struct names *names)
{
	struct output *output = &builder->output;
	const struct build_options *options = builder->options;

	output_begin(output, SECTION_SOURCES);
	for (size_t i = 0; i < options->source_count; i++) {
		output_u32(output, names->sources[i].name);
		output_u32(output, names->sources[i].coverage);
		output_u32(output, names->sources[i].licence);
		output_u32(output, builder->source_rules[i]);
		output_u32(output, options->sources[i].is_trusted ? SOURCE_TRUSTED : 0);
	}
	output_end(output, SECTION_SOURCES);
}

static void write_files(struct builder *builder, const struct names *names)
{
	struct output *output = &builder->output;

	output_begin(output, SECTION_FILES);
	for (size_t i = 0; i < builder->input_count; i++) {
		output_u32(output, names->files[i]);
		output_u32(output, builder->inputs[i].source_id);
		output_u32(output, builder->counts[i].taken);
		output_u32(output, builder->counts[i].refused);
		output_u32(output, builder->counts[i].skipped);
	}
	output_end(output, SECTION_FILES);
}

static void write_info(struct builder *builder, const struct names *names)
{
	struct output *output = &builder->output;
	uint32_t refused = 0;
	uint32_t skipped = 0;

	for (size_t i = 0; i < builder->input_count; i++) {
		refused += builder->counts[i].refused;
		skipped += builder->counts[i].skipped;
	}
	output_begin(output, SECTION_INFO);
	output_u32(output, names->build_id);
	output_u32(output, (uint32_t)builder->options->source_count);
	output_u32(output, (uint32_t)builder->rules.count);
	output_u32(output, builder->hash_rules);
	output_u32(output, builder->allow_entries);
	output_u32(output, (uint32_t)builder->always.count);
	output_u32(output, refused);
	output_u32(output, skipped);
	output_u32(output, (uint32_t)builder->entries.count);
	output_end(output, SECTION_INFO);
}
