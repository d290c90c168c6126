/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/socket_pair.h"
#include "ipc/channel.h"

enum {
	PATIENCE_MS = 5000,
	DESCRIPTORS = 80,
	MEMORY_BYTES = 256 << 20,
	SPOOL_BYTES = 1 << 20,
};

/* What an attacker says: how far it has come, and with which error. */
struct saying {
	enum { SAYS_NOT_LOCKED, SAYS_READY, SAYS_OVER } step;
	int error;
	struct walls walls;
};

/* Its address is what attackers look for in their parent. */
static const char secret[16] = "parent's secret";

static bool make_file(struct scene *scene);
static void tidy(struct scene *scene);
static pid_t start(struct scene *scene, const struct attack *attack, int theirs);
static void be_attacker(struct scene *scene, const struct attack *attack, pid_t parent);
static void say(const struct saying *saying);
static enum channel_result hear(int socket, struct message *message,
				struct channel_fds *fds);
static bool hear_saying(int socket, struct saying *out);
static bool give_files(const struct scene *scene, int socket);
static struct scene_result listen_to(const struct scene *scene,
				     const struct attack *attack, int socket);
static struct scene_result judge(const struct attack *attack, int error);
static struct scene_result end_of(pid_t pid, struct scene_result so_far);

bool scene_open(struct scene *scene)
{
	scene->read_fd = scene->write_fd = scene->spool_fd = -1;
	snprintf(scene->folder, sizeof(scene->folder), "/tmp/custos-prove.XXXXXX");
	if (!mkdtemp(scene->folder))
		return false;
	snprintf(scene->file, sizeof(scene->file), "%s/file", scene->folder);
	snprintf(scene->other, sizeof(scene->other), "%s/other", scene->folder);
	if (!make_file(scene))
		return false;
	scene->read_fd = open(scene->file, O_RDONLY | O_CLOEXEC);
	scene->write_fd = memfd_create("victim", MFD_CLOEXEC);
	scene->spool_fd = memfd_create("spool", MFD_CLOEXEC);
	return scene->read_fd >= 0 && scene->write_fd >= 0 && scene->spool_fd >= 0;
}

void scene_close(struct scene *scene)
{
	cleanup_close(&scene->read_fd);
	cleanup_close(&scene->write_fd);
	cleanup_close(&scene->spool_fd);
	unlink(scene->file);
	unlink(scene->other);
	rmdir(scene->other);
	rmdir(scene->folder);
}

bool scene_enter(struct scene *scene, enum prove_stage stage)
{
	static const struct sock_filter allow_all = BPF_STMT(BPF_RET | BPF_K,
							     SECCOMP_RET_ALLOW);

	scene->stage = stage;
	if (stage == PROVE_OPEN)
		return true;
	scene->sandbox = (struct sandbox){
		.role = SANDBOX_SCAN,
		.memory_bytes = MEMORY_BYTES,
		.file_bytes = SPOOL_BYTES,
		.descriptors = DESCRIPTORS,
	};
	if (!sandbox_prepare(&scene->sandbox))
		return false;
	/* The same steps, and a list with everything on it. */
	if (stage == PROVE_WALLS)
		scene->sandbox.calls = (struct call_list){ { allow_all }, 1 };
	return true;
}

struct scene_result scene_run(struct scene *scene, const struct attack *attack)
{
	struct scene_result result = { PROVE_NOT_RUN, 0 };
	struct saying saying = { 0 };
	AUTO_CLOSE int ours = -1;
	AUTO_CLOSE int theirs = -1;

	if (!socket_pair(&ours, &theirs)) {
		result.code = errno;
		return result;
	}
	pid_t pid = start(scene, attack, theirs);
	cleanup_close(&theirs);
	theirs = -1;
	if (pid < 0) {
		result.code = errno;
		return result;
	}
	if (!hear_saying(ours, &saying) || saying.step != SAYS_READY)
		result.code = saying.error;
	else if (give_files(scene, ours))
		result = listen_to(scene, attack, ours);
	result = end_of(pid, result);
	tidy(scene);
	return result;
}

bool scene_walls(struct scene *scene, struct walls *out)
{
	struct saying saying = { 0 };
	AUTO_CLOSE int ours = -1;
	AUTO_CLOSE int theirs = -1;

	if (!socket_pair(&ours, &theirs))
		return false;
	pid_t pid = start(scene, NULL, theirs);
	if (pid < 0)
		return false;
	bool ok = hear_saying(ours, &saying) && saying.step == SAYS_READY;
	(void)end_of(pid, (struct scene_result){ PROVE_HUNG, 0 });
	if (ok)
		*out = saying.walls;
	else
		errno = saying.error;
	return ok;
}

/* Not a program, but marked as one: to be tried. */
static bool make_file(struct scene *scene)
{
	static const char content[] = "\x01\x02 neither a program nor a script";
	AUTO_CLOSE int fd = open(scene->file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
				 0700);

	return fd >= 0 && write(fd, content, sizeof(content)) == sizeof(content);
}

/*
 * Attacks succeed, in the open at least: the next one finds everything as it was, as far
 * as can be done from where we are.
 */
