/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClamAV's own test programs, which are not part of this tree: $CUSTOS_SHARED, or ../shared,
 * has them. Each checks itself and returns a number that says so.
 */
#include <limits.h>
#include <stdlib.h>

#include "running.h"
#include "test.h"

enum { FILE_SIZE_MAX = 256 * 1024 };

static char cbc[FILE_SIZE_MAX], input[FILE_SIZE_MAX];

static size_t load(const char *path, char *out)
{
	const char *shared = getenv("CUSTOS_SHARED");
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s/%s", shared ? shared : "../shared", path);
	FILE *file = fopen(whole, "rb");
	if (!file)
		return 0;
	size_t len = fread(out, 1, FILE_SIZE_MAX, file);
	fclose(file);
	return len;
}

static struct running run;

static void run_named(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path),
		 "data/signatures/clamav-unit-tests/bytecode_sigs/%s.cbc", name);
	size_t len = load(path, cbc);
	run.file_len = load("data/fixtures/clamav-unit/bytecode_scanfiles/apitestfile",
			    input);
	run.file = input;
	running_text(&run, cbc, len);
}

TEST("ClamAV's own test programs give the results that they say are right")
{
	static const struct {
		const char *name;
		enum status status;
		uint32_t value;
		const char *found;
	} cases[] = {
		{ "Clamav-Unit-Test-Signature", STATUS_OK, 0,
		  "BC.Clamav-Unit-Test-Signature" },
		{ "api_extract_7", STATUS_OK, 0xf00d, "" },
		{ "api_files_7", STATUS_OK, 0xf00d, "" },
		{ "apicalls", STATUS_OK, 0xf00d, "" },
		{ "apicalls2", STATUS_OK, 0xf00d, "" },
		{ "apicalls2_7", STATUS_OK, 0xf00d, "" },
		{ "apicalls_7", STATUS_OK, 0xf00d, "" },
		{ "arith", STATUS_OK, 0xd5555555, "" },
		{ "arith_7", STATUS_OK, 0xd55555dd, "" },
		{ "bswap", STATUS_OK, 0xbeef, "" },
		{ "debug_7", STATUS_OK, 0xf00d, "" },
		{ "div0", STATUS_MALFORMED, 0, "" },
		{ "inf", STATUS_LIMIT, 0, "" },
		{ "inf_7", STATUS_LIMIT, 0, "" },
		{ "inflate", STATUS_OK, 0xbeef, "" },
		{ "lsig", STATUS_OK, 0, "" },
		{ "lsig_7", STATUS_OK, 0, "" },
		{ "matchwithread", STATUS_OK, 0, "" },
		{ "pdf", STATUS_OK, 0, "" },
		{ "pdf-hook", STATUS_OK, 0, "Test.Case.BC.PDF.hook" },
		{ "retmagic", STATUS_OK, 0x1234f00d, "" },
		{ "retmagic_7", STATUS_OK, 0x1234f00d, "" },
		{ "testadt_7", STATUS_OK, 0xf00d, "" },
	};

	if (load("data/signatures/clamav-unit-tests/bytecode_sigs/retmagic.cbc", cbc) ==
	    0)
		SKIP("no test programs: CUSTOS_SHARED names no folder that has them");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		running_start(&run);
		run_named(cases[i].name);
		bool ok = CHECK_EQ(run.read, STATUS_OK);
		ok &= CHECK_EQ(run.status, cases[i].status);
		ok &= CHECK_EQ(run.result.value, cases[i].value);
		ok &= CHECK_STR(run.found, cases[i].found);
		if (!ok)
			printf("#   of %s: %s\n", cases[i].name,
			       run.result.why ? run.result.why : "");
	}
}

TEST("a program asks how often its subsignatures matched, and chooses a name")
{
	static const struct {
		unsigned count;
		const char *found;
	} cases[] = { { 0, "" }, { 1, "" }, { 2, "Test.A" }, { 100, "Test.B" } };

	if (load("data/signatures/clamav-unit-tests/bytecode_sigs/retmagic.cbc", cbc) ==
	    0)
		SKIP("no test programs: CUSTOS_SHARED names no folder that has them");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		running_start(&run);
		for (unsigned k = 0; k < BYTECODE_SUBS; k++)
			run.host.match_counts[k] = cases[i].count;
		run_named("lsig_7");
		CHECK_EQ(run.read, STATUS_OK);
		CHECK_STR(run.found, cases[i].found);
	}
}

TEST_MAIN()
