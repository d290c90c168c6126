/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a pool's options to what the zygote is told, and the defaults between.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "host/pool.h"
#include "host/zygote_link.h"

/* The options with every 0 replaced by what it stands for. */
struct pool_options crew_defaults(const struct pool_options *options);

/* What the engine is set up with; *ret_segments are the database's descriptors, borrowed. */
struct record_setup crew_setup(const struct pool_options *options,
			       struct channel_fds *ret_segments);

/* Starts a zygote so set up. False, with *error filled in. */
MUST_CHECK bool crew_start_zygote(struct zygote_link *link,
				  const struct pool_options *options,
				  struct pool_error *error);
