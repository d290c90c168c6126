/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipes: buffers that are written at one end and read at the other. One that is tied to
 * the file reads it in windows, and cannot be written.
 */
#include "bytecode/pipe.h"

#include "base/checked.h"
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

enum { PIPE_SIZE_MAX = 4 << 20, FILE_WINDOW = 64 * 1024 };

struct pipe *pipe_of(const struct machine *machine, uint64_t id)
{
	return machine_object(&machine->pipes, id);
}

static bool add_pipe(struct machine *machine, struct pipe model, uint64_t *result)
{
	struct pipe *pipe = machine_alloc(machine, sizeof(*pipe));
	int32_t id;

	if (!pipe)
		return false;
	model.bytes = machine_alloc(machine, model.size);
	if (!model.bytes)
		return false;
	struct region region = { .bytes = model.bytes,
				 .size = model.size,
				 .kind = REGION_MEMORY };
	if (!machine_region(machine, region, &model.pointer))
		return false;
	*pipe = model;
	if (!machine_object_add(machine, &machine->pipes, pipe, &id))
		return false;
	*result = api_int(id);
	return true;
}

bool api_pipe_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	*result = api_int(-1);
	if (arguments[0] == 0 || arguments[0] > PIPE_SIZE_MAX)
		return true;
	return add_pipe(machine, (struct pipe){ .size = (uint32_t)arguments[0] }, result);
}

bool api_pipe_of_file(struct machine *machine, const uint64_t *arguments,
		      uint64_t *result)
{
	struct pipe pipe = { .size = FILE_WINDOW,
			     .is_file = true,
			     .file_at = arguments[0] };

	*result = api_int(-1);
	if (arguments[0] >= machine->host->file.size)
		return true;
	return add_pipe(machine, pipe, result);
}

bool pipe_fill(struct machine *machine, struct pipe *pipe)
{
	const struct source *file = &machine->host->file;
	size_t got, kept = pipe->written - pipe->taken;

	if (!pipe->is_file || kept == pipe->size || pipe->file_at >= file->size)
		return true;
	memmove(pipe->bytes, &pipe->bytes[pipe->taken], kept);
	pipe->taken = 0;
	pipe->written = (uint32_t)kept;
	enum status status = source_read(file, pipe->file_at, &pipe->bytes[kept],
					 pipe->size - kept, &got);
	if (status != STATUS_OK)
		return machine_trap(machine, status, "the object could not be read");
	pipe->written += (uint32_t)got;
	pipe->file_at += got;
	return machine_work(machine, kept + got);
}

bool api_pipe_readable(struct machine *machine, const uint64_t *arguments,
		       uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = 0;
	if (!pipe)
		return true;
	if (pipe->written == pipe->taken && !pipe_fill(machine, pipe))
		return false;
	*result = pipe->written - pipe->taken;
	return true;
}

bool api_pipe_read(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = 0;
	if (!pipe || arguments[1] == 0)
		return true;
	if (pipe->written - pipe->taken < arguments[1] && !pipe_fill(machine, pipe))
		return false;
	if (pipe->written - pipe->taken >= arguments[1])
		*result = pipe->pointer + pipe->taken;
	return true;
}

/* Once all is read, the next is written to the start. */
bool api_pipe_was_read(struct machine *machine, const uint64_t *arguments,
		       uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = api_int(-1);
	if (!pipe)
		return true;
	pipe_take(pipe, arguments[1]);
	*result = 0;
	return true;
}

void pipe_take(struct pipe *pipe, uint64_t len)
{
	pipe->taken += (uint32_t)min_u64(len, pipe->written - pipe->taken);
	if (pipe->taken == pipe->written)
		pipe->taken = pipe->written = 0;
}

static uint32_t room_of(const struct pipe *pipe)
{
	return pipe->is_file ? 0 : pipe->size - pipe->written;
}

bool api_pipe_writable(struct machine *machine, const uint64_t *arguments,
		       uint64_t *result)
{
	const struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = pipe ? room_of(pipe) : 0;
	return true;
}

bool api_pipe_write(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	const struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = 0;
	if (pipe && arguments[1] > 0 && arguments[1] <= room_of(pipe))
		*result = pipe->pointer + pipe->written;
	return true;
}

bool api_pipe_was_written(struct machine *machine, const uint64_t *arguments,
			  uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = api_int(-1);
	if (!pipe || pipe->is_file)
		return true;
	pipe->written += (uint32_t)min_u64(arguments[1], room_of(pipe));
	*result = 0;
	return true;
}

bool api_pipe_done(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);

	*result = api_int(-1);
	if (!pipe)
		return true;
	machine_region_free(machine, pipe->pointer);
	machine_object_drop(&machine->pipes, arguments[0]);
	*result = 0;
	return machine->status == STATUS_OK;
}
