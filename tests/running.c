/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"

#include <string.h>

#include "assembled.h"
#include "rules/languages.h"

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void on_found(void *context, struct slice name)
{
	struct running *running = context;

	snprintf(running->found, sizeof(running->found), "%.*s", (int)name.len,
		 (const char *)name.base);
}

static bool on_child(void *context, struct slice bytes, uint32_t id)
{
	struct running *running = context;

	text_add(&running->children, "%u:%.*s;", id, (int)bytes.len,
		 (const char *)bytes.base);
	return true;
}

static void on_print(void *context, struct slice text)
{
	struct running *running = context;

	text_add(&running->printed, "%.*s", (int)text.len, (const char *)text.base);
}

void running_start(struct running *running)
{
	memset(running, 0, sizeof(*running));
	running->host = (struct bytecode_host){
		.functionality_level = RULE_FEATURE_LEVEL,
		.found = on_found,
		.child = on_child,
		.print = on_print,
		.context = running,
	};
	running->limits = (struct bytecode_limits){
		.steps_max = 10 * 1000 * 1000,
		.memory_max = 64 << 20,
		.child_max = 1 << 20,
		.clock = { no_time, NULL },
		.deadline_ms = 1000,
	};
}

static void run(struct running *running, struct slice data, struct arena *arena)
{
	struct program program;
	const char *why;

	running->status = program_load(data, arena, &program);
	if (running->status == STATUS_OK)
		running->status = program_check(&program, &why);
	if (running->status != STATUS_OK)
		abort();
	running->host.file = source_of_memory(running->file, running->file_len);
	running->status = bytecode_run(&program, &running->host, &running->limits, arena,
				       &running->result);
}

void running_text(struct running *running, const char *cbc, size_t len)
{
	struct rule_error error = { 0 };
	struct arena arena;
	struct rule rule;

	running->found[0] = running->name[0] = '\0';
	running->status = STATUS_END;
	text_clear(&running->printed);
	text_clear(&running->children);
	arena_init(&arena, 256 << 20);
	running->read = cbc_read(&arena, (struct slice){ (const uint8_t *)cbc, len },
				 &rule, &error);
	running->refused = error.message;
	if (running->read == STATUS_OK) {
		snprintf(running->name, sizeof(running->name), "%.*s", (int)rule.name.len,
			 (const char *)rule.name.base);
		run(running, rule.data, &arena);
	}
	arena_clear(&arena);
}

void running_run(struct running *running, const char *text)
{
	static struct text_buffer cbc;

	assemble(text, &cbc);
	running_text(running, cbc.text, cbc.len);
}

void running_code(struct running *running, const char *before, const char *values,
		  const char *code)
{
	static struct text_buffer text;

	text_clear(&text);
	text_add(&text, "kind 0\nglobal 0 0\n%s\nfunc 0 32 : %s\nblock\n%s\n", before,
		 values, code);
	running_run(running, text.text);
}
