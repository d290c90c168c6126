/* SPDX-License-Identifier: Apache-2.0 */
/* Parsers that cfg entries switch off: src/scan/parser_switches.c. */
#include "scan/level.h"

#include <stdlib.h>

#include "scanning.h"
#include "test.h"

static const struct rule_text files[] = {
	{ .name = "a.ndb", .text = "Mark:0:0:6d61726b6564\n" },
	{ .name = "a.cfg", .text = "ARCHIVE:0xffffffff\nARCHIVE:0xfffffffb\n" },
	{ 0 },
};

TEST("a parser is switched off only where clamscan is followed, and not in silence")
{
	struct scanning *scanning = scanning_open(files);
	struct wrapped gzip = wrap_gzip("marked", 6);
	const char *const names[] = { "in" };
	struct wrapped member = { (uint8_t *)(uintptr_t) "marked", 6 };
	struct wrapped tar = wrap_tar(names, &member, 1);

	CHECK_STR(scanning_run(scanning, gzip.bytes, gzip.len), "found");
	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, gzip.bytes, gzip.len), "incomplete");
	CHECK(scanning_told(scanning, "incomplete  unsupported"));
	CHECK_STR(scanning_run(scanning, tar.bytes, tar.len), "found");
	free(gzip.bytes);
	free(tar.bytes);
	scanning_close(scanning);
}

TEST_MAIN()
