/* SPDX-License-Identifier: Apache-2.0 */
#include "host/crew_setup.h"

#include <assert.h>
#include <sched.h>
#include <string.h>

#include "base/checked.h"
#include "host/crew.h"

#define MEMORY_DEFAULT (UINT64_C(256) << 20)

/* A batch, the socket, the spool, and what the engine needs: nothing. */
enum { WORKER_DESCRIPTORS = CHANNEL_FDS_MAX + 16 };

static unsigned count_cpus(void);

struct pool_options crew_defaults(const struct pool_options *options)
{
	struct pool_options filled = *options;
	const uint64_t child = options->limits.child_bytes_max;

	if (filled.jobs == 0)
		filled.jobs = count_cpus();
	if (filled.jobs > CREW_HANDS_MAX)
		filled.jobs = CREW_HANDS_MAX;
	if (filled.engine)
		filled.jobs = 1;
	if (filled.memory_bytes == 0)
		filled.memory_bytes = MEMORY_DEFAULT;
	/* A child and the one it is in; and a number that fits a file's size. */
	if (filled.spool_bytes == 0)
		filled.spool_bytes = min_u64(add_u64_capped(child, child), INT64_MAX);
	return filled;
}

struct record_setup crew_setup(const struct pool_options *options,
			       struct channel_fds *ret_segments)
{
	assert(options->database_fd_count <= SETUP_SEGMENTS_MAX);
	ret_segments->count = options->database_fd_count;
	if (options->database_fd_count > 0)
		memcpy(ret_segments->list, options->database_fds,
		       options->database_fd_count * sizeof(int));
	return (struct record_setup){
		.memory_bytes = options->memory_bytes,
		.file_bytes = options->spool_bytes,
		.descriptors = WORKER_DESCRIPTORS,
		.segment_count = (uint32_t)options->database_fd_count,
		.clamav_compat = options->clamav_compat,
		.no_bytecode = options->no_bytecode,
		.cpu_path = options->cpu_path,
		.limits = options->limits,
	};
}

bool crew_start_zygote(struct zygote_link *link, const struct pool_options *options,
		       struct pool_error *error)
{
	struct channel_fds segments;
	const struct record_setup setup = crew_setup(options, &segments);

	return zygote_link_open(link, options->worker_path, &setup, &segments, error);
}

/* Those that we may run on: a container or taskset may have left us fewer. */
static unsigned count_cpus(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&cpus);
}
