/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/job_record.h"

#include "base/checked.h"
#include "base/reason.h"
#include "base/view.h"
#include "ipc/wire.h"

static void reasons_field(struct wire *wire, uint32_t *reasons)
{
	wire_choice(wire, reasons, UINT32_C(1) << REASON_COUNT);
}

/* Sorted, not overlapping, inside the file: source_of_fd() relies on it. */
static bool extents_are_good(const struct record_job *job)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < job->extent_count; i++) {
		const struct extent *extent = &job->extents[i];
		if (extent->offset < end ||
		    !range_fits(extent->offset, extent->len, job->size_bytes))
			return false;
		end = extent->offset + extent->len;
	}
	return true;
}

static void job_fields(struct wire *wire, void *record)
{
	struct record_job *job = record;

	wire_u64(wire, &job->id);
	wire_u64(wire, &job->size_bytes);
	wire_choice(wire, &job->flags, RECORD_JOB_FLAGS_END);
	wire_choice(wire, &job->known, RECORD_KNOWN_END);
	wire_u32(wire, &job->segment);
	wire_u32(wire, &job->rule);
	wire_bool(wire, &job->has_extents);
	wire_choice(wire, &job->extent_count, RECORD_EXTENTS_MAX + 1);
	if (wire->failed || !job->has_extents)
		job->extent_count = 0;
	for (uint32_t i = 0; i < job->extent_count; i++) {
		wire_u64(wire, &job->extents[i].offset);
		wire_u64(wire, &job->extents[i].len);
	}
	if (!extents_are_good(job))
		wire->failed = true;
}

static void object_fields(struct wire *wire, void *record)
{
	struct record_object *object = record;

	wire_u64(wire, &object->job);
	wire_choice(wire, &object->depth, RECORD_DEPTH_MAX);
	wire_u32(wire, &object->type);
	wire_u64(wire, &object->size_bytes);
	wire_slice(wire, &object->name, RECORD_NAME_MAX);
}

static void leave_fields(struct wire *wire, void *record)
{
	struct record_leave *leave = record;

	wire_u64(wire, &leave->job);
	wire_choice(wire, &leave->depth, RECORD_DEPTH_MAX);
	wire_u32(wire, &leave->findings);
	reasons_field(wire, &leave->reasons);
	wire_bool(wire, &leave->has_sha256);
	wire_bytes(wire, leave->sha256, sizeof(leave->sha256));
}

static void hit_fields(struct wire *wire, void *record)
{
	struct record_hit *hit = record;

	wire_u64(wire, &hit->job);
	wire_choice(wire, &hit->depth, RECORD_DEPTH_MAX);
	wire_u32(wire, &hit->segment);
	wire_u32(wire, &hit->rule);
	wire_choice(wire, &hit->view, VIEW_COUNT);
	wire_u64(wire, &hit->offset);
	wire_u64(wire, &hit->len);
	wire_bool(wire, &hit->has_sha256);
	wire_bytes(wire, hit->sha256, sizeof(hit->sha256));
	wire_slice(wire, &hit->member, RECORD_NAME_MAX);
}

static void incomplete_fields(struct wire *wire, void *record)
{
	struct record_incomplete *incomplete = record;

	wire_u64(wire, &incomplete->job);
	wire_choice(wire, &incomplete->depth, RECORD_DEPTH_MAX);
	wire_choice(wire, &incomplete->reason, REASON_COUNT);
	wire_u64(wire, &incomplete->offset);
	wire_slice(wire, &incomplete->detail, RECORD_DETAIL_MAX);
}

static void data_fields(struct wire *wire, void *record)
{
	struct record_data *data = record;

	wire_u64(wire, &data->job);
	wire_choice(wire, &data->depth, RECORD_DEPTH_MAX);
	wire_choice(wire, &data->view, VIEW_COUNT);
	wire_u64(wire, &data->offset);
	wire_slice(wire, &data->bytes, RECORD_DATA_MAX);
}

static void line_fields(struct wire *wire, void *record)
{
	struct record_line *line = record;

	wire_u64(wire, &line->job);
	wire_choice(wire, &line->depth, RECORD_DEPTH_MAX);
	wire_choice(wire, &line->level, RECORD_LEVELS);
	wire_choice(wire, &line->answer, RECORD_ANSWERS);
	wire_slice(wire, &line->text, RECORD_LINE_MAX);
}

static void cost_fields(struct wire *wire, void *record)
{
	struct record_cost *cost = record;

	wire_u64(wire, &cost->job);
	wire_u32(wire, &cost->segment);
	wire_u32(wire, &cost->rule);
	wire_u64(wire, &cost->evaluations);
	wire_u64(wire, &cost->steps);
	wire_u64(wire, &cost->nanoseconds);
}

static void done_fields(struct wire *wire, void *record)
{
	struct record_done *done = record;

	wire_u64(wire, &done->job);
	wire_u32(wire, &done->findings);
	reasons_field(wire, &done->reasons);
	wire_u32(wire, &done->objects);
	wire_u64(wire, &done->bytes);
}

bool job_add(struct message *to, const struct record_job *job)
{
	struct record_job copy = *job;

	return wire_add(to, RECORD_JOB, job_fields, &copy);
}

bool job_get(struct slice body, struct record_job *out)
{
	return wire_get(body, job_fields, out);
}

#define PAIR(name, kind) \
	bool job_add_##name(struct message *to, const struct record_##name *name) \
	{ \
		struct record_##name copy = *name; \
\
		return wire_add(to, kind, name##_fields, &copy); \
	} \
\
	bool job_get_##name(struct slice body, struct record_##name *out) \
	{ \
		return wire_get(body, name##_fields, out); \
	}

PAIR(object, RECORD_OBJECT)
PAIR(leave, RECORD_LEAVE)
PAIR(hit, RECORD_HIT)
PAIR(incomplete, RECORD_INCOMPLETE)
PAIR(data, RECORD_DATA)
PAIR(line, RECORD_LINE)
PAIR(cost, RECORD_COST)
PAIR(done, RECORD_DONE)
