/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that begins with a tag: HTML, and the kinds of XML that hold other objects.
 */
#pragma once

#include "bytes/reader.h"
#include "type/type.h"

/*
 * Looks at the start of a text (as encoding_narrow() gives it). HTML, XDP, XML_WORD,
 * XML_XL, XML_HWP, XML_ODF, SCRIPT (PHP and the like), or ANY: none of them.
 *
 * A text is HTML if one of the tags that browsers look for comes first, white space,
 * comments, and declarations aside; or if <html or <!doctype html comes later, with
 * nothing but prose before it. A program that has tags in its strings is not.
 */
enum file_type markup_of(struct reader text);
