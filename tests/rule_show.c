/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_show.h"

#include "base/digest.h"
#include "bytes/reader.h"
#include "match/compare.h"
#include "match/expr.h"
#include "match/macro.h"
#include "match/pattern.h"
#include "text_buffer.h"

static void show_steps(struct text_buffer *text, struct reader *in);

static void add_hex(struct text_buffer *text, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		text_add(text, "%02x", bytes.base[i]);
}

static void show_alt(struct text_buffer *text, struct reader *in)
{
	uint8_t flags = reader_u8(in);
	uint16_t count = reader_u16le(in);

	text_add(text, flags & PATTERN_ALT_NOT ? "not(" : "alt(");
	for (uint16_t i = 0; i < count; i++) {
		struct reader one = reader_take(in, reader_u16le(in));

		if (i > 0)
			text_add(text, "|");
		show_steps(text, &one);
	}
	text_add(text, ")");
}

static void show_mark(struct text_buffer *text, struct reader *in)
{
	uint8_t kind = reader_u8(in);
	uint8_t flags = reader_u8(in);

	text_add(text, "%s%s%c%s%s", flags & PATTERN_MARK_BEFORE ? "<" : "",
		 flags & PATTERN_MARK_NOT ? "!" : "", kind,
		 flags & PATTERN_MARK_WIDE ? "~" : "",
		 flags & PATTERN_MARK_AFTER ? ">" : "");
}

static void show_gap(struct text_buffer *text, struct reader *in)
{
	uint32_t min = reader_u32le(in);
	uint32_t max = reader_u32le(in);

	text_add(text, "gap %u-", min);
	if (max != PATTERN_GAP_NO_END)
		text_add(text, "%u", max);
}

static void show_near(struct text_buffer *text, struct reader *in)
{
	bool is_before = reader_u8(in) & PATTERN_NEAR_BEFORE;
	unsigned min = reader_u8(in);
	unsigned max = reader_u8(in);
	uint8_t value = reader_u8(in);

	text_add(text, "near%s %u-%u %02x/%02x", is_before ? "<" : ">", min, max, value,
		 reader_u8(in));
}

static void show_step(struct text_buffer *text, struct reader *in)
{
	uint8_t op = reader_u8(in);

	switch (op) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
		text_add(text, op == PATTERN_LIT ? "lit " : "fold ");
		add_hex(text, reader_slice(in, reader_u16le(in)));
		break;
	case PATTERN_MASK:
		text_add(text, "mask");
		for (uint16_t n = reader_u16le(in); n > 0; n--) {
			uint8_t value = reader_u8(in);
			text_add(text, " %02x/%02x", value, reader_u8(in));
		}
		break;
	case PATTERN_SKIP:
		text_add(text, "skip %u", reader_u32le(in));
		break;
	case PATTERN_GAP:
		show_gap(text, in);
		break;
	case PATTERN_ALT:
		show_alt(text, in);
		break;
	case PATTERN_MARK:
		show_mark(text, in);
		break;
	case PATTERN_NEAR:
		show_near(text, in);
		break;
	default:
		abort();
	}
}

static void show_steps(struct text_buffer *text, struct reader *in)
{
	bool is_first = true;

	while (reader_left(in) > 0) {
		if (!is_first)
			text_add(text, " ");
		is_first = false;
		show_step(text, in);
	}
	if (!reader_ok(in))
		abort();
}

const char *show_program(struct slice program)
{
	static struct text_buffer text;
	struct reader in = reader_of_slice(program);

	text_clear(&text);
	show_steps(&text, &in);
	return text.text;
}

static void show_expression(struct text_buffer *text, struct slice expression)
{
	struct reader in = reader_of_slice(expression);
	uint32_t x, y;
	uint8_t how;

	while (reader_left(&in) > 0) {
		switch (reader_u8(&in)) {
		case EXPR_SUB:
			text_add(text, " s%u", reader_u8(&in));
			break;
		case EXPR_AND:
			text_add(text, " &");
			break;
		case EXPR_OR:
			text_add(text, " |");
			break;
		case EXPR_CMP:
			how = reader_u8(&in);
			x = reader_u32le(&in);
			y = reader_u32le(&in);
			text_add(text, y ? " %c%u,%u" : " %c%u", how, x, y);
			break;
		case EXPR_SKIP_IF_FALSE:
			text_add(text, " f%u", reader_u16le(&in));
			break;
		case EXPR_SKIP_IF_TRUE:
			text_add(text, " t%u", reader_u16le(&in));
			break;
		default:
			abort();
		}
	}
}

