/* SPDX-License-Identifier: Apache-2.0 */
#include "failed_assert.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "worker/zygote.h"

static struct crumb *told;

void failed_assert_tell(struct crumb *crumb)
{
	told = crumb;
}

/* Takes the place of glibc's function of this name, for all that is linked into this program. */
void __assert_fail(const char *assertion, const char *file, unsigned line,
		   const char *function)
{
	(void)function;
	if (told)
		snprintf(told->text, sizeof(told->text), "%s:%u: %s", file, line,
			 assertion);
	else
		fprintf(stderr, "custos-worker: %s:%u: %s\n", file, line, assertion);
	_exit(EXIT_WORKER_ASSERT);
}
