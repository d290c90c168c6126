/* SPDX-License-Identifier: Apache-2.0 */
#include "host/crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/checked.h"
#include "host/crew_setup.h"
#include "host/sharing.h"

/* A worker's files, its age, and what it is given at once (performance was measured so). */
enum { WORKER_FILES_MAX = 200, WORKER_AGE_MAX_MS = 60 * 1000, BATCH_FILES_MAX = 64 };
#define BATCH_BYTES_MAX (UINT64_C(4) << 20)

/* Messages heard of one worker before the others have their turn. */
enum { MESSAGES_AT_ONCE = 16 };

/* Backing off when the machine has no room for another process. */
enum { FAILED_STARTS_MAX = 6, FAILED_START_WAIT_MS = 50, ZYGOTE_DEATHS_MAX = 3 };

/*
 * Workers of one zygote that may die: so many guesses at the layout of memory has
 * whoever can make them crash, before it is another one.
 */
enum { WORKER_DEATHS_MAX = 8 };

/* For a process to be there at all; a machine may be very busy. */
enum { START_MAX_MS = 60 * 1000 };

static struct hand *find_waiting(struct crew *crew, uid_t owner, uint64_t now_ms);
static bool is_fresh(const struct crew *crew, const struct hand *hand, uint64_t now_ms);
static size_t share(const struct crew *crew);
static bool give(struct crew *crew, struct hand *hand, size_t files_max, uint64_t now_ms);
static bool start(struct crew *crew, struct hand *hand, uint64_t now_ms);
static bool have_zygote(struct crew *crew, uint64_t now_ms);
static void let_old_zygote_go(struct crew *crew);
static struct crew_zygote *zygote_of(struct crew *crew, const struct hand *hand);
static void dismiss(struct crew *crew, struct hand *hand);
static void bury(struct crew *crew, struct hand *hand, const struct pool_death *death,
		 uint64_t now_ms);
static void on_started(struct crew *crew, struct crew_zygote *zygote,
		       const struct record_started *started, uint64_t now_ms);
static void on_ended(struct crew *crew, struct crew_zygote *zygote,
		     const struct record_ended *ended, uint64_t now_ms);
static void on_zygote_gone(struct crew *crew, unsigned index, uint64_t now_ms);
static bool hear_out(struct crew *crew, struct hand *hand, uint64_t now_ms);
static struct crew_slot *slot_of(struct crew_zygote *zygote, uint32_t slot,
				 uint32_t life);
static void end_with(struct crew *crew, const char *why);
static uint64_t deadline_of(const struct crew *crew, const struct hand *hand);

bool crew_open(struct crew *crew, const struct pool_options *options, uint64_t now_ms)
{
	crew->options = *options;
	crew->hearing = (struct hearing_terms){
		.limits = options->limits,
		.rule_exists = options->rule_exists,
		.events = options->events,
	};
	for (size_t i = 0; i < CREW_ZYGOTES; i++)
		crew->zygotes[i].link.socket = -1;
	crew->hand_count = options->jobs;
	crew->hands = calloc(crew->hand_count, sizeof(*crew->hands));
	crew->room = malloc(sizeof(*crew->room));
	crew->relay = malloc(sizeof(*crew->relay));
	if (!crew->hands || !crew->room || !crew->relay) {
		pool_error_set(&crew->error, "no memory");
		return false;
	}
	for (size_t i = 0; i < crew->hand_count; i++) {
		crew->hands[i].socket = -1;
		crew->hands[i].crumb = -1;
		if (!hearing_init(&crew->hands[i].hearing, &crew->hearing)) {
			pool_error_set(&crew->error, "no memory");
			return false;
		}
	}
	return options->engine || have_zygote(crew, now_ms);
}

void crew_close(struct crew *crew)
{
	for (size_t i = 0; i < CREW_ZYGOTES; i++)
		zygote_link_close(&crew->zygotes[i].link);
	for (size_t i = 0; crew->hands && i < crew->hand_count; i++) {
		hand_forget(&crew->hands[i]);
		hearing_clear(&crew->hands[i].hearing);
	}
	for (struct task *task; (task = task_queue_take(&crew->queue)) != NULL;)
		task_free(task);
	free(crew->hands);
	free(crew->room);
	free(crew->relay);
}

