/* SPDX-License-Identifier: Apache-2.0 */
#include "base/view.h"

static const char *const names[VIEW_COUNT] = {
	[VIEW_RAW] = "raw",       [VIEW_TEXT] = "text",
	[VIEW_HTML] = "html",     [VIEW_HTML_TEXT] = "html-text",
	[VIEW_SCRIPT] = "script",
};

const char *view_name(enum view view)
{
	if ((unsigned)view >= VIEW_COUNT)
		return "raw";
	return names[view];
}
