/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which instructions are used where several ways through the same work were written.
 * What is found does not depend on it.
 */
#pragma once

enum cpu_path {
	CPU_BEST, /* the last of the others that this processor can run */
	CPU_PORTABLE,
	CPU_AVX2,
	CPU_AVX512,
	CPU_NEON,
};

enum { CPU_PATH_COUNT = CPU_NEON + 1 };
