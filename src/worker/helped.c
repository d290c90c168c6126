/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/helped.h"

#include <assert.h>
#include <string.h>

#include "bytes/reader.h"
#include "worker/answer.h"

/* Of fewer pieces there would be none left by the time that somebody has begun. */
enum { PIECES_MIN = 4 };

static void on_begin(void *context, unsigned target, uint32_t pieces);
static bool on_take(void *context, uint32_t piece, const uint64_t **ret_ids,
		    size_t *ret_count);
static void on_end(void *context);
static void take_message(struct helped *helped);

struct match_help helped_calls(struct helped *helped)
{
	return (struct match_help){ on_begin, on_take, on_end, helped };
}

void helped_keep(struct helped *helped, const struct record_shared *shared)
{
	struct helped_piece *piece = &helped->pieces[shared->piece];
	struct reader ids = reader_of_slice(shared->ids);
	const size_t count = shared->ids.len / RECORD_ID_LEN;

	if (!helped->is_asked || shared->job != helped->answer->job ||
	    shared->target != helped->target || !shared->is_whole || piece->is_there ||
	    count > HELPED_IDS_MAX - helped->id_count)
		return;
	*piece = (struct helped_piece){ true, (uint32_t)helped->id_count,
					(uint32_t)count };
	for (size_t i = 0; i < count; i++)
		helped->ids[helped->id_count++] = reader_u64le(&ids);
}

static void on_begin(void *context, unsigned target, uint32_t pieces)
{
	struct helped *helped = context;

	static_assert((int)RECORD_PIECES_MAX >= (int)MATCH_PIECES_MAX,
		      "there is a number for every piece");
	helped->is_asked = pieces >= PIECES_MIN;
	helped->target = target;
	helped->id_count = 0;
	memset(helped->pieces, 0, sizeof(helped->pieces));
	/* The first one is ours before anybody else has heard of it. */
	if (helped->is_asked)
		answer_pass(helped->answer, target, 1, pieces);
}

static bool on_take(void *context, uint32_t piece, const uint64_t **ret_ids,
		    size_t *ret_count)
{
	struct helped *helped = context;

	if (!helped->is_asked)
		return false;
	while (helped->receive(helped->context, &helped->room))
		take_message(helped);
	const struct helped_piece *taken = &helped->pieces[piece];
	if (!taken->is_there)
		return false;
	*ret_ids = &helped->ids[taken->first];
	*ret_count = taken->count;
	return true;
}

static void on_end(void *context)
{
	struct helped *helped = context;

	if (helped->is_asked)
		answer_pass(helped->answer, helped->target, 0, 0);
	helped->is_asked = false;
}

/* The parent hands on no other records while a file is looked at that may be shared. */
static void take_message(struct helped *helped)
{
	struct record_shared shared;
	struct reader records;
	struct slice body;
	uint32_t kind;

	const bool is_message = message_open(helped->room.bytes, helped->room.len,
					     &records);
	assert(is_message);
	while (message_next(&records, &kind, &body) == MESSAGE_RECORD) {
		const bool is_shared = kind == RECORD_SHARED &&
				       share_get_shared(body, &shared);
		assert(is_shared);
		helped_keep(helped, &shared);
	}
}
