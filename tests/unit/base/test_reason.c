/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reason.h"

#include "test.h"

TEST("the list of reasons is the closed one that programs rely on")
{
	static const char *const names[] = {
		"size",    "files",       "depth",      "bytes",   "ratio",
		"time",    "memory",      "password",   "damaged", "unsupported",
		"volumes", "changed",     "unreadable", "regex",   "rule",
		"worker",  "interrupted",
	};

	CHECK_EQ(REASON_COUNT, sizeof(names) / sizeof(names[0]));
	for (int i = 0; i < REASON_COUNT; i++)
		CHECK_STR(reason_name((enum reason)i), names[i]);
}

TEST("a name is read back, and nothing that is only near one")
{
	for (int i = 0; i < REASON_COUNT; i++) {
		const char *name = reason_name((enum reason)i);
		enum reason reason = REASON_WORKER;

		CHECK(reason_parse(name, strlen(name), &reason));
		CHECK_EQ(reason, i);
		CHECK(!reason_parse(name, strlen(name) - 1, &reason));
		CHECK(!reason_parse(name, strlen(name) + 1, &reason));
		CHECK_EQ(reason, i);
	}
}

TEST("every status that stops a piece of work has a reason")
{
	for (int i = STATUS_END + 1; i < STATUS_COUNT; i++)
		CHECK((int)reason_of_status((enum status)i) < REASON_COUNT);
	CHECK_EQ(reason_of_status(STATUS_TRUNCATED), REASON_DAMAGED);
	CHECK_EQ(reason_of_status(STATUS_MALFORMED), REASON_DAMAGED);
	CHECK_EQ(reason_of_status(STATUS_ENCRYPTED), REASON_PASSWORD);
	CHECK_EQ(reason_of_status(STATUS_CHANGED), REASON_CHANGED);
}

TEST_MAIN()
