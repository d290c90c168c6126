/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/text_hash.h"
#include "database/database.h"
#include "host/folder.h"
#include "host/program.h"

enum {
	MEMO_BYTES_MAX = 64 * 1024 * 1024,
	KEPT_SECONDS = 30 * 86400, /* compiled files that nobody used for so long go */
	BROKEN_SECONDS = 3600,     /* half compiled ones of runs that were broken off */
	PIECE_LEN = 256 * 1024,
	KEY_LEN = 64,
	SPACE_BYTES_MIN = 16 * 1024 * 1024,
	LARGE_BYTES = 16 * 1024 * 1024,
	BASE_BYTES_MIN = 2 * 1024 * 1024, /* smaller ones are compiled as quickly */
};

/* A note of what places were compiled to last. */
struct last {
	uint64_t hash; /* in its name */
	char *terms;   /* behind the key */
	size_t terms_len;
};

static enum status write_identity(struct rule_cache *cache,
				  const struct rule_files *files);
static bool read_memo(struct rule_cache *cache);
static enum status make_key(struct rule_cache *cache, const struct rule_files *files);
static enum status hash_all(const struct rule_cache *cache, struct digest_state *state,
			    const struct rule_files *files);
static enum status hash_bytes(struct digest_state *state, int fd);
static int open_compiled(const struct rule_cache *cache);
static void write_memo(struct rule_cache *cache, const struct rule_files *files);
static void write_terms(const struct rule_cache *cache, const struct rule_files *files,
			FILE *out);
static void replace_last(struct rule_cache *cache, const struct rule_files *files,
			 bool is_delta);
static void remove_old(struct rule_cache *cache);

enum status rule_cache_open(struct rule_cache *cache, const char *folder,
			    const struct rule_files *files)
{
	enum status status;

	*cache = (struct rule_cache){ .folder = -1 };
	status = write_identity(cache, files);
	if (status != STATUS_OK || !folder)
		return status;
	if (folder_open_private(folder, &cache->folder) == STATUS_END &&
	    folder_make(folder, 0700) == STATUS_OK &&
	    folder_open_private(folder, &cache->folder) != STATUS_OK)
		cache->folder = -1;
	return STATUS_OK;
}

void rule_cache_close(struct rule_cache *cache)
{
	if (cache->folder >= 0)
		close(cache->folder);
	free(cache->identity);
	*cache = (struct rule_cache){ .folder = -1 };
}

enum status rule_cache_get(struct rule_cache *cache, const struct rule_files *files,
			   int *ret_fd)
{
	enum status status;
	int fd;

	if (cache->folder < 0)
		return STATUS_END;
	if (read_memo(cache)) {
		fd = open_compiled(cache);
		if (fd >= 0) {
			*ret_fd = fd;
			return STATUS_OK;
		}
	}
	status = make_key(cache, files);
	if (status != STATUS_OK)
		return status;
	fd = open_compiled(cache);
	if (fd < 0)
		return STATUS_END;
	write_memo(cache, files);
	*ret_fd = fd;
	return STATUS_OK;
}

/* All that the compiled form depends on, without reading a rule file. */
static enum status write_identity(struct rule_cache *cache,
				  const struct rule_files *files)
{
	AUTO_FREE char *worker = program_helper_path("custos-worker");
	AUTO_CLOSE int fd = worker ? open(worker, O_PATH | O_CLOEXEC) : -1;
	struct target_facts facts = { 0 };
	FILE *out = open_memstream(&cache->identity, &cache->identity_len);

	if (!out)
		return STATUS_NO_MEMORY;
	/* Who compiles: another build of the same version may do it otherwise. */
	if (fd >= 0 && target_look(fd, &facts) != STATUS_OK)
		facts = (struct target_facts){ 0 };
	fprintf(out, "custos " CUSTOS_VERSION "%s%s",
		files->clamav_compat ? " as clamav" : "",
		files->bytecode_unsigned ? " unsigned bytecode" : "");
	rule_files_describe_facts(&facts, out);
	rule_files_describe(files, out);
	if (fclose(out) != 0)
		return STATUS_NO_MEMORY;
	/* Only finds the memo: what decides is the comparison of the whole identity. */
	snprintf(cache->memo, sizeof(cache->memo), "%016" PRIx64 ".memo",
		 text_hash(TEXT_HASH_START, (struct slice){ (uint8_t *)cache->identity,
							    cache->identity_len }));
	return STATUS_OK;
}

