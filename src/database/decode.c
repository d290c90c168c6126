/* SPDX-License-Identifier: Apache-2.0 */
#include "database/decode.h"

#include <stdio.h>

#include "base/checked.h"
#include "database/decode_entry.h"
#include "database/decode_pattern.h"
#include "database/wording.h"
#include "match/compare.h"
#include "match/entry.h"
#include "match/expr_tree.h"
#include "match/regex.h"
#include "type/type.h"

struct decoding {
	const struct tables *tables;
	struct arena *arena;
	const struct decoder_output *output;
	struct wording words;
	struct slice line; /* the rule's text */
};

static enum status decode_patterns(struct decoding *decoding, uint32_t rule);
static void tell(struct decoding *decoding, const char *label);
static void decode_condition(struct decoding *decoding, struct slice condition);
static bool decode_test(struct decoding *decoding, struct reader *tests);
static void add_range(struct decoding *decoding, const char *what, uint64_t min,
		      uint64_t max);
static enum status decode_expression(struct decoding *decoding, struct slice expression);
static void decode_node(struct decoding *decoding, const struct expr_node *node,
			unsigned depth);
static void decode_count(struct wording *words, const struct expr_node *node);
static enum status decode_sub(struct decoding *decoding, unsigned index,
			      const struct sub_record *sub);
static void decode_offset(struct decoding *decoding, const struct sub_record *sub);
static void decode_data(struct decoding *decoding, const struct sub_record *sub,
			struct slice data);
static void decode_regex(struct decoding *decoding, struct slice data);
static void decode_compare(struct wording *words, struct slice data);
static void decode_hash(struct decoding *decoding, const struct database *database,
			uint32_t segment, uint32_t rule);

enum status decode_rule(const struct database *database, uint32_t segment, uint32_t rule,
			struct arena *arena, const struct decoder_output *output)
{
	struct arena_mark mark = arena_mark(arena);
	struct decoding decoding = { .arena = arena, .output = output };
	enum status status = STATUS_OK;

	if (rule >= database_rule_count(database, segment))
		return STATUS_OK;
	decoding.tables = &database->segments[segment];
	char *line = arena_alloc(arena, RULE_TEXT_MAX);
	if (!line || !wording_init(&decoding.words, arena)) {
		arena_rewind(arena, mark);
		return STATUS_NO_MEMORY;
	}
	size_t len = database_rule_text(database, segment, rule, line, RULE_TEXT_MAX);
	decoding.line = (struct slice){ (uint8_t *)line,
					min_size(len, RULE_TEXT_MAX - 1) };

	uint32_t entries = table_entry_first_id(decoding.tables);
	if (rule < table_count(decoding.tables, SECTION_RULES, RULE_RECORD_LEN)) {
		status = decode_patterns(&decoding, rule);
	} else if (rule < entries) {
		decode_hash(&decoding, database, segment, rule);
	} else {
		struct entry_record entry = table_entry(decoding.tables, rule - entries);
		struct rule_info info = { 0 };

		if (database_rule(database, segment, rule, &info))
			decode_entry((enum rule_language)entry.language, info.file,
				     decoding.line, output);
		if (entry.trigger != ENTRY_NO_TRIGGER)
			status = decode_patterns(&decoding, entry.trigger);
	}
	arena_rewind(arena, mark);
	return status;
}

static enum status decode_patterns(struct decoding *decoding, uint32_t rule)
{
	const struct tables *tables = decoding->tables;
	struct rule_record record = table_rule(tables, rule);
	enum status status;

	wording_add(&decoding->words, "%s (target %u)", type_target_name(record.target),
		    record.target);
	tell(decoding, "for");
	decode_condition(decoding, table_bytes(tables, SECTION_CONDITIONS,
					       record.condition, record.condition_len));
	status = decode_expression(decoding,
				   table_bytes(tables, SECTION_CONDITIONS,
					       record.expression, record.expression_len));
	for (unsigned i = 0; i < record.sub_count && status == STATUS_OK; i++) {
		struct sub_record sub = table_sub(tables, record.sub_first + i);

		status = decode_sub(decoding, i, &sub);
	}
	return status;
}

