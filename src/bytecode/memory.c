/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program's memory. Regions are numbered by an index of 20 bits under a generation of
 * 12; region 0 is never given out, so that a pointer of zeros points nowhere.
 */
#include "bytecode/memory.h"

#include "base/checked.h"

enum { INDEX_BITS = 20, GENERATION_MAX = (1 << 12) - 1, FIRST_ROOM = 64 };

static const uint64_t index_mask = (1 << INDEX_BITS) - 1;

bool machine_trap(struct machine *machine, enum status status, const char *why)
{
	if (machine->status == STATUS_OK) {
		machine->status = status;
		machine->why = why;
	}
	return false;
}

bool machine_work(struct machine *machine, uint64_t bytes)
{
	if (budget_take(&machine->budget, bytes / MACHINE_BYTES_PER_STEP))
		return true;
	return machine_trap(machine, machine->budget.status, "too many steps");
}

void *machine_alloc(struct machine *machine, size_t size)
{
	void *memory = NULL;

	if (size <= machine->memory_left)
		memory = arena_alloc(machine->arena, max_size(size, 1));
	if (memory)
		machine->memory_left -= size;
	else
		machine_trap(machine, STATUS_NO_MEMORY, "out of memory");
	return memory;
}

/* A list of `size`-byte entries, doubled when `count` fills it. NULL after a trap. */
static void *grown(struct machine *machine, void *list, uint32_t count, uint32_t *room,
		   size_t size)
{
	uint32_t wanted = *room == 0 ? FIRST_ROOM : *room * 2;

	if (count < *room)
		return list;
	void *larger = machine_alloc(machine, wanted * size);
	if (larger && count > 0)
		memcpy(larger, list, count * size);
	if (larger)
		*room = wanted;
	return larger;
}

/* An index for a new region: one that was given back, or the next. 0 after a trap. */
static uint32_t new_index(struct machine *machine)
{
	if (machine->free_count > 0) {
		machine->free_count -= 1;
		return machine->free_regions[machine->free_count];
	}
	if (machine->region_count > index_mask) {
		machine_trap(machine, STATUS_NO_MEMORY, "too many variables");
		return 0;
	}
	struct region *regions = grown(machine, machine->regions, machine->region_count,
				       &machine->region_room, sizeof(*regions));
	if (!regions)
		return 0;
	machine->regions = regions;
	if (machine->region_count == 0)
		machine->region_count = 1;
	return machine->region_count++;
}

bool machine_region(struct machine *machine, struct region region, uint64_t *ret_pointer)
{
	uint32_t index = new_index(machine);

	if (index == 0)
		return false;
	region.generation = machine->regions[index].generation;
	machine->regions[index] = region;
	*ret_pointer = ((uint64_t)region.generation << INDEX_BITS | index) << 32;
	return true;
}

/* The region that a pointer points into, or NULL. */
static struct region *region_of(const struct machine *machine, uint64_t pointer)
{
	uint64_t index = pointer >> 32 & index_mask;

	if (index == 0 || index >= machine->region_count)
		return NULL;
	struct region *region = &machine->regions[index];
	if (region->kind == REGION_FREE ||
	    region->generation != pointer >> (32 + INDEX_BITS))
		return NULL;
	return region;
}

/* A number whose generations are used up is not given out again. */
void machine_region_free(struct machine *machine, uint64_t pointer)
{
	struct region *region = region_of(machine, pointer);

	if (!region)
		return;
	region->kind = REGION_FREE;
	region->bytes = NULL;
	if (region->generation == GENERATION_MAX)
		return;
	uint32_t *list = grown(machine, machine->free_regions, machine->free_count,
			       &machine->free_room, sizeof(*list));
	if (!list)
		return;
	region->generation++;
	machine->free_regions = list;
	list[machine->free_count++] = (uint32_t)(pointer >> 32 & index_mask);
}

uint8_t *machine_bytes(struct machine *machine, uint64_t pointer, uint64_t len,
		       bool writes)
{
	struct region *region = region_of(machine, pointer);
	uint32_t offset = (uint32_t)pointer;

	if (!region || !range_fits(offset, len, region->size)) {
		machine_trap(machine, STATUS_MALFORMED, "an access outside its memory");
		return NULL;
	}
	if (writes && region->kind == REGION_CONSTANT) {
		machine_trap(machine, STATUS_MALFORMED, "a write to constant memory");
		return NULL;
	}
	if (region->kind == REGION_STACK)
		return &machine->stack[region->at + offset];
	return &region->bytes[offset];
}

bool machine_text(struct machine *machine, uint64_t pointer, struct slice *out)
{
	const struct region *region = region_of(machine, pointer);
	uint32_t offset = (uint32_t)pointer;

	if (!region || offset > region->size)
		return machine_trap(machine, STATUS_MALFORMED,
				    "an access outside its memory");
	size_t len = region->size - offset;
	const uint8_t *bytes = machine_bytes(machine, pointer, len, false);
	if (!bytes)
		return false;
	struct reader in = reader_of(bytes, len);
	static const uint8_t nul[1];
	(void)reader_find(&in, 0, (struct slice){ nul, sizeof(nul) }, &len);
	*out = (struct slice){ bytes, len };
	return machine_work(machine, len);
}

bool machine_append(struct machine *machine, struct buffer *buffer, const uint8_t *bytes,
		    size_t len)
{
	size_t wanted;

	if (!add_size(buffer->len, len, &wanted))
		return machine_trap(machine, STATUS_NO_MEMORY, "out of memory");
	if (wanted > buffer->room) {
		size_t room = max_size(max_size(buffer->room * 2, wanted), 4096);
		uint8_t *larger = machine_alloc(machine, room);

		if (!larger)
			return false;
		if (buffer->len > 0)
			memcpy(larger, buffer->bytes, buffer->len);
		buffer->bytes = larger;
		buffer->room = room;
	}
	if (len > 0)
		memcpy(&buffer->bytes[buffer->len], bytes, len);
	buffer->len = wanted;
	return true;
}

bool machine_object_add(struct machine *machine, struct objects *objects, void *object,
			int32_t *ret_id)
{
	*ret_id = -1;
	if (objects->count >= MACHINE_OBJECTS_MAX)
		return true;
	void **list = grown(machine, objects->list, objects->count, &objects->room,
			    sizeof(*list));
	if (!list)
		return false;
	objects->list = list;
	*ret_id = (int32_t)objects->count;
	list[objects->count++] = object;
	return true;
}

void *machine_object(const struct objects *objects, uint64_t id)
{
	if (id >= objects->count)
		return NULL;
	return objects->list[id];
}

bool machine_object_drop(struct objects *objects, uint64_t id)
{
	if (!machine_object(objects, id))
		return false;
	objects->list[id] = NULL;
	return true;
}
