/* SPDX-License-Identifier: Apache-2.0 */
#include "host/rule_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/slice.h"

/* Of one container; there is one for each version that was there once. */
enum {
	SIGNATURES_MAX = 64,
	CERTIFICATES_MAX = 64,
	SETTLED_SECONDS = 2, /* the coarsest clock of a file system has this step */
};

/* Endings of rule files as ClamAV and YARA have them; not all are read here yet. */
static const char *const known_endings[] = {
	"cbc",  "cdb", "cfg", "cld", "crb", "cud",  "cvd", "db",   "fp",  "ftm",
	"gdb",  "hdb", "hdu", "hsb", "hsu", "idb",  "ign", "ign2", "imp", "info",
	"ioc",  "ldb", "ldu", "mdb", "mdu", "msb",  "msu", "ndb",  "ndu", "pdb",
	"pwdb", "rmd", "sfp", "wdb", "yar", "yara", "zmd",
};

static enum status new_source(struct rule_files *files, const char *path,
			      const char *name);
static enum status add_folder(struct rule_files *files, const char *path, int folder);
static enum status add_entry(struct rule_files *files, const char *path, int folder,
			     const char *name);
static enum status add_file(struct rule_files *files, char *path, int fd);
static enum status append(struct rule_files *files, char *path, int fd,
			  const struct rule_file *like);
static enum status add_signatures(struct rule_files *files, size_t container);
static enum status add_certificates(struct rule_files *files);
static enum status add_beside(struct rule_files *files, const char *folder,
			      const char *name, const struct rule_file *like);
static bool is_signature_of(const char *name, const char *container);
static int is_certificate(const struct dirent *entry);
static const char *ending_of(const char *name);
static int is_known(const struct dirent *entry);
static int by_name(const struct dirent **a, const struct dirent **b);
static char *name_of(const char *path);
static const char *last_part(const char *path);

enum status rule_files_add(struct rule_files *files, const char *path, const char *name)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *file_name = last_part(path);
	struct rule_source *source;
	enum status status;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? STATUS_END : STATUS_IO;
	if (fstat(fd, &st) != 0)
		return STATUS_IO;
	status = new_source(files, path, name);
	if (status != STATUS_OK)
		return status;
	source = &files->sources[files->source_count - 1];
	source->is_folder = S_ISDIR(st.st_mode);
	if (source->is_folder)
		return add_folder(files, path, fd);

	source->is_compiled = strcasecmp(ending_of(file_name), "cseg") == 0;
	if (!source->is_compiled && !build_reads(slice_of(file_name)))
		return STATUS_UNSUPPORTED;
	return add_file(files, strdup(path), steal_fd(&fd));
}

enum status rule_files_add_open(struct rule_files *files, const char *name, int fd)
{
	AUTO_CLOSE int held = fd;
	enum status status = new_source(files, name, NULL);

	if (status == STATUS_OK && !build_reads(slice_of(name)))
		status = STATUS_UNSUPPORTED;
	if (status != STATUS_OK)
		return status;
	return add_file(files, strdup(name), steal_fd(&held));
}

void rule_files_explain(const struct rule_files *files, const char *path,
			enum status status, char *text, size_t size)
{
	const struct rule_source *source;
	const char *refusal = build_refusal(slice_of(path));

	if (status != STATUS_UNSUPPORTED) {
		snprintf(text, size, "%s",
			 strerror(status == STATUS_END ? ENOENT : errno));
		return;
	}
	source = &files->sources[files->source_count - 1];
	if (!source->is_folder && refusal)
		snprintf(text, size, "not read: %s", refusal);
	else if (!source->is_folder)
		snprintf(text, size,
			 "not a rule file, a folder of rule files or a compiled "
			 "database");
	else if (source->unread_name)
		snprintf(text, size, "holds no rules that can be read yet (%s%s)",
			 source->unread_name, source->unread > 1 ? " and others" : "");
	else
		snprintf(text, size, "a folder without rule files");
}

void rule_files_clear(struct rule_files *files)
{
	for (size_t i = 0; i < files->source_count; i++) {
		free(files->sources[i].path);
		free(files->sources[i].name);
		free(files->sources[i].unread_name);
	}
	for (size_t i = 0; i < files->file_count; i++) {
		free(files->files[i].path);
		close(files->files[i].fd);
	}
	free(files->sources);
	free(files->files);
	*files = (struct rule_files){ 0 };
}

