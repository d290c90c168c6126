/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a build does for deltas: it marks the lines that it reads, or, with a base among its
 * inputs, takes only those that the base does not have.
 */
#pragma once

#include "database/builder.h"

/*
 * Looks for a base among the inputs. Then, for each file: it begins
 * (`is_alone`: its lines act on none but themselves), a line of it (`is_cut`: its beginning),
 * it ends; and when all were read, the new ones are taken.
 *   OK, LIMIT, NO_MEMORY, CHANGED, IO
 *   UNSUPPORTED   no delta can be built of this: to be built without a base
 */
MUST_CHECK enum status builder_open_base(struct builder *builder);
MUST_CHECK enum status builder_begin_marks(struct builder *builder, uint32_t input,
					   bool is_alone);
MUST_CHECK enum status builder_mark(struct builder *builder,
				    const struct rule_place *place, bool is_cut);
MUST_CHECK enum status builder_end_marks(struct builder *builder);
MUST_CHECK enum status builder_take_delta(struct builder *builder);
void builder_write_delta(struct builder *builder);
