/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos db verify, unpack and apply: ClamAV's containers and the differences between
 * them. They are read in the locked process that also compiles rules; what it says is
 * printed, and what it made is copied to where it was wanted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "db.h"
#include "host/compile.h"
#include "host/rule_files.h"
#include "host/temp_file.h"
#include "memory.h"
#include "scanner.h"
#include "screen.h"

enum { PIECES_MAX = 2048, DAY_SECONDS = 86400 };

/* What was said of one file. */
struct told {
	char *refused, *signer;
	char *details; /* whole lines */
	unsigned members;
	bool is_hidden; /* a certificate, or what a signature beside it is of */
};

struct piece {
	char *name;
	uint64_t offset, len;
};

struct job {
	struct compile_file *files;
	struct told *told;
	size_t count;
	struct piece pieces[PIECES_MAX];
	size_t piece_count;
	bool is_overrun;
};

static int run_verify(struct invocation *invocation);
static int run_unpack(struct invocation *invocation);
static int run_apply(struct invocation *invocation);
static int run_diff(struct invocation *invocation);
static bool open_files(struct job *job, const struct invocation *invocation,
		       size_t count);
static void open_beside(struct job *job, const char *certificates);
static bool open_file(struct job *job, const char *path);
static bool open_signed(struct job *job, const char *sign);
static void open_certificates(struct job *job, const char *folder);
static void close_files(struct job *job);
static bool run_job(struct job *job, enum record_action action, const char *argument,
		    int out_fd);
static bool print_all(const struct job *job);
static void print_told(const struct job *job, size_t index);
static bool copy_piece(int from, const struct piece *piece, int to);
static bool print_piece(int from, const struct piece *piece);
static bool write_pieces(const struct job *job, int from, const char *folder);
static bool is_plain(const char *name);

static const enum setting_id container_settings[] = { SETTING_CERTIFICATES,
						      SETTING_COLOR };

static const struct option_spec unpack_options[] = {
	{ "output", 'o', "DIR", "the folder to write members to [.]" },
	{ 0 },
};

static const struct option_spec apply_options[] = {
	{ "output", 'o', "FILE.cld", "where to write; needed" },
	{ 0 },
};

const struct command db_verify_command = {
	.name = "verify",
	.summary = "tell who signed ClamAV's containers and differences",
	.operands = "FILE...",
	.about =
		"FILE is a container (.cvd .cld .cud), a difference (.cdiff), or a "
		"detached "
		"signature\n"
		"(.sign) of the file beside it. A container is believed for ClamAV's own "
		"signatures or,\n"
		"if they do not hold, for a detached one beside it "
		"(NAME-VERSION.cvd.sign) "
		"by somebody\n"
		"whom a certificate in the folder of --certificates vouches for. Ends "
		"with "
		"1 if one of\n"
		"them is damaged or not signed as its kind has to be.\n",
	.run = run_verify,
	.settings = container_settings,
	.setting_count = ARRAY_LEN(container_settings),
};

const struct command db_unpack_command = {
	.name = "unpack",
	.summary = "take the rule files out of a container",
	.operands = "FILE [MEMBER]",
	.about = "MEMBER goes to standard output; without it all members are written to "
		 "a folder,\n"
		 "where no file of these names may be. The script of a difference "
		 "(.cdiff) "
		 "goes to\n"
		 "standard output. What does not verify is not unpacked.\n",
	.run = run_unpack,
	.options = unpack_options,
	.settings = container_settings,
	.setting_count = ARRAY_LEN(container_settings),
};

const struct command db_apply_command = {
	.name = "apply",
	.summary = "make a newer container out of one and differences",
	.operands = "-o FILE.cld CONTAINER DIFFERENCE...",
	.about =
		"Each difference (.cdiff) is for the version that the one before led to. "
		"What was\n"
		"made is checked like every container, and written only if it is good.\n"
		"\n"
		"  custos db apply -o daily.cld daily.cvd daily-27701.cdiff\n",
	.run = run_apply,
	.options = apply_options,
	.settings = container_settings,
	.setting_count = ARRAY_LEN(container_settings),
};

const struct command db_diff_command = {
	.name = "diff",
	.summary = "show which rules are others in a newer container or rule file",
	.operands = "OLD NEW",
	.about = "Prints the lines that went (DEL number beginning) and came (ADD line), "
		 "under the\n"
		 "name of their file; that they stand in another order is no difference. "
		 "Ends with 1\n"
		 "if there are any.\n"
		 "\n"
		 "  custos db diff /var/lib/clamav/daily.cvd daily-new.cvd\n",
	.run = run_diff,
	.settings = container_settings,
	.setting_count = ARRAY_LEN(container_settings),
};