static void tell(struct decoding *decoding, const char *label)
{
	decoding->output->line(decoding->output->context, label,
			       wording_take(&decoding->words));
}

static void decode_condition(struct decoding *decoding, struct slice condition)
{
	struct reader tests = reader_of_slice(condition);

	while (reader_left(&tests) > 0 && reader_ok(&tests)) {
		bool is_known = decode_test(decoding, &tests);

		tell(decoding, "if");
		/* How long what follows is, only its key tells. */
		if (!is_known)
			return;
	}
}

static void decode_icons(struct wording *words, struct reader *tests)
{
	unsigned which = reader_u8(tests);
	const char *between = "";

	wording_add(words, "one of its icons looks like a member of");
	for (unsigned i = 0; i < ICON_GROUPS; i++) {
		if (!(which >> i & 1))
			continue;
		struct slice name = reader_slice(tests, reader_u8(tests));
		wording_add(words, "%s group %.*s (IconGroup%u)", between, (int)name.len,
			    (const char *)name.base, i + 1);
		between = " and";
	}
}

static bool decode_test(struct decoding *decoding, struct reader *tests)
{
	uint64_t min;
	struct slice name;

	switch (reader_u8(tests)) {
	case COND_FILE_SIZE:
		min = reader_u64le(tests);
		add_range(decoding, "the object's size", min, reader_u64le(tests));
		return true;
	case COND_ENTRY_POINT:
		min = reader_u32le(tests);
		add_range(decoding, "the entry point's offset", min, reader_u32le(tests));
		return true;
	case COND_SECTIONS:
		min = reader_u32le(tests);
		add_range(decoding, "the number of sections", min, reader_u32le(tests));
		return true;
	case COND_CONTAINER:
		name = reader_slice(tests, reader_u8(tests));
		wording_add(&decoding->words, "it is in a container of type %.*s",
			    (int)name.len, (const char *)name.base);
		return true;
	case COND_INTERMEDIATES:
		wording_add(&decoding->words, "the containers around it are");
		for (unsigned i = reader_u8(tests); i > 0; i--) {
			name = reader_slice(tests, reader_u8(tests));
			wording_add(&decoding->words, " %.*s%s", (int)name.len,
				    (const char *)name.base, i > 1 ? "," : "");
		}
		return true;
	case COND_ICONS:
		decode_icons(&decoding->words, tests);
		return true;
	case COND_RETYPE:
		name = reader_slice(tests, reader_u8(tests));
		wording_add(&decoding->words, "the object is then looked at as %.*s, too",
			    (int)name.len, (const char *)name.base);
		return true;
	default:
		wording_add(&decoding->words,
			    "other conditions of its target description hold");
		return false;
	}
}

static void add_range(struct decoding *decoding, const char *what, uint64_t min,
		      uint64_t max)
{
	wording_add(&decoding->words, "%s is %llu to %llu", what, (unsigned long long)min,
		    (unsigned long long)max);
}

static enum status decode_expression(struct decoding *decoding, struct slice expression)
{
	struct expr_tree tree;
	enum status status = expr_tree_build(expression, decoding->arena, &tree);

	if (status == STATUS_NO_MEMORY)
		return status;
	if (status == STATUS_OK)
		decode_node(decoding, tree.root, 0);
	else
		wording_add(&decoding->words,
			    "the expression holds, which is too long to be shown");
	tell(decoding, "when");
	return STATUS_OK;
}