bool rule_files_settled(const struct rule_files *files, int64_t now)
{
	for (size_t i = 0; i < files->file_count; i++)
		if (files->files[i].facts.touched.seconds + SETTLED_SECONDS >= now ||
		    files->files[i].facts.modified.seconds + SETTLED_SECONDS >= now)
			return false;
	return true;
}

bool rule_files_changed(const struct rule_files *files)
{
	for (size_t i = 0; i < files->file_count; i++)
		if (target_changed(files->files[i].fd, &files->files[i].facts))
			return true;
	return false;
}

void rule_files_describe(const struct rule_files *files, FILE *out)
{
	rule_files_describe_choice(files, out);
	for (size_t i = 0; i < files->source_count; i++)
		fprintf(out, "source %s %d\n", files->sources[i].name,
			files->sources[i].is_trusted);
	for (size_t i = 0; i < files->file_count; i++) {
		fprintf(out, "%zu %d %s", files->files[i].source,
			(int)files->files[i].role, files->files[i].path);
		rule_files_describe_facts(&files->files[i].facts, out);
	}
}

void rule_files_describe_choice(const struct rule_files *files, FILE *out)
{
	const struct build_pua *pua = &files->pua;

	if (pua->no_phishing)
		fputs("no phishing rules\n", out);
	if (!pua->is_wanted)
		return;
	fputs(pua->is_exclusion ? "pua but " : "pua ", out);
	fwrite(pua->categories.base, 1, pua->categories.len, out);
	fputc('\n', out);
}

void rule_files_describe_facts(const struct target_facts *facts, FILE *out)
{
	fprintf(out,
		" %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRId64 ".%u %" PRId64 ".%u\n",
		facts->device, facts->inode, facts->size, facts->modified.seconds,
		facts->modified.nanoseconds, facts->touched.seconds,
		facts->touched.nanoseconds);
}

