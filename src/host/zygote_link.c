/* SPDX-License-Identifier: Apache-2.0 */
#include "host/zygote_link.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/status.h"
#include "host/program.h"
#include "host/socket_pair.h"
#include "sandbox/call_list.h"

static int spawn(const char *path, int socket, pid_t *ret_pid);
static int add_actions(posix_spawn_file_actions_t *actions, int socket);
static int set_attributes(posix_spawnattr_t *attributes);

bool zygote_link_open(struct zygote_link *link, const char *path,
		      const struct record_setup *setup,
		      const struct channel_fds *segments, struct pool_error *error)
{
	AUTO_FREE char *found = path ? NULL : program_helper_path("custos-worker");
	AUTO_FREE struct message *message = malloc(sizeof(*message));
	AUTO_CLOSE int theirs = -1;

	if (!path)
		path = found;
	*link = (struct zygote_link){ .socket = -1 };
	if (!path || !message || !socket_pair(&link->socket, &theirs)) {
		pool_error_set(error, "cannot start a worker: %s", strerror(errno));
		return false;
	}
	int failure = spawn(path, theirs, &link->pid);
	if (failure != 0) {
		pool_error_set(error, "cannot start %s: %s", path, strerror(failure));
		zygote_link_close(link);
		return false;
	}
	message_start(message);
	if (!zygote_add_setup(message, setup)) {
		pool_error_set(error, "cannot start a worker: a limit is too large");
		zygote_link_close(link);
		return false;
	}
	message_finish(message);
	if (channel_send(link->socket, message, segments) != CHANNEL_OK) {
		pool_error_set(error, "cannot talk to %s: %s", path, strerror(errno));
		zygote_link_close(link);
		return false;
	}
	return true;
}

int zygote_link_close(struct zygote_link *link)
{
	int how = 0;

	if (link->socket >= 0)
		close(link->socket);
	if (link->pid > 0) {
		kill(link->pid, SIGKILL);
		while (waitpid(link->pid, &how, 0) < 0 && errno == EINTR)
			;
	}
	*link = (struct zygote_link){ .socket = -1 };
	return how;
}

bool zygote_link_start(struct zygote_link *link, uint32_t slot, uint32_t life,
		       const struct worker_fds *fds)
{
	AUTO_FREE struct message *message = malloc(sizeof(*message));
	const struct record_worker worker = { .slot = slot,
					      .life = life,
					      .has_write_fd = fds->write >= 0 };
	struct channel_fds list = { { fds->socket, fds->crumb, fds->write },
				    fds->write >= 0 ? 3 : 2 };

	if (!message)
		return false;
	message_start(message);
	if (!zygote_add_worker(message, &worker))
		return false;
	message_finish(message);
	errno = 0;
	return channel_send(link->socket, message, &list) == CHANNEL_OK;
}

void zygote_link_kill(struct zygote_link *link, uint32_t slot, uint32_t life)
{
	AUTO_FREE struct message *message = malloc(sizeof(*message));
	const struct record_kill wanted = { slot, life };

	if (!message || link->socket < 0)
		return;
	message_start(message);
	if (!zygote_add_kill(message, &wanted))
		return;
	message_finish(message);
	/* A zygote that cannot take so little is killed itself, and takes all workers along. */
	if (channel_send(link->socket, message, NULL) != CHANNEL_OK && link->pid > 0)
		kill(link->pid, SIGKILL);
}

struct zygote_news zygote_link_hear(struct zygote_link *link, struct message *room)
{
	struct zygote_news news = { .kind = ZYGOTE_GONE };
	struct reader records;
	struct slice body;
	uint32_t kind;

	enum channel_result result = channel_receive(link->socket, room, NULL);
	if (result == CHANNEL_AGAIN) {
		news.kind = ZYGOTE_NOTHING;
		return news;
	}
	if (result != CHANNEL_OK || !message_open(room->bytes, room->len, &records) ||
	    message_next(&records, &kind, &body) != MESSAGE_RECORD)
		return news;
	if (kind == RECORD_READY && zygote_get_ready(body)) {
		link->is_ready = true;
		news.kind = ZYGOTE_READY;
	} else if (kind == RECORD_FAILED && zygote_get_failed(body, &news.failed)) {
		news.kind = ZYGOTE_FAILED;
	} else if (kind == RECORD_STARTED && zygote_get_started(body, &news.started)) {
		news.kind = ZYGOTE_STARTED;
	} else if (kind == RECORD_ENDED && zygote_get_ended(body, &news.ended)) {
		news.kind = ZYGOTE_ENDED;
	}
	return news;
}

void zygote_link_explain(const struct record_failed *failed, struct pool_error *error)
{
	const char *cause = failed->error ? strerror(failed->error) : "no cause given";

	switch ((enum setup_failure)failed->failure) {
	case SETUP_PROTOCOL:
		pool_error_set(error, "custos-worker is of another version than custos");
		break;
	case SETUP_SEGMENT:
		if (failed->error)
			pool_error_set(error, "cannot map compiled rules %u: %s",
				       failed->segment + 1, cause);
		else
			pool_error_set(error, "compiled rules %u cannot be used: %s",
				       failed->segment + 1,
				       status_name((enum status)failed->status));
		break;
	case SETUP_DIGESTS:
		pool_error_set(error, "OpenSSL lacks MD5, SHA-1 or SHA-256");
		break;
	case SETUP_SANDBOX:
		pool_error_set(error,
			       "workers cannot be locked up (seccomp: %s), so nothing is "
			       "scanned",
			       cause);
		break;
	case SETUP_MEMORY:
		pool_error_set(error, "a worker has no memory");
		break;
	}
}

static int spawn(const char *path, int socket, pid_t *ret_pid)
{
	char *const arguments[] = { (char *)"custos-worker", NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	int failure = posix_spawn_file_actions_init(&actions);
	if (failure != 0)
		return failure;
	failure = posix_spawnattr_init(&attributes);
	if (failure == 0) {
		failure = add_actions(&actions, socket);
		if (failure == 0)
			failure = set_attributes(&attributes);
		if (failure == 0)
			failure = posix_spawn(ret_pid, path, &actions, &attributes,
					      arguments, environment);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

/* Nothing to read, nowhere to print but errors, the socket, and no other descriptor. */
static int add_actions(posix_spawn_file_actions_t *actions, int socket)
{
	int failure = posix_spawn_file_actions_adddup2(actions, socket,
						       SANDBOX_SOCKET_FD);

	if (failure == 0)
		failure = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
							   "/dev/null", O_RDONLY, 0);
	if (failure == 0)
		failure = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO,
							   STDOUT_FILENO);
	if (failure == 0)
		failure = posix_spawn_file_actions_addclosefrom_np(actions,
								   SANDBOX_SOCKET_FD + 1);
	return failure;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	int failure = posix_spawnattr_setflags(
		attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (failure == 0)
		failure = posix_spawnattr_setpgroup(attributes, 0);
	if (failure == 0)
		failure = posix_spawnattr_setsigmask(attributes, &none);
	if (failure == 0)
		failure = posix_spawnattr_setsigdefault(attributes, &all);
	return failure;
}
