/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resources of a PE file: a tree of directories, type over name over language
 * (Microsoft, "PE Format", the .rsrc section).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "view/pe_image.h"

enum { PE_RESOURCES_MAX = 1024 };

enum pe_resource_type {
	PE_RESOURCE_ICON = 3,
	PE_RESOURCE_ICON_GROUP = 14,
	PE_RESOURCE_VERSION = 16,
};

struct pe_resource {
	uint32_t name; /* a number; with the highest bit set: where its text is */
	uint32_t language;
	uint32_t address; /* of the data */
	uint32_t len;     /* as the directory has it: perhaps more than there is */
};

struct pe_resources {
	struct pe_resource *list;
	size_t count;
};

/*
 * The resources of one type, in the order of the directories, PE_RESOURCES_MAX of them
 * at most. A damaged directory ends where it is damaged; of a tree that goes on for ever
 * 65,536 entries are looked at.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status pe_resource_list(const struct pe_image *image, struct arena *arena,
					enum pe_resource_type type,
					struct pe_resources *out);
