/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers of a pool and the zygote they come from: who is there, who gets
 * the next batch, who has to go. Under the pool's loop (host/pool.c), over the
 * single worker (host/hand.h).
 *
 * A worker is replaced when the owner of the files changes, after a number of
 * files and after a time: what one file may have made of it does not stay.
 *
 * All workers of one zygote have their memory laid out alike, so a worker that
 * is made to crash tells something about the next. Therefore the zygote is
 * replaced, too, when a few of its workers have died: the new one has another
 * layout. The old one stays until the last of its workers is through.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "host/hand.h"
#include "host/pool.h"
#include "host/task.h"
#include "host/zygote_link.h"

enum { CREW_HANDS_MAX = 256, CREW_SLOTS = 512, CREW_ZYGOTES = 2 };

/* A number the zygote knows a worker by. It is taken until the zygote tells of its end. */
struct crew_slot {
	bool is_taken;
	uint32_t life;
	struct hand *hand; /* NULL: we have nothing to do with it any more */
};

struct crew_zygote {
	struct zygote_link link;
	struct crew_slot slots[CREW_SLOTS];
	uint64_t started_ms;
	unsigned deaths; /* of its workers */
};

struct crew {
	struct pool_options options; /* with all defaults filled in */
	struct hearing_terms hearing;
	struct crew_zygote zygotes[CREW_ZYGOTES];
	unsigned current; /* the one that new workers come from */
	struct hand *hands;
	size_t hand_count;
	uint32_t next_life;
	struct task_queue queue;
	size_t pending; /* tasks in the queue and in hands */
	struct message *room;
	struct message *relay; /* from one worker to another: host/sharing.h */
	uint32_t deaths;
	uint64_t not_before_ms; /* nobody is started before */
	unsigned failed_starts; /* of workers, in a row */
	unsigned zygote_deaths; /* since the last answer */
	bool has_walls;
	struct record_hello walls;
	bool is_over; /* nothing more can be scanned; `error` says why */
	struct pool_error error;
};

/* `options` with defaults filled in, but for worker_path. False, with crew->error set. */
MUST_CHECK bool crew_open(struct crew *crew, const struct pool_options *options,
			  uint64_t now_ms);

/* Kills everybody, tells nobody. */
void crew_close(struct crew *crew);

/* Gives work to all who can take some. May end with is_over. */
void crew_assign(struct crew *crew, uint64_t now_ms);

/* Takes what a zygote has to say. May end with is_over. */
void crew_hear_zygote(struct crew *crew, unsigned zygote, uint64_t now_ms);

/* Takes some of what a worker has to say. */
void crew_hear(struct crew *crew, struct hand *hand, uint64_t now_ms);

/* Ends those who have been silent for too long. */
void crew_check_deadlines(struct crew *crew, uint64_t now_ms);

/* When crew_check_deadlines() or crew_assign() may have something to do next. */
uint64_t crew_next_ms(const struct crew *crew);

/* We have kept them waiting for so long: all deadlines move. */
void crew_shift(struct crew *crew, uint64_t ms);

/* Every pending task is done with this outcome; all workers end. */
void crew_abandon(struct crew *crew, const struct pool_done *done, uint64_t now_ms);

/*
 * A worker that has nothing to do and may take files of this owner; started, if it must
 * be. NULL: none is to be had now.
 */
struct hand *crew_find_idle(struct crew *crew, uid_t owner, uint64_t now_ms);

/* For hand.h. */
struct hand_terms crew_terms(struct crew *crew, uint64_t now_ms);
