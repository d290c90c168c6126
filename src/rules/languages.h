/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The readers behind rule_reader_of(), one for each language of ClamAV's; what
 * they return is said at struct rule_reader. docs/formats/clamav-signatures.md
 * describes the languages.
 */
#pragma once

#include "rules/rule.h"

/* hdb, hsb: Hash:Size:Name[:MinFL[:MaxFL]] */
MUST_CHECK enum status hash_line_read(struct arena *arena, struct slice line,
				      struct rule *out, struct rule_error *error);

/* mdb, msb: Size:Hash:Name[:MinFL[:MaxFL]], of sections of PE files */
MUST_CHECK enum status section_hash_read(struct arena *arena, struct slice line,
					 struct rule *out, struct rule_error *error);

/* imp: Hash:Size:Name[:MinFL[:MaxFL]], of the text of what a PE file imports */
MUST_CHECK enum status import_hash_read(struct arena *arena, struct slice line,
					struct rule *out, struct rule_error *error);

/* fp, sfp: the same, of files that are not to be reported */
MUST_CHECK enum status allow_line_read(struct arena *arena, struct slice line,
				       struct rule *out, struct rule_error *error);

/* ign, ign2: Name | Name:MD5 of the line | Database:Line:Name */
MUST_CHECK enum status ignore_read(struct arena *arena, struct slice line,
				   struct rule *out, struct rule_error *error);

/* ndb, sdb: Name:Target:Offset:HexSignature[:MinFL[:MaxFL]] */
MUST_CHECK enum status ndb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* db: Name=HexSignature */
MUST_CHECK enum status db_read(struct arena *arena, struct slice line, struct rule *out,
			       struct rule_error *error);

/* ldb: Name;Target description;Expression;Subsignature 0;… */
MUST_CHECK enum status ldb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* idb: what icons of programs look like */
MUST_CHECK enum status idb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* crb: certificates of signed programs that are trusted, or reported */
MUST_CHECK enum status crb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* cdb: rules about members of containers; zmd, rmd: the older form, of zip and rar */
MUST_CHECK enum status cdb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);
MUST_CHECK enum status zmd_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);
MUST_CHECK enum status rmd_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* ftm: what files of a type look like */
MUST_CHECK enum status ftm_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* pwdb: passwords of containers */
MUST_CHECK enum status pwdb_read(struct arena *arena, struct slice line, struct rule *out,
				 struct rule_error *error);

/* cfg: what a source wants to be on */
MUST_CHECK enum status cfg_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/*
 * The logical signature that a bytecode program waits for: as above, but there may be
 * subsignatures that the expression does not name, which the program asks about.
 */
MUST_CHECK enum status ldb_read_trigger(struct arena *arena, struct slice line,
					struct rule *out, struct rule_error *error);

/* cbc: a whole file, ClamAV's bytecode */
MUST_CHECK enum status cbc_read(struct arena *arena, struct slice file, struct rule *out,
				struct rule_error *error);

/* cat: a whole file, a catalogue of digests */
MUST_CHECK enum status cat_read(struct arena *arena, struct slice file, struct rule *out,
				struct rule_error *error);

/* pdb, wdb, gdb: links that are watched, allowed, known by digest */
MUST_CHECK enum status pdb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);
MUST_CHECK enum status wdb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);
MUST_CHECK enum status gdb_read(struct arena *arena, struct slice line, struct rule *out,
				struct rule_error *error);

/* Nothing to read: a comment or an empty line. */
static inline bool line_is_blank(struct slice line)
{
	return line.len == 0 || line.base[0] == '#';
}
