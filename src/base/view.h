/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The readings of an object that rules are matched on: its bytes as they are, and texts
 * made of them. A finding says in which of them its rule was found, since offsets count
 * in that one. The names are in reports, and stay.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

enum view {
	VIEW_RAW,  /* "raw": the bytes of the object */
	VIEW_TEXT, /* "text": one case, one space; view/plain_text.h */
	VIEW_HTML, /* "html": markup without comments; view/html.h, as the next two */
	VIEW_HTML_TEXT, /* "html-text": what stands between the tags */
	VIEW_SCRIPT,    /* "script": the scripts of a page, or of an object that is one */
};

enum { VIEW_COUNT = VIEW_SCRIPT + 1 };

/* Never NULL. */
const char *view_name(enum view view);

/* A piece of the bytes of an object in one of its views. */
struct view_data {
	enum view view;
	uint64_t offset;
	struct slice bytes;
};
