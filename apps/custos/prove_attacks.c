/* SPDX-License-Identifier: Apache-2.0 */
#include "prove_attacks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/program.h"
#include "host/socket_pair.h"
#include "ipc/channel.h"
#include "ipc/zygote_record.h"
#include "sandbox/call_list.h"

/* All attacks together; one that hangs is given up after 5 seconds. */
enum { PATIENCE_MS = 60 * 1000 };

static int start(const char *path, int socket, pid_t *ret_pid);
static bool hear_all(struct prove_attacks *attacks, int socket);
static bool take(struct prove_attacks *attacks, uint32_t kind, struct slice body,
		 bool *ret_is_last);
static bool take_walls(struct prove_attacks *attacks, struct slice body);
static bool take_calls(struct prove_attacks *attacks, struct slice body);
static bool take_attack(struct prove_attacks *attacks, struct slice body);
static void copy_text(char to[PROVE_TEXT_MAX], struct slice text);

enum prove_verdict prove_verdict_of(const struct prove_attack *attack)
{
	switch (attack->result[PROVE_LOCKED]) {
	case PROVE_THROUGH:
	case PROVE_HUNG:
		return PROVE_ALLOWED;
	case PROVE_NOT_RUN:
		return PROVE_NOT_TESTED;
	case PROVE_REFUSED:
	case PROVE_KILLED:
	case PROVE_IGNORED:
		break;
	}
	if (attack->result[PROVE_OPEN] != PROVE_THROUGH)
		return PROVE_NOT_TESTED;
	return PROVE_DENIED;
}

bool prove_attacks_run(struct prove_attacks *attacks, struct pool_error *error)
{
	AUTO_FREE char *path = program_helper_path("custos-prove-worker");
	AUTO_CLOSE int ours = -1;
	AUTO_CLOSE int theirs = -1;
	pid_t pid;

	if (!path || !socket_pair(&ours, &theirs)) {
		pool_error_set(error, "%s", strerror(errno));
		return false;
	}
	int failure = start(path, theirs, &pid);
	cleanup_close(&theirs);
	theirs = -1;
	if (failure != 0) {
		pool_error_set(error, "cannot start %s: %s", path, strerror(failure));
		return false;
	}
	bool ok = hear_all(attacks, ours);
	if (!ok) {
		kill(pid, SIGKILL);
		pool_error_set(error, "%s did not come to an end", path);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return ok;
}

static int start(const char *path, int socket, pid_t *ret_pid)
{
	char *const arguments[] = { (char *)"custos-prove-worker", NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;

	int failure = posix_spawn_file_actions_init(&actions);
	if (failure != 0)
		return failure;
	failure = posix_spawn_file_actions_adddup2(&actions, socket, SANDBOX_SOCKET_FD);
	if (failure == 0)
		failure = posix_spawn_file_actions_addclosefrom_np(&actions,
								   SANDBOX_SOCKET_FD + 1);
	if (failure == 0)
		failure = posix_spawn(ret_pid, path, &actions, NULL, arguments,
				      environment);
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

static bool hear_all(struct prove_attacks *attacks, int socket)
{
	static struct message message;
	struct pollfd polled = { .fd = socket, .events = POLLIN };
	struct reader records;
	struct slice body;
	uint32_t kind;
	bool is_last = false;

	while (!is_last) {
		int ready = poll(&polled, 1, PATIENCE_MS);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0 || channel_receive(socket, &message, NULL) != CHANNEL_OK ||
		    !message_open(message.bytes, message.len, &records))
			return false;
		while (message_next(&records, &kind, &body) == MESSAGE_RECORD) {
			if (!take(attacks, kind, body, &is_last))
				return false;
		}
	}
	return true;
}

static bool take(struct prove_attacks *attacks, uint32_t kind, struct slice body,
		 bool *ret_is_last)
{
	switch (kind) {
	case RECORD_HELLO:
		return take_walls(attacks, body);
	case RECORD_CALL_LIST:
		return take_calls(attacks, body);
	case RECORD_ATTACK:
		return take_attack(attacks, body);
	case RECORD_PROVED:
		*ret_is_last = true;
		return prove_get_proved(body);
	}
	return false;
}

static bool take_walls(struct prove_attacks *attacks, struct slice body)
{
	struct record_hello hello;

	if (!zygote_get_hello(body, &hello))
		return false;
	attacks->has_walls = true;
	attacks->walls = (struct walls){
		.raised = hello.raised,
		.missing = hello.missing,
		.landlock_abi = (int)hello.landlock_abi,
	};
	for (size_t i = 0; i < WALL_COUNT; i++)
		attacks->walls.cause[i] = hello.cause[i];
	return true;
}

static bool take_calls(struct prove_attacks *attacks, struct slice body)
{
	struct record_call_list list;

	if (!prove_get_call_list(body, &list) || list.code.len > sizeof(attacks->calls))
		return false;
	if (list.code.len > 0)
		memcpy(attacks->calls, list.code.base, list.code.len);
	attacks->calls_len = list.code.len;
	return true;
}

static bool take_attack(struct prove_attacks *attacks, struct slice body)
{
	struct record_attack got;

	if (attacks->count == PROVE_ATTACKS_MAX || !prove_get_attack(body, &got))
		return false;
	struct prove_attack *attack = &attacks->list[attacks->count++];
	copy_text(attack->group, got.group);
	copy_text(attack->name, got.name);
	copy_text(attack->what, got.what);
	for (size_t i = 0; i < PROVE_STAGES; i++) {
		attack->result[i] = (enum prove_result)got.result[i];
		attack->code[i] = got.code[i];
	}
	return true;
}

static void copy_text(char to[PROVE_TEXT_MAX], struct slice text)
{
	snprintf(to, PROVE_TEXT_MAX, "%.*s", (int)text.len, (const char *)text.base);
}
