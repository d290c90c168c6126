/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/store.h"
#include "database/builder.h"

void builder_init_filter(struct builder *builder)
{
	rows_init(&builder->always, builder->options->arena, sizeof(uint32_t));
}

enum status builder_add_triggers(struct builder *builder, const struct rule *rule,
				 uint32_t rule_id, bool *ret_is_always)
{
	uint8_t id[4];

	(void)rule;
	store_u32le(id, rule_id);
	*ret_is_always = false;
	return rows_append(&builder->always, id, 1) ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status builder_write_filter(struct builder *builder)
{
	output_rows(&builder->output, SECTION_ALWAYS, &builder->always);
	return STATUS_OK;
}
