/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a build: first the files (build_files.c), then everything that had to
 * wait for the last rule.
 */
#include "database/build.h"

#include <assert.h>

#include "bytes/reader.h"
#include "database/build_delta.h"
#include "database/builder.h"

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
static void sum_counts(const struct builder *builder, struct build_count *counts);
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
	};
	struct arena_mark mark = arena_mark(options->arena);

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
		status = builder_read_files(&builder);
	if (status == STATUS_OK)
		status = write_all(&builder);
	if (status == STATUS_OK)
		status = output_finish(&builder.output, ret_size_bytes);
	sum_counts(&builder, counts);
	builder_close_files(&builder);
	arena_clear(&builder.scratch);
	digest_state_clear(&builder.digest);
	arena_rewind(options->arena, mark);
	return status;
}

/* What became of a container's members is the container's. */
static void sum_counts(const struct builder *builder, struct build_count *counts)
{
	for (size_t i = 0; builder->counts && i < builder->file_count; i++) {
		struct build_count *count = &counts[builder->files[i].input];

		count->taken += builder->counts[i].taken;
		count->refused += builder->counts[i].refused;
		count->skipped += builder->counts[i].skipped;
	}
}

bool build_reads(struct slice file_name)
{
	return rule_reader_of(file_name) || build_is_container(file_name);
}

bool build_is_container(struct slice file_name)
{
	enum cvd_kind kind;

	return cvd_kind_of(file_name, &kind);
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
	rows_init(&builder->macros, arena, MACRO_RECORD_LEN);
	rows_init(&builder->conditions, arena, 1);
	builder_init_filter(builder);
	builder_init_hashes(builder);
	builder_init_entries(builder);
	ignored_init(&builder->ignored, arena, &builder->digest);
	seen_init(&builder->seen, arena, &builder->digest);
	enum status status = switches_init(&builder->switches, arena,
					   builder->options->source_count);
	if (status == STATUS_OK)
		status = builder_open_files(builder);
	if (status == STATUS_OK)
		status = builder_open_base(builder);
	if (status != STATUS_OK)
		return status;
	builder->marks = arena_new(arena, struct marks);
	builder->counts = arena_new_array(arena, struct build_count, builder->file_count);
	builder->source_rules = arena_new_array(arena, uint32_t,
						builder->options->source_count);
	if (!builder->marks || !builder->counts || !builder->source_rules ||
	    !output_init(&builder->output, builder->options))
		return STATUS_NO_MEMORY;
	marks_init(builder->marks, arena, &builder->output);
	output_begin(&builder->output, SECTION_STRINGS);
	output_u16(&builder->output, 0); /* offset 0 is the empty string */
	return STATUS_OK;
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

enum status builder_take_line(struct builder *builder, const struct rule_reader *reader,
			      const struct rule_place *place)
{
	struct arena_mark mark = arena_mark(&builder->scratch);
	struct rule_error error = { 0 };
	struct rule rule;
	enum status status = reader->read(&builder->scratch, place->text, &rule, &error);

	if (status == STATUS_OK && builder->options->pua.no_phishing &&
	    rule_reader_has_phishing(reader) && rule_name_is_phishing(rule.name)) {
		skip(builder, place, "left out by --no-phishing-rules", rule.name);
	} else if (status == STATUS_OK && rule_reader_is_pua(reader) &&
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
	uint32_t source = builder->files[place->input].source_id;
	uint32_t ignorer = builder->options->clamav_compat ? 0 : source;
	bool is_out = false;

	if (rule->language == RULE_IGNORE) {
		if (!ignored_add(&builder->ignored, ignorer, rule))
			return STATUS_NO_MEMORY;
		builder->counts[place->input].taken++;
		return STATUS_OK;
	}
	if (rule->language == RULE_CONFIG) {
		switches_set(&builder->switches, ignorer, rule);
		return builder_add_entry(builder, rule, place);
	}
	const char *against = switches_against(&builder->switches, ignorer, rule);
	if (against) {
		skip(builder, place, against, rule->name);
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
	builder_write_delta(builder);
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
	out->files = arena_new_array(options->arena, uint32_t, builder->file_count);
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
	for (size_t i = 0; i < builder->file_count && status == STATUS_OK; i++)
		status = builder_string(builder, builder->files[i].name, &out->files[i]);
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
	for (size_t i = 0; i < builder->file_count; i++) {
		const struct build_file *file = &builder->files[i];

		output_u32(output, names->files[i]);
		output_u32(output, file->source_id);
		output_u32(output, builder->counts[i].taken);
		output_u32(output, builder->counts[i].refused);
		output_u32(output, builder->counts[i].skipped);
		output_u32(output, file->flags);
		output_u32(output, file->version);
		output_u32(output, (uint32_t)file->built_at);
		output_u32(output, (uint32_t)(file->built_at >> 32));
		output_u32(output, 0);
	}
	output_end(output, SECTION_FILES);
}

static void write_info(struct builder *builder, const struct names *names)
{
	struct output *output = &builder->output;
	uint32_t refused = 0;
	uint32_t skipped = 0;

	for (size_t i = 0; i < builder->file_count; i++) {
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
	output_u32(output, builder->targets);
	output_end(output, SECTION_INFO);
}
