/* SPDX-License-Identifier: Apache-2.0 */
#include "prove_imports.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bytes/reader.h"
#include "bytes/source.h"
#include "host/program.h"

/* Of a worker program; larger is none of ours. */
enum { PROGRAM_BYTES_MAX = 256 << 20 };

static const char *const forbidden[] = {
	"socket",
	"socketpair",
	"connect",
	"bind",
	"listen",
	"accept",
	"accept4",
	"sendto",
	"getaddrinfo",
	"getnameinfo",
	"gethostbyname",
	"gethostbyname2",
	"gethostbyname_r",
	"res_query",
	"open",
	"open64",
	"openat",
	"openat64",
	"creat",
	"creat64",
	"fopen",
	"fopen64",
	"freopen",
	"opendir",
	"scandir",
	"execve",
	"execv",
	"execvp",
	"execl",
	"execlp",
	"execle",
	"execvpe",
	"fexecve",
	"posix_spawn",
	"posix_spawnp",
	"system",
	"popen",
	"fork",
	"vfork",
	"dlopen",
	"dlmopen",
	"mprotect",
	"pthread_create",
	"ptrace",
	"unlink",
	"unlinkat",
	"rename",
	"renameat",
	"chmod",
	"fchmod",
	"chown",
	"link",
	"symlink",
	"mkdir",
	"tmpfile",
	"mkstemp",
	"stat",
	"lstat",
};

/* A part of the file that a section header describes. */
struct section {
	uint32_t type;
	uint32_t link;
	uint64_t offset;
	uint64_t len;
	uint64_t entry_len;
};

static uint8_t *read_program(const char *path, size_t *ret_len);
static bool look(struct prove_imports *imports, struct reader program);
static bool section_at(struct reader program, uint64_t table, uint32_t index,
		       struct section *out);
static struct reader part_of(struct reader program, const struct section *section);
static void look_at_symbols(struct prove_imports *imports, struct reader symbols,
			    struct reader names);
static struct slice name_at(struct reader names, uint32_t offset);
static bool is_forbidden(struct slice name);

bool prove_imports_look(struct prove_imports *imports, struct pool_error *error)
{
	AUTO_FREE char *path = program_helper_path("custos-worker");
	size_t len = 0;

	if (!path) {
		pool_error_set(error, "no memory");
		return false;
	}
	AUTO_FREE uint8_t *program = read_program(path, &len);
	if (!program) {
		pool_error_set(error, "cannot read %s: %s", path, strerror(errno));
		return false;
	}
	*imports = (struct prove_imports){ 0 };
	if (look(imports, reader_of(program, len)))
		return true;
	pool_error_set(error, "%s is no program of this kind of machine", path);
	return false;
}

static uint8_t *read_program(const char *path, size_t *ret_len)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;

	if (fd < 0 || fstat(fd, &facts) != 0)
		return NULL;
	if (facts.st_size <= 0 || facts.st_size > PROGRAM_BYTES_MAX) {
		errno = EFBIG;
		return NULL;
	}
	const size_t len = (size_t)facts.st_size;
	struct source source = source_of_fd(fd, len, NULL, 0);
	AUTO_FREE uint8_t *program = malloc(len);
	if (!program || source_read_all(&source, 0, program, len) != STATUS_OK)
		return NULL;
	*ret_len = len;
	uint8_t *read = program;
	program = NULL;
	return read;
}

/* Finds the dynamic symbols by the section table of a 64-bit little-endian ELF file. */
static bool look(struct prove_imports *imports, struct reader program)
{
	struct reader header = program;
	struct section symbols, names;
	struct slice magic = reader_slice(&header, EI_NIDENT);

	if (!reader_ok(&header) || memcmp(magic.base, ELFMAG, SELFMAG) != 0 ||
	    magic.base[EI_CLASS] != ELFCLASS64 || magic.base[EI_DATA] != ELFDATA2LSB)
		return false;
	reader_seek(&header, offsetof(Elf64_Ehdr, e_shoff));
	const uint64_t table = reader_u64le(&header);
	reader_seek(&header, offsetof(Elf64_Ehdr, e_shnum));
	const uint32_t count = reader_u16le(&header);
	for (uint32_t i = 0; reader_ok(&header) && i < count; i++) {
		if (!section_at(program, table, i, &symbols))
			return false;
		if (symbols.type != SHT_DYNSYM)
			continue;
		if (!section_at(program, table, symbols.link, &names))
			return false;
		look_at_symbols(imports, part_of(program, &symbols),
				part_of(program, &names));
		return true;
	}
	return false;
}

static bool section_at(struct reader program, uint64_t table, uint32_t index,
		       struct section *out)
{
	reader_seek(&program, table + (uint64_t)index * sizeof(Elf64_Shdr));
	struct reader in = reader_take(&program, sizeof(Elf64_Shdr));

	reader_skip(&in, 4); /* name */
	out->type = reader_u32le(&in);
	reader_skip(&in, 16); /* flags, address */
	out->offset = reader_u64le(&in);
	out->len = reader_u64le(&in);
	out->link = reader_u32le(&in);
	reader_skip(&in, 12); /* info, alignment */
	out->entry_len = reader_u64le(&in);
	return reader_ok(&in);
}

static struct reader part_of(struct reader program, const struct section *section)
{
	reader_seek(&program, section->offset);
	return reader_take(&program, section->len);
}

static void look_at_symbols(struct prove_imports *imports, struct reader symbols,
			    struct reader names)
{
	while (reader_left(&symbols) >= sizeof(Elf64_Sym)) {
		struct reader in = reader_take(&symbols, sizeof(Elf64_Sym));
		struct slice name = name_at(names, reader_u32le(&in));
		reader_skip(&in, 2); /* kind, visibility */
		if (reader_u16le(&in) != SHN_UNDEF || name.len == 0)
			continue;
		imports->count++;
		if (!is_forbidden(name))
			continue;
		size_t used = strlen(imports->found);
		snprintf(imports->found + used, sizeof(imports->found) - used, "%s%.*s",
			 used ? " " : "", (int)name.len, (const char *)name.base);
	}
}

static struct slice name_at(struct reader names, uint32_t offset)
{
	reader_seek(&names, offset);
	struct slice rest = reader_rest(&names);

	if (rest.len > 0)
		rest.len = strnlen((const char *)rest.base, rest.len);
	return rest;
}

static bool is_forbidden(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		if (slice_is(name, forbidden[i]))
			return true;
	}
	return false;
}