static int run_verify(struct invocation *invocation)
{
	AUTO_CLOSE int fd = memfd_create("custos-containers", MFD_CLOEXEC);
	struct job *job = memory_zeroed(1, sizeof(*job));
	int code = EXIT_ERROR;

	if (invocation->operand_count == 0) {
		screen_error("verify what? Give a container or a difference");
	} else if (fd >= 0 && open_files(job, invocation, invocation->operand_count)) {
		code = run_job(job, RECORD_VERIFY, "", fd) ? EXIT_OK : EXIT_FOUND;
		if (!print_all(job))
			code = EXIT_ERROR;
	}
	close_files(job);
	return code;
}

/* False: nothing is known of one of them. */
static bool print_all(const struct job *job)
{
	bool ok = true;

	for (size_t i = 0; i < job->count; i++) {
		const struct told *told = &job->told[i];

		if (told->is_hidden)
			continue;
		print_told(job, i);
		ok &= told->refused || told->signer;
	}
	return ok;
}

static int run_unpack(struct invocation *invocation)
{
	const char *folder = invocation_text(invocation, "output");
	const char *member = invocation->operand_count > 1 ? invocation->operands[1] : "";
	AUTO_CLOSE int fd = temp_file_open();
	struct job *job = memory_zeroed(1, sizeof(*job));
	bool ok = false;

	if (invocation->operand_count < 1 || invocation->operand_count > 2)
		screen_error("unpack what? Give a container, and perhaps a member");
	else if (fd < 0)
		screen_error("a temporary file: %s", strerror(errno));
	else if (open_files(job, invocation, 1))
		ok = run_job(job, RECORD_UNPACK, member, fd);
	if (ok && job->piece_count == 1 &&
	    (*member || strcmp(job->pieces[0].name, "script") == 0))
		ok = print_piece(fd, &job->pieces[0]);
	else if (ok)
		ok = write_pieces(job, fd, folder ? folder : ".");
	close_files(job);
	return ok ? EXIT_OK : EXIT_ERROR;
}

static int run_apply(struct invocation *invocation)
{
	const char *output = invocation_text(invocation, "output");
	struct job *job = memory_zeroed(1, sizeof(*job));
	AUTO_CLOSE int fd = temp_file_open();
	AUTO_FREE char *beside = NULL;
	AUTO_CLOSE int out = -1;
	bool ok = false;

	if (!output || invocation->operand_count < 2 ||
	    asprintf(&beside, "%s.%ld", output, (long)getpid()) < 0)
		screen_error("give --output FILE.cld, a container and differences");
	else if (fd < 0)
		screen_error("a temporary file: %s", strerror(errno));
	else if (open_files(job, invocation, invocation->operand_count))
		ok = run_job(job, RECORD_APPLY, "", fd) && job->piece_count == 1;
	if (ok) {
		out = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		ok = out >= 0 && copy_piece(fd, &job->pieces[0], out) &&
		     fsync(out) == 0 && rename(beside, output) == 0;
		if (!ok)
			screen_error("%s: %s", output, strerror(errno));
		if (!ok && out >= 0)
			unlink(beside);
	}
	close_files(job);
	return ok ? EXIT_OK : EXIT_ERROR;
}

static int run_diff(struct invocation *invocation)
{
	AUTO_CLOSE int fd = temp_file_open();
	struct job *job = memory_zeroed(1, sizeof(*job));
	int code = EXIT_ERROR;

	if (invocation->operand_count != 2)
		screen_error("compare what? Give two containers, or two rule files");
	else if (fd < 0)
		screen_error("a temporary file: %s", strerror(errno));
	else if (open_files(job, invocation, 2) && run_job(job, RECORD_COMPARE, "", fd) &&
		 job->piece_count == 1 && print_piece(fd, &job->pieces[0]))
		code = job->pieces[0].len > 0 ? EXIT_FOUND : EXIT_OK;
	close_files(job);
	return code;
}

/* The operands; what a signature is of stands behind it. Then what is beside them. */
static bool open_files(struct job *job, const struct invocation *invocation, size_t count)
{
	AUTO_FREE char *certificates = scanner_certificates(&invocation->config);

	for (size_t i = 0; i < count; i++) {
		const char *path = invocation->operands[i];

		if (!open_file(job, path) ||
		    (slice_ends_nocase(slice_of(path), ".sign") &&
		     !open_signed(job, path)))
			return false;
	}
	if (certificates)
		open_beside(job, certificates);
	return true;
}

