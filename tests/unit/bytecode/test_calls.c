/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"
#include "test.h"

static struct running run;

/* f(n) = n == 0 ? 7 : f(n - 1) + 1 */
static const char recursive[] = "func 1 32 : 32 1 32 32 32\n"
				"block\n1 1 eq 32 v0 c0:4\nT branch v1 1 2\n"
				"block\nT ret 32 c7:4\n"
				"block\n32 2 sub v0 c1:4\n32 3 call_direct 2 v2\n"
				"32 4 add v3 c1:4\nT ret 32 v4\n";

static void run_recursive(unsigned depth)
{
	static char text[1024];

	snprintf(text, sizeof(text),
		 "kind 0\nfunc 0 32 : 32\nblock\n32 0 call_direct 2 c%u:4\nT ret 32 "
		 "v0\n%s",
		 depth, recursive);
	running_start(&run);
	running_run(&run, text);
}

TEST("functions call themselves, up to a depth")
{
	run_recursive(100);
	CHECK_EQ(run.status, STATUS_OK);
	CHECK_EQ(run.result.value, 107);
	run_recursive(9990);
	CHECK_EQ(run.result.value, 9997);
	run_recursive(20000);
	CHECK_EQ(run.status, STATUS_LIMIT);
	CHECK_STR(run.result.why, "calls nested too deep");
}

TEST("a function's variables are zero at each call, and gone behind it")
{
	static const char text[] =
		"kind 0\ntype ptr 32\n"
		"func 0 32 : 65 65 32 32\nblock\n65 0 call_direct 2\n65 1 call_direct 2\n"
		"32 2 load v1\nT ret 32 v2\n"
		"func 0 65 : 32a 65\nblock\n65 1 gepz 69 v0 c0:4\n32 0 copy c5:4 v0\n"
		"T ret 65 v1\n";

	running_start(&run);
	running_run(&run, text);
	CHECK_EQ(run.read, STATUS_OK);
	CHECK_EQ(run.status, STATUS_MALFORMED);
	CHECK_STR(run.result.why, "an access outside its memory");
}

TEST("arguments of a pointer type take a variable by its address")
{
	static const char text[] =
		"kind 0\n"
		"func 0 32 : 32a 32\nblock\n32 1 call_direct 2 v0\n"
		"T ret 32 v0\n"
		"func 1 32 : 67\nblock\n32 0 store c77:4 v0\nT ret 32 c0:4\n";

	running_start(&run);
	running_run(&run, text);
	CHECK_EQ(run.status, STATUS_OK);
	CHECK_EQ(run.result.value, 77);
}

TEST("a function without a result")
{
	running_start(&run);
	running_run(&run, "kind 0\nfunc 0 32 :\nblock\n0 0 call_direct 2\nT ret 32 c3:4\n"
			  "func 0 0 :\nblock\nT ret_void\n");
	CHECK_EQ(run.status, STATUS_OK);
	CHECK_EQ(run.result.value, 3);
}

TEST("a loop without an end is ended by its steps")
{
	running_start(&run);
	running_run(&run, "kind 0\nfunc 0 32 :\nblock\nT jmp 0\n");
	CHECK_EQ(run.status, STATUS_LIMIT);
	CHECK_STR(run.result.why, "too many steps");
	CHECK_EQ(run.result.steps, run.limits.steps_max);
}

static uint64_t ticks(void *context)
{
	return ++*(uint64_t *)context;
}

TEST("a loop without an end is ended by its time")
{
	uint64_t now = 0;

	running_start(&run);
	run.limits.clock = (struct clock){ ticks, &now };
	run.limits.deadline_ms = 3;
	run.limits.steps_max = UINT64_MAX;
	running_run(&run, "kind 0\nfunc 0 32 :\nblock\nT jmp 0\n");
	CHECK_EQ(run.status, STATUS_TIME);
}

TEST("abort ends the run wherever it stands")
{
	running_start(&run);
	running_run(&run, "kind 0\nfunc 0 32 :\nblock\nT abort\n");
	CHECK_EQ(run.status, STATUS_MALFORMED);
	running_run(&run, "kind 0\nfunc 0 32 :\nblock\n0 0 abort\nT ret 32 c0:4\n");
	CHECK_EQ(run.status, STATUS_MALFORMED);
	CHECK_STR(run.result.why, "it gave up");
}

TEST("memory that is asked for is bounded")
{
	running_start(&run);
	running_run(&run,
		    "kind 0\ntype fn 65 32\napi 18 69 malloc\n"
		    "func 0 32 : 65\nblock\n65 0 call_api 18 c0x100000:4\nT jmp 0\n");
	CHECK_EQ(run.status, STATUS_NO_MEMORY);
}

TEST("branches go where the lowest bit says")
{
	running_start(&run);
	running_run(&run,
		    "kind 0\nfunc 0 32 : 1\nblock\n1 0 eq 32 c1:4 c1:4\nT branch v0 1 2\n"
		    "block\nT ret 32 c1:4\nblock\nT ret 32 c2:4\n");
	CHECK_EQ(run.result.value, 1);
	running_run(&run,
		    "kind 0\nfunc 0 32 : 1\nblock\n1 0 ne 32 c1:4 c1:4\nT branch v0 1 2\n"
		    "block\nT ret 32 c1:4\nblock\nT ret 32 c2:4\n");
	CHECK_EQ(run.result.value, 2);
}

TEST_MAIN()
