/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/prehash.h"

#include <assert.h>

#include "bytes/source.h"

static_assert((int)PREHASH_FILES <= (int)DIGEST_MANY_MAX, "all are hashed at once");

enum { FILES_MIN = 4 };

static void hash_kind(struct prehash *prehash, struct digest_state *state,
		      enum digest_kind kind);

void prehash_init(struct prehash *prehash, enum cpu_path path)
{
	prehash->kernel = digest_kernel_of(path);
	prehash_begin(prehash);
}

void prehash_begin(struct prehash *prehash)
{
	prehash->used = 0;
	for (size_t i = 0; i < PREHASH_FILES; i++)
		prehash->files[i].is_read = false;
}

bool prehash_helps(const struct prehash *prehash, size_t files)
{
	return prehash->kernel && files >= FILES_MIN;
}

void prehash_read(struct prehash *prehash, size_t number, int fd, uint64_t size_bytes,
		  unsigned kinds)
{
	struct source source = source_of_fd(fd, size_bytes, NULL, 0);

	if (kinds == 0 || number >= PREHASH_FILES || size_bytes > PREHASH_FILE_LEN ||
	    size_bytes > PREHASH_LEN - prehash->used)
		return;
	size_t len = (size_t)size_bytes;
	if (source_read_all(&source, 0, &prehash->bytes[prehash->used], len) != STATUS_OK)
		return;
	prehash->files[number] = (struct prehash_file){
		.is_read = true,
		.at = prehash->used,
		.len = len,
		.kinds = kinds,
	};
	prehash->used += len;
}

void prehash_run(struct prehash *prehash, struct digest_state *state)
{
	for (unsigned kind = 0; kind < DIGEST_COUNT; kind++)
		hash_kind(prehash, state, (enum digest_kind)kind);
}

/* Those that fail are taken, or told of, by the scan. */
static void hash_kind(struct prehash *prehash, struct digest_state *state,
		      enum digest_kind kind)
{
	struct slice messages[PREHASH_FILES];
	struct digest digests[PREHASH_FILES];
	size_t numbers[PREHASH_FILES], count = 0;

	for (size_t i = 0; i < PREHASH_FILES; i++)
		if (prehash->files[i].is_read && (prehash->files[i].kinds >> kind & 1)) {
			messages[count] = prehash_bytes(prehash, i);
			numbers[count++] = i;
		}
	if (digest_many(prehash->kernel, state,
			&(struct digest_batch){ kind, messages, count, digests }) !=
	    STATUS_OK)
		return;
	for (size_t i = 0; i < count; i++)
		prehash->files[numbers[i]].digests[kind] = digests[i];
}

bool prehash_has(const struct prehash *prehash, size_t number)
{
	return number < PREHASH_FILES && prehash->files[number].is_read;
}

struct slice prehash_bytes(const struct prehash *prehash, size_t number)
{
	const struct prehash_file *file = &prehash->files[number];

	return (struct slice){ &prehash->bytes[file->at], file->len };
}

const struct digest *prehash_digests(const struct prehash *prehash, size_t number)
{
	return prehash_has(prehash, number) ? prehash->files[number].digests : NULL;
}
