/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rule_lines("x.ndb", data, size);
	return 0;
}
