/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hand.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/socket_pair.h"
#include "host/temp_file.h"
#include "ipc/crumb.h"

/* After so many workers that ended between two jobs, whoever is first in line is blamed. */
enum { ATTEMPTS_MAX = 3 };

/* No task of a batch. */
#define NOBODY SIZE_MAX

static void finish(struct hand *hand, const struct hand_terms *terms,
		   const struct pool_done *done);
static void settle_first_batch(struct hand *hand, const struct hand_terms *terms,
			       bool is_tainted);
static size_t find_blamed(const struct hand *hand, const struct crumb *crumb);
static void tell_place(struct pool_death *death, const struct crumb *crumb);
static void tell_done(const struct hand_terms *terms, struct task *task,
		      const struct pool_done *done);
static void let_go(struct hand *hand);

bool hand_start(struct hand *hand, struct zygote_link *link, uint32_t slot, uint32_t life,
		uint64_t now_ms)
{
	AUTO_CLOSE int ours = -1;
	AUTO_CLOSE int theirs = -1;
	AUTO_CLOSE int crumb = crumb_make();
	/* Without one, what does not fit memory is `incomplete (size)`. */
	AUTO_CLOSE int spool = temp_file_open();

	if (crumb < 0 || !socket_pair(&ours, &theirs))
		return false;
	const struct worker_fds fds = { theirs, crumb, spool };
	if (!zygote_link_start(link, slot, life, &fds))
		return false;
	hearing_reset(&hand->hearing);
	hand->is_live = true;
	hand->has_hung_up = false;
	hand->slot = slot;
	hand->life = life;
	hand->pid = 0;
	hand->socket = steal_fd(&ours);
	hand->crumb = steal_fd(&crumb);
	hand->files = 0;
	hand->helped = 0;
	hand->born_ms = now_ms;
	hand->batch_count = 0;
	return true;
}

bool hand_give(struct hand *hand, const struct hand_terms *terms,
	       const struct batch_terms *batch_terms)
{
	struct channel_fds fds;

	assert(hand->batch_count < HAND_BATCHES_MAX);
	struct batch *batch = &hand->batches[hand->batch_count];
	batch_fill(batch, terms->queue, batch_terms, terms->room, &fds);
	if (channel_send(hand->socket, terms->room, &fds) != CHANNEL_OK) {
		batch_put_back(batch, terms->queue, 0);
		return false;
	}
	if (hand->batch_count++ == 0)
		hand->turn_ms = terms->now_ms;
	hand->files += (unsigned)batch->count;
	hand->owner = batch->tasks[0]->job.owner;
	return true;
}

struct hand_news hand_hear(struct hand *hand, const struct hand_terms *terms)
{
	switch (channel_receive(hand->socket, terms->room, NULL)) {
	case CHANNEL_OK:
		break;
	case CHANNEL_AGAIN:
		return (struct hand_news){ .kind = HAND_QUIET };
	case CHANNEL_CLOSED:
	case CHANNEL_FAILED:
		return (struct hand_news){ .kind = HAND_HUNG_UP };
	case CHANNEL_BROKEN:
		return (struct hand_news){ HAND_LIED,
					   "descriptors, or too large a message" };
	}
	return hand_hear_message(hand, terms, terms->room);
}

struct hand_news hand_hear_message(struct hand *hand, const struct hand_terms *terms,
				   const struct message *message)
{
	struct reader records;

	if (!message_open(message->bytes, message->len, &records))
		return (struct hand_news){ HAND_LIED, "a message that is none" };
	for (;;) {
		struct heard heard = hearing_take(&hand->hearing, terms->hearing,
						  hand_current(hand), &records);
		switch (heard.kind) {
		case HEARD_ON:
			break;
		case HEARD_DONE:
			finish(hand, terms, &heard.done);
			break;
		case HEARD_SHARED:
			terms->hand_on(terms->context, &heard.shared);
			break;
		case HEARD_END:
			return (struct hand_news){ .kind = HAND_SPOKE };
		case HEARD_BREACH:
			return (struct hand_news){ HAND_LIED, heard.breach };
		}
	}
}

void hand_bury(struct hand *hand, const struct hand_terms *terms,
	       const struct pool_death *death)
{
	struct pool_done done = { .death = *death, .fd = -1 };
	struct crumb crumb = { 0 };
	const bool has_crumb = hand->crumb >= 0 && crumb_read(hand->crumb, &crumb);
	const size_t blamed = find_blamed(hand, has_crumb ? &crumb : NULL);

	if (blamed != NOBODY) {
		struct batch *batch = &hand->batches[0];
		struct task *task = batch_bring_forward(batch, blamed);
		if (has_crumb && crumb.job == task->id && crumb.type < TYPE_COUNT)
			tell_place(&done.death, &crumb);
		/* What it had told of this job was told, and stays so. */
		if (blamed == batch->answered) {
			done.outcome.findings = hand->hearing.hits;
			done.outcome.reasons = hand->hearing.reasons;
		}
		outcome_add_reason(&done.outcome, REASON_WORKER);
		batch->answered++;
		tell_done(terms, task, &done);
	}
	/* From the last to the first: they go back to the front of the queue. */
	for (size_t i = hand->batch_count; i > 0; i--)
		batch_put_back(&hand->batches[i - 1], terms->queue, 1);
	while (hand->batch_count > 0)
		settle_first_batch(hand, terms, true);
	let_go(hand);
}