struct hand_terms crew_terms(struct crew *crew, uint64_t now_ms)
{
	return (struct hand_terms){
		.hearing = &crew->hearing,
		.queue = &crew->queue,
		.pending = &crew->pending,
		.room = crew->room,
		.now_ms = now_ms,
		.hand_on = sharing_hand_on,
		.context = crew,
	};
}

void crew_assign(struct crew *crew, uint64_t now_ms)
{
	if (now_ms < crew->not_before_ms)
		return;
	crew->not_before_ms = 0;
	let_old_zygote_go(crew);
	while (crew->queue.first && have_zygote(crew, now_ms)) {
		const uid_t owner = crew->queue.first->job.owner;
		size_t files_max = share(crew);
		struct hand *hand = crew_find_idle(crew, owner, now_ms);
		if (!hand) {
			hand = find_waiting(crew, owner, now_ms);
			files_max = BATCH_FILES_MAX;
		}
		if (!hand || !give(crew, hand, files_max, now_ms))
			return;
	}
	if (!crew->queue.first)
		sharing_assign(crew, now_ms);
}

/* Nobody else's files; not used up yet. */
static bool is_fresh(const struct crew *crew, const struct hand *hand, uint64_t now_ms)
{
	if (hand->zygote != crew->current || (crew->options.isolate && hand->files > 0))
		return false;
	return hand->files < WORKER_FILES_MAX &&
	       now_ms - hand->born_ms < WORKER_AGE_MAX_MS;
}

struct hand *crew_find_idle(struct crew *crew, uid_t owner, uint64_t now_ms)
{
	struct hand *found = NULL;

	if (!have_zygote(crew, now_ms))
		return NULL;
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (!hand_is_idle(hand))
			continue;
		found = hand;
		if (hand->is_live && is_fresh(crew, hand, now_ms) &&
		    (hand->files == 0 || hand->owner == owner))
			return hand;
	}
	if (!found)
		return NULL;
	if (found->is_live)
		dismiss(crew, found);
	return start(crew, found, now_ms) ? found : NULL;
}

/* One that can have a whole batch of small files beside the one it is at. */
static struct hand *find_waiting(struct crew *crew, uid_t owner, uint64_t now_ms)
{
	if (crew->options.isolate || crew->queue.count < BATCH_FILES_MAX ||
	    crew->queue.first->job.size_bytes > BATCH_BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (hand->is_live && hand->batch_count == 1 && !hand->has_hung_up &&
		    hand->owner == owner && is_fresh(crew, hand, now_ms) &&
		    hand_current(hand)->job.size_bytes <= BATCH_BYTES_MAX)
			return hand;
	}
	return NULL;
}

/* How many files of the queue one of those who have nothing to do should get. */
static size_t share(const struct crew *crew)
{
	size_t idle = 0;

	if (crew->options.isolate)
		return 1;
	for (size_t i = 0; i < crew->hand_count; i++)
		idle += hand_is_idle(&crew->hands[i]);
	if (idle == 0)
		return BATCH_FILES_MAX;
	return min_size((crew->queue.count + idle - 1) / idle, BATCH_FILES_MAX);
}

static bool give(struct crew *crew, struct hand *hand, size_t files_max, uint64_t now_ms)
{
	const struct batch_terms batch_terms = { files_max, BATCH_BYTES_MAX };
	const struct hand_terms terms = crew_terms(crew, now_ms);

	if (hand_give(hand, &terms, &batch_terms))
		return true;
	/* Its end is heard of soon; or the kernel has too many descriptors under way. */
	crew->not_before_ms = now_ms + 1;
	return false;
}

