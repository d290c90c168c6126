/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html_entity.h"

#include <string.h>

#include "base/checked.h"
#include "base/compiler.h"
#include "view/entity_list.h"

struct entity {
	char name[10];
	uint16_t unit;
};

#define E(name, code) { #name, code },
static const struct entity entities[] = { HTML_ENTITIES(E) };
#undef E

enum { IDEOGRAPHIC_STOP = 0x3002, SMALL_STOP = 0xfe52, WIDE_STOP = 0xff0e };

static int compare(struct slice name, const char *entity)
{
	size_t len = strlen(entity);
	int order = memcmp(name.base, entity, min_size(name.len, len));

	if (order != 0)
		return order;
	return (name.len > len) - (name.len < len);
}

bool html_entity_find(struct slice name, uint16_t *ret_unit)
{
	size_t low = 0, high = ARRAY_LEN(entities);

	if (name.len == 0)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(name, entities[middle].name);

		if (order == 0) {
			*ret_unit = entities[middle].unit;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

void html_entity_write(struct growing *to, uint16_t unit)
{
	static const char digits[] = "0123456789abcdef";

	if (unit < 0xff) {
		growing_put(to, (uint8_t)unit);
	} else if (unit == IDEOGRAPHIC_STOP || unit == SMALL_STOP || unit == WIDE_STOP) {
		growing_put(to, '.');
	} else {
		growing_add(to, slice_of("&#x"));
		for (int shift = 12; shift >= 0; shift -= 4)
			growing_put(to, (uint8_t)digits[unit >> shift & 15]);
		growing_put(to, ';');
	}
}
