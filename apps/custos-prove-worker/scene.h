/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where attacks take place: a scratch folder, the descriptors that a worker
 * would have, and processes to run them in, one for each attack.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attack.h"
#include "base/compiler.h"
#include "ipc/prove_record.h"
#include "sandbox/sandbox.h"

struct scene {
	enum prove_stage stage;
	struct sandbox sandbox; /* for the two stages that have walls */
	char folder[64];
	char file[80];
	char other[80];
	int read_fd;
	int write_fd;
	int spool_fd;
};

/* What came of an attack. */
struct scene_result {
	enum prove_result result;
	int code;
};

/* Makes folder and files. False, with errno. */
MUST_CHECK bool scene_open(struct scene *scene);

/* Removes them. */
void scene_close(struct scene *scene);

/*
 * Raises what the process that makes the attackers shares with them: nothing
 * for PROVE_OPEN. Not to be undone: each stage has a process of its own. False, with
 * errno, if the stage cannot be had.
 */
MUST_CHECK bool scene_enter(struct scene *scene, enum prove_stage stage);

/* Runs the attack in a process of its own. */
struct scene_result scene_run(struct scene *scene, const struct attack *attack);

/* Locks a process up and asks it which walls it has. False, with errno. */
MUST_CHECK bool scene_walls(struct scene *scene, struct walls *out);
