/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which reader belongs to a file: the part of its name behind the last dot
 * decides, as it does for ClamAV.
 */
#include "rules/rule.h"

#include "rules/languages.h"

static const struct rule_reader readers[] = {
	{ "ndb", false, ndb_read },
	{ "ldb", false, ldb_read },
	{ "db", false, db_read },
	{ "hdb", false, hash_line_read },
	{ "hsb", false, hash_line_read },
	{ "fp", false, allow_line_read },
	{ "sfp", false, allow_line_read },
	{ "mdb", false, section_hash_read },
	{ "msb", false, section_hash_read },
	{ "imp", false, import_hash_read },
	{ "sdb", false, ndb_read },
	{ "ign", false, ignore_read },
	{ "ign2", false, ignore_read },
	{ "cdb", false, cdb_read },
	{ "crb", false, crb_read },
	{ "idb", false, idb_read },
	{ "zmd", false, zmd_read },
	{ "rmd", false, rmd_read },
	{ "ftm", false, ftm_read },
	{ "pwdb", false, pwdb_read },
	{ "cfg", false, cfg_read },
	{ "pdb", false, pdb_read },
	{ "wdb", false, wdb_read },
	{ "gdb", false, gdb_read },
	{ "ndu", false, ndb_read },
	{ "ldu", false, ldb_read },
	{ "hdu", false, hash_line_read },
	{ "hsu", false, hash_line_read },
	{ "mdu", false, section_hash_read },
	{ "msu", false, section_hash_read },
	{ "cbc", true, cbc_read },
	{ "cat", true, cat_read },
};

/* Lists of potentially unwanted programs. */
static const char *const pua_suffixes[] = { "ndu", "ldu", "hdu", "hsu", "mdu", "msu" };

/* Files in which clamscan's --phishing-sigs=no looks at names. */
static const char *const phishing_suffixes[] = { "ndb", "ndu", "sdb" };

static bool is_one_of(const struct rule_reader *reader, const char *const *suffixes,
		      size_t count);
static bool ends_with_suffix(struct slice name, const char *suffix);

const struct rule_reader *rule_reader_of(struct slice file_name)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (ends_with_suffix(file_name, readers[i].suffix))
			return &readers[i];
	return NULL;
}

const char *rule_refusal(struct slice file_name)
{
	static const struct {
		const char *suffix, *reason;
	} refused[] = {
		{ "ioc", "OpenIOC; hsb holds hashes" },
		{ "yar", "rules of YARA, which cannot be read yet" },
		{ "yara", "rules of YARA, which cannot be read yet" },
		{ "info", "the list of a container's members, of use only inside it" },
	};

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (ends_with_suffix(file_name, refused[i].suffix))
			return refused[i].reason;
	return NULL;
}

bool rule_reader_is_pua(const struct rule_reader *reader)
{
	return is_one_of(reader, pua_suffixes, ARRAY_LEN(pua_suffixes));
}

bool rule_reader_has_phishing(const struct rule_reader *reader)
{
	return is_one_of(reader, phishing_suffixes, ARRAY_LEN(phishing_suffixes));
}

static bool is_one_of(const struct rule_reader *reader, const char *const *suffixes,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(reader->suffix, suffixes[i]) == 0)
			return true;
	return false;
}

static bool ends_with_suffix(struct slice name, const char *suffix)
{
	size_t len = strlen(suffix);

	return slice_ends_nocase(name, suffix) && name.len > len &&
	       name.base[name.len - len - 1] == '.';
}
