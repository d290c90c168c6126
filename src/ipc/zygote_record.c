/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/zygote_record.h"

#include "base/cpu_path.h"
#include "base/status.h"
#include "ipc/wire.h"

static void limits_fields(struct wire *wire, struct scan_limits *limits)
{
	wire_u32(wire, &limits->depth_max);
	wire_u32(wire, &limits->files_max);
	wire_u64(wire, &limits->bytes_max);
	wire_u64(wire, &limits->child_bytes_max);
	wire_u32(wire, &limits->ratio_max);
	wire_u64(wire, &limits->ratio_from_bytes);
	wire_u32(wire, &limits->time_ms);
	wire_u32(wire, &limits->time_ms_per_50mib);
	wire_u64(wire, &limits->memory_child_bytes);
	wire_u64(wire, &limits->hole_hash_bytes);
	wire_u64(wire, &limits->normalize_text_bytes);
	wire_u64(wire, &limits->normalize_html_bytes);
	wire_u64(wire, &limits->normalize_no_tags_bytes);
}

static void setup_fields(struct wire *wire, void *record)
{
	struct record_setup *setup = record;

	wire_choice(wire, &setup->role, 2);
	wire_u64(wire, &setup->memory_bytes);
	wire_u64(wire, &setup->file_bytes);
	wire_u32(wire, &setup->descriptors);
	wire_choice(wire, &setup->segment_count, SETUP_SEGMENTS_MAX + 1);
	wire_bool(wire, &setup->clamav_compat);
	wire_bool(wire, &setup->no_bytecode);
	wire_choice(wire, &setup->cpu_path, CPU_PATH_COUNT);
	limits_fields(wire, &setup->limits);
}

static void worker_fields(struct wire *wire, void *record)
{
	struct record_worker *worker = record;

	wire_u32(wire, &worker->slot);
	wire_u32(wire, &worker->life);
	wire_bool(wire, &worker->has_write_fd);
}

static void kill_fields(struct wire *wire, void *record)
{
	struct record_kill *kill = record;

	wire_u32(wire, &kill->slot);
	wire_u32(wire, &kill->life);
}

static void ready_fields(struct wire *wire, void *record)
{
	(void)wire;
	(void)record;
}

static void failed_fields(struct wire *wire, void *record)
{
	struct record_failed *failed = record;

	wire_choice(wire, &failed->failure, SETUP_FAILURE_COUNT);
	wire_choice(wire, &failed->segment, SETUP_SEGMENTS_MAX);
	wire_choice(wire, &failed->status, STATUS_COUNT);
	wire_i32(wire, &failed->error);
}

static void started_fields(struct wire *wire, void *record)
{
	struct record_started *started = record;

	wire_u32(wire, &started->slot);
	wire_u32(wire, &started->life);
	wire_u32(wire, &started->pid);
	wire_i32(wire, &started->error);
}

static void ended_fields(struct wire *wire, void *record)
{
	struct record_ended *ended = record;

	wire_u32(wire, &ended->slot);
	wire_u32(wire, &ended->life);
	wire_bool(wire, &ended->is_signal);
	wire_u32(wire, &ended->code);
}

static void hello_fields(struct wire *wire, void *record)
{
	struct record_hello *hello = record;

	wire_u32(wire, &hello->raised);
	wire_u32(wire, &hello->missing);
	wire_u32(wire, &hello->landlock_abi);
	for (size_t i = 0; i < RECORD_WALLS_MAX; i++)
		wire_i32(wire, &hello->cause[i]);
}

/* The records are small and hold no pointers: the copy is what may be passed on unconst. */
#define PAIR(name, kind) \
	bool zygote_add_##name(struct message *to, const struct record_##name *name) \
	{ \
		struct record_##name copy = *name; \
\
		return wire_add(to, kind, name##_fields, &copy); \
	} \
\
	bool zygote_get_##name(struct slice body, struct record_##name *out) \
	{ \
		return wire_get(body, name##_fields, out); \
	}

PAIR(setup, RECORD_SETUP)
PAIR(worker, RECORD_WORKER)
PAIR(kill, RECORD_KILL)
PAIR(failed, RECORD_FAILED)
PAIR(started, RECORD_STARTED)
PAIR(ended, RECORD_ENDED)
PAIR(hello, RECORD_HELLO)

bool zygote_add_ready(struct message *to)
{
	return wire_add(to, RECORD_READY, ready_fields, NULL);
}

bool zygote_get_ready(struct slice body)
{
	return wire_get(body, ready_fields, NULL);
}