static bool start(struct crew *crew, struct hand *hand, uint64_t now_ms)
{
	struct crew_zygote *zygote = &crew->zygotes[crew->current];
	uint32_t slot = 0;

	while (slot < CREW_SLOTS && zygote->slots[slot].is_taken)
		slot++;
	if (slot < CREW_SLOTS &&
	    hand_start(hand, &zygote->link, slot, ++crew->next_life, now_ms)) {
		hand->zygote = crew->current;
		zygote->slots[slot] = (struct crew_slot){ true, crew->next_life, hand };
		return true;
	}
	crew->not_before_ms = now_ms + FAILED_START_WAIT_MS;
	if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
		crew->failed_starts++;
	if (crew->failed_starts > FAILED_STARTS_MAX)
		end_with(crew, strerror(errno));
	return false;
}

/* One to start workers from: a new one, if there is none or too many of its workers died. */
static bool have_zygote(struct crew *crew, uint64_t now_ms)
{
	struct crew_zygote *zygote = &crew->zygotes[crew->current];
	const unsigned other = 1 - crew->current;

	if (crew->is_over)
		return false;
	/* While the one before is still needed, this one has to do. */
	if (zygote->link.pid > 0 &&
	    (zygote->deaths < WORKER_DEATHS_MAX || crew->zygotes[other].link.pid > 0))
		return true;
	if (zygote->link.pid > 0) {
		crew->current = other;
		zygote = &crew->zygotes[other];
	}
	*zygote = (struct crew_zygote){ .started_ms = now_ms };
	if (crew_start_zygote(&zygote->link, &crew->options, &crew->error))
		return true;
	crew->is_over = true;
	return false;
}

/* When none of its workers has anything to do any more. */
static void let_old_zygote_go(struct crew *crew)
{
	struct crew_zygote *old = &crew->zygotes[1 - crew->current];

	if (old->link.pid == 0)
		return;
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (!hand->is_live || hand->zygote == crew->current)
			continue;
		if (!hand_is_idle(hand))
			return;
		dismiss(crew, hand);
	}
	zygote_link_close(&old->link);
}

static struct crew_zygote *zygote_of(struct crew *crew, const struct hand *hand)
{
	return &crew->zygotes[hand->zygote];
}

static void dismiss(struct crew *crew, struct hand *hand)
{
	zygote_of(crew, hand)->slots[hand->slot].hand = NULL;
	hand_forget(hand);
}

static void bury(struct crew *crew, struct hand *hand, const struct pool_death *death,
		 uint64_t now_ms)
{
	const struct hand_terms terms = crew_terms(crew, now_ms);
	struct crew_zygote *zygote = zygote_of(crew, hand);

	crew->deaths++;
	zygote->deaths++;
	sharing_taint(crew, hand);
	/* It may only have said that it is gone. */
	zygote_link_kill(&zygote->link, hand->slot, hand->life);
	zygote->slots[hand->slot].hand = NULL;
	hand_bury(hand, &terms, death);
}

void crew_hear_zygote(struct crew *crew, unsigned index, uint64_t now_ms)
{
	struct crew_zygote *zygote = &crew->zygotes[index];

	for (;;) {
		struct zygote_news news = zygote_link_hear(&zygote->link, crew->room);
		switch (news.kind) {
		case ZYGOTE_NOTHING:
			return;
		case ZYGOTE_READY:
			break;
		case ZYGOTE_FAILED:
			zygote_link_explain(&news.failed, &crew->error);
			crew->is_over = true;
			return;
		case ZYGOTE_STARTED:
			on_started(crew, zygote, &news.started, now_ms);
			break;
		case ZYGOTE_ENDED:
			on_ended(crew, zygote, &news.ended, now_ms);
			break;
		case ZYGOTE_GONE:
			on_zygote_gone(crew, index, now_ms);
			return;
		}
	}
}

