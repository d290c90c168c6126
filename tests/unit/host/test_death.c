/* SPDX-License-Identifier: Apache-2.0 */
#include "host/death.h"

#include <string.h>

#include "test.h"

static char text[DEATH_TEXT_MAX];

TEST("a death is told with its signal and its place")
{
	const struct pool_death death = {
		.end = POOL_END_KILLED,
		.code = 9,
		.has_place = true,
		.type = TYPE_ZIP,
		.depth = 2,
		.object = 3,
		.offset = 99,
	};

	death_explain(&death, text);
	CHECK_STR(text,
		  "killed by signal 9 (Killed) in object 3: ZIP, 2 deep, from byte 99");
}

TEST("a failed assertion is told, however long")
{
	struct pool_death death = { .end = POOL_END_EXITED,
				    .code = 72,
				    .has_place = true };

	memset(death.text, 'x', sizeof(death.text) - 1);
	death_explain(&death, text);
	CHECK(strncmp(text, "ended with status 72 before", 27) == 0);
	CHECK(strstr(text, "; assertion xxx") != NULL);
}

TEST("every end has words of its own")
{
	static char before[POOL_END_ZYGOTE + 1][DEATH_TEXT_MAX];

	for (int end = POOL_END_NONE; end <= POOL_END_ZYGOTE; end++) {
		const struct pool_death death = { .end = (enum pool_end)end,
						  .breach = "x" };
		death_explain(&death, text);
		CHECK(strlen(text) > 5);
		for (int other = POOL_END_NONE; other < end; other++)
			CHECK(strcmp(text, before[other]) != 0);
		memcpy(before[end], text, sizeof(text));
	}
}

TEST_MAIN()
