/* SPDX-License-Identifier: Apache-2.0 */
#include "host/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "database/segment.h"
#include "host/folder.h"
#include "host/program.h"
#include "host/rule_cache.h"
#include "host/rule_compile.h"
#include "host/verdict_cache.h"

static const char nothing_usable[] = "not one rule in it can be used";

static bool add_paths(struct catalog *catalog, const struct catalog_options *options,
		      struct rule_error_text *error);
static bool add_default(struct catalog *catalog, struct rule_error_text *error);
static bool add_path(struct rule_files *files, const char *path, const char *name,
		     struct rule_error_text *error);
static bool open_compiled(struct catalog *catalog, struct rule_error_text *error);
static bool open_text(struct catalog *catalog, const struct rule_files *files,
		      const struct catalog_options *options,
		      struct rule_error_text *error);
static bool compile_text(struct catalog *catalog, const struct rule_files *files,
			 const struct catalog_options *options, struct rule_cache *cache,
			 struct rule_error_text *error);
static bool open_clamav(struct catalog *catalog, const struct catalog_options *options);
static const struct rule_file *find_refused(const struct catalog *catalog,
					    const struct rule_files *files,
					    uint32_t segment);
static void take_releases(struct catalog *catalog, uint32_t segment, size_t first_source);
static bool add_cached(struct catalog *catalog, const struct rule_cache *cache, int fd);
static bool add_delta(struct catalog *catalog, int *base, const char *base_key,
		      int *delta, const char *delta_key);
static bool add_keyed(struct catalog *catalog, int fd, const char *key);
static bool has_room_for_delta(const struct catalog *catalog,
			       const struct rule_files *files,
			       const struct catalog_options *options);
static bool compile_delta(struct catalog *catalog, const struct rule_files *files,
			  const struct catalog_options *options, struct rule_cache *cache,
			  int fd);
static void drop_segment(struct catalog *catalog);
static int private_copy(const struct rule_file *file);
static int reopened(int fd);
static enum status add_segment(struct catalog *catalog, int fd);
static bool list_sources(struct catalog *catalog, const struct rule_files *files,
			 size_t first, uint32_t segment, struct rule_error_text *error);
static bool take_source(struct catalog *catalog, const struct source_info *info,
			const struct rule_source *from);
static bool complain(struct rule_error_text *error, const char *path, const char *what);

bool catalog_open(struct catalog *catalog, const struct catalog_options *options,
		  struct rule_error_text *error)
{
	bool ok;

	memset(catalog, 0, sizeof(*catalog));
	catalog->text.pua = options->pua;
	catalog->text.clamav_compat = options->clamav_compat;
	catalog->text.bytecode_unsigned = options->bytecode_unsigned;
	catalog->text.certificates = options->certificates;
	ok = options->path_count > 0 ? add_paths(catalog, options, error) :
				       add_default(catalog, error);
	ok = ok && open_compiled(catalog, error) &&
	     open_text(catalog, &catalog->text, options, error);
	catalog->text_end = catalog->count;
	if (ok && (options->path_count > 0 || open_clamav(catalog, options))) {
		catalog->text.certificates = catalog->clamav.certificates = NULL;
		return true;
	}
	catalog_close(catalog);
	return false;
}

void catalog_close(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		munmap(catalog->maps[i], catalog->maps_len[i]);
		close(catalog->fds[i]);
	}
	rule_files_clear(&catalog->text);
	rule_files_clear(&catalog->compiled);
	rule_files_clear(&catalog->clamav);
	free(catalog->clamav_trouble);
	free(catalog->sources);
	memset(catalog, 0, sizeof(*catalog));
}

