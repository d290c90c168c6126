/* SPDX-License-Identifier: Apache-2.0 */
#include "host/pool_error.h"

#include <stdarg.h>
#include <stdio.h>

void pool_error_set(struct pool_error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
}