static bool read_memo(struct rule_cache *cache)
{
	AUTO_FREE char *text = NULL;
	size_t len;

	if (folder_read(cache->folder, cache->memo, MEMO_BYTES_MAX, &text, &len) !=
	    STATUS_OK)
		return false;
	if (len != KEY_LEN + 1 + cache->identity_len || text[KEY_LEN] != '\n' ||
	    memcmp(text + KEY_LEN + 1, cache->identity, cache->identity_len) != 0 ||
	    strspn(text, "0123456789abcdef") != KEY_LEN)
		return false;
	memcpy(cache->key, text, KEY_LEN);
	cache->key[KEY_LEN] = '\0';
	return true;
}

static enum status make_key(struct rule_cache *cache, const struct rule_files *files)
{
	struct digests digests;
	struct digest_state state;
	struct digest out[DIGEST_COUNT];
	enum status status = digests_load(&digests);

	if (status != STATUS_OK)
		return status;
	status = digest_state_init(&state, &digests);
	if (status == STATUS_OK) {
		status = digest_start(&state, DIGEST_BIT_SHA256);
		if (status == STATUS_OK)
			status = hash_all(cache, &state, files);
		digest_finish(&state, out);
		digest_state_clear(&state);
	}
	digests_clear(&digests);
	if (status == STATUS_OK)
		digest_hex(&out[DIGEST_SHA256], cache->key);
	return status;
}

