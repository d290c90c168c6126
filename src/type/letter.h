/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that carries files in letters: mail, and what was once put into mail.
 */
#pragma once

#include "bytes/reader.h"
#include "type/type.h"

/*
 * Looks at the start of a text (as encoding_narrow() gives it). MAIL, MHTML, UUENCODED,
 * BINHEX, or ANY: none of them.
 *
 * Mail is told by its first lines, all of which must be header fields, at least two of
 * them fields that only mail has. An mbox begins with a "From " line before them.
 */
enum file_type letter_of(struct reader text);
