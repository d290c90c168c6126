/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prefix.h"
#include "test.h"

/* The signal that ends a child which reads the byte at `at`; 0 if none does. */
static int signal_of_reading(volatile const uint8_t *at)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		/* Under qemu-user a core would be written, of its whole space. */
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGSEGV, SIG_DFL);
		_exit(*at == 0 ? 0 : 1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST("the byte after a guarded buffer cannot be read")
{
	static const size_t lengths[] = { 0, 1, 4095, 4096, 4097 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct guard guard = guard_new(lengths[i]);

		if (lengths[i] > 0)
			CHECK_EQ(signal_of_reading(guard.bytes + lengths[i] - 1), 0);
		CHECK_EQ(signal_of_reading(guard.bytes + lengths[i]), SIGSEGV);
		guard_free(&guard);
	}
}

static void count_prefix(const uint8_t *bytes, size_t len, void *context)
{
	size_t *seen = context;

	CHECK_EQ(len, *seen);
	CHECK_MEM(bytes, "prefix", len);
	(*seen)++;
}

TEST("every prefix is looked at once, the empty and the whole one too")
{
	size_t seen = 0;

	every_prefix_is_safe(count_prefix, (const uint8_t *)"prefix", 6, &seen);
	CHECK_EQ(seen, 7);
}

TEST_MAIN()
