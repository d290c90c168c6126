/* SPDX-License-Identifier: Apache-2.0 */
#include "type/tar_sign.h"

#include "guard.h"
#include "test.h"

/* A header with the sum that its bytes have; `form` is how the field is written. */
enum form { ZEROS_NUL, PLAIN, BLANKS_BEFORE, BLANK_BEHIND, SEVEN, BLANKS_AROUND, FORMS };

static void make(uint8_t block[TAR_BLOCK], enum form form, bool is_signed)
{
	unsigned sum = 0;
	char text[6][16];

	memset(block, 0, TAR_BLOCK);
	memcpy(block, "na\xefve.txt", 9);
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += is_signed ? (unsigned)(int8_t)block[i] : block[i];
	snprintf(text[ZEROS_NUL], 16, "%06o", sum);
	snprintf(text[PLAIN], 16, "%o", sum);
	snprintf(text[BLANKS_BEFORE], 16, "%6o", sum);
	snprintf(text[BLANK_BEHIND], 16, "%06o ", sum);
	snprintf(text[SEVEN], 16, "%07o", sum);
	snprintf(text[BLANKS_AROUND], 16, " %o ", sum);
	memset(block + 148, 0, 8);
	memcpy(block + 148, text[form], strlen(text[form]));
}

TEST("sums of signed and of unsigned bytes, in every form that writers use")
{
	uint8_t block[TAR_BLOCK];

	for (int form = 0; form < FORMS; form++) {
		make(block, (enum form)form, false);
		CHECK(tar_sum_fits(reader_of(block, TAR_BLOCK)));
		make(block, (enum form)form, true);
		CHECK(tar_sum_fits(reader_of(block, TAR_BLOCK)));
	}
}

TEST("any changed byte is seen")
{
	uint8_t block[TAR_BLOCK];

	make(block, ZEROS_NUL, false);
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		block[i] ^= 1;
		CHECK(!tar_sum_fits(reader_of(block, TAR_BLOCK)));
		block[i] ^= 1;
	}
}

TEST("zeros, blanks and short blocks have no sum")
{
	uint8_t block[TAR_BLOCK] = { 0 };

	CHECK(!tar_sum_fits(reader_of(block, TAR_BLOCK)));
	memset(block, ' ', TAR_BLOCK);
	CHECK(!tar_sum_fits(reader_of(block, TAR_BLOCK)));
	make(block, ZEROS_NUL, false);
	for (size_t len = 0; len < TAR_BLOCK; len++) {
		struct guard guard = guard_copy(block, len);
		CHECK(!tar_sum_fits(reader_of(guard.bytes, len)));
		guard_free(&guard);
	}
}

TEST_MAIN()
