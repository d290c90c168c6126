/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clamscan 1.4.6 takes an object for, for --compat=clamav. Found by giving it files
 * and reading what it says; docs/formats/types.md has the rule in words.
 *
 *   1. a few first bytes decide, also where the rest is plain text
 *   2. else it is text in ASCII, in UTF-16, or data; and one of the signs below in
 *      its first KiB makes something else of it: a page, a letter, a program …
 *   3. else it stays that, though signs further on may have it read as a page or a letter
 *      as well
 */
#pragma once

#include "type/type.h"

/* So many bytes decide; what is not longer than the other is not looked at. */
enum { AS_CLAMSCAN_HEAD = 1024, AS_CLAMSCAN_PASSED_OVER = 5 };
enum { AS_CLAMSCAN_OVERLAP = 4096 };

/*
 * `ours` is what type_detect() says of the object that begins with `head`, of which
 * TYPE_HEAD_LEN bytes are enough. The primary type is clamscan's; what was ours is still
 * to be opened, so it goes to the others if it is a container.
 */
struct types type_as_clamscan(struct reader head, struct types ours);

/* Is a text that begins so matched as a letter, too? AS_CLAMSCAN_OVERLAP bytes decide. */
bool type_reads_as_mail(struct reader head);

/*
 * Do these bytes keep an object with the signs of a page from being read as one? `is_start`:
 * they begin where it begins; else they are to overlap with what was asked about before by
 * AS_CLAMSCAN_OVERLAP.
 */
bool type_outranks_page(struct reader bytes, bool is_start);
