/* SPDX-License-Identifier: Apache-2.0 */
/* Decoders between two pipes. */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"
#include "bytecode/pipe.h"
#include "codec/bzip2.h"
#include "codec/inflate.h"
#include "codec/lzma.h"

/* What zlib says of a stream that is damaged, and of a decoder that is not there. */
enum { DATA_ERROR = -3, NO_DECODER = -1, ENDED = 1 };

struct decoding {
	const struct codec *codec;
	void *state;
	uint64_t from, to;  /* pipes */
	enum status status; /* of the last step: after END or an error there is none */
};

static bool add_decoder(struct machine *machine, const struct codec *codec,
			const void *parameters, const uint64_t *arguments,
			uint64_t *result)
{
	struct decoding *decoding = machine_alloc(machine, sizeof(*decoding));
	size_t before = arena_left(machine->arena);
	int32_t id;

	*result = api_int(-1);
	if (!decoding)
		return false;
	if (!pipe_of(machine, arguments[0]) || !pipe_of(machine, arguments[1]))
		return true;
	*decoding = (struct decoding){ .codec = codec,
				       .from = arguments[0],
				       .to = arguments[1] };
	enum status status = codec->init(machine->arena, parameters, &decoding->state);
	if (status == STATUS_NO_MEMORY)
		return machine_trap(machine, status, "out of memory");
	if (status != STATUS_OK)
		return true;
	size_t used = before - arena_left(machine->arena);
	if (used > machine->memory_left)
		return machine_trap(machine, STATUS_NO_MEMORY, "out of memory");
	machine->memory_left -= used;
	if (!machine_object_add(machine, &machine->decoders, decoding, &id))
		return false;
	*result = api_int(id);
	return true;
}

bool api_inflate_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int window_bits = api_signed(arguments[2]);

	return add_decoder(machine, &inflate_codec, &window_bits, arguments, result);
}

/* The pipe begins with the header of a .lzma file. */
bool api_lzma_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct pipe *pipe = pipe_of(machine, arguments[0]);
	struct lzma_properties properties;

	*result = api_int(-1);
	if (!pipe)
		return true;
	if (!pipe_fill(machine, pipe))
		return false;
	struct reader in = reader_of(&pipe->bytes[pipe->taken],
				     pipe->written - pipe->taken);
	reader_bytes(&in, properties.bytes, sizeof(properties.bytes));
	properties.size_bytes = reader_u64le(&in);
	if (!reader_ok(&in))
		return true;
	pipe_take(pipe, in.pos);
	return add_decoder(machine, &lzma_codec, &properties, arguments, result);
}

bool api_bzip2_new(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	return add_decoder(machine, &bzip2_codec, NULL, arguments, result);
}

/* One step from pipe to pipe. */
static enum status step(struct decoding *decoding, struct pipe *from, struct pipe *to,
			size_t *ret_out)
{
	struct codec_io io = {
		.in = from->bytes,
		.in_len = from->written,
		.in_pos = from->taken,
		.out = to->bytes,
		.out_len = to->size,
		.out_pos = to->written,
	};
	enum status status = decoding->codec->step(decoding->state, &io);

	*ret_out = io.out_pos - to->written;
	pipe_take(from, io.in_pos - from->taken);
	to->written = (uint32_t)io.out_pos;
	return status;
}

/*
 * All that there is, until the input is empty, the output is full, or it ends.  False
 * after a trap.
 */
static bool decode(struct machine *machine, struct decoding *decoding, struct pipe *to)
{
	struct pipe *from = pipe_of(machine, decoding->from);
	size_t used = 1, out = 0;

	while (decoding->status == STATUS_OK && used + out > 0) {
		if (!pipe_fill(machine, from))
			return false;
		size_t in = from->written - from->taken;
		if (in == 0 || to->written == to->size)
			break;
		decoding->status = step(decoding, from, to, &out);
		used = in - (from->written - from->taken);
		if (!machine_work(machine, used + out))
			return false;
	}
	return true;
}

bool api_decode(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	struct decoding *decoding = machine_object(&machine->decoders, arguments[0]);

	*result = api_int(NO_DECODER);
	if (!decoding)
		return true;
	struct pipe *from = pipe_of(machine, decoding->from);
	struct pipe *to = pipe_of(machine, decoding->to);
	if (!from || !to || from == to || to->is_file)
		return true;
	if (!decode(machine, decoding, to))
		return false;
	*result = 0;
	if (decoding->status == STATUS_END)
		*result = ENDED;
	else if (decoding->status != STATUS_OK)
		*result = api_int(DATA_ERROR);
	return true;
}

bool api_decode_done(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	*result = 0;
	if (!machine_object_drop(&machine->decoders, arguments[0]))
		*result = api_int(NO_DECODER);
	return true;
}