/* Detached signatures of the containers, and whom to trust for them. */
static void open_beside(struct job *job, const char *certificates)
{
	size_t count = job->count;

	for (size_t i = 0; i < count; i++) {
		struct rule_files found = { .certificates = certificates };
		const char *path = (const char *)job->files[i].name.base;

		if (!build_is_container(slice_of(path)) ||
		    rule_files_add(&found, path, NULL) != STATUS_OK) {
			rule_files_clear(&found);
			continue;
		}
		for (size_t f = 0; f < found.file_count; f++) {
			if (found.files[f].role != BUILD_SIGNATURE ||
			    !open_file(job, found.files[f].path))
				continue;
			job->files[job->count - 1].role = BUILD_SIGNATURE;
			job->files[job->count - 1].of = (uint32_t)i;
			job->told[job->count - 1].is_hidden = true;
		}
		rule_files_clear(&found);
	}
	open_certificates(job, certificates);
}

static bool open_file(struct job *job, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat facts;

	if (fd >= 0 && (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))) {
		close(fd);
		fd = -1;
		errno = EINVAL;
	}
	if (fd < 0) {
		screen_error("%s: %s", path, strerror(errno));
		return false;
	}
	job->files = memory_grow(job->files, job->count, sizeof(*job->files));
	job->told = memory_grow(job->told, job->count, sizeof(*job->told));
	job->told[job->count] = (struct told){ 0 };
	job->files[job->count++] = (struct compile_file){
		.name = slice_of(memory_text(slice_of(path))),
		.fd = fd,
		.size_bytes = (uint64_t)facts.st_size,
	};
	return true;
}

/* "daily-27.cvd.sign" is of "daily-27.cvd" or, as freshclam keeps it, "daily.cvd". */
static bool open_signed(struct job *job, const char *sign)
{
	AUTO_FREE char *path = memory_text(
		(struct slice){ (const uint8_t *)sign, strlen(sign) - strlen(".sign") });
	char *dot = strrchr(path, '.');
	char *dash = strrchr(path, '-');

	if (access(path, F_OK) != 0 && dot && dash && dash < dot &&
	    strspn(dash + 1, "0123456789") == (size_t)(dot - dash - 1))
		memmove(dash, dot, strlen(dot) + 1);
	if (!open_file(job, path))
		return false;
	job->told[job->count - 1].is_hidden = true;
	return true;
}

/* A folder that is not there holds none. */
static void open_certificates(struct job *job, const char *folder)
{
	AUTO_CLOSEDIR DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		AUTO_FREE char *path = NULL;

		if (!slice_ends_nocase(slice_of(entry->d_name), ".crt") &&
		    !slice_ends_nocase(slice_of(entry->d_name), ".pem"))
			continue;
		if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
			abort();
		if (!open_file(job, path))
			continue;
		job->files[job->count - 1].role = BUILD_CERTIFICATE;
		job->told[job->count - 1].is_hidden = true;
	}
}

static void close_files(struct job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		close(job->files[i].fd);
		free((void *)job->files[i].name.base);
		free(job->told[i].refused);
		free(job->told[i].signer);
		free(job->told[i].details);
	}
	for (size_t i = 0; i < job->piece_count; i++)
		free(job->pieces[i].name);
	free(job->files);
	free(job->told);
	free(job);
}

static void add_detail(struct told *told, struct slice label, struct slice value)
{
	AUTO_FREE char *name = screen_escaped(label);
	AUTO_FREE char *shown = screen_escaped(value);
	char *longer;

	if (asprintf(&longer, "%s  %-10s%s\n", told->details ? told->details : "", name,
		     shown) < 0)
		abort();
	free(told->details);
	told->details = longer;
}

static void on_fact(void *context, const struct record_fact *fact)
{
	struct job *job = context;
	struct told *told = &job->told[fact->input];
	AUTO_FREE char *value = memory_text(fact->value);

	if (slice_is(fact->label, "member")) {
		told->members++;
	} else if (slice_is(fact->label, "refused")) {
		free(told->refused);
		told->refused = screen_escaped(fact->value);
	} else if (slice_is(fact->label, "signed")) {
		free(told->signer);
		told->signer = screen_escaped(fact->value);
	} else if (slice_is(fact->label, "seconds")) {
		const unsigned long long made = strtoull(value, NULL, 10);
		const unsigned long long now = (unsigned long long)time(NULL);
		char text[64];

		snprintf(text, sizeof(text), "%llu days", (now - made) / DAY_SECONDS);
		if (made > 0 && made <= now)
			add_detail(told, slice_of("age"), slice_of(text));
	} else {
		add_detail(told, fact->label, fact->value);
	}
}

