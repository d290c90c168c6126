/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of a header only the name, the size, the sum and the kind count:
 *
 *   offset  size  field
 *   0       100   name, ends with a NUL unless it is so long
 *   124     12    size, in octal
 *   148     8     sum of the header's bytes (type/tar_sign.h)
 *   156     1     kind: 0 or '0'
 *   345     155   what the name begins with: nothing
 *
 * The archive ends with a block of zeros, or where the stream does.
 */
#include "cvd/tape.h"

#include "base/checked.h"
#include "bytes/reader.h"

enum { SIZE_AT = 124, SIZE_LEN = 12, KIND_AT = 156, PREFIX_AT = 345 };

static enum status read_block(struct tape *tape);
static enum status pass_over(struct tape *tape);
static enum status read_header(struct tape *tape);
static bool read_octal(struct reader field, uint64_t *out);
static enum status read_member(void *state, uint8_t *buffer, size_t len, size_t *ret_len);
static enum status refuse(struct tape *tape, const char *reason);

void tape_init(struct tape *tape, struct stream in)
{
	*tape = (struct tape){ .in = in };
}

enum status tape_next(struct tape *tape)
{
	enum status status = pass_over(tape);

	if (status == STATUS_OK)
		status = read_block(tape);
	if (status == STATUS_OK)
		status = read_header(tape);
	return status;
}

struct stream tape_member(struct tape *tape)
{
	return (struct stream){ .read = read_member, .state = tape };
}

bool tape_name_is_plain(struct slice name)
{
	if (name.len == 0 || name.len > TAPE_NAME_MAX || name.base[0] == '.' ||
	    name.base[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.base[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!is_letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' &&
		    c != '-')
			return false;
	}
	return true;
}

/* OK, END (not one byte is left), TRUNCATED, or of the stream. */
static enum status read_block(struct tape *tape)
{
	size_t have = 0;

	while (have < TAR_BLOCK) {
		size_t got;
		enum status status = stream_read(&tape->in, &tape->block[have],
						 TAR_BLOCK - have, &got);
		if (status == STATUS_END)
			return have == 0 ? STATUS_END : STATUS_TRUNCATED;
		if (status != STATUS_OK)
			return status;
		have += got;
	}
	return STATUS_OK;
}

/* What is left of the member, and what fills its last block. */
static enum status pass_over(struct tape *tape)
{
	uint64_t padding = (TAR_BLOCK - tape->size % TAR_BLOCK) % TAR_BLOCK;
	uint64_t left = add_u64_capped(tape->left, padding);

	tape->size = 0;
	tape->left = 0;
	while (left > 0) {
		size_t got;
		enum status status = stream_read(&tape->in, tape->block,
						 (size_t)min_u64(left, TAR_BLOCK), &got);
		if (status == STATUS_END)
			return STATUS_TRUNCATED;
		if (status != STATUS_OK)
			return status;
		left -= got;
	}
	return STATUS_OK;
}

static bool is_zero(struct reader block)
{
	while (reader_left(&block) > 0)
		if (reader_u8(&block) != 0)
			return false;
	return true;
}

static enum status read_header(struct tape *tape)
{
	struct reader block = reader_of(tape->block, TAR_BLOCK);
	struct reader size = block;
	int kind = reader_peek(&block, KIND_AT);

	if (is_zero(block))
		return STATUS_END;
	if (!tar_sum_fits(block))
		return refuse(tape, "no header where a member should begin");
	if ((kind != 0 && kind != '0') || reader_peek(&block, PREFIX_AT) != 0)
		return refuse(tape, "a member that is no plain file");
	memcpy(tape->name_bytes, tape->block, TAPE_NAME_MAX);
	tape->name = (struct slice){
		tape->name_bytes, strnlen((const char *)tape->name_bytes, TAPE_NAME_MAX)
	};
	if (!tape_name_is_plain(tape->name))
		return refuse(tape, "a member whose name is not plain");
	reader_seek(&size, SIZE_AT);
	if (!read_octal(reader_take(&size, SIZE_LEN), &tape->size))
		return refuse(tape, "a member whose size is no octal number");
	tape->left = tape->size;
	tape->ended = STATUS_OK;
	return STATUS_OK;
}

/* Digits with blanks in front of them, and a blank or a NUL behind. */
static bool read_octal(struct reader field, uint64_t *out)
{
	uint64_t value = 0;
	bool has_digits = false;

	while (reader_left(&field) > 0) {
		uint8_t c = reader_u8(&field);

		if (c >= '0' && c <= '7') {
			value = value << 3 | (c - (unsigned)'0');
			has_digits = true;
		} else if (has_digits && (c == ' ' || c == '\0')) {
			break;
		} else if (c != ' ') {
			return false;
		}
	}
	*out = value;
	return has_digits;
}

static enum status read_member(void *state, uint8_t *buffer, size_t len, size_t *ret_len)
{
	struct tape *tape = state;

	*ret_len = 0;
	if (tape->ended == STATUS_OK && tape->left == 0)
		tape->ended = STATUS_END;
	if (tape->ended != STATUS_OK)
		return tape->ended;
	enum status status = stream_read(&tape->in, buffer,
					 (size_t)min_u64(len, tape->left), ret_len);
	if (status == STATUS_END)
		status = STATUS_TRUNCATED;
	tape->left -= *ret_len;
	tape->ended = status;
	return status;
}

static enum status refuse(struct tape *tape, const char *reason)
{
	tape->reason = reason;
	return STATUS_MALFORMED;
}
