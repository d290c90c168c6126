/* SPDX-License-Identifier: Apache-2.0 */
/* The passwords that rules have for a container. */
#include "match/entry.h"
#include "scan/level.h"

/* More are not tried: each costs some work for every encrypted member. */
enum { PASSWORDS_MAX = 1000 };

static enum status add(struct unpack *unpack, struct slice *list, struct slice data,
		       enum file_type type);

enum status passwords_find(struct scan *scan, enum file_type type, struct unpack *unpack)
{
	const struct database *database = scan->setup->database;
	struct slice *list;
	size_t most = 0;
	enum status status = STATUS_OK;

	for (size_t s = 0; s < database->segment_count; s++) {
		struct entry_range range = table_entries(&database->segments[s],
							 RULE_PASSWORD);
		most += range.end - range.first;
	}
	if (most == 0)
		return STATUS_OK;
	list = arena_new_array(unpack->arena, struct slice, PASSWORDS_MAX);
	if (!list)
		return STATUS_NO_MEMORY;
	unpack->passwords = list;
	for (size_t s = 0; s < database->segment_count; s++) {
		const struct tables *tables = &database->segments[s];
		struct entry_range range = table_entries(tables, RULE_PASSWORD);

		for (uint32_t i = range.first; i < range.end && status == STATUS_OK;
		     i++) {
			struct entry_record entry = table_entry(tables, i);
			struct slice data;

			status = table_entry_data(tables, &entry, unpack->arena, &data);
			if (status == STATUS_OK)
				status = add(unpack, list, data, type);
		}
	}
	return status;
}

static enum status add(struct unpack *unpack, struct slice *list, struct slice data,
		       enum file_type type)
{
	struct reader in = reader_of_slice(data);
	struct slice name = reader_slice(&in, reader_u8(&in));
	struct slice password = reader_rest(&in);

	if (password.len == 0 || (name.len > 0 && !slice_is(name, type_name(type))))
		return STATUS_OK;
	if (unpack->password_count == PASSWORDS_MAX)
		return STATUS_LIMIT;
	list[unpack->password_count++] = password;
	return STATUS_OK;
}
