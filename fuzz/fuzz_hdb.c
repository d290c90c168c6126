/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rule_lines("x.hdb", data, size);
	fuzz_rule_lines("x.mdb", data, size);
	fuzz_rule_lines("x.imp", data, size);
	fuzz_rule_lines("x.fp", data, size);
	fuzz_rule_lines("x.ign2", data, size);
	return 0;
}
