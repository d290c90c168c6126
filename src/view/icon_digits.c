/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "view/icon.h"

void icon_digits(const struct icon_look *look, char out[ICON_DIGITS + 1])
{
	size_t room = ICON_DIGITS + 1;
	size_t len = (size_t)snprintf(out, room, "%02x", look->side);

	for (size_t i = 0; i < (size_t)ICON_KINDS * ICON_AREAS_EACH; i++) {
		size_t kind = i / ICON_AREAS_EACH;
		const struct icon_area *area = &look->areas[kind][i % ICON_AREAS_EACH];
		unsigned value = area->value == ICON_AREA_NONE ? 0 : area->value;
		int digits = kind <= ICON_GRAY ? 3 : 2;

		len += (size_t)snprintf(&out[len], room - len, "%0*x%02x%02x", digits,
					value, area->x, area->y);
	}
	for (size_t i = 0; i < ICON_SUMS; i++)
		len += (size_t)snprintf(&out[len], room - len, "%02x", look->sums[i]);
}