static void on_started(struct crew *crew, struct crew_zygote *zygote,
		       const struct record_started *started, uint64_t now_ms)
{
	struct crew_slot *slot = slot_of(zygote, started->slot, started->life);
	const struct pool_death death = { .end = POOL_END_NO_START };

	if (!slot || started->pid > 0) {
		crew->failed_starts = 0;
		if (slot && slot->hand)
			slot->hand->pid = (pid_t)started->pid;
		return;
	}
	struct hand *hand = slot->hand;
	*slot = (struct crew_slot){ 0 };
	if (hand) {
		const struct hand_terms terms = crew_terms(crew, now_ms);
		hand_bury(hand, &terms, &death);
	}
	crew->not_before_ms = now_ms +
			      ((uint64_t)FAILED_START_WAIT_MS << crew->failed_starts);
	if (++crew->failed_starts > FAILED_STARTS_MAX)
		end_with(crew, strerror(started->error));
}

static void on_ended(struct crew *crew, struct crew_zygote *zygote,
		     const struct record_ended *ended, uint64_t now_ms)
{
	struct crew_slot *slot = slot_of(zygote, ended->slot, ended->life);
	struct pool_death death = { .end = POOL_END_EXITED, .code = (int)ended->code };

	if (!slot)
		return;
	struct hand *hand = slot->hand;
	if (ended->is_signal)
		death.end = POOL_END_KILLED;
	/* What it said before is still there to be heard; a lie ends it in there. */
	if (hand && hear_out(crew, hand, now_ms)) {
		if (!hand->hearing.has_hello && !ended->is_signal)
			end_with(crew, "it could not be locked up");
		bury(crew, hand, &death, now_ms);
	}
	*slot = (struct crew_slot){ 0 };
}

static void on_zygote_gone(struct crew *crew, unsigned index, uint64_t now_ms)
{
	const struct hand_terms terms = crew_terms(crew, now_ms);
	struct crew_zygote *zygote = &crew->zygotes[index];
	struct pool_done done = { .fd = -1, .death.end = POOL_END_ZYGOTE };
	const bool was_ready = zygote->link.is_ready;

	outcome_add_reason(&done.outcome, REASON_WORKER);
	int how = zygote_link_close(&zygote->link);
	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (!hand->is_live || hand->zygote != index ||
		    !hear_out(crew, hand, now_ms))
			continue;
		crew->deaths++;
		sharing_taint(crew, hand);
		hand_abandon(hand, &terms, &done);
	}
	memset(zygote->slots, 0, sizeof(zygote->slots));
	crew->zygote_deaths++;
	crew->not_before_ms = now_ms + (uint64_t)100 * crew->zygote_deaths;
	if (was_ready && crew->zygote_deaths < ZYGOTE_DEATHS_MAX)
		return;
	if (WIFSIGNALED(how))
		pool_error_set(&crew->error, "custos-worker was killed by signal %d",
			       WTERMSIG(how));
	else
		pool_error_set(&crew->error, "custos-worker ended with status %d",
			       WEXITSTATUS(how));
	crew->is_over = true;
}

void crew_hear(struct crew *crew, struct hand *hand, uint64_t now_ms)
{
	const struct hand_terms terms = crew_terms(crew, now_ms);

	for (int i = 0; i < MESSAGES_AT_ONCE && hand->is_live; i++) {
		const size_t pending = crew->pending;
		struct hand_news news = hand_hear(hand, &terms);
		struct pool_death death = { .end = POOL_END_LIED, .breach = news.breach };
		if (crew->pending < pending)
			crew->zygote_deaths = 0;
		if (hand->hearing.has_hello && !crew->has_walls) {
			crew->walls = hand->hearing.hello;
			crew->has_walls = true;
		}
		switch (news.kind) {
		case HAND_SPOKE:
			break;
		case HAND_QUIET:
			return;
		case HAND_HUNG_UP:
			/* The zygote tells how. If it still lives, it does not any more. */
			hand->has_hung_up = true;
			hand->turn_ms = now_ms;
			zygote_link_kill(&zygote_of(crew, hand)->link, hand->slot,
					 hand->life);
			return;
		case HAND_LIED:
			bury(crew, hand, &death, now_ms);
			return;
		}
	}
}

