/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/compile.h"

struct compiling {
	const struct rule_files *files;
	const struct rule_report *report;
	const struct rule_base *base; /* NULL: all of it */
	struct build_count *counts;   /* NULL: nobody asks */
	int out_fd;
};

static bool compile(const struct compiling *compiling, struct rule_error_text *error);
static void describe_file(const struct rule_file *from, struct compile_file *out);

static void describe_source(const struct rule_source *from, struct build_source *out);
static void on_problem(void *context, const struct build_problem *problem);

bool rule_compile(const struct rule_files *files, const struct rule_report *report,
		  int out_fd, struct build_count *counts, struct rule_error_text *error)
{
	return compile(&(struct compiling){ .files = files,
					    .report = report,
					    .counts = counts,
					    .out_fd = out_fd },
		       error);
}

bool rule_compile_delta(const struct rule_files *files, const struct rule_report *report,
			const struct rule_base *base, int out_fd)
{
	struct rule_error_text error;

	if (compile(&(struct compiling){ .files = files,
					 .report = report,
					 .base = base,
					 .out_fd = out_fd },
		    &error))
		return true;
	/* Behind what is written next nothing is read: the segment tells its size. */
	if (ftruncate(out_fd, 0) != 0)
		return false;
	return false;
}

static bool compile(const struct compiling *compiling, struct rule_error_text *error)
{
	const struct rule_files *files = compiling->files;
	const struct rule_base *base = compiling->base;
	const size_t count = files->file_count + (base ? 1 : 0);
	AUTO_FREE struct build_source *sources = calloc(files->source_count,
							sizeof(*sources));
	AUTO_FREE struct compile_file *inputs = calloc(count, sizeof(*inputs));
	AUTO_FREE struct build_count *own = calloc(count, sizeof(*own));
	struct pool_error pool_error;
	uint64_t size;

	if (!sources || !inputs || !own) {
		snprintf(error->text, sizeof(error->text), "no memory for rules");
		return false;
	}
	for (size_t i = 0; i < files->source_count; i++)
		describe_source(&files->sources[i], &sources[i]);
	for (size_t i = 0; i < files->file_count; i++)
		describe_file(&files->files[i], &inputs[i]);
	if (base)
		inputs[files->file_count] = (struct compile_file){
			.name = slice_of(base->key),
			.fd = base->fd,
			.size_bytes = base->size_bytes,
			.role = BUILD_BASE,
		};
	if (compile_rules(
		    &(struct compile_options){
			    .sources = sources,
			    .source_count = files->source_count,
			    .files = inputs,
			    .file_count = count,
			    .build_id = slice_of(CUSTOS_VERSION),
			    .pua = files->pua,
			    .clamav_compat = files->clamav_compat,
			    .bytecode_unsigned = files->bytecode_unsigned,
			    .out_fd = compiling->out_fd,
			    .problem = on_problem,
			    .context = (void *)(uintptr_t)compiling,
		    },
		    compiling->counts ? compiling->counts : own, &size, &pool_error))
		return true;
	snprintf(error->text, sizeof(error->text), "the rules cannot be compiled: %s",
		 pool_error.text);
	return false;
}

static void describe_file(const struct rule_file *from, struct compile_file *out)
{
	*out = (struct compile_file){
		.name = slice_of(from->name),
		.fd = from->fd,
		.size_bytes = from->facts.size,
		.source_id = (uint32_t)from->source,
		.role = from->role,
		.of = (uint32_t)from->of,
	};
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
