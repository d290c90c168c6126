/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives the pool of workers for the system tests, with what `custos scan`
 * rightly does not offer: another worker program, and a word on each job's
 * last event.
 *
 *	pool_drive [option…] [file…]      (without files: names on stdin)
 *	  --worker PROGRAM  --jobs N  --isolate  --time MS  --database SEGMENT…
 *
 * For each file, when it is settled: verdict, `kept` or `tainted`, how the
 * worker ended, path. Then a line with the number of deaths. The exit code is
 * that of a scan.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database/database.h"
#include "host/pool.h"
#ifdef CUSTOS_ENGINE_IN_PROCESS
#include "worker/local_worker.h"
#endif

struct file {
	char path[4096];
	struct pool_done done;
	bool is_done;
};

struct drive {
	struct pool *pool;
	struct database database;
	int database_fds[DATABASE_SEGMENTS_MAX];
	bool has_found;
	bool has_incomplete;
	bool has_error;
};

static const char *const ends[] = { "answered", "exited", "killed", "hung",
				    "lied",     "none",   "zygote" };

static bool rule_exists(void *context, uint32_t segment, uint32_t rule)
{
	const struct drive *drive = context;

	/* Without a database the false worker's one rule is all there is. */
	if (drive->database.segment_count == 0)
		return segment == 0 && rule == 0;
	return rule < database_rule_count(&drive->database, segment);
}

static void on_done(void *context, void *job, const struct pool_done *done)
{
	struct file *file = job;

	(void)context;
	if (file->is_done)
		abort();
	file->done = *done;
	file->is_done = true;
}

static void on_settled(void *context, void *job, bool is_tainted)
{
	struct drive *drive = context;
	struct file *file = job;
	const struct pool_death *death = &file->done.death;

	if (!file->is_done)
		abort();
	switch (outcome_verdict(&file->done.outcome, 0)) {
	case VERDICT_CLEAN:
		break;
	case VERDICT_FOUND:
		drive->has_found = true;
		break;
	case VERDICT_INCOMPLETE:
		drive->has_incomplete = true;
		break;
	}
	printf("%s %s %s", verdict_name(outcome_verdict(&file->done.outcome, 0)),
	       is_tainted ? "tainted" : "kept", ends[death->end]);
	if (death->end == POOL_END_EXITED || death->end == POOL_END_KILLED)
		printf(" %d", death->code);
	if (death->breach)
		printf(" (%s)", death->breach);
	if (death->has_place)
		printf(" [object %ju, %s, offset %ju%s%s]", (uintmax_t)death->object,
		       type_name(death->type), (uintmax_t)death->offset,
		       death->text[0] ? ", " : "", death->text);
	printf(" %s\n", file->path);
	free(file);
}

static void submit(struct drive *drive, const char *path)
{
	struct file *file = calloc(1, sizeof(*file));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;

	if (!file || fd < 0 || fstat(fd, &facts) != 0) {
		perror(path);
		drive->has_error = true;
		free(file);
		return;
	}
	snprintf(file->path, sizeof(file->path), "%s", path);
	pool_submit(drive->pool,
		    &(struct pool_job){ .fd = fd,
					.size_bytes = (uint64_t)facts.st_size,
					.owner = facts.st_uid,
					.user = file });
}

static bool turn(struct drive *drive, int timeout_ms)
{
	struct pool_error error;

	if (pool_poll(drive->pool, NULL, 0, timeout_ms, &error))
		return true;
	fprintf(stderr, "pool_drive: %s\n", error.text);
	drive->has_error = true;
	return false;
}

static bool run(struct drive *drive, char **paths)
{
	char line[4096];
	bool ok = true;

	const bool by_stdin = !*paths;

	for (; ok && *paths; paths++) {
		while (ok && !pool_has_room(drive->pool))
			ok = turn(drive, -1);
		submit(drive, *paths);
	}
	while (ok && by_stdin && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		while (ok && !pool_has_room(drive->pool))
			ok = turn(drive, -1);
		submit(drive, line);
	}
	while (ok && pool_pending(drive->pool) > 0)
		ok = turn(drive, -1);
	return ok;
}

static bool add_database(struct drive *drive, const char *path)
{
	struct stat facts;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &facts) != 0)
		return false;
	void *base = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, fd, 0);
	drive->database_fds[drive->database.segment_count] = fd;
	return base != MAP_FAILED &&
	       database_add(&drive->database, base, (size_t)facts.st_size) == STATUS_OK;
}

/* Returns the first argument that is no option; NULL if an option is wrong. */
static char **take_options(struct drive *drive, struct pool_options *options,
			   char **arguments)
{
	for (; *arguments && strncmp(*arguments, "--", 2) == 0; arguments++) {
		if (strcmp(*arguments, "--isolate") == 0) {
			options->isolate = true;
			continue;
		}
		const char *name = *arguments++;
		if (!*arguments)
			return NULL;
		if (strcmp(name, "--worker") == 0)
			options->worker_path = *arguments;
		else if (strcmp(name, "--jobs") == 0)
			options->jobs = (unsigned)strtoul(*arguments, NULL, 10);
		else if (strcmp(name, "--time") == 0)
			options->limits.time_ms = (uint32_t)strtoul(*arguments, NULL, 10);
		else if (strcmp(name, "--database") != 0 ||
			 !add_database(drive, *arguments))
			return NULL;
	}
	return arguments;
}

int main(int argc, char **argv)
{
	static struct drive drive;
	struct pool_error error;
	struct pool_options options = {
		.limits = scan_limits_default(),
		.rule_exists = rule_exists,
		.events = { .done = on_done, .settled = on_settled, .context = &drive },
	};

	(void)argc;
	char **paths = take_options(&drive, &options, argv + 1);
	if (!paths) {
		fputs("pool_drive: bad option\n", stderr);
		return 2;
	}
	options.database_fds = drive.database_fds;
#ifdef CUSTOS_ENGINE_IN_PROCESS
	if (!options.worker_path)
		options.engine = &local_worker;
#endif
	options.database_fd_count = drive.database.segment_count;
	if (!pool_open(&options, &drive.pool, &error)) {
		fprintf(stderr, "pool_drive: %s\n", error.text);
		return 2;
	}
	bool ok = run(&drive, paths);
	printf("deaths %u\n", pool_deaths(drive.pool));
	pool_close(drive.pool);
	if (drive.has_found)
		return 1;
	if (!ok || drive.has_error)
		return 2;
	return drive.has_incomplete ? 3 : 0;
}