static void add_name(struct text_buffer *text, struct reader *in)
{
	struct slice name = reader_slice(in, reader_u8(in));

	text_add(text, " %.*s", (int)name.len, (const char *)name.base);
}

static void show_icons(struct text_buffer *text, struct reader *in)
{
	text_add(text, " if icon");
	for (unsigned which = reader_u8(in); which > 0; which >>= 1) {
		text_add(text, which & 1 ? " of" : " any");
		if (which & 1)
			add_name(text, in);
	}
}

static void show_condition(struct text_buffer *text, struct slice condition)
{
	struct reader in = reader_of_slice(condition);
	uint64_t min;

	while (reader_left(&in) > 0) {
		switch (reader_u8(&in)) {
		case COND_FILE_SIZE:
			min = reader_u64le(&in);
			text_add(text, " if size %ju-%ju", (uintmax_t)min,
				 (uintmax_t)reader_u64le(&in));
			break;
		case COND_ENTRY_POINT:
			min = reader_u32le(&in);
			text_add(text, " if entry %ju-%u", (uintmax_t)min,
				 reader_u32le(&in));
			break;
		case COND_SECTIONS:
			min = reader_u32le(&in);
			text_add(text, " if sections %ju-%u", (uintmax_t)min,
				 reader_u32le(&in));
			break;
		case COND_CONTAINER:
			text_add(text, " if in");
			add_name(text, &in);
			break;
		case COND_INTERMEDIATES:
			text_add(text, " if inside");
			for (uint8_t n = reader_u8(&in); n > 0; n--)
				add_name(text, &in);
			break;
		case COND_ICONS:
			show_icons(text, &in);
			break;
		default:
			abort();
		}
	}
	if (!reader_ok(&in))
		abort();
}

static void show_offset(struct text_buffer *text, const struct rule_sub *sub)
{
	static const char *const kinds[] = {
		[OFFSET_ANY] = "any",
		[OFFSET_ABSOLUTE] = "at",
		[OFFSET_FROM_END] = "end-",
		[OFFSET_ENTRY_PLUS] = "entry+",
		[OFFSET_ENTRY_MINUS] = "entry-",
		[OFFSET_SECTION_PLUS] = "section+",
		[OFFSET_IN_SECTION] = "within",
		[OFFSET_LAST_SECTION_PLUS] = "last+",
		[OFFSET_VERSION_INFO] = "version",
		[OFFSET_MACRO] = "macro",
	};

	text_add(text, " | %s", kinds[sub->offset]);
	if (sub->offset == OFFSET_SECTION_PLUS || sub->offset == OFFSET_IN_SECTION)
		text_add(text, " %u", sub->offset_section);
	if (sub->offset != OFFSET_ANY && sub->offset != OFFSET_IN_SECTION)
		text_add(text, " %u", sub->offset_value);
	if (sub->offset_shift)
		text_add(text, ",%u", sub->offset_shift);
	if (sub->flags & SUB_LAST)
		text_add(text, " last");
	text_add(text, sub->flags & SUB_COUNTED ? " counted:" : ":");
}

static void show_regex(struct text_buffer *text, struct slice data)
{
	struct reader in = reader_of_slice(data);
	unsigned flags = reader_u16le(&in);
	struct slice trigger = reader_slice(&in, reader_u16le(&in));
	struct slice regex = reader_rest(&in);

	text_add(text, " if (");
	show_expression(text, trigger);
	text_add(text, " ) /%.*s/%x", (int)regex.len, (const char *)regex.base, flags);
}

static void show_compare(struct text_buffer *text, struct slice data)
{
	struct compare compare;

	if (!compare_load(data, &compare))
		abort();
	text_add(text, " s%u%+lld %c%s%s%s%u", compare.sub, (long long)compare.offset,
		 compare.form ? compare.form : '?',
		 compare.flags & COMPARE_LOW_FIRST ? "l" : "",
		 compare.flags & COMPARE_HIGH_FIRST ? "b" : "",
		 compare.flags & COMPARE_EXACT ? "e" : "", compare.len);
	for (unsigned i = 0; i < compare.count; i++)
		text_add(text, " %c%lld", compare.sets[i].how,
			 (long long)compare.sets[i].value);
}

