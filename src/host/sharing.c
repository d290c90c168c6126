/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sharing.h"

static bool give_piece(struct crew *crew, struct hand *helper, struct hand *owner,
		       uint64_t now_ms);
static struct hand *owner_of(struct crew *crew, uint64_t job);

void sharing_assign(struct crew *crew, uint64_t now_ms)
{
	if (crew->options.isolate)
		return;
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *owner = &crew->hands[i];
		struct record_pass *pass = &owner->hearing.pass;

		while (owner->is_live && !owner->has_hung_up && pass->from < pass->to) {
			struct hand *helper = crew_find_idle(
				crew, hand_current(owner)->job.owner, now_ms);

			if (!helper || !give_piece(crew, helper, owner, now_ms))
				return;
			pass->to--;
		}
	}
}

void sharing_hand_on(void *context, const struct record_shared *shared)
{
	struct crew *crew = context;
	struct hand *owner = owner_of(crew, shared->job);

	if (!owner || owner->hearing.pass.to == 0)
		return;
	/* There would be more candidates than is worth telling in the others, too. */
	if (!shared->is_whole) {
		owner->hearing.pass = (struct record_pass){ 0 };
		return;
	}
	message_start(crew->relay);
	if (!share_add_shared(crew->relay, shared))
		return;
	message_finish(crew->relay);
	/* One who is not told looks for himself; his end is heard of elsewhere. */
	(void)!channel_send(owner->socket, crew->relay, NULL);
}

void sharing_taint(struct crew *crew, const struct hand *helper)
{
	struct hand *owner = owner_of(crew, helper->helped);

	if (owner && owner != helper)
		hand_current(owner)->is_tainted = true;
}

static bool give_piece(struct crew *crew, struct hand *helper, struct hand *owner,
		       uint64_t now_ms)
{
	const struct task *task = hand_current(owner);
	const struct record_pass *pass = &owner->hearing.pass;
	const struct record_share share = {
		.job = task->id,
		.size_bytes = task->job.size_bytes,
		.known = task->job.known,
		.target = pass->target,
		.piece = pass->to - 1,
	};
	const struct channel_fds fds = { { task->job.fd }, 1 };

	message_start(crew->relay);
	if (!share_add(crew->relay, &share))
		return false;
	message_finish(crew->relay);
	if (channel_send(helper->socket, crew->relay, &fds) != CHANNEL_OK)
		return false;
	helper->hearing.share = share;
	helper->hearing.is_helping = true;
	helper->turn_ms = now_ms;
	helper->owner = task->job.owner;
	helper->helped = task->id;
	helper->files++;
	return true;
}

/* The worker whose turn is that job. */
static struct hand *owner_of(struct crew *crew, uint64_t job)
{
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		const struct task *task = hand_current(hand);

		if (hand->is_live && !hand->has_hung_up && task && task->id == job)
			return hand;
	}
	return NULL;
}
