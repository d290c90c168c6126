/* SPDX-License-Identifier: Apache-2.0 */
#include "match/member.h"

#include "bytes/reader.h"
#include "match/ere.h"

static bool facts_fit(struct reader *data, const struct member *member);
static bool type_fits(struct slice name, const struct member *member);

enum status member_test(struct slice data, const struct member *member,
			struct arena *arena, uint64_t *steps, bool *ret_matches)
{
	struct arena_mark mark = arena_mark(arena);
	struct reader in = reader_of_slice(data);
	bool fits = facts_fit(&in, member);
	struct slice program = reader_rest(&in);
	struct ere ere;

	*ret_matches = false;
	if (!reader_ok(&in))
		return STATUS_MALFORMED;
	if (!fits)
		return STATUS_OK;
	if (program.len == 0) {
		*ret_matches = true;
		return STATUS_OK;
	}
	enum status status = ere_open(program, arena, &ere);
	if (status == STATUS_OK)
		status = ere_search(&ere, member->name, steps, ret_matches);
	arena_rewind(arena, mark);
	return status;
}

/* Everything but the name. */
static bool facts_fit(struct reader *data, const struct member *member)
{
	uint8_t encrypted = reader_u8(data);
	uint8_t sum = reader_u8(data);
	uint32_t crc = reader_u32le(data);
	bool fits = encrypted == MEMBER_ENCRYPTED_ANY ||
		    (encrypted == 1) == member->is_encrypted;

	if (sum == MEMBER_SUM && member->clamav_compat)
		sum = MEMBER_SUM_NONE;
	if (sum != MEMBER_SUM_NONE && member->has_crc && crc != member->crc)
		fits = false;
	for (unsigned i = 0; i < MEMBER_RANGES; i++) {
		uint64_t min = reader_u64le(data);
		uint64_t max = reader_u64le(data);

		if (member->values[i] < min || member->values[i] > max)
			fits = false;
	}
	if (!type_fits(reader_slice(data, reader_u8(data)), member))
		fits = false;
	return fits;
}

static bool type_fits(struct slice name, const struct member *member)
{
	return name.len == 0 || slice_is(name, type_name(member->container)) ||
	       slice_is(name, type_name(member->opened_as));
}