static enum status new_source(struct rule_files *files, const char *path,
			      const char *name)
{
	size_t count = files->source_count;
	struct rule_source *larger = reallocarray(files->sources, count + 1,
						  sizeof(*larger));

	if (!larger)
		return STATUS_NO_MEMORY;
	files->sources = larger;
	larger[count] = (struct rule_source){
		.path = strdup(path),
		.name = name ? strdup(name) : name_of(path),
		.file_first = files->file_count,
	};
	files->source_count++;
	return larger[count].path && larger[count].name ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status add_folder(struct rule_files *files, const char *path, int folder)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_known, by_name);
	enum status status = STATUS_OK;

	if (count < 0)
		return STATUS_IO;
	for (int i = 0; i < count; i++) {
		if (status == STATUS_OK)
			status = add_entry(files, path, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (status == STATUS_OK &&
	    files->sources[files->source_count - 1].file_count == 0)
		return STATUS_UNSUPPORTED;
	return status;
}

static enum status add_entry(struct rule_files *files, const char *path, int folder,
			     const char *name)
{
	struct rule_source *source = &files->sources[files->source_count - 1];
	AUTO_CLOSE int fd = -1;
	char *whole;

	if (!build_reads(slice_of(name))) {
		source->unread++;
		if (!source->unread_name)
			source->unread_name = strdup(name);
		return STATUS_OK;
	}
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return STATUS_IO;
	if (asprintf(&whole, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/",
		     name) < 0)
		return STATUS_NO_MEMORY;
	return add_file(files, whole, steal_fd(&fd));
}

/* Takes `path` and `fd`, also when it fails. */
static enum status add_file(struct rule_files *files, char *path, int fd)
{
	struct rule_source *source = &files->sources[files->source_count - 1];
	size_t index = files->file_count;
	enum status status = append(files, path, fd, &(struct rule_file){ 0 });

	if (status != STATUS_OK)
		return status;
	const struct rule_file *file = &files->files[index];
	source->file_count++;
	if (file->facts.modified.seconds > source->newest)
		source->newest = file->facts.modified.seconds;
	return build_is_container(slice_of(file->name)) ? add_signatures(files, index) :
							  STATUS_OK;
}

/* The same, of the last source; what role it has is as in `like`. */
static enum status append(struct rule_files *files, char *path, int fd,
			  const struct rule_file *like)
{
	size_t count = files->file_count;
	struct rule_file *larger = reallocarray(files->files, count + 1, sizeof(*larger));
	enum status status = STATUS_NO_MEMORY;
	struct target_facts facts = { 0 };

	if (larger)
		files->files = larger;
	if (larger && path)
		status = target_look(fd, &facts);
	if (status == STATUS_OK && !S_ISREG(facts.mode)) {
		errno = EINVAL;
		status = STATUS_IO;
	}
	if (status != STATUS_OK) {
		free(path);
		close(fd);
		return status;
	}
	larger[count] = (struct rule_file){
		.path = path,
		.name = last_part(path),
		.fd = fd,
		.facts = facts,
		.source = files->source_count - 1,
		.role = like->role,
		.of = like->of,
	};
	files->file_count++;
	return STATUS_OK;
}

/* OK, NO_MEMORY: those that cannot be listed are as good as none. */
static enum status add_signatures(struct rule_files *files, size_t container)
{
	const struct rule_file like = { .role = BUILD_SIGNATURE, .of = container };
	const char *path = files->files[container].path;
	AUTO_FREE char *folder = strndup(path, strlen(path) - strlen(last_part(path)));
	struct dirent **entries = NULL;
	enum status status = folder ? STATUS_OK : STATUS_NO_MEMORY;
	size_t before = files->file_count;
	int count = 0;

	if (folder && files->certificates)
		count = scandir(*folder ? folder : ".", &entries, NULL, by_name);
	/* The newest versions come last. */
	for (int i = count - 1; i >= 0; i--) {
		if (status == STATUS_OK && files->file_count - before < SIGNATURES_MAX &&
		    is_signature_of(entries[i]->d_name, files->files[container].name))
			status = add_beside(files, folder, entries[i]->d_name, &like);
		free(entries[i]);
	}
	free(entries);
	if (status == STATUS_OK && files->file_count > before && !files->has_certificates)
		status = add_certificates(files);
	return status;
}

static enum status add_certificates(struct rule_files *files)
{
	const struct rule_file like = { .role = BUILD_CERTIFICATE };
	struct dirent **entries = NULL;
	AUTO_FREE char *folder = NULL;
	enum status status = STATUS_OK;
	int count = scandir(files->certificates, &entries, is_certificate, by_name);

	files->has_certificates = true;
	if (asprintf(&folder, "%s/", files->certificates) < 0)
		status = STATUS_NO_MEMORY;
	for (int i = 0; i < count; i++) {
		if (status == STATUS_OK && i < CERTIFICATES_MAX)
			status = add_beside(files, folder, entries[i]->d_name, &like);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* OK, also if it cannot be read; NO_MEMORY. */
static enum status add_beside(struct rule_files *files, const char *folder,
			      const char *name, const struct rule_file *like)
{
	char *path;

	if (asprintf(&path, "%s%s", folder, name) < 0)
		return STATUS_NO_MEMORY;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		free(path);
		return STATUS_OK;
	}
	enum status status = append(files, path, fd, like);
	return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

/* X.cvd: X.cvd.sign, or X-27.cvd.sign. Which version fits is seen by who reads it. */
static bool is_signature_of(const char *name, const char *container)
{
	size_t stem = strlen(container) - 4;
	const char *rest = name + stem;

	if (strncmp(name, container, stem) != 0)
		return false;
	if (*rest == '-')
		rest += 1 + strspn(rest + 1, "0123456789");
	return strncmp(rest, container + stem, 4) == 0 && strcmp(rest + 4, ".sign") == 0;
}

static int is_certificate(const struct dirent *entry)
{
	const char *ending = ending_of(entry->d_name);

	return entry->d_name[0] != '.' &&
	       (strcmp(ending, "crt") == 0 || strcmp(ending, "pem") == 0);
}

/* Behind the last dot; empty if there is none. */
static const char *ending_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : "";
}

static int is_known(const struct dirent *entry)
{
	const char *name = entry->d_name;

	if (name[0] == '.')
		return 0;
	if (build_reads(slice_of(name)))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(known_endings); i++)
		if (strcasecmp(ending_of(name), known_endings[i]) == 0)
			return 1;
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The last part without the slashes behind it; "/" for the root. */
static char *name_of(const char *path)
{
	const char *part = last_part(path);
	size_t len = strcspn(part, "/");

	return len > 0 ? strndup(part, len) : strdup("/");
}

static const char *last_part(const char *path)
{
	size_t len = strlen(path);
	const char *at = path + len;

	while (at > path && at[-1] == '/')
		at--;
	while (at > path && at[-1] != '/')
		at--;
	return *at ? at : path;
}
