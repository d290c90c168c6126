/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files that rules come from: a rule file, a folder of them, or a compiled
 * database (.cseg). Each path is one source; folders are not searched deeper.
 * The files are opened here and read elsewhere: nothing of them is believed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/status.h"
#include "database/build.h"
#include "host/target.h"

struct rule_file {
	char *path;       /* for messages */
	const char *name; /* its last part, inside `path` */
	int fd;
	struct target_facts facts;
	size_t source; /* index into rule_files.sources */
	enum build_role role;
	size_t of; /* BUILD_SIGNATURE: index into rule_files.files */
};

struct rule_source {
	char *path;
	char *name;           /* as shown with its findings */
	const char *coverage; /* borrowed; NULL: not known */
	const char *licence;  /* likewise */
	bool is_trusted;      /* came with the program */
	bool is_compiled;     /* its one file is a segment */
	bool is_folder;
	size_t file_first, file_count;
	int64_t newest;    /* when the youngest of its files was changed; Unix seconds */
	size_t unread;     /* files of rule languages that are not read yet … */
	char *unread_name; /* … and the name of one of them */
};

struct rule_files {
	struct rule_source *sources;
	size_t source_count;
	struct rule_file *files;
	size_t file_count;
	struct build_pua pua; /* the caller's, likewise; its text is borrowed */
	bool clamav_compat; /* the caller's: they are to be read as clamscan reads them */
	bool bytecode_unsigned; /* the caller's: programs that nobody signed are loaded */
	/*
	 * The caller's, while files are added: a folder of certificates to trust for .sign
	 * files; or NULL.
	 */
	const char *certificates;
	bool has_certificates; /* they are among the files */
};

/*
 * Opens the files of `path` and adds them as one source called `name` (NULL:
 * the last part of the path). What the names point to is only borrowed. Behind
 * a container come the detached signatures beside it and, once, whom to trust for
 * them; they count for no source, and one that cannot be read is left out.
 *   OK           there is at least one file
 *   END          nothing is at that path
 *   UNSUPPORTED  there is something, but nothing in it is a rule file that is read here;
 *                the source is there, with `unread` counted
 *   NO_MEMORY
 *   IO           errno says why
 */
MUST_CHECK enum status rule_files_add(struct rule_files *files, const char *path,
				      const char *name);

/*
 * Adds what is behind a descriptor as a rule file called `name`, and a source of that
 * name. Takes the descriptor, also when it fails.
 *   OK, NO_MEMORY, IO
 *   UNSUPPORTED  no rule files are called so
 */
MUST_CHECK enum status rule_files_add_open(struct rule_files *files, const char *name,
					   int fd);

/* Why rule_files_add() did not take the path, by errno where that says it. */
void rule_files_explain(const struct rule_files *files, const char *path,
			enum status status, char *text, size_t size);

/* Closes and frees everything; the struct may be used again. */
void rule_files_clear(struct rule_files *files);

/*
 * Was none of them written to within the last seconds before `now`? Else its times may
 * stand still while it changes, and tell nothing.
 */
bool rule_files_settled(const struct rule_files *files, int64_t now);

/* Has one of them been written to since it was opened? */
bool rule_files_changed(const struct rule_files *files);

/* The choice of rules that is asked for, as a line; nothing if there is none. */
void rule_files_describe_choice(const struct rule_files *files, FILE *out);

/*
 * The choice, then a line for each source and each file: whose, which, and all the facts
 * by which it is known.
 */
void rule_files_describe(const struct rule_files *files, FILE *out);

/* The facts alone, and the end of the line. */
void rule_files_describe_facts(const struct target_facts *facts, FILE *out);
