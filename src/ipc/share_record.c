/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/share_record.h"

#include "ipc/job_record.h"
#include "ipc/wire.h"

static void pass_fields(struct wire *wire, void *record)
{
	struct record_pass *pass = record;

	wire_u64(wire, &pass->job);
	wire_choice(wire, &pass->target, RECORD_TARGETS);
	wire_choice(wire, &pass->from, RECORD_PIECES_MAX + 1);
	wire_choice(wire, &pass->to, RECORD_PIECES_MAX + 1);
}

static void share_fields(struct wire *wire, void *record)
{
	struct record_share *share = record;

	wire_u64(wire, &share->job);
	wire_u64(wire, &share->size_bytes);
	wire_choice(wire, &share->known, RECORD_KNOWN_END);
	wire_choice(wire, &share->target, RECORD_TARGETS);
	wire_choice(wire, &share->piece, RECORD_PIECES_MAX);
}

static void shared_fields(struct wire *wire, void *record)
{
	struct record_shared *shared = record;

	wire_u64(wire, &shared->job);
	wire_choice(wire, &shared->target, RECORD_TARGETS);
	wire_choice(wire, &shared->piece, RECORD_PIECES_MAX);
	wire_bool(wire, &shared->is_whole);
	wire_slice(wire, &shared->ids, RECORD_IDS_MAX * RECORD_ID_LEN);
	if (shared->ids.len % RECORD_ID_LEN != 0)
		wire->failed = true;
}

bool share_add_pass(struct message *to, const struct record_pass *pass)
{
	struct record_pass copy = *pass;

	return wire_add(to, RECORD_PASS, pass_fields, &copy);
}

bool share_get_pass(struct slice body, struct record_pass *out)
{
	return wire_get(body, pass_fields, out);
}

bool share_add(struct message *to, const struct record_share *share)
{
	struct record_share copy = *share;

	return wire_add(to, RECORD_SHARE, share_fields, &copy);
}

bool share_get(struct slice body, struct record_share *out)
{
	return wire_get(body, share_fields, out);
}

bool share_add_shared(struct message *to, const struct record_shared *shared)
{
	struct record_shared copy = *shared;

	return wire_add(to, RECORD_SHARED, shared_fields, &copy);
}

bool share_get_shared(struct slice body, struct record_shared *out)
{
	return wire_get(body, shared_fields, out);
}
