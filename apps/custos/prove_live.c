/* SPDX-License-Identifier: Apache-2.0 */
#include "prove_live.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/pool.h"

enum { STATUS_LEN = 8192, FILTER_LEN_MAX = 4096, PATIENCE_MS = 5000 };

static bool have_worker(struct pool *pool, pid_t *ret_pid, struct pool_error *error);
static bool rule_exists(void *context, uint32_t segment, uint32_t rule);
static void on_done(void *context, void *job, const struct pool_done *done);
static void look_at_status(struct prove_live *live);
static void look_at_net(struct prove_live *live, const struct walls *walls);
static void look_at_fds(struct prove_live *live);
static void look_at_filter(struct prove_live *live, const uint8_t *calls,
			   size_t calls_len);
static long read_filter(pid_t pid, struct sock_filter *code);
static void note(struct prove_live *live, enum live_result result, const char *name,
		 const char *format, ...) PRINTF_LIKE(4, 5);
static ssize_t read_proc(int pid, const char *name, char *text, size_t len);
static const char *field_of(const char *status, const char *name, char *value,
			    size_t len);

bool prove_live_look(struct prove_live *live, const struct prove_attacks *attacks,
		     struct pool_error *error)
{
	struct pool *pool = NULL;
	const struct pool_options options = {
		.jobs = 1,
		.limits = scan_limits_default(),
		.rule_exists = rule_exists,
		.events = { .done = on_done },
	};

	if (!pool_open(&options, &pool, error))
		return false;
	bool ok = have_worker(pool, &live->pid, error);
	if (ok) {
		look_at_status(live);
		look_at_net(live, &attacks->walls);
		look_at_fds(live);
		look_at_filter(live, attacks->calls, attacks->calls_len);
	}
	pool_close(pool);
	return ok;
}

/* One that has just scanned this program. */
static bool have_worker(struct pool *pool, pid_t *ret_pid, struct pool_error *error)
{
	bool is_done = false;
	struct stat facts;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &facts) != 0) {
		pool_error_set(error, "cannot open this program: %s", strerror(errno));
		return false;
	}
	pool_submit(pool, &(struct pool_job){ .fd = fd,
					      .size_bytes = (uint64_t)facts.st_size,
					      .user = &is_done });
	while (!is_done) {
		if (!pool_poll(pool, NULL, 0, -1, error))
			return false;
	}
	/* Its number comes from the zygote, and may come later than its answer. */
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (pool_workers(pool, ret_pid, 1) == 1)
			return true;
		usleep(1000);
		if (!pool_poll(pool, NULL, 0, 0, error))
			return false;
	}
	pool_error_set(error, "the worker died");
	return false;
}

static bool rule_exists(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	(void)segment;
	(void)rule;
	return false;
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	(void)context;
	(void)done;
	*(bool *)job = true;
}

static void look_at_status(struct prove_live *live)
{
	static const struct {
		const char *name;
		const char *want; /* NULL: shown, not judged */
	} fields[] = {
		{ "Seccomp", "2" },
		{ "NoNewPrivs", "1" },
		{ "CapEff", "0000000000000000" },
		{ "CapPrm", "0000000000000000" },
		{ "CapInh", "0000000000000000" },
		{ "Threads", "1" },
		{ "Uid", NULL },
		{ "Groups", NULL },
		{ "NSpid", NULL },
	};
	char status[STATUS_LEN];
	char value[80];

	if (read_proc(live->pid, "status", status, sizeof(status)) <= 0) {
		note(live, LIVE_HIDDEN, "status", "%s", strerror(errno));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *want = fields[i].want;
		if (!field_of(status, fields[i].name, value, sizeof(value)))
			note(live, LIVE_HIDDEN, fields[i].name,
			     "not told by this kernel");
		else if (want && strcmp(value, want) != 0)
			note(live, LIVE_FAILS, fields[i].name, "%s", value);
		else
			note(live, LIVE_HOLDS, fields[i].name, "%s", value);
	}
}

