/* SPDX-License-Identifier: Apache-2.0 */
/* Why does a rule of a digest match an object, or why not? As match/explain.h has it. */
#include <stdarg.h>
#include <stdio.h>

#include "match/watch.h"
#include "scan/program_look.h"
#include "view/pe_imports.h"

struct question {
	struct scan *scan;
	struct level *level;
	const struct executable *executable;
	struct rule_hash rule;
	bool found;
};

static void ask_bytes(struct question *question, const char *what,
		      const struct source *bytes);
static void ask_sections(struct question *question);
static void ask_imports(struct question *question);
static void answer(struct question *question, const char *what, uint64_t size,
		   const struct digest *digest);
static void say(struct question *question, unsigned level, enum watch_answer answer,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

void object_explain_digest(struct scan *scan, struct level *level,
			   const struct executable *executable)
{
	static const char *const scopes[HASH_SCOPES] = {
		"the object",
		"a section of a PE file",
		"the text of what a PE file imports",
		"an object in which its source finds nothing",
	};
	const struct match_watch *watch = scan->setup->watch;
	struct question question = { .scan = scan,
				     .level = level,
				     .executable = executable };
	const struct rule_hash *rule = &question.rule;
	char hex[DIGEST_HEX_MAX], size[32] = "of any size";

	if (!watch || !watch->explains ||
	    !database_rule_hash(scan->setup->database, watch->segment, watch->rule,
				&question.rule))
		return;
	digest_hex(&rule->digest, hex);
	if (rule->size != HASH_ANY_SIZE)
		snprintf(size, sizeof(size), "of %u bytes", rule->size);
	say(&question, 1, WATCH_TEXT, "the rule is for %s, %s, with the digest %s",
	    scopes[rule->scope], size, hex);
	if (rule->scope == HASH_OF_PE_SECTION)
		ask_sections(&question);
	else if (rule->scope == HASH_OF_PE_IMPORTS)
		ask_imports(&question);
	else
		ask_bytes(&question, "the object", &level->source);
	say(&question, 0, question.found ? WATCH_YES : WATCH_NO, "it %s",
	    question.found ? "matches" : "does not match: nothing here has that digest");
}

/* What has another size is not hashed. */
static void ask_bytes(struct question *question, const char *what,
		      const struct source *bytes)
{
	const struct rule_hash *rule = &question->rule;
	struct digest digests[DIGEST_COUNT] = { 0 };

	if (rule->size != HASH_ANY_SIZE && rule->size != bytes->size)
		say(question, 1, WATCH_NO, "%s has %llu bytes", what,
		    (unsigned long long)bytes->size);
	else if (scan_digests(question->scan, bytes, 1U << rule->kind, digests) !=
		 STATUS_OK)
		say(question, 1, WATCH_UNKNOWN, "%s cannot be hashed", what);
	else
		answer(question, what, bytes->size, &digests[rule->kind]);
}

static void ask_sections(struct question *question)
{
	const struct executable *executable = question->executable;
	char what[32];

	if (!executable || question->level->types.primary != TYPE_MSEXE) {
		say(question, 1, WATCH_NO, "the object is no PE file");
		return;
	}
	for (size_t i = 0; i < executable->section_count; i++) {
		struct source bytes = source_window(&question->level->source,
						    executable->sections[i].offset,
						    executable->sections[i].len);

		snprintf(what, sizeof(what), "section %zu", i);
		ask_bytes(question, what, &bytes);
	}
}

static void ask_imports(struct question *question)
{
	struct pe_imports_setup setup = {
		.digest_state = question->scan->setup->digest_state,
		.kinds = 1U << question->rule.kind,
		.clamav_compat = question->scan->setup->clamav_compat,
	};
	struct pe_imports imports = { 0 };

	if (!question->executable || !question->executable->pe ||
	    pe_imports_digest(question->executable->pe, question->scan->setup->arena,
			      &setup, &imports) != STATUS_OK)
		say(question, 1, WATCH_NO, "the object has no imports that can be read");
	else
		answer(question, "that text", imports.len,
		       &imports.digests[question->rule.kind]);
}

static void answer(struct question *question, const char *what, uint64_t size,
		   const struct digest *digest)
{
	const struct rule_hash *rule = &question->rule;
	bool fits = (rule->size == HASH_ANY_SIZE || rule->size == size) &&
		    slice_equal((struct slice){ digest->bytes, digest->len },
				(struct slice){ rule->digest.bytes, rule->digest.len });
	char hex[DIGEST_HEX_MAX];

	digest_hex(digest, hex);
	question->found = question->found || fits;
	say(question, 1, fits ? WATCH_YES : WATCH_NO,
	    "%s has %llu bytes and the digest %s", what, (unsigned long long)size, hex);
}

static void say(struct question *question, unsigned level, enum watch_answer answer,
		const char *format, ...)
{
	const struct match_watch *watch = question->scan->setup->watch;
	char text[WATCH_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	watch->line(watch->context, &(struct watch_line){ .level = level,
							  .answer = answer,
							  .text = slice_of(text) });
}