/* Parentheses where the operators around and inside differ: there is no precedence. */
static void decode_node(struct decoding *decoding, const struct expr_node *node,
			unsigned depth)
{
	struct wording *words = &decoding->words;
	bool is_joint = node->op == EXPR_AND || node->op == EXPR_OR;
	const struct expr_node *sides[] = { node->left, node->right };

	if (depth >= EXPR_STACK) {
		wording_add(words, "…");
		return;
	}
	if (node->op == EXPR_SUB)
		wording_add(words, "%u", node->sub);
	for (size_t i = 0; i < 2 && sides[i]; i++) {
		const struct expr_node *side = sides[i];
		bool is_group = (side->op == EXPR_AND || side->op == EXPR_OR) &&
				side->op != node->op;

		if (i == 1)
			wording_add(words, node->op == EXPR_AND ? " and " : " or ");
		wording_add(words, "%s", is_group ? "(" : "");
		decode_node(decoding, side, depth + (is_joint ? 1 : 0));
		wording_add(words, "%s", is_group ? ")" : "");
	}
	if (node->op == EXPR_CMP)
		decode_count(words, node);
}

static void decode_count(struct wording *words, const struct expr_node *node)
{
	wording_add(words, " matching %s %u times",
		    node->how == '=' ? "exactly" :
		    node->how == '>' ? "more than" :
				       "fewer than",
		    node->count);
	if (node->different > 0)
		wording_add(words, " in at least %u different ones", node->different);
}

static enum status decode_sub(struct decoding *decoding, unsigned index,
			      const struct sub_record *sub)
{
	struct arena_mark mark = arena_mark(decoding->arena);
	char label[16];
	struct slice data;
	enum status status = table_sub_data(decoding->tables, sub, decoding->arena,
					    &data);

	if (status != STATUS_OK)
		return status;
	decode_offset(decoding, sub);
	decode_data(decoding, sub, data);
	snprintf(label, sizeof(label), "%u", index);
	tell(decoding, label);
	arena_rewind(decoding->arena, mark);
	return STATUS_OK;
}

static void decode_offset(struct decoding *decoding, const struct sub_record *sub)
{
	struct wording *words = &decoding->words;
	unsigned value = sub->offset_value;

	switch ((enum offset_kind)sub->offset_kind) {
	case OFFSET_ANY:
		wording_add(words, "anywhere");
		break;
	case OFFSET_ABSOLUTE:
		wording_add(words, "at offset %u", value);
		break;
	case OFFSET_FROM_END:
		wording_add(words, "%u bytes before the end", value);
		break;
	case OFFSET_ENTRY_PLUS:
		wording_add(words, "%u bytes behind the entry point", value);
		break;
	case OFFSET_ENTRY_MINUS:
		wording_add(words, "%u bytes before the entry point", value);
		break;
	case OFFSET_SECTION_PLUS:
		wording_add(words, "%u bytes behind the start of section %u", value,
			    sub->offset_section);
		break;
	case OFFSET_LAST_SECTION_PLUS:
		wording_add(words, "%u bytes behind the start of the last section",
			    value);
		break;
	case OFFSET_IN_SECTION:
		wording_add(words, "inside section %u", sub->offset_section);
		break;
	case OFFSET_VERSION_INFO:
		wording_add(words, "inside the version information");
		break;
	case OFFSET_MACRO:
		wording_add(words, "where a macro of group %u asks", value);
		break;
	}
	if (sub->offset_shift > 0)
		wording_add(words, ", or up to %u bytes behind that", sub->offset_shift);
	wording_add(words, ": ");
}

static void decode_data(struct decoding *decoding, const struct sub_record *sub,
			struct slice data)
{
	struct wording *words = &decoding->words;
	struct reader in = reader_of_slice(data);
	unsigned min, max;

	switch ((enum sub_kind)sub->kind) {
	case SUB_PATTERN:
		decode_programs(data, words);
		break;
	case SUB_REGEX:
		decode_regex(decoding, data);
		break;
	case SUB_COMPARE:
		decode_compare(words, data);
		break;
	case SUB_MACRO:
		min = reader_u32le(&in);
		max = reader_u32le(&in);
		wording_add(words,
			    "%u to %u bytes behind the one before, a pattern of group %u",
			    min, max, reader_u8(&in));
		break;
	case SUB_IMAGE_HASH:
		wording_add(words, "a picture that looks like %016llx",
			    (unsigned long long)reader_u64le(&in));
		break;
	}
}

