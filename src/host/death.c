/* SPDX-License-Identifier: Apache-2.0 */
#include "host/death.h"

#include <stdio.h>
#include <string.h>

#include "type/type.h"

static void explain_end(const struct pool_death *death, char *text, size_t len);

void death_explain(const struct pool_death *death, char text[DEATH_TEXT_MAX])
{
	size_t used;

	explain_end(death, text, DEATH_TEXT_MAX);
	if (!death->has_place)
		return;
	used = strlen(text);
	if (death->object == 0)
		snprintf(text + used, DEATH_TEXT_MAX - used,
			 " before it looked at anything");
	else
		snprintf(text + used, DEATH_TEXT_MAX - used,
			 " in object %ju: %s, %u deep, from byte %ju",
			 (uintmax_t)death->object, type_name(death->type), death->depth,
			 (uintmax_t)death->offset);
	used = strlen(text);
	if (death->text[0])
		snprintf(text + used, DEATH_TEXT_MAX - used, "; assertion %s",
			 death->text);
}

static void explain_end(const struct pool_death *death, char *text, size_t len)
{
	switch (death->end) {
	case POOL_END_NONE:
		snprintf(text, len, "it answered");
		break;
	case POOL_END_EXITED:
		snprintf(text, len, "ended with status %d", death->code);
		break;
	case POOL_END_KILLED:
		snprintf(text, len, "killed by signal %d (%s)", death->code,
			 strsignal(death->code));
		break;
	case POOL_END_HUNG:
		snprintf(text, len, "did not answer in time");
		break;
	case POOL_END_LIED:
		snprintf(text, len, "broke the protocol: %s", death->breach);
		break;
	case POOL_END_NO_START:
		snprintf(text, len, "could not be started");
		break;
	case POOL_END_ZYGOTE:
		snprintf(text, len, "went with the process it came from");
		break;
	}
}
