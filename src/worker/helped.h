/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other workers' help with the pass over a huge file, as its owner has it: says when a
 * pass begins and ends, and keeps what the parent hands on until its turn comes. Nobody
 * is waited for, and what does not fit in here is as if it had never come.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipc/message.h"
#include "ipc/share_record.h"
#include "match/help.h"

struct answer;

enum { HELPED_IDS_MAX = 64 * 1024 };

struct helped_piece {
	bool is_there;
	uint32_t first, count; /* in `ids` */
};

struct helped {
	/* Takes a message if there is one; NULL: nobody ever helps. */
	bool (*receive)(void *context, struct message *message);
	void *context;
	struct answer *answer; /* whose job it is about */
	bool is_asked;
	uint32_t target;
	struct helped_piece pieces[RECORD_PIECES_MAX];
	uint64_t ids[HELPED_IDS_MAX];
	size_t id_count;
	struct message room;
};

/* For a scan of the answer's job; its context is *helped, which must stay where it is. */
struct match_help helped_calls(struct helped *helped);

/* Keeps what a record says, if it is of the pass that is being made. */
void helped_keep(struct helped *helped, const struct record_shared *shared);