static void on_piece(void *context, const struct record_piece *piece)
{
	struct job *job = context;

	job->is_overrun |= job->piece_count == PIECES_MAX;
	if (!job->is_overrun)
		job->pieces[job->piece_count++] = (struct piece){
			memory_text(piece->name), piece->offset, piece->len
		};
}

/* False: said, unless it is a file that was refused and verified. */
static bool run_job(struct job *job, enum record_action action, const char *argument,
		    int out_fd)
{
	static const struct build_source source = { .name = { NULL, 0 } };
	AUTO_FREE struct build_count *counts = memory_zeroed(job->count, sizeof(*counts));
	struct pool_error error;
	uint64_t size;
	bool ok = compile_rules(
		&(struct compile_options){
			.action = action,
			.argument = slice_of(argument),
			.sources = &source,
			.source_count = 1,
			.files = job->files,
			.file_count = job->count,
			.build_id = slice_of(CUSTOS_VERSION),
			.out_fd = out_fd,
			.fact = on_fact,
			.piece = on_piece,
			.context = job,
		},
		counts, &size, &error);
	bool is_refused = false;

	for (size_t i = 0; i < job->count; i++)
		is_refused |= job->told[i].refused != NULL;
	for (size_t i = 0; i < job->count && action != RECORD_VERIFY; i++)
		if (job->told[i].refused)
			screen_error("%s: refused: %s", job->files[i].name.base,
				     job->told[i].refused);
	if (!ok && !is_refused)
		screen_error("%s", error.text);
	if (job->is_overrun)
		screen_error("more members than a container may have");
	return ok && !job->is_overrun;
}

static void print_told(const struct job *job, size_t index)
{
	const struct told *told = &job->told[index];

	screen_text(job->files[index].name);
	if (told->refused)
		screen_print(SCREEN_DOUBT, ": refused: %s\n", told->refused);
	else if (told->signer)
		screen_print(SCREEN_PLAIN, ": signed by %s\n", told->signer);
	else
		screen_print(SCREEN_DOUBT, ": not looked at\n");
	if (told->details && !told->refused)
		screen_print(SCREEN_PLAIN, "%s", told->details);
	if (told->members > 0 && !told->refused)
		screen_print(SCREEN_PLAIN, "  members   %u\n", told->members);
}

/* False: not written, errno says why. */
static bool copy_piece(int from, const struct piece *piece, int to)
{
	uint8_t bytes[64 * 1024];
	uint64_t at = 0;

	while (at < piece->len) {
		ssize_t got = pread(from, bytes,
				    (size_t)min_u64(sizeof(bytes), piece->len - at),
				    (off_t)(piece->offset + at));

		if (got == 0)
			errno = EIO; /* it is shorter than was said */
		if (got <= 0)
			return false;
		for (ssize_t done = 0; done < got;) {
			ssize_t put = write(to, bytes + done, (size_t)(got - done));
			if (put < 0)
				return false;
			done += put;
		}
		at += (uint64_t)got;
	}
	return true;
}

/* False: not written, and said, unless nobody reads it any more: main() knows. */
static bool print_piece(int from, const struct piece *piece)
{
	if (copy_piece(from, piece, STDOUT_FILENO))
		return true;
	if (errno != EPIPE)
		screen_error("cannot write the output: %s", strerror(errno));
	return false;
}

/* Whoever said these names read hostile bytes: only plain names are believed. */
static bool write_pieces(const struct job *job, int from, const char *folder)
{
	AUTO_CLOSE int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0) {
		screen_error("%s: %s", folder, strerror(errno));
		return false;
	}
	for (size_t i = 0; i < job->piece_count; i++) {
		const struct piece *piece = &job->pieces[i];
		AUTO_CLOSE int fd = -1;

		if (!is_plain(piece->name)) {
			screen_error("a member whose name is not plain");
			return false;
		}
		fd = openat(dir, piece->name,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0 || !copy_piece(from, piece, fd)) {
			screen_error("%s/%s: %s", folder, piece->name, strerror(errno));
			return false;
		}
		screen_print(SCREEN_PLAIN, "%s  %" PRIu64 "\n", piece->name, piece->len);
	}
	return true;
}

static bool is_plain(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._-";

	return name[0] && name[0] != '.' && name[0] != '-' &&
	       strspn(name, letters) == strlen(name) && strlen(name) <= 100;
}