void hand_forget(struct hand *hand)
{
	for (size_t i = 0; i < hand->batch_count; i++) {
		for (size_t j = 0; j < hand->batches[i].count; j++)
			task_free(hand->batches[i].tasks[j]);
	}
	hand->batch_count = 0;
	let_go(hand);
}

void hand_abandon(struct hand *hand, const struct hand_terms *terms,
		  const struct pool_done *done)
{
	for (size_t i = 0; i < hand->batch_count; i++) {
		struct batch *batch = &hand->batches[i];
		while (batch_current(batch))
			tell_done(terms, batch->tasks[batch->answered++], done);
	}
	while (hand->batch_count > 0)
		settle_first_batch(hand, terms, true);
	let_go(hand);
}

void hand_abandon_queue(const struct hand_terms *terms, const struct pool_done *done)
{
	const struct pool_events *events = &terms->hearing->events;

	for (struct task *task; (task = task_queue_take(terms->queue)) != NULL;) {
		tell_done(terms, task, done);
		if (events->settled)
			events->settled(events->context, task->job.user, true);
		task_free(task);
	}
}

void hand_give_local(struct hand *hand, const struct hand_terms *terms,
		     struct channel_fds *fds)
{
	const struct batch_terms alone = { .files_max = 1 };

	hearing_reset(&hand->hearing);
	hand->hearing.has_hello = true;
	batch_fill(&hand->batches[0], terms->queue, &alone, terms->room, fds);
	hand->batch_count = 1;
	for (size_t i = 0; i < fds->count; i++)
		fds->list[i] = fcntl(fds->list[i], F_DUPFD_CLOEXEC, 0);
}

/* The current job is answered. */
static void finish(struct hand *hand, const struct hand_terms *terms,
		   const struct pool_done *done)
{
	struct batch *batch = &hand->batches[0];
	struct task *task = batch->tasks[batch->answered++];

	hand->turn_ms = terms->now_ms;
	tell_done(terms, task, done);
	if (!batch_current(batch))
		settle_first_batch(hand, terms, false);
}

/* The batch is over, one way or the other; the next one moves up. */
static void settle_first_batch(struct hand *hand, const struct hand_terms *terms,
			       bool is_tainted)
{
	const struct batch first = hand->batches[0];
	const struct pool_events *events = &terms->hearing->events;

	for (size_t i = 1; i < hand->batch_count; i++)
		hand->batches[i - 1] = hand->batches[i];
	hand->batch_count--;
	for (size_t i = 0; i < first.answered; i++) {
		if (events->settled)
			events->settled(events->context, first.tasks[i]->job.user,
					is_tainted || first.tasks[i]->is_tainted);
		task_free(first.tasks[i]);
	}
}

/*
 * On which of the first batch's tasks did it end? If something was told of the
 * first in line, on that. Else the worker may have been further than its last
 * message, and the crumb says where; but only a task that it had is believed.
 * NOBODY: on none, as far as is known.
 */
static size_t find_blamed(const struct hand *hand, const struct crumb *crumb)
{
	const struct batch *batch = &hand->batches[0];

	if (!hand_current(hand))
		return NOBODY;
	if (hand->hearing.records > 0 || !crumb)
		return batch->answered;
	for (size_t i = batch->answered; i < batch->count; i++) {
		if (batch->tasks[i]->id == crumb->job)
			return i;
	}
	if (crumb->job == 0 && batch_current(batch)->attempts < ATTEMPTS_MAX)
		return NOBODY;
	return batch->answered;
}

static void tell_place(struct pool_death *death, const struct crumb *crumb)
{
	death->has_place = true;
	death->type = (enum file_type)crumb->type;
	death->depth = crumb->depth;
	death->object = crumb->object;
	death->offset = crumb->offset;
	memcpy(death->text, crumb->text, sizeof(death->text));
}

/* The descriptor is open for the last time. */
static void tell_done(const struct hand_terms *terms, struct task *task,
		      const struct pool_done *done)
{
	const struct pool_events *events = &terms->hearing->events;
	struct pool_done with_fd = *done;

	with_fd.fd = task->job.fd;
	(*terms->pending)--;
	events->done(events->context, task->job.user, &with_fd);
	task_close(task);
}

static void let_go(struct hand *hand)
{
	if (hand->socket >= 0)
		close(hand->socket);
	if (hand->crumb >= 0)
		close(hand->crumb);
	hand->socket = -1;
	hand->crumb = -1;
	hand->is_live = false;
	hand->has_hung_up = false;
	hearing_reset(&hand->hearing);
}
