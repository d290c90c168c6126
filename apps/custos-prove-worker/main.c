/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos-prove-worker: a worker that has been taken over. It links the same
 * lock-down as custos-worker, locks itself up, and then does all that an
 * attacker in there could try: each attack once in the open, once behind every
 * wall but the list of system calls, once locked up. `custos prove` starts it
 * and prints what came of it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/channel.h"
#include "ipc/zygote_record.h"
#include "scene.h"

enum { ATTACKS_MAX = 256 };

static const struct {
	const char *name;
	const struct attack *attacks;
} groups[] = {
	{ "files", attacks_on_files },
	{ "descriptors", attacks_on_descriptors },
	{ "network", attacks_on_network },
	{ "processes", attacks_on_processes },
	{ "memory", attacks_on_memory },
	{ "kernel", attacks_on_kernel },
	{ "other doors", attacks_by_other_doors },
};

/* Filled in by three processes, one after the other. */
struct findings {
	struct scene_result results[PROVE_STAGES][ATTACKS_MAX];
	bool has_walls;
	struct walls walls;
	struct call_list calls;
};

static void run_stage(struct scene *scene, enum prove_stage stage,
		      struct findings *findings);
static void run_attacks(struct scene *scene, struct scene_result results[ATTACKS_MAX]);
static void fill_not_run(struct scene_result results[ATTACKS_MAX], int error);
static bool tell(const struct findings *findings);
static bool tell_walls(struct message *message, const struct findings *findings);
static bool tell_attack(struct message *message, const char *group,
			const struct attack *attack, const struct findings *findings,
			size_t index);
static bool send_message(struct message *message, bool added);

int main(void)
{
	struct scene scene = { 0 };
	struct findings *findings = mmap(NULL, sizeof(*findings), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (findings == MAP_FAILED || !scene_open(&scene)) {
		perror("custos-prove-worker");
		scene_close(&scene);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (int stage = 0; stage < PROVE_STAGES; stage++) {
		pid_t pid = fork();
		if (pid == 0) {
			run_stage(&scene, (enum prove_stage)stage, findings);
			_exit(0);
		}
		if (pid < 0)
			fill_not_run(findings->results[stage], errno);
		while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	scene_close(&scene);
	return tell(findings) ? 0 : 2;
}

static void run_stage(struct scene *scene, enum prove_stage stage,
		      struct findings *findings)
{
	if (!scene_enter(scene, stage)) {
		fill_not_run(findings->results[stage], errno);
		return;
	}
	if (stage == PROVE_LOCKED) {
		findings->calls = scene->sandbox.calls;
		findings->has_walls = scene_walls(scene, &findings->walls);
	}
	run_attacks(scene, findings->results[stage]);
}

static void run_attacks(struct scene *scene, struct scene_result results[ATTACKS_MAX])
{
	size_t index = 0;

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		for (const struct attack *attack = groups[i].attacks; attack->name;
		     attack++)
			results[index++] = scene_run(scene, attack);
	}
}

static void fill_not_run(struct scene_result results[ATTACKS_MAX], int error)
{
	for (size_t i = 0; i < ATTACKS_MAX; i++)
		results[i] = (struct scene_result){ PROVE_NOT_RUN, error };
}

static bool tell(const struct findings *findings)
{
	static struct message message;
	size_t index = 0;

	if (findings->has_walls && !tell_walls(&message, findings))
		return false;
	message_start(&message);
	const struct record_call_list list = {
		{ (const uint8_t *)findings->calls.code,
		  findings->calls.len * sizeof(findings->calls.code[0]) }
	};
	if (!send_message(&message, prove_add_call_list(&message, &list)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		for (const struct attack *attack = groups[i].attacks; attack->name;
		     attack++) {
			if (!tell_attack(&message, groups[i].name, attack, findings,
					 index++))
				return false;
		}
	}
	message_start(&message);
	return send_message(&message, prove_add_proved(&message));
}

static bool tell_walls(struct message *message, const struct findings *findings)
{
	const struct walls *walls = &findings->walls;
	struct record_hello hello = {
		.raised = walls->raised,
		.missing = walls->missing,
		.landlock_abi = (uint32_t)walls->landlock_abi,
	};

	for (size_t i = 0; i < WALL_COUNT; i++)
		hello.cause[i] = walls->cause[i];
	message_start(message);
	return send_message(message, zygote_add_hello(message, &hello));
}

static bool tell_attack(struct message *message, const char *group,
			const struct attack *attack, const struct findings *findings,
			size_t index)
{
	struct record_attack record = {
		.group = slice_of(group),
		.name = slice_of(attack->name),
		.what = slice_of(attack->what),
	};

	for (size_t i = 0; i < PROVE_STAGES; i++) {
		record.result[i] = (uint32_t)findings->results[i][index].result;
		record.code[i] = findings->results[i][index].code;
	}
	message_start(message);
	return send_message(message, prove_add_attack(message, &record));
}

static bool send_message(struct message *message, bool added)
{
	if (!added)
		return false;
	message_finish(message);
	return channel_send(SANDBOX_SOCKET_FD, message, NULL) == CHANNEL_OK;
}
