/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The magic table: which bytes, at which offset, mean which type.
 */
#pragma once

#include "type/shape.h"
#include "type/type.h"

struct magic {
	enum file_type type;
	/*
	 * What begins with printable characters could as well be text that happens to
	 * begin so: then it is text.
	 */
	bool binary_only;
	uint8_t len;
	uint32_t offset; /* below TYPE_HEAD_LEN */
	const char *bytes;
	const char *mask;       /* as long as the bytes: which bits count; NULL: all */
	shape_function *shaped; /* what else must hold; may be NULL */
};

/* In the order of precedence: the first one that fits decides. Ends with a len of 0. */
extern const struct magic magic_table[];

bool magic_fits(const struct magic *magic, const struct sample *sample);
