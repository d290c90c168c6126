/* SPDX-License-Identifier: Apache-2.0 */
#include "forecast.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"

/* What the counting process writes; smaller than PIPE_BUF, so never in pieces. */
struct count {
	uint64_t files;
	uint64_t bytes;
	bool is_complete;
};

enum { TELL_EVERY = 4096 };

NO_RETURN static void count_all(const struct walk_options *options, int out,
				pid_t parent);

void forecast_start(struct forecast *forecast, const struct walk_options *options)
{
	pid_t parent = getpid();
	int ends[2];

	*forecast = (struct forecast){ .fd = -1 };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	forecast->pid = fork();
	if (forecast->pid == 0)
		count_all(options, ends[1], parent);
	close(ends[1]);
	if (forecast->pid > 0) {
		forecast->fd = ends[0];
		return;
	}
	forecast->pid = 0;
	close(ends[0]);
}

void forecast_update(struct forecast *forecast)
{
	struct count count;

	while (forecast->pid > 0 &&
	       read(forecast->fd, &count, sizeof(count)) == (ssize_t)sizeof(count)) {
		forecast->files = count.files;
		forecast->bytes = count.bytes;
		forecast->is_complete = count.is_complete;
	}
}

void forecast_stop(struct forecast *forecast)
{
	if (forecast->pid <= 0)
		return;
	kill(forecast->pid, SIGKILL);
	while (waitpid(forecast->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(forecast->fd);
	forecast->pid = 0;
}

static void tell(int out, const struct count *count)
{
	/* The scan may be over and nobody read: then this process is killed anyway. */
	if (write(out, count, sizeof(*count)) < 0)
		_exit(1);
}

static void count_all(const struct walk_options *options, int out, pid_t parent)
{
	struct walk_options quiet = *options;
	struct count count = { 0 };
	struct walk_item item;
	struct walk *walk;
	unsigned names = 0;

	/* It must not outlive the scan, nor keep open what the scan closes. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(out, STDERR_FILENO + 1) < 0)
		_exit(1);
	close_range(STDERR_FILENO + 2, ~0u, 0);
	out = STDERR_FILENO + 1;

	quiet.look_only = true;
	quiet.stop = NULL;
	if (walk_new(&quiet, &walk) != STATUS_OK)
		_exit(1);
	while (walk_next(walk, &item) == STATUS_OK) {
		if (item.kind == WALK_FILE) {
			count.files++;
			count.bytes += item.size;
		}
		walk_item_clear(&item);
		if (++names % TELL_EVERY == 0)
			tell(out, &count);
	}
	count.is_complete = true;
	tell(out, &count);
	_exit(0);
}
