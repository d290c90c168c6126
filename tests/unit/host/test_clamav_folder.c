/* SPDX-License-Identifier: Apache-2.0 */
#include "host/clamav_folder.h"

#include <stdlib.h>

#include "scratch.h"
#include "test.h"

static const char *value(const char *text)
{
	static char shown[64];
	struct slice found;

	if (!clamav_config_value(slice_of(text), "DatabaseDirectory", &found))
		return "none";
	snprintf(shown, sizeof(shown), "%.*s", (int)found.len, (const char *)found.base);
	return shown;
}

TEST("the last value of a key counts, without what is around it")
{
	CHECK_STR(value("DatabaseDirectory /a\n"), "/a");
	CHECK_STR(value("DatabaseDirectory \t /a b \r\n"), "/a b");
	CHECK_STR(value("DatabaseDirectory \"/a b\""), "/a b");
	CHECK_STR(value("# DatabaseDirectory /a\nX y\nDatabaseDirectory /b"), "/b");
	CHECK_STR(value("DatabaseDirectory /a\nDatabaseDirectory /b\n"), "/b");
	CHECK_STR(value("DatabaseDirectoryX /a\n"), "none");
	CHECK_STR(value("DatabaseDirectory\n"), "none");
	CHECK_STR(value("DatabaseDirectory \""), "\"");
	CHECK_STR(value(""), "none");
}

static void check_found(const char *want)
{
	char *found = clamav_folder_find(scratch_path());

	CHECK_STR(found, want);
	free(found);
}

TEST("freshclam's word counts before clamd's, and both before the default")
{
	scratch_enter();
	check_found(CLAMAV_FOLDER);
	scratch_write("clamd.conf", "DatabaseDirectory /from/clamd\n");
	check_found("/from/clamd");
	scratch_write("freshclam.conf", "DatabaseDirectory relative\n");
	check_found("/from/clamd");
	scratch_write("freshclam.conf", "DatabaseDirectory /from/freshclam\n");
	check_found("/from/freshclam");
	scratch_leave();
}

TEST("the certificates for detached signatures are found likewise")
{
	scratch_enter();
	char *found = clamav_certificates_find(scratch_path());
	CHECK_STR(found, CLAMAV_CERTIFICATES);
	free(found);
	scratch_write("clamd.conf", "CVDCertsDirectory /from/clamd\n");
	found = clamav_certificates_find(scratch_path());
	CHECK_STR(found, "/from/clamd");
	free(found);
	scratch_leave();
}

TEST_MAIN()