char *catalog_identity(const struct catalog *catalog)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	rule_files_describe(&catalog->compiled, out);
	rule_files_describe(&catalog->text, out);
	rule_files_describe(&catalog->clamav, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

bool catalog_is_settled(const struct catalog *catalog, int64_t now)
{
	return rule_files_settled(&catalog->compiled, now) &&
	       rule_files_settled(&catalog->text, now) &&
	       rule_files_settled(&catalog->clamav, now);
}

/*
 * A delta takes rules away, too; but a file that one of those matches is not remembered, so
 * that only its allow entries matter.
 */
static bool only_adds(const struct database *database, uint32_t segment)
{
	struct segment_info info;

	return database_delta_base(database, segment).len > 0 &&
	       database_info(database, segment, &info) && info.allow_entries == 0;
}

char *catalog_segment_identity(const struct catalog *catalog, size_t segment)
{
	size_t compiled = catalog->compiled.file_count;
	bool is_text = segment < catalog->text_end;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	if (catalog->keys[segment][0])
		fprintf(out, "%scompiled %s\n",
			only_adds(&catalog->database, (uint32_t)segment) ? VERDICT_ADDS :
									   "",
			catalog->keys[segment]);
	else if (segment < compiled)
		rule_files_describe_facts(&catalog->compiled.files[segment].facts, out);
	else
		rule_files_describe(is_text ? &catalog->text : &catalog->clamav, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static bool add_paths(struct catalog *catalog, const struct catalog_options *options,
		      struct rule_error_text *error)
{
	for (size_t i = 0; i < options->path_count; i++) {
		const char *path = options->paths[i];
		bool is_compiled = slice_ends_nocase(slice_of(path), ".cseg");
		struct rule_files *files = is_compiled ? &catalog->compiled :
							 &catalog->text;

		if (!add_path(files, path, NULL, error))
			return false;
		if (is_compiled && !files->sources[files->source_count - 1].is_compiled)
			return complain(error, path, "a folder, not a compiled database");
	}
	if (catalog->compiled.file_count + (catalog->text.file_count > 0) >
	    DATABASE_SEGMENTS_MAX)
		return complain(
			error, "--database",
			"more than 4 compiled databases (rule files count as one)");
	return true;
}

/* A folder of local rules that is empty or not there is as good as none. */
static bool add_default(struct catalog *catalog, struct rule_error_text *error)
{
	AUTO_FREE char *builtin = program_builtin_path();
	enum status status;

	if (!builtin)
		return complain(error, "built-in rules", strerror(ENOMEM));
	if (!add_path(&catalog->compiled, builtin, NULL, error))
		return false;
	catalog->compiled.sources[0].newest = 0;

	status = rule_files_add(&catalog->text, FOLDER_LOCAL_RULES, "local");
	if (status == STATUS_OK || status == STATUS_END || status == STATUS_UNSUPPORTED)
		return true;
	return complain(error, FOLDER_LOCAL_RULES, strerror(errno));
}

static bool add_path(struct rule_files *files, const char *path, const char *name,
		     struct rule_error_text *error)
{
	enum status status = rule_files_add(files, path, name);
	char why[512];

	if (status == STATUS_OK)
		return true;
	rule_files_explain(files, path, status, why, sizeof(why));
	return complain(error, path, why);
}

/* What others could shorten while it is mapped would kill whoever reads it: that is copied. */
static bool open_compiled(struct catalog *catalog, struct rule_error_text *error)
{
	for (size_t i = 0; i < catalog->compiled.file_count; i++) {
		struct rule_file *file = &catalog->compiled.files[i];
		bool is_ours = file->facts.uid == 0 || file->facts.uid == geteuid();
		uint32_t segment = (uint32_t)catalog->count;
		enum status status;
		int fd;

		if (is_ours && !(file->facts.mode & (S_IWGRP | S_IWOTH)))
			fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
		else
			fd = private_copy(file);
		if (fd < 0)
			return complain(error, file->path, strerror(errno));
		status = add_segment(catalog, fd);
		if (status == STATUS_UNSUPPORTED)
			return complain(error, file->path,
					"compiled by another version: build it again "
					"from its rules");
		if (status != STATUS_OK)
			return complain(error, file->path,
					"not a compiled database, or damaged");
		if (database_delta_base(&catalog->database, segment).len > 0)
			return complain(error, file->path,
					"a delta, which says nothing without its base");
		if (!list_sources(catalog, &catalog->compiled, file->source, segment,
				  error))
			return false;
	}
	return true;
}

static bool open_text(struct catalog *catalog, const struct rule_files *files,
		      const struct catalog_options *options,
		      struct rule_error_text *error)
{
	struct rule_cache cache;
	size_t first = catalog->count;
	const struct rule_file *refused;
	struct segment_info totals;
	enum status status;
	bool ok = false;
	int fd = -1;

	if (files->file_count == 0)
		return true;
	status = rule_cache_open(&cache, options->cache_folder, files);
	if (status == STATUS_OK)
		status = rule_cache_get(&cache, files, &fd);
	if (status == STATUS_OK && !add_cached(catalog, &cache, fd)) {
		rule_cache_drop(&cache);
		status = STATUS_END;
	}
	if (status == STATUS_OK) {
		ok = true;
	} else if (status == STATUS_END) {
		ok = compile_text(catalog, files, options, &cache, error);
	} else {
		complain(error, files->files[0].path, strerror(errno));
	}
	rule_cache_close(&cache);
	if (!ok)
		return false;
	/* A delta tells of all; but not of the lines that its base refused. */
	uint32_t segment = (uint32_t)catalog->count - 1;
	if (segment > first && database_info(&catalog->database, segment - 1, &totals))
		catalog->refused += totals.refused_rules;
	if (!list_sources(catalog, files, 0, segment, error))
		return false;
	refused = find_refused(catalog, files, segment);
	if (refused)
		return complain(error, refused->path,
				"not believed (`custos db check' says why)");
	return true;
}

/* With the base in front, if it is a delta. Takes `fd`. */
static bool add_cached(struct catalog *catalog, const struct rule_cache *cache, int fd)
{
	AUTO_CLOSE int held = fd;
	char key[65];

	rule_cache_base_of(fd, key);
	if (!key[0])
		return add_keyed(catalog, steal_fd(&held), cache->key);
	AUTO_CLOSE int base = rule_cache_named(cache, slice_of(key));
	return base >= 0 && catalog->count + 2 <= DATABASE_SEGMENTS_MAX &&
	       add_delta(catalog, &base, key, &held, cache->key);
}

static bool add_delta(struct catalog *catalog, int *base, const char *base_key,
		      int *delta, const char *delta_key)
{
	uint32_t segment = (uint32_t)catalog->count;

	if (!add_keyed(catalog, steal_fd(base), base_key))
		return false;
	if (database_delta_base(&catalog->database, segment).len == 0 &&
	    add_keyed(catalog, steal_fd(delta), delta_key))
		return true;
	drop_segment(catalog);
	return false;
}

/* Takes `fd`. */
static bool add_keyed(struct catalog *catalog, int fd, const char *key)
{
	if (add_segment(catalog, fd) != STATUS_OK)
		return false;
	snprintf(catalog->keys[catalog->count - 1], sizeof(catalog->keys[0]), "%s", key);
	return true;
}

static bool compile_text(struct catalog *catalog, const struct rule_files *files,
			 const struct catalog_options *options, struct rule_cache *cache,
			 struct rule_error_text *error)
{
	AUTO_CLOSE int fd = rule_cache_new(cache, files);
	const size_t before = catalog->count;
	bool is_cached = fd >= 0;
	bool ok;

	if (fd < 0)
		fd = memfd_create("custos-rules", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return complain(error, "compiled rules", strerror(errno));
	if (options->compiling)
		options->compiling(options->report.context, files);
	if (is_cached && has_room_for_delta(catalog, files, options) &&
	    compile_delta(catalog, files, options, cache, fd))
		return catalog->count > before ||
		       complain(error, "compiled rules", "cannot be read back");
	ok = rule_compile(files, &options->report, fd, NULL, error);
	if (!is_cached)
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
	else if (ok)
		is_cached = rule_cache_put(cache, files, fd, false);
	else
		rule_cache_abandon(cache);
	if (!ok)
		return false;
	if (!add_keyed(catalog, reopened(fd), is_cached ? cache->key : ""))
		return complain(error, "compiled rules", "cannot be read back");
	return true;
}

/* ClamAV's rules, which are more and change more often, go before others. */
static bool has_room_for_delta(const struct catalog *catalog,
			       const struct rule_files *files,
			       const struct catalog_options *options)
{
	bool is_clamav_behind = files == &catalog->text && options->path_count == 0 &&
				options->clamav_folder;

	return catalog->count + 2 + (is_clamav_behind ? 2 : 0) <= DATABASE_SEGMENTS_MAX;
}

/*
 * What changed, into `fd`, on top of what was compiled last. False: it is to be compiled
 * whole, and `fd` is empty.
 */
static bool compile_delta(struct catalog *catalog, const struct rule_files *files,
			  const struct catalog_options *options, struct rule_cache *cache,
			  int fd)
{
	struct rule_base base = { .fd = -1 };
	char key[65];
	struct stat st;
	AUTO_CLOSE int last = rule_cache_last(cache, files, key);

	if (last < 0 || fstat(last, &st) != 0)
		return false;
	base.fd = last;
	base.size_bytes = (uint64_t)st.st_size;
	base.key = key;
	if (!rule_compile_delta(files, &options->report, &base, fd))
		return false;
	bool is_kept = rule_cache_put(cache, files, fd, true);
	AUTO_CLOSE int delta = reopened(fd);
	if (!add_delta(catalog, &last, key, &delta, is_kept ? cache->key : "") && is_kept)
		rule_cache_drop(cache);
	return true;
}

/*
 * What is wrong with them is kept, so that the scan goes on with the others: they find
 * what they find. A folder without rules is as good as none. False: no memory.
 */
static bool open_clamav(struct catalog *catalog, const struct catalog_options *options)
{
	const char *folder = options->clamav_folder;
	struct rule_error_text error = { "" };
	enum status status;

	if (!folder)
		return true;
	catalog->clamav.pua = catalog->text.pua;
	catalog->clamav.clamav_compat = catalog->text.clamav_compat;
	catalog->clamav.bytecode_unsigned = catalog->text.bytecode_unsigned;
	catalog->clamav.certificates = options->certificates;
	status = rule_files_add(&catalog->clamav, folder, "clamav");
	if (status == STATUS_END || status == STATUS_UNSUPPORTED) {
		rule_files_clear(&catalog->clamav);
		return true;
	}
	if (status != STATUS_OK)
		complain(&error, folder, strerror(errno));
	if (status == STATUS_OK && open_text(catalog, &catalog->clamav, options, &error))
		return true;
	return asprintf(&catalog->clamav_trouble, "ClamAV's rules are not all used: %s",
			error.text) >= 0;
}

/* A container of which nothing is in the segment. */
static const struct rule_file *find_refused(const struct catalog *catalog,
					    const struct rule_files *files,
					    uint32_t segment)
{
	struct file_info info;

	for (uint32_t i = 0; database_file(&catalog->database, segment, i, &info); i++) {
		if (!(info.flags & FILE_REFUSED))
			continue;
		for (size_t f = 0; f < files->file_count; f++)
			if (files->files[f].source == info.source_id &&
			    slice_is(info.name, files->files[f].name))
				return &files->files[f];
	}
	return NULL;
}

/* A source with containers is as old as the newest of them says it is. */
static void take_releases(struct catalog *catalog, uint32_t segment, size_t first_source)
{
	struct file_info info;

	for (uint32_t i = 0; database_file(&catalog->database, segment, i, &info); i++) {
		size_t index = first_source + info.source_id;

		if (!(info.flags & FILE_CONTAINER) ||
		    info.flags & (FILE_REFUSED | FILE_OLDER) || info.built_at == 0 ||
		    info.built_at > INT64_MAX || index >= catalog->source_count)
			continue;
		struct catalog_source *source = &catalog->sources[index];
		if (source->release.len > 0 && (int64_t)info.built_at <= source->newest)
			continue;
		source->release = info.name;
		source->version = info.version;
		source->newest = (int64_t)info.built_at;
	}
}

static int private_copy(const struct rule_file *file)
{
	AUTO_CLOSE int fd = memfd_create("custos-rules", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	off_t at = 0;

	if (fd < 0)
		return -1;
	while ((uint64_t)at < file->facts.size) {
		size_t left = (size_t)(file->facts.size - (uint64_t)at);
		ssize_t got = sendfile(fd, file->fd, &at, left);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
		return -1;
	return reopened(fd);
}

/* Workers get it for reading alone: who could write to it could blind the others. */
static int reopened(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Takes `fd`, also when it fails. */
static enum status add_segment(struct catalog *catalog, int fd)
{
	AUTO_CLOSE int held = fd;
	enum status status;
	struct stat st;
	void *map;

	if (fd < 0 || fstat(fd, &st) != 0)
		return STATUS_IO;
	if (st.st_size == 0)
		return STATUS_TRUNCATED;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return STATUS_IO;
	status = database_add(&catalog->database, map, (size_t)st.st_size);
	if (status != STATUS_OK) {
		munmap(map, (size_t)st.st_size);
		return status;
	}
	catalog->maps[catalog->count] = map;
	catalog->maps_len[catalog->count] = (size_t)st.st_size;
	catalog->fds[catalog->count++] = steal_fd(&held);
	return STATUS_OK;
}

/* The last one. */
static void drop_segment(struct catalog *catalog)
{
	size_t last = --catalog->count;

	database_drop(&catalog->database);
	munmap(catalog->maps[last], catalog->maps_len[last]);
	close(catalog->fds[last]);
	catalog->keys[last][0] = '\0';
}

/*
 * The sources that a segment says it has. A compiled file may hold several; a segment
 * from text has those of the text, in order.
 */
static bool list_sources(struct catalog *catalog, const struct rule_files *files,
			 size_t first, uint32_t segment, struct rule_error_text *error)
{
	bool is_compiled = files->sources[first].is_compiled;
	size_t count = is_compiled ? UINT32_MAX : files->source_count;
	uint64_t rules_before = catalog->rules;
	size_t first_source = catalog->source_count;
	struct segment_info totals;
	struct source_info info;

	if (database_info(&catalog->database, segment, &totals))
		catalog->refused += totals.refused_rules;
	for (uint32_t id = 0; id < count; id++) {
		const struct rule_source *from =
			&files->sources[is_compiled ? first : id];

		if (!database_source(&catalog->database, segment, id, &info)) {
			if (is_compiled)
				break;
			info = (struct source_info){ .name = slice_of(from->name) };
		}
		if (!take_source(catalog, &info, from))
			return complain(error, from->path, strerror(ENOMEM));
		if (info.rules == 0 && !is_compiled && from->file_count > 0 &&
		    !files->clamav_compat)
			return complain(error, from->path, nothing_usable);
	}
	/* clamscan goes on with rules that find nothing by themselves. */
	if (catalog->rules == rules_before && !files->clamav_compat)
		return complain(error, files->sources[first].path, nothing_usable);
	take_releases(catalog, segment, first_source);
	return true;
}

static bool take_source(struct catalog *catalog, const struct source_info *info,
			const struct rule_source *from)
{
	size_t count = catalog->source_count;
	struct catalog_source *larger = reallocarray(catalog->sources, count + 1,
						     sizeof(*larger));

	if (!larger)
		return false;
	larger[count] = (struct catalog_source){
		.name = info->name,
		.coverage = info->coverage,
		.licence = info->licence,
		.rules = info->rules,
		.newest = from->newest,
		.unread = from->unread,
		.unread_name = from->unread_name,
	};
	catalog->sources = larger;
	catalog->source_count++;
	catalog->rules += info->rules;
	return true;
}

/* For `return complain(...)`. */
static bool complain(struct rule_error_text *error, const char *path, const char *what)
{
	snprintf(error->text, sizeof(error->text), "%s: %s", path, what);
	return false;
}
