/* SPDX-License-Identifier: Apache-2.0 */
#include "database/switches.h"

#include "bytes/reader.h"

static const struct need {
	enum config_section section;
	uint32_t bit;
	const char *message;
} needs[] = {
	{ CONFIG_PE, CONFIG_PE_SECTION_HASHES,
	  "its source switches off hashes of sections" },
	{ CONFIG_PE, CONFIG_PE_CATALOGS, "its source switches off catalogues" },
	{ CONFIG_PE, CONFIG_PE_CERTIFICATES, "its source switches off certificates" },
	{ CONFIG_PE, CONFIG_PE_ICONS, "its source switches off icons" },
	{ CONFIG_PE, CONFIG_PE_IMPORTS, "its source switches off hashes of imports" },
	{ CONFIG_OTHER, CONFIG_OTHER_IMAGE_HASHES,
	  "its source switches off hashes of images" },
	{ CONFIG_PHISHING, CONFIG_PHISHING_ENGINE, "its source switches off phishing" },
	{ CONFIG_BYTECODE, CONFIG_BYTECODE_INTERPRETER,
	  "its source switches off bytecode" },
	{ CONFIG_PCRE, CONFIG_PCRE_SUPPORT,
	  "its source switches off regular expressions" },
};

static bool has_need(const struct rule *rule, const struct need *need);

enum status switches_init(struct switches *switches, struct arena *arena,
			  size_t source_count)
{
	switches->words = arena_alloc_array(arena, source_count,
					    sizeof(*switches->words));
	if (!switches->words)
		return STATUS_NO_MEMORY;
	memset(switches->words, 0xff, source_count * sizeof(*switches->words));
	return STATUS_OK;
}

void switches_set(struct switches *switches, uint32_t source, const struct rule *rule)
{
	struct reader data = reader_of_slice(rule->data);

	switches->words[source][rule->entry_kind] = reader_u32le(&data);
}

const char *switches_against(const struct switches *switches, uint32_t source,
			     const struct rule *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		if (!(switches->words[source][needs[i].section] & needs[i].bit) &&
		    has_need(rule, &needs[i]))
			return needs[i].message;
	return NULL;
}

static bool has_sub(const struct rule *rule, enum sub_kind kind)
{
	for (size_t i = 0; i < rule->sub_count; i++)
		if (rule->subs[i].kind == kind)
			return true;
	return false;
}

static bool needs_of_pe(const struct rule *rule, uint32_t bit)
{
	if (rule->language == RULE_HASH)
		return (bit == CONFIG_PE_SECTION_HASHES &&
			rule->scope == HASH_OF_PE_SECTION) ||
		       (bit == CONFIG_PE_IMPORTS && rule->scope == HASH_OF_PE_IMPORTS);
	return (bit == CONFIG_PE_CATALOGS && rule->language == RULE_CATALOG) ||
	       (bit == CONFIG_PE_CERTIFICATES && rule->language == RULE_CERTIFICATE) ||
	       (bit == CONFIG_PE_ICONS && rule->language == RULE_ICON);
}

static bool has_need(const struct rule *rule, const struct need *need)
{
	switch ((int)need->section) {
	case CONFIG_PE:
		return needs_of_pe(rule, need->bit);
	case CONFIG_OTHER:
		return has_sub(rule, SUB_IMAGE_HASH);
	case CONFIG_PHISHING:
		return rule->language >= RULE_LINK_WATCHED &&
		       rule->language <= RULE_LINK_HASH;
	case CONFIG_BYTECODE:
		return rule->language == RULE_BYTECODE;
	default:
		return has_sub(rule, SUB_REGEX);
	}
}