/* Interfaces that its network namespace has; "lo" is in every one. */
static void look_at_net(struct prove_live *live, const struct walls *walls)
{
	char text[STATUS_LEN];
	char names[80] = "";
	bool is_alone = true;

	if (read_proc(live->pid, "net/dev", text, sizeof(text)) <= 0) {
		note(live, LIVE_HIDDEN, "net/dev", "%s", strerror(errno));
		return;
	}
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
		char name[32];
		if (sscanf(line, " %31[^: \n]:", name) != 1 || !strchr(line, ':'))
			continue;
		if (strcmp(name, "|") == 0 || strcmp(name, "face") == 0)
			continue;
		is_alone &= strcmp(name, "lo") == 0;
		size_t used = strlen(names);
		snprintf(names + used, sizeof(names) - used, "%s%s", used ? " " : "",
			 name);
	}
	enum live_result result = LIVE_HOLDS;
	if (!is_alone)
		result = walls_has(walls, WALL_NET) ? LIVE_FAILS : LIVE_NO_WALL;
	note(live, result, "net/dev", "%s", names[0] ? names : "none");
}

/* A socket, the spool, and no more. */
static void look_at_fds(struct prove_live *live)
{
	char path[64];
	char seen[160] = "";
	bool is_good = true;

	snprintf(path, sizeof(path), "/proc/%d/fd", live->pid);
	AUTO_CLOSEDIR DIR *folder = opendir(path);
	if (!folder) {
		note(live, LIVE_HIDDEN, "fd", "%s", strerror(errno));
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char target[64];
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		ssize_t len = readlinkat(dirfd(folder), entry->d_name, target,
					 sizeof(target) - 1);
		if (len < 0) {
			note(live, LIVE_HIDDEN, "fd", "%s", strerror(errno));
			return;
		}
		target[len] = '\0';
		is_good &= strncmp(target, "socket:", 7) == 0 ||
			   strstr(target, "(deleted)") != NULL;
		size_t used = strlen(seen);
		snprintf(seen + used, sizeof(seen) - used, "%s%.8s %s", used ? ", " : "",
			 entry->d_name, target);
	}
	note(live, is_good ? LIVE_HOLDS : LIVE_FAILS, "fd", "%s", seen);
}

static void look_at_filter(struct prove_live *live, const uint8_t *calls,
			   size_t calls_len)
{
	static struct sock_filter code[FILTER_LEN_MAX];
	static const char name[] = "list of system calls";
	long len = read_filter(live->pid, code);

	if (len < 0) {
		note(live, LIVE_HIDDEN, name, "only root may compare it (%s)",
		     strerror(errno));
		return;
	}
	const size_t bytes = (size_t)len * sizeof(code[0]);
	if (bytes == calls_len && memcmp(code, calls, bytes) == 0)
		note(live, LIVE_HOLDS, name,
		     "%ld instructions, the same that were attacked", len);
	else
		note(live, LIVE_FAILS, name, "not the one that was attacked");
}

/* The filter that was loaded last; its length in instructions, or -1 with errno. */
static long read_filter(pid_t pid, struct sock_filter *code)
{
	long len = -1;
	int saved;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return -1;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
	    waitpid(pid, NULL, __WALL) == pid)
		len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0UL, NULL);
	if (len > FILTER_LEN_MAX) {
		errno = E2BIG;
		len = -1;
	}
	if (len > 0)
		len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0UL, code);
	saved = errno;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	errno = saved;
	return len;
}

static void note(struct prove_live *live, enum live_result result, const char *name,
		 const char *format, ...)
{
	struct live_check *check = &live->checks[live->count];
	va_list arguments;

	if (live->count == LIVE_CHECKS_MAX)
		return;
	live->count++;
	check->result = result;
	check->name = name;
	va_start(arguments, format);
	vsnprintf(check->value, sizeof(check->value), format, arguments);
	va_end(arguments);
}

/* A file of /proc/PID as text. */
static ssize_t read_proc(int pid, const char *name, char *text, size_t len)
{
	char path[64];
	size_t used = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (used + 1 < len) {
		ssize_t got = read(fd, text + used, len - 1 - used);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	text[used] = '\0';
	return (ssize_t)used;
}

/* "Name:\tvalue" with blanks made one; NULL if there is none. */
static const char *field_of(const char *status, const char *name, char *value, size_t len)
{
	const size_t name_len = strlen(name);
	size_t used = 0;

	for (const char *line = status; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, name_len) != 0 || line[name_len] != ':')
			continue;
		const char *c = line + name_len + 1;
		for (; *c && *c != '\n' && used + 1 < len; c++) {
			bool is_blank = *c == '\t' || *c == ' ';
			if (is_blank && (used == 0 || value[used - 1] == ' '))
				continue;
			value[used++] = is_blank ? ' ' : *c;
		}
		while (used > 0 && value[used - 1] == ' ')
			used--;
		value[used] = '\0';
		return value;
	}
	return NULL;
}