/* Each piece is told apart from the next by its length. */
static enum status hash_all(const struct rule_cache *cache, struct digest_state *state,
			    const struct rule_files *files)
{
	AUTO_FREE char *head = NULL;
	size_t len;
	FILE *out = open_memstream(&head, &len);

	if (!out)
		return STATUS_NO_MEMORY;
	write_terms(cache, files, out);
	for (size_t i = 0; i < files->file_count; i++)
		fprintf(out, "%zu %d %zu:%s %" PRIu64 "\n", files->files[i].source,
			(int)files->files[i].role, strlen(files->files[i].name),
			files->files[i].name, files->files[i].facts.size);
	if (fclose(out) != 0)
		return STATUS_NO_MEMORY;
	digest_update(state, head, len);
	for (size_t i = 0; i < files->file_count; i++) {
		enum status status = hash_bytes(state, files->files[i].fd);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* What decides beside the rule files; the first line of the identity tells who compiles. */
static void write_terms(const struct rule_cache *cache, const struct rule_files *files,
			FILE *out)
{
	fwrite(cache->identity, 1, strcspn(cache->identity, "\n") + 1, out);
	rule_files_describe_choice(files, out);
	for (size_t i = 0; i < files->source_count; i++)
		fprintf(out, "%zu:%s %d\n", strlen(files->sources[i].name),
			files->sources[i].name, files->sources[i].is_trusted);
}

static enum status hash_bytes(struct digest_state *state, int fd)
{
	AUTO_FREE uint8_t *piece = malloc(PIECE_LEN);
	uint64_t offset = 0;

	if (!piece)
		return STATUS_NO_MEMORY;
	for (;;) {
		ssize_t got = pread(fd, piece, PIECE_LEN, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		if (got == 0)
			return STATUS_OK;
		digest_update(state, piece, (size_t)got);
		offset += (uint64_t)got;
	}
}

static int open_compiled(const struct rule_cache *cache)
{
	return rule_cache_named(cache, slice_of(cache->key));
}

int rule_cache_named(const struct rule_cache *cache, struct slice key)
{
	char name[KEY_LEN + 8];
	AUTO_CLOSE int fd = -1;
	struct stat st;

	if (cache->folder < 0 || key.len != KEY_LEN)
		return -1;
	snprintf(name, sizeof(name), "%.*s.cseg", KEY_LEN, (const char *)key.base);
	if (strspn(name, "0123456789abcdef") != KEY_LEN)
		return -1;
	fd = openat(cache->folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 07777) != 0600)
		return -1;
	/* A day's grain is enough to know what is still in use. */
	if (time(NULL) - st.st_mtime > 86400)
		futimens(fd, NULL);
	return steal_fd(&fd);
}

static void new_name(char *out, size_t size)
{
	snprintf(out, size, ".new.%ld", (long)getpid());
}

/* How much larger than a file its compiled form may be: containers are packed. */
static unsigned growth_of(const struct rule_file *file)
{
	return build_is_container(slice_of(file->name)) ? 8 : 2;
}

int rule_cache_new(struct rule_cache *cache, const struct rule_files *files)
{
	uint64_t need = SPACE_BYTES_MIN;
	struct statvfs space;
	char name[32];

	if (cache->folder < 0 || fstatvfs(cache->folder, &space) != 0)
		return -1;
	for (size_t i = 0; i < files->file_count; i++)
		need = add_u64_capped(need, (uint64_t)growth_of(&files->files[i]) *
						    files->files[i].facts.size);
	if ((uint64_t)space.f_bavail * space.f_frsize < need)
		return -1;
	new_name(name, sizeof(name));
	if (unlinkat(cache->folder, name, 0) != 0 && errno != ENOENT)
		return -1;
	return openat(cache->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

bool rule_cache_put(struct rule_cache *cache, const struct rule_files *files, int fd,
		    bool is_delta)
{
	char from[32], to[KEY_LEN + 8];

	new_name(from, sizeof(from));
	snprintf(to, sizeof(to), "%s.cseg", cache->key);
	if (rule_files_changed(files) || fchmod(fd, 0600) != 0 || fdatasync(fd) != 0 ||
	    renameat(cache->folder, from, cache->folder, to) != 0) {
		unlinkat(cache->folder, from, 0);
		return false;
	}
	write_memo(cache, files);
	replace_last(cache, files, is_delta);
	remove_old(cache);
	return true;
}

void rule_cache_abandon(struct rule_cache *cache)
{
	char name[32];

	new_name(name, sizeof(name));
	unlinkat(cache->folder, name, 0);
}

void rule_cache_drop(struct rule_cache *cache)
{
	char name[KEY_LEN + 8];

	snprintf(name, sizeof(name), "%s.cseg", cache->key);
	unlinkat(cache->folder, name, 0);
}

static void write_memo(struct rule_cache *cache, const struct rule_files *files)
{
	AUTO_FREE char *text = NULL;
	time_t now = time(NULL);
	int len;

	if (!rule_files_settled(files, now))
		return;
	len = asprintf(&text, "%s\n%s", cache->key, cache->identity);
	if (len < 0)
		return;
	/* Without a memo the next run reads the rule files again; that is all. */
	if (folder_replace(cache->folder, cache->memo,
			   (struct slice){ (uint8_t *)text, (size_t)len },
			   0600) != STATUS_OK)
		return;
}

/* Whoever still uses what goes has it open. */
static void remove_if_large(const struct rule_cache *cache, const char *key)
{
	char name[KEY_LEN + 8];
	struct stat st;

	snprintf(name, sizeof(name), "%.*s.cseg", KEY_LEN, key);
	if (fstatat(cache->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= LARGE_BYTES)
		unlinkat(cache->folder, name, 0);
}

/* Its name tells the places, its content what else decides. False: no memory. */
static bool describe_last(const struct rule_cache *cache, const struct rule_files *files,
			  struct last *out)
{
	AUTO_FREE char *places = NULL;
	size_t places_len;
	FILE *name = open_memstream(&places, &places_len);

	if (!name)
		return false;
	rule_files_describe_choice(files, name);
	for (size_t i = 0; i < files->source_count; i++)
		fprintf(name, "%s\n%s\n", files->sources[i].name, files->sources[i].path);
	if (fclose(name) != 0)
		return false;
	out->hash = text_hash(TEXT_HASH_START,
			      (struct slice){ (uint8_t *)places, places_len });
	FILE *terms = open_memstream(&out->terms, &out->terms_len);
	if (!terms)
		return false;
	fputc('\n', terms);
	write_terms(cache, files, terms);
	if (fclose(terms) == 0)
		return true;
	free(out->terms);
	return false;
}

/* The key that a note of that ending holds; false if it has none, or not for these terms. */
static bool read_last(const struct rule_cache *cache, const struct last *last,
		      const char *ending, bool same_terms, char ret_key[KEY_LEN + 1])
{
	AUTO_FREE char *text = NULL;
	char name[32];
	size_t len;

	snprintf(name, sizeof(name), "%016" PRIx64 ".%s", last->hash, ending);
	if (folder_read(cache->folder, name, MEMO_BYTES_MAX, &text, &len) != STATUS_OK ||
	    len < KEY_LEN || strspn(text, "0123456789abcdef") != KEY_LEN)
		return false;
	if (same_terms && (len != KEY_LEN + last->terms_len ||
			   memcmp(text + KEY_LEN, last->terms, last->terms_len) != 0))
		return false;
	memcpy(ret_key, text, KEY_LEN);
	ret_key[KEY_LEN] = '\0';
	return true;
}

int rule_cache_last(const struct rule_cache *cache, const struct rule_files *files,
		    char ret_key[65])
{
	AUTO_CLOSE int fd = -1;
	struct last last = { 0 };
	struct stat st;

	if (cache->folder < 0 || !describe_last(cache, files, &last))
		return -1;
	if (read_last(cache, &last, "last", true, ret_key) &&
	    strcmp(ret_key, cache->key) != 0)
		fd = rule_cache_named(cache, slice_of(ret_key));
	free(last.terms);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < BASE_BYTES_MIN)
		return -1;
	return steal_fd(&fd);
}

void rule_cache_base_of(int fd, char ret_key[65])
{
	struct database database = { .segment_count = 0 };
	struct slice key = { 0 };
	struct stat st;

	ret_key[0] = '\0';
	if (fstat(fd, &st) != 0 || st.st_size == 0)
		return;
	void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return;
	if (database_add(&database, map, (size_t)st.st_size) == STATUS_OK)
		key = database_delta_base(&database, 0);
	snprintf(ret_key, 65, "%.*s", (int)key.len, (const char *)key.base);
	munmap(map, (size_t)st.st_size);
}

static void replace_last(struct rule_cache *cache, const struct rule_files *files,
			 bool is_delta)
{
	const char *ending = is_delta ? "delta" : "last";
	AUTO_FREE char *text = NULL;
	char name[32], key[KEY_LEN + 1];
	struct last last = { 0 };

	if (!describe_last(cache, files, &last))
		return;
	if (read_last(cache, &last, ending, false, key) && strcmp(key, cache->key) != 0)
		remove_if_large(cache, key);
	/* Without it the old one goes when it is a month old. */
	snprintf(name, sizeof(name), "%016" PRIx64 ".%s", last.hash, ending);
	int len = asprintf(&text, "%s%s", cache->key, last.terms);
	free(last.terms);
	if (len < 0 ||
	    folder_replace(cache->folder, name, slice_of(text), 0600) != STATUS_OK)
		return;
}

static void remove_old(struct rule_cache *cache)
{
	int fd = openat(cache->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSEDIR DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	time_t now = time(NULL);
	struct dirent *entry;
	struct stat st;

	while (folder && (entry = readdir(folder))) {
		bool is_new = strncmp(entry->d_name, ".new.", 5) == 0;

		if (fstatat(cache->folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			    0 &&
		    S_ISREG(st.st_mode) &&
		    now - st.st_mtime > (is_new ? BROKEN_SECONDS : KEPT_SECONDS))
			unlinkat(cache->folder, entry->d_name, 0);
	}
}