/* All that a dead worker has said. False: it lied, and is buried. */
static bool hear_out(struct crew *crew, struct hand *hand, uint64_t now_ms)
{
	while (hand->is_live && !hand->has_hung_up) {
		const struct hand_terms terms = crew_terms(crew, now_ms);
		struct hand_news news = hand_hear(hand, &terms);
		const struct pool_death death = { .end = POOL_END_LIED,
						  .breach = news.breach };
		if (news.kind == HAND_LIED)
			bury(crew, hand, &death, now_ms);
		else if (news.kind != HAND_SPOKE)
			break;
	}
	return hand->is_live;
}

void crew_check_deadlines(struct crew *crew, uint64_t now_ms)
{
	const struct pool_death hung = { .end = POOL_END_HUNG };
	const struct pool_death lied = { .end = POOL_END_LIED,
					 .breach = "closed its socket and lived on" };

	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (hand->is_live && now_ms >= deadline_of(crew, hand))
			bury(crew, hand, hand->has_hung_up ? &lied : &hung, now_ms);
	}
	const struct crew_zygote *zygote = &crew->zygotes[crew->current];
	if (zygote->link.pid > 0 && !zygote->link.is_ready &&
	    now_ms - zygote->started_ms > START_MAX_MS)
		end_with(crew, "it did not get ready in time");
}

/* The engine keeps its own deadline; this one is for when it does not. */
static uint64_t deadline_of(const struct crew *crew, const struct hand *hand)
{
	const struct task *task = hand_current(hand);
	uint64_t allowed = 1000;

	if (hand->has_hung_up)
		return add_u64_capped(hand->turn_ms, allowed);
	if (!task && !hand->hearing.is_helping)
		return UINT64_MAX;
	if (!hand->hearing.has_hello) {
		allowed = START_MAX_MS;
	} else {
		uint64_t own = scan_limits_time_ms(&crew->options.limits,
						   task ? task->job.size_bytes :
							  hand->hearing.share.size_bytes);
		allowed = add_u64_capped(allowed, add_u64_capped(own, own / 8));
	}
	return add_u64_capped(hand->turn_ms, allowed);
}

uint64_t crew_next_ms(const struct crew *crew)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < crew->hand_count; i++) {
		if (crew->hands[i].is_live)
			next = min_u64(next, deadline_of(crew, &crew->hands[i]));
	}
	const struct crew_zygote *zygote = &crew->zygotes[crew->current];
	if (zygote->link.pid > 0 && !zygote->link.is_ready)
		next = min_u64(next, zygote->started_ms + START_MAX_MS + 1);
	/* Only when work waits for somebody to be started. */
	if (crew->queue.first && crew->not_before_ms > 0)
		next = min_u64(next, crew->not_before_ms);
	return next;
}

void crew_shift(struct crew *crew, uint64_t ms)
{
	for (size_t i = 0; i < crew->hand_count; i++)
		crew->hands[i].turn_ms += ms;
	for (size_t i = 0; i < CREW_ZYGOTES; i++)
		crew->zygotes[i].started_ms += ms;
}

void crew_abandon(struct crew *crew, const struct pool_done *done, uint64_t now_ms)
{
	const struct hand_terms terms = crew_terms(crew, now_ms);

	for (size_t i = 0; i < crew->hand_count; i++) {
		struct hand *hand = &crew->hands[i];
		if (!hand->is_live)
			continue;
		struct crew_zygote *zygote = zygote_of(crew, hand);
		zygote_link_kill(&zygote->link, hand->slot, hand->life);
		zygote->slots[hand->slot].hand = NULL;
		hand_abandon(hand, &terms, done);
	}
	hand_abandon_queue(&terms, done);
}

static struct crew_slot *slot_of(struct crew_zygote *zygote, uint32_t slot, uint32_t life)
{
	if (slot >= CREW_SLOTS || !zygote->slots[slot].is_taken ||
	    zygote->slots[slot].life != life)
		return NULL;
	return &zygote->slots[slot];
}

static void end_with(struct crew *crew, const char *why)
{
	pool_error_set(&crew->error, "a worker cannot be started: %s", why);
	crew->is_over = true;
}
