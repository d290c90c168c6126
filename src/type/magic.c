/* SPDX-License-Identifier: Apache-2.0 */
#include "type/magic.h"

bool magic_fits(const struct magic *magic, const struct sample *sample)
{
	struct slice bytes = { (const uint8_t *)magic->bytes, magic->len };

	if (!magic->mask && !reader_has(&sample->head, magic->offset, bytes))
		return false;
	for (size_t i = 0; magic->mask && i < magic->len; i++) {
		int byte = reader_peek(&sample->head, magic->offset + i);
		if (byte < 0 || ((byte ^ magic->bytes[i]) & magic->mask[i] & 0xff) != 0)
			return false;
	}
	if (magic->binary_only && sample->is_text)
		return false;
	return !magic->shaped || magic->shaped(sample);
}
