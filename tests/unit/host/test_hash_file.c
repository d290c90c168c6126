/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scratch.h"
#include "test.h"

TEST("the digest is of the whole file, wherever its descriptor stands")
{
	/* FIPS 180-2, B.1 */
	static const uint8_t abc[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
				       0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
				       0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
				       0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };
	uint8_t got[32] = { 0 };

	scratch_enter();
	scratch_write("file", "abc");
	AUTO_CLOSE int fd = open("file", O_RDONLY);
	CHECK_EQ(lseek(fd, 2, SEEK_SET), 2);
	CHECK_EQ(hash_file(fd, got), STATUS_OK);
	CHECK_MEM(got, abc, sizeof(abc));
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
	scratch_leave();
}

TEST("what cannot be read has no digest")
{
	uint8_t got[32];
	AUTO_CLOSE int fd = open("/", O_RDONLY);

	CHECK_EQ(hash_file(fd, got), STATUS_IO);
	CHECK_EQ(errno, EISDIR);
	CHECK_EQ(hash_file(-1, got), STATUS_IO);
}

TEST_MAIN()
