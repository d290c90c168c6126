/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/verdict.h"

#include "test.h"

static const uint32_t nothing_accepted = 0;

TEST("nothing known is clean")
{
	struct outcome outcome = { 0 };

	CHECK_EQ(outcome_verdict(&outcome, nothing_accepted), VERDICT_CLEAN);
}

TEST("every single reason keeps a file from being clean")
{
	for (unsigned i = 0; i < REASON_COUNT; i++) {
		struct outcome outcome = { 0 };

		outcome_add_reason(&outcome, (enum reason)i);
		CHECK(outcome_has_reason(&outcome, (enum reason)i));
		CHECK_EQ(outcome_verdict(&outcome, nothing_accepted), VERDICT_INCOMPLETE);
	}
}

TEST("found beats incomplete")
{
	struct outcome outcome = { 0 };

	outcome_add_reason(&outcome, REASON_TIME);
	outcome_add_finding(&outcome);
	CHECK_EQ(outcome_verdict(&outcome, nothing_accepted), VERDICT_FOUND);
}

TEST("accepting a reason leaves out that reason and no other")
{
	struct outcome outcome = { 0 };
	uint32_t accepted = UINT32_C(1) << REASON_PASSWORD;

	outcome_add_reason(&outcome, REASON_PASSWORD);
	CHECK_EQ(outcome_verdict(&outcome, accepted), VERDICT_CLEAN);
	outcome_add_reason(&outcome, REASON_DAMAGED);
	CHECK_EQ(outcome_verdict(&outcome, accepted), VERDICT_INCOMPLETE);
}

TEST("accepting every reason never hides a finding")
{
	struct outcome outcome = { 0 };

	outcome_add_finding(&outcome);
	CHECK_EQ(outcome_verdict(&outcome, UINT32_MAX), VERDICT_FOUND);
}

TEST("merging keeps what either side knows")
{
	struct outcome outcome = { 0 };
	struct outcome other = { 0 };

	outcome_add_reason(&outcome, REASON_SIZE);
	outcome_add_reason(&other, REASON_RATIO);
	outcome_add_finding(&other);
	outcome_merge(&outcome, &other);
	CHECK(outcome_has_reason(&outcome, REASON_SIZE));
	CHECK(outcome_has_reason(&outcome, REASON_RATIO));
	CHECK(!outcome_has_reason(&outcome, REASON_TIME));
	CHECK_EQ(outcome.findings, 1);
}

TEST("the number of findings stops at its largest value")
{
	struct outcome outcome = { .findings = UINT32_MAX };
	struct outcome other = { .findings = 1 };

	outcome_add_finding(&outcome);
	CHECK_EQ(outcome.findings, UINT32_MAX);
	outcome_merge(&outcome, &other);
	CHECK_EQ(outcome.findings, UINT32_MAX);
}

TEST_MAIN()