static void show_data(struct text_buffer *text, const struct rule_sub *sub)
{
	struct reader in = reader_of_slice(sub->data);
	struct macro macro;

	switch (sub->kind) {
	case SUB_PATTERN:
		break;
	case SUB_REGEX:
		show_regex(text, sub->data);
		break;
	case SUB_COMPARE:
		show_compare(text, sub->data);
		break;
	case SUB_MACRO:
		if (!macro_load(sub->data, &macro))
			abort();
		text_add(text, " %u-%u of %u", macro.min, macro.max, macro.group);
		break;
	case SUB_IMAGE_HASH:
		text_add(text, " image %016llx", (unsigned long long)reader_u64le(&in));
		break;
	}
}

static void show_subs(struct text_buffer *text, const struct rule *rule)
{
	for (size_t i = 0; i < rule->sub_count; i++) {
		const struct rule_sub *sub = &rule->subs[i];

		show_offset(text, sub);
		for (size_t p = 0; p < sub->program_count; p++) {
			struct reader in = reader_of_slice(sub->programs[p]);

			text_add(text, p > 0 ? " / " : " ");
			show_steps(text, &in);
		}
		show_data(text, sub);
	}
}

static void show_hash(struct text_buffer *text, const struct rule *rule)
{
	static const char *const kinds[] = { "md5", "sha1", "sha256" };

	text_add(text, "%s %s ", rule->language == RULE_ALLOW ? "allow" : "hash",
		 kinds[rule->digest_kind]);
	add_hex(text, (struct slice){ rule->digest,
				      digest_len((enum digest_kind)rule->digest_kind) });
	if (rule->size == HASH_ANY_SIZE)
		text_add(text, " *");
	else
		text_add(text, " %u", rule->size);
	text_add(text, " %.*s", (int)rule->name.len, (const char *)rule->name.base);
}

static void show_entry(struct text_buffer *text, const struct rule *rule)
{
	text_add(text, "entry %.*s kind %u flags %u ", (int)rule->name.len,
		 (const char *)rule->name.base, rule->entry_kind, rule->flags);
	add_hex(text, rule->data);
}

static void show_rule(struct text_buffer *text, const struct rule *rule)
{
	if (rule->language >= RULE_CONTAINER) {
		show_entry(text, rule);
		return;
	}
	switch ((int)rule->language) {
	case RULE_HASH:
	case RULE_ALLOW:
		show_hash(text, rule);
		return;
	case RULE_IGNORE:
		text_add(text, "ignore %.*s", (int)rule->name.len,
			 (const char *)rule->name.base);
		if (rule->has_line_digest) {
			text_add(text, " ");
			add_hex(text, (struct slice){ rule->line_digest, 16 });
		}
		return;
	case RULE_NDB:
	case RULE_LDB:
		break;
	}
	text_add(text, "%.*s target %u", (int)rule->name.len,
		 (const char *)rule->name.base, rule->target);
	if (rule->flags & RULE_WEAK)
		text_add(text, " weak");
	show_condition(text, rule->condition);
	text_add(text, " expr");
	show_expression(text, rule->expression);
	show_subs(text, rule);
}

const char *show_line(const char *suffix, const char *line)
{
	static struct text_buffer text;
	struct rule_error error = { 0 };
	struct rule rule;
	struct arena arena;
	char name[32];

	text_clear(&text);
	snprintf(name, sizeof(name), "x.%s", suffix);
	const struct rule_reader *reader = rule_reader_of(slice_of(name));
	if (!reader)
		abort();
	arena_init(&arena, 16 << 20);
	enum status status = reader->read(&arena, slice_of(line), &rule, &error);
	if (status == STATUS_OK)
		show_rule(&text, &rule);
	else if (status == STATUS_END)
		text_add(&text, "-");
	else if (status == STATUS_MALFORMED || status == STATUS_UNSUPPORTED)
		text_add(&text, "%s%u: %s", error.is_skip ? "skip " : "", error.column,
			 error.message);
	else
		text_add(&text, "neither read nor refused: %s", status_name(status));
	arena_clear(&arena);
	return text.text;
}
