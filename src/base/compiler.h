/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we ask of the compiler beyond the language, under our own names.
 */
#pragma once

#define MUST_CHECK __attribute__((warn_unused_result))
#define PURE_FN __attribute__((pure))
#define NO_RETURN __attribute__((noreturn))
#define PRINTF_LIKE(format_at, args_at) \
	__attribute__((format(printf, format_at, args_at)))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Number of elements of a real array (not of a pointer). */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
