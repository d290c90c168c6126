/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/header.h"

#include "test.h"

TEST("all fields of a header are found")
{
	struct cvd_header header;

	REQUIRE(cvd_header_read(slice_of("ClamAV-VDB:22 Jun 2021 14-58 -0400:5:13:81:"
					 "0123:sig/+:me:1624388302     "),
				&header) == STATUS_OK);
	CHECK(slice_is(header.time, "22 Jun 2021 14-58 -0400"));
	CHECK_EQ(header.version, 5);
	CHECK_EQ(header.rules, 13);
	CHECK_EQ(header.level, 81);
	CHECK(slice_is(header.md5, "0123"));
	CHECK(slice_is(header.signature, "sig/+"));
	CHECK(slice_is(header.builder, "me"));
	CHECK_EQ(header.built_at, 1624388302);
}

TEST("an old one does not say its time in seconds")
{
	struct cvd_header header;

	REQUIRE(cvd_header_read(slice_of("ClamAV-VDB:t:5:13:81:m:s:me"), &header) ==
		STATUS_OK);
	CHECK_EQ(header.built_at, 0);
	CHECK(slice_is(header.builder, "me"));
}

TEST("what is none is refused")
{
	static const char *const lines[] = {
		"",
		"ClamAV-VDB",
		"ClamAV-VDB:t:5:13:81:m:s",
		"ClamAV-VDB:t:5:13:81:m:s:me:1:2",
		"ClamAV-VDB:t:x:13:81:m:s:me:1",
		"ClamAV-VDB:t:5::81:m:s:me:1",
		"ClamAV-VDB:t:5:13:-1:m:s:me:1",
		"ClamAV-VDB:t:4294967296:13:81:m:s:me:1",
		"ClamAV-VDB:t:5:13:81:m:s:me:99999999999999999999",
		"clamav-vdb:t:5:13:81:m:s:me:1",
	};
	struct cvd_header header;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CHECK_EQ(cvd_header_read(slice_of(lines[i]), &header), STATUS_MALFORMED);
}

TEST_MAIN()
