/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker's work without a worker: an engine in the parent's own process that
 * takes the same batches and sends the same answers. For sanitizer and fuzz
 * builds; release builds have no implementation of it.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "ipc/channel.h"
#include "ipc/zygote_record.h"

/* Where its answers go; false: nobody wants more. */
struct local_sink {
	bool (*take)(void *context, const struct message *message);
	void *context;
};

struct local_engine {
	/* NULL: *failed says why. The descriptors stay the caller's. */
	void *(*open)(const struct record_setup *setup,
		      const struct channel_fds *segments, const struct local_sink *sink,
		      struct record_failed *failed);
	/* Runs a batch; its descriptors are closed on return. False: it was no batch. */
	bool (*run)(void *engine, const struct message *batch, struct channel_fds *fds);
	void (*close)(void *engine);
};
