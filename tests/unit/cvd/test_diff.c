/* SPDX-License-Identifier: Apache-2.0 */
/* Signed differences are in tests/system/test_cvd.sh. */
#include "cvd/diff.h"

#include "test.h"

static const char *reason(const char *text)
{
	struct cvd_diff diff;
	struct arena arena;
	struct digests digests;
	struct digest_state state;

	arena_init(&arena, 1 << 20);
	if (digests_load(&digests) != STATUS_OK ||
	    digest_state_init(&state, &digests) != STATUS_OK)
		return "no digests";
	enum status status = cvd_diff_open(&diff, source_of_memory(text, strlen(text)),
					   &arena, &state);
	digest_state_clear(&state);
	digests_clear(&digests);
	arena_clear(&arena);
	return status == STATUS_MALFORMED ? diff.reason : status_name(status);
}

TEST("what is none is refused")
{
	static const char header[] = "it has no header of ClamAV's differences";

	CHECK_STR(reason(""), header);
	CHECK_STR(reason("ClamAV-Diff:2:479"), header);
	CHECK_STR(reason("ClamAV-Diff:x:479:abc:def"), header);
	CHECK_STR(reason("ClamAV-Diff:2:999999999999:abc:def"), header);
	CHECK_STR(reason("clamav-diff:2:479:abc:def"), header);
	CHECK_STR(reason("ClamAV-Diff:2:479:abcdef"), "it has no signature");
	CHECK_STR(reason("ClamAV-Diff:2:479:abc:def"), "not signed by ClamAV");
	CHECK_STR(reason("ClamAV-Diff:2:479:abc:"), "not signed by ClamAV");
}

TEST_MAIN()
