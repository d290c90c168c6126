/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/verdict.h"

#include "base/checked.h"

static uint32_t bit_of(enum reason reason)
{
	return UINT32_C(1) << (unsigned)reason;
}

void outcome_add_finding(struct outcome *outcome)
{
	if (outcome->findings < UINT32_MAX)
		outcome->findings++;
}

void outcome_add_reason(struct outcome *outcome, enum reason reason)
{
	outcome->reasons |= bit_of(reason);
}

bool outcome_has_reason(const struct outcome *outcome, enum reason reason)
{
	return (outcome->reasons & bit_of(reason)) != 0;
}

void outcome_merge(struct outcome *outcome, const struct outcome *other)
{
	uint64_t findings = (uint64_t)outcome->findings + other->findings;

	outcome->findings = (uint32_t)min_u64(findings, UINT32_MAX);
	outcome->reasons |= other->reasons;
}

enum verdict outcome_verdict(const struct outcome *outcome, uint32_t accepted)
{
	if (outcome->findings > 0)
		return VERDICT_FOUND;
	if (outcome->reasons & ~accepted)
		return VERDICT_INCOMPLETE;
	return VERDICT_CLEAN;
}

const char *verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_CLEAN:
		return "clean";
	case VERDICT_FOUND:
		return "found";
	case VERDICT_INCOMPLETE:
		return "incomplete";
	}
	return "unknown";
}
