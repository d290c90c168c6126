/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include "test.h"

TEST("every status has its own name")
{
	for (int a = STATUS_OK; a <= STATUS_IO; a++)
		for (int b = STATUS_OK; b < a; b++)
			CHECK(strcmp(status_name((enum status)a),
				     status_name((enum status)b)) != 0);
}

TEST_MAIN()
