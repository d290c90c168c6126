/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line of ClamAV's databases: the 512 bytes in front of a container, and the
 * first line of its list of members, where "X" stands for MD5 and signature.
 *
 *   ClamAV-VDB:time:version:rules:level:MD5:signature:builder[:seconds]
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum { CVD_HEADER_LEN = 512 };

/* Slices point into the text. */
struct cvd_header {
	struct slice time; /* "22 Jun 2021 14-58 -0400" */
	uint32_t version;
	uint32_t rules;
	uint32_t level;   /* feature level that it asks for */
	struct slice md5; /* as text */
	struct slice signature;
	struct slice builder;
	uint64_t built_at; /* Unix seconds; 0: not said */
};

/* `line` is without its end; blanks and NULs behind it count for nothing.  OK, MALFORMED */
MUST_CHECK enum status cvd_header_read(struct slice line, struct cvd_header *out);