static void decode_regex(struct decoding *decoding, struct slice data)
{
	static const struct {
		unsigned flag;
		const char *text;
	} flags[] = {
		{ REGEX_CASELESS, "letters in either case" },
		{ REGEX_DOTALL, ". is any byte" },
		{ REGEX_MULTILINE, "^ and $ at every line" },
		{ REGEX_EXTENDED, "blanks mean nothing" },
		{ REGEX_ANCHORED, "only where the search begins" },
		{ REGEX_DOLLAR_END, "$ only at the end" },
		{ REGEX_UNGREEDY, "as short as can be" },
		{ REGEX_GLOBAL, "all matches count" },
		{ REGEX_ROLLING, "the offset is where the search begins" },
		{ REGEX_ENCOMPASS, "the whole match inside of the offset" },
	};
	struct wording *words = &decoding->words;
	struct reader in = reader_of_slice(data);
	unsigned given = reader_u16le(&in);
	struct slice trigger = reader_slice(&in, reader_u16le(&in));
	struct expr_tree tree;

	wording_add(words, "the regular expression ");
	wording_add_bytes(words, reader_rest(&in));
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (given & flags[i].flag)
			wording_add(words, ", %s", flags[i].text);
	if (expr_tree_build(trigger, decoding->arena, &tree) != STATUS_OK)
		return;
	wording_add(words, "; looked for when ");
	decode_node(decoding, tree.root, 0);
}

static void decode_compare(struct wording *words, struct slice data)
{
	struct compare compare;

	if (!compare_load(data, &compare))
		return;
	wording_add(words, "the number in %u byte%s ", compare.len,
		    compare.len == 1 ? "" : "s");
	wording_add(words, "%lld bytes from the last match of %u, read as %s%s%s%s, is",
		    (long long)compare.offset, compare.sub,
		    compare.form == COMPARE_HEX     ? "hexadecimal text" :
		    compare.form == COMPARE_DECIMAL ? "decimal text" :
		    compare.form == COMPARE_AUTO    ? "text of either base" :
						      "binary",
		    compare.flags & COMPARE_LOW_FIRST ? ", low byte first" : "",
		    compare.flags & COMPARE_HIGH_FIRST ? ", high byte first" : "",
		    compare.flags & COMPARE_EXACT ? ", all of it" : "");
	for (unsigned i = 0; i < compare.count && i < COMPARE_SETS_MAX; i++)
		wording_add(words, "%s %c %lld", i > 0 ? " and" : "", compare.sets[i].how,
			    (long long)compare.sets[i].value);
}

static void decode_hash(struct decoding *decoding, const struct database *database,
			uint32_t segment, uint32_t rule)
{
	static const char *const scopes[HASH_SCOPES] = {
		"a whole object",
		"a section of a PE file",
		"the text of what a PE file imports",
		"an object in which the source's own rules find nothing",
	};
	static const char *const kinds[DIGEST_KINDS] = { "MD5", "SHA-1", "SHA-256" };
	struct rule_hash hash;

	if (!database_rule_hash(database, segment, rule, &hash))
		return;
	char hex[DIGEST_HEX_MAX];

	digest_hex(&hash.digest, hex);
	wording_add(&decoding->words, "%s", scopes[hash.scope]);
	tell(decoding, "for");
	wording_add(&decoding->words, "its %s is %s", kinds[hash.kind], hex);
	tell(decoding, "when");
	if (hash.size == HASH_ANY_SIZE)
		wording_add(&decoding->words, "of any size");
	else
		wording_add(&decoding->words, "of %u bytes", hash.size);
	tell(decoding, "and");
}
