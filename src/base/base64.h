/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The six bits of a letter of base64, or of its variant for URLs; -1: it is none. */
static inline int base64_value(int c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}
