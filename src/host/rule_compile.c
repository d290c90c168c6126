/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_compile.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "host/compile.h"

struct compiling {
	const struct rule_files *files;
	const struct rule_report *report;
};

static void describe_source(const struct rule_source *from, struct build_source *out);
static void on_problem(void *context, const struct build_problem *problem);

bool rule_compile(const struct rule_files *files, const struct rule_report *report,
		  int out_fd, struct build_count *counts, struct rule_error_text *error)
{
	AUTO_FREE struct build_source *sources = calloc(files->source_count,
							sizeof(*sources));
	AUTO_FREE struct compile_file *inputs = calloc(files->file_count,
						       sizeof(*inputs));
	AUTO_FREE struct build_count *own = calloc(files->file_count, sizeof(*own));
	struct compiling compiling = { files, report };
	struct pool_error pool_error;
	uint64_t size;

	if (!sources || !inputs || !own) {
		snprintf(error->text, sizeof(error->text), "no memory for rules");
		return false;
	}
	for (size_t i = 0; i < files->source_count; i++)
		describe_source(&files->sources[i], &sources[i]);
	for (size_t i = 0; i < files->file_count; i++)
		inputs[i] = (struct compile_file){
			.name = slice_of(files->files[i].name),
			.fd = files->files[i].fd,
			.size_bytes = files->files[i].facts.size,
			.source_id = (uint32_t)files->files[i].source,
			.role = files->files[i].role,
			.of = (uint32_t)files->files[i].of,
		};
	if (compile_rules(
		    &(struct compile_options){
			    .sources = sources,
			    .source_count = files->source_count,
			    .files = inputs,
			    .file_count = files->file_count,
			    .build_id = slice_of(CUSTOS_VERSION),
			    .pua = files->pua,
			    .clamav_compat = files->clamav_compat,
			    .bytecode_unsigned = files->bytecode_unsigned,
			    .out_fd = out_fd,
			    .problem = on_problem,
			    .context = &compiling,
		    },
		    counts ? counts : own, &size, &pool_error))
		return true;
	snprintf(error->text, sizeof(error->text), "the rules cannot be compiled: %s",
		 pool_error.text);
	return false;
}

static void describe_source(const struct rule_source *from, struct build_source *out)
{
	*out = (struct build_source){
		.name = slice_of(from->name),
		.coverage = slice_of(from->coverage ? from->coverage : ""),
		.licence = slice_of(from->licence ? from->licence : ""),
		.is_trusted = from->is_trusted,
	};
}

static void on_problem(void *context, const struct build_problem *problem)
{
	const struct compiling *compiling = context;

	if (!compiling->report->problem || problem->input >= compiling->files->file_count)
		return;
	compiling->report->problem(
		compiling->report->context,
		&(struct rule_problem){
			.severity = problem->severity,
			.path = compiling->files->files[problem->input].path,
			.member = problem->member,
			.line = problem->line,
			.column = problem->column,
			.message = problem->message,
			.detail = problem->detail,
		});
}
