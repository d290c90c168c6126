/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a source wants to be on: Section:0xBits[:MinFL[:MaxFL]]. The word stands for the
 * whole section, and the last line for a section counts. An entry as match/config_entry.h
 * says.
 */
#include "bytes/store.h"
#include "match/config_entry.h"
#include "rules/languages.h"
#include "rules/line.h"

enum { FIELDS_MIN = 2, FIELDS_MAX = 4, WORD_LEN = 4 };

static const char *const sections[CONFIG_SECTIONS] = {
	[CONFIG_PE] = "PE",
	[CONFIG_ELF] = "ELF",
	[CONFIG_MACHO] = "MACHO",
	[CONFIG_ARCHIVE] = "ARCHIVE",
	[CONFIG_DOCUMENT] = "DOCUMENT",
	[CONFIG_MAIL] = "MAIL",
	[CONFIG_OTHER] = "OTHER",
	[CONFIG_PHISHING] = "PHISHING",
	[CONFIG_BYTECODE] = "BYTECODE",
	[CONFIG_STATS] = "STATS",
	[CONFIG_PCRE] = "PCRE",
};

static enum status read_word(const struct rule_line *line, struct span span,
			     uint32_t *out);

enum status cfg_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_CONFIG, .flags = RULE_FINDS_NOTHING };
	struct span fields[FIELDS_MAX];
	uint32_t word;

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ':', fields, FIELDS_MAX);
	if (count < FIELDS_MIN)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "too few fields: Section:0xBits");
	if (count > FIELDS_MAX)
		count = FIELDS_MAX;
	enum status status = line_name(&line, fields[0], &rule);
	if (status == STATUS_OK)
		status = read_word(&line, fields[1], &word);
	if (status == STATUS_OK)
		status = line_feature_levels(&line, &fields[FIELDS_MIN],
					     count - FIELDS_MIN);
	if (status != STATUS_OK)
		return status;
	while (rule.entry_kind < CONFIG_SECTIONS &&
	       !line_is(&line, fields[0], sections[rule.entry_kind]))
		rule.entry_kind++;
	if (rule.entry_kind == CONFIG_SECTIONS)
		return line_skip(&line, fields[0], "an unknown section");
	uint8_t *data = arena_alloc(arena, WORD_LEN);
	if (!data)
		return STATUS_NO_MEMORY;
	store_u32le(data, word);
	rule.data = (struct slice){ data, WORD_LEN };
	*out = rule;
	return STATUS_OK;
}

static enum status read_word(const struct rule_line *line, struct span span,
			     uint32_t *out)
{
	static const char wanted[] = "bits are 0x and up to 8 hexadecimal digits";
	size_t first = span.start + strlen("0x");
	uint32_t word = 0;

	if (!line_starts(line, span, "0x") || span.end <= first || span.end > first + 8)
		return line_refuse(line, span, STATUS_MALFORMED, wanted);
	for (size_t at = first; at < span.end; at++) {
		int digit = line_digit(line, at);

		if (digit < 0)
			return line_refuse(line, span, STATUS_MALFORMED, wanted);
		word = word << 4 | (uint32_t)digit;
	}
	*out = word;
	return STATUS_OK;
}