static void tidy(struct scene *scene)
{
	unlink(scene->other);
	rmdir(scene->other);
	(void)!make_file(scene);
	(void)!fcntl(scene->write_fd, F_SETFL, 0);
	(void)!ftruncate(scene->write_fd, 0);
	(void)!ftruncate(scene->spool_fd, 0);
}

static pid_t start(struct scene *scene, const struct attack *attack, int theirs)
{
	const pid_t parent = getpid();
	pid_t pid;

	if (scene->stage == PROVE_OPEN)
		pid = fork();
	else
		pid = sandbox_fork(&scene->sandbox);
	if (pid == 0) {
		if (dup2(theirs, SANDBOX_SOCKET_FD) < 0 ||
		    dup2(scene->spool_fd, SANDBOX_WRITE_FD) < 0)
			_exit(1);
		be_attacker(scene, attack, parent);
		_exit(0);
	}
	return pid;
}

/* Like a worker up to the moment at which it gets its first batch. */
static void be_attacker(struct scene *scene, const struct attack *attack, pid_t parent)
{
	static struct message message;
	struct channel_fds fds;
	struct stage stage = {
		.socket = SANDBOX_SOCKET_FD,
		.spool = SANDBOX_WRITE_FD,
		.parent = parent,
		.secret = secret,
		.file_bytes = SPOOL_BYTES,
		.memory_bytes = MEMORY_BYTES,
		.folder = scene->folder,
		.file = scene->file,
		.other = scene->other,
	};

	if (scene->stage != PROVE_OPEN && !sandbox_lock(&scene->sandbox)) {
		say(&(struct saying){ .step = SAYS_NOT_LOCKED, .error = errno });
		return;
	}
	say(&(struct saying){ .step = SAYS_READY, .walls = scene->sandbox.walls });
	if (channel_receive(stage.socket, &message, &fds) != CHANNEL_OK || fds.count != 2)
		return;
	stage.read_fd = fds.list[0];
	stage.write_fd = fds.list[1];
	int error = attack->run(&stage);
	if (error != ATTACK_SENDS_DESCRIPTORS)
		say(&(struct saying){ .step = SAYS_OVER, .error = error });
}

static void say(const struct saying *saying)
{
	struct iovec data = { (void *)saying, sizeof(*saying) };
	const struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };

	(void)!sendmsg(SANDBOX_SOCKET_FD, &header, MSG_NOSIGNAL);
}

/* Waits, but not forever; AGAIN after that. */
static enum channel_result hear(int socket, struct message *message,
				struct channel_fds *fds)
{
	struct pollfd polled = { .fd = socket, .events = POLLIN };

	if (poll(&polled, 1, PATIENCE_MS) == 0)
		return CHANNEL_AGAIN;
	return channel_receive(socket, message, fds);
}

static bool hear_saying(int socket, struct saying *out)
{
	static struct message message;

	if (hear(socket, &message, NULL) != CHANNEL_OK || message.len != sizeof(*out))
		return false;
	memcpy(out, message.bytes, sizeof(*out));
	return true;
}

/* As a batch comes: descriptors, the bytes do not matter. */
static bool give_files(const struct scene *scene, int socket)
{
	static struct message message;
	const struct channel_fds fds = { { scene->read_fd, scene->write_fd }, 2 };

	message_start(&message);
	message_finish(&message);
	return channel_send(socket, &message, &fds) == CHANNEL_OK;
}

/* What the attacker says, received as the pool receives: in the open, with open arms. */
static struct scene_result listen_to(const struct scene *scene,
				     const struct attack *attack, int socket)
{
	static struct message message;
	struct channel_fds fds = { .count = 0 };
	struct saying saying;

	switch (hear(socket, &message, scene->stage == PROVE_OPEN ? &fds : NULL)) {
	case CHANNEL_OK:
		break;
	case CHANNEL_AGAIN:
		return (struct scene_result){ PROVE_HUNG, 0 };
	case CHANNEL_BROKEN:
		return (struct scene_result){ PROVE_IGNORED, 0 };
	case CHANNEL_CLOSED:
	case CHANNEL_FAILED:
		/* Its end says more. */
		return (struct scene_result){ PROVE_NOT_RUN, 0 };
	}
	if (fds.count > 0) {
		for (size_t i = 0; i < fds.count; i++)
			close(fds.list[i]);
		return (struct scene_result){ PROVE_THROUGH, 0 };
	}
	if (message.len != sizeof(saying))
		return (struct scene_result){ PROVE_NOT_RUN, EPROTO };
	memcpy(&saying, message.bytes, sizeof(saying));
	return judge(attack, saying.error);
}

static struct scene_result judge(const struct attack *attack, int error)
{
	bool is_through = error == 0;

	for (size_t i = 0; i < ATTACK_THROUGH_MAX; i++)
		is_through |= error != 0 && attack->through[i] == error;
	if (is_through)
		return (struct scene_result){ PROVE_THROUGH, error };
	return (struct scene_result){ PROVE_REFUSED, error };
}

/* Waits for its end, which is the result if nothing was heard. */
static struct scene_result end_of(pid_t pid, struct scene_result so_far)
{
	int how = 0;

	if (so_far.result == PROVE_HUNG)
		kill(pid, SIGKILL);
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	if (so_far.result == PROVE_NOT_RUN && WIFSIGNALED(how))
		return (struct scene_result){ PROVE_KILLED, WTERMSIG(how) };
	return so_far;
}
