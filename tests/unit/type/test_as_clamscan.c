/* SPDX-License-Identifier: Apache-2.0 */
/* What each of these is to clamscan 1.4.6 was read from what it says of it with --debug. */
#include "type/as_clamscan.h"

#include "base/compiler.h"
#include "prefix.h"
#include "recipe.h"
#include "test.h"

/* "PRIMARY+ALSO" */
static const char *words_of(const uint8_t *bytes, size_t len)
{
	static char text[128];
	size_t head = len < TYPE_HEAD_LEN ? len : TYPE_HEAD_LEN;
	size_t tail = len < TYPE_TAIL_LEN ? len : TYPE_TAIL_LEN;
	struct types ours = type_detect(reader_of(bytes, head),
					reader_of(bytes + len - tail, tail), len);
	struct types types = type_as_clamscan(reader_of(bytes, head), ours);
	size_t used = (size_t)snprintf(text, sizeof(text), "%s",
				       type_name(types.primary));

	for (size_t i = 0; i < types.also_count; i++)
		used += (size_t)snprintf(&text[used], sizeof(text) - used, "+%s",
					 type_name(types.also[i]));
	return text;
}

static void check(const char *recipe, const char *want)
{
	struct recipe built;

	REQUIRE(recipe_build(recipe, &built));
	if (!CHECK_STR(words_of(built.bytes, built.len), want))
		printf("# %s\n", recipe);
	recipe_free(&built);
}

static void check_all(const char *const cases[][2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(cases[i][0], cases[i][1]);
}

TEST("text is what has no control characters; nearly all else is UTF-16")
{
	static const char *const cases[][2] = {
		{ "", "EMPTY" },
		{ "text \"some text\"", "TEXT_ASCII" },
		{ "hex 07 08 09 0a 0c 0d 1b 20 7e 80 ff fe", "TEXT_ASCII" },
		{ "text \"some text\"\nhex 0b 41", "TEXT_UTF16BE" },
		{ "text \"some text\"\nhex 41 7f", "TEXT_UTF16BE" },
		{ "hex 61 01 61 01 61 01 61 01", "TEXT_UTF16BE" },
		{ "hex 61 01 61 01 00 01 61 01", "BINARY_DATA" },
		{ "hex 61 01 61 01 00 7f 61 01", "BINARY_DATA" },
		{ "hex 61 01 61 01 00 07 61 01", "TEXT_UTF16BE" },
		{ "hex 61 01 61 01 ff fe 61 01", "BINARY_DATA" },
		/* Nobody looks at the first pair, or at half of one. */
		{ "hex 00 00 02 81 78 9c 9d 91", "TEXT_UTF16BE" },
		{ "hex 61 01 61 01 61 01 00", "TEXT_UTF16BE" },
		/* The marks: behind them only one unit is none of text. */
		{ "hex ff fe 00 00 01 00 00 00", "TEXT_UTF16LE" },
		{ "hex ff fe 00 00 fe ff 00 00", "BINARY_DATA" },
		{ "hex fe ff 00 00 00 01 00 00", "TEXT_UTF16BE" },
		{ "hex fe ff 00 00 ff fe 00 00", "BINARY_DATA" },
		/* No more than the first KiB counts. */
		{ "fill 1023 61\nhex 01", "TEXT_UTF16BE" },
		{ "fill 1024 61\nhex 01", "TEXT_ASCII" },
		{ "hex 01\nfill 1021 61\nhex 00 00", "BINARY_DATA" },
		{ "hex 01\nfill 1023 61\nhex 00 00", "TEXT_UTF16BE" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("first bytes decide, also in text")
{
	static const char *const cases[][2] = {
		{ "text \"MZ is a text file\"", "MSEXE" },
		{ "text \"ZM\"\nfill 62 00", "BINARY_DATA" },
		{ "text \"GIF is a format\"", "GIF" },
		{ "text \"FWS is text\"", "SWF" },
		{ "text \"%PDF-x\"", "PDF" },
		{ "text \"%!PS\\n\"", "TEXT_ASCII" },
		{ "text \"#!/bin/sh\\necho\"", "TEXT_ASCII" },
		{ "text \"<?php echo 1;\"", "TEXT_ASCII" },
		{ "text \"Subject: none\"", "MAIL" },
		{ "text \"subject: none\"", "TEXT_ASCII" },
		{ "text \"X-EVS\"", "MAIL" },
		{ "text \"begin x\"", "UUENCODED" },
		{ "hex 7f 45 4c 46 02 01 01 00", "ELF" },
		{ "hex 50 4b 03 04 14 00 00 00", "ZIP" },
		/* What is a container to us is still to be opened. */
		{ "text \"!<arch>\\nmore\"", "TEXT_ASCII+AR" },
		{ "hex 28 b5 2f fd 04 00 00 00 00", "BINARY_DATA+ZSTD" },
		{ "hex 50 4b 05 06\nfill 18 00", "BINARY_DATA+ZIP" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

#define PAGE "\ntext \"<html>\""
#define LETTER "\ntext \"\\nFrom: a\\nContent-Type: b\""
#define SAVED "\ntext \"\\nMIME-Version: 1\\nContent-Type: b\""
#define DOCUMENT "\ntext \"%PDF-1.4\\n\""
#define ARCHIVE "\nhex 50 4b 03 04 14 01"
#define PROGRAM "\ntext \"MZ\"\nfill 60 41\ntext \"PE\"\nhex 00 00"

TEST("signs in the first KiB make something else of text and data")
{
	static const char *const cases[][2] = {
		{ "text \"words\"" PAGE, "HTML" },
		{ "text \"words\"" LETTER, "MAIL" },
		{ "text \"words\"" SAVED, "MHTML" },
		{ "text \"words\"" DOCUMENT, "PDF" },
		{ "text \"words\"" PROGRAM, "MSEXE" },
		{ "hex 00 00 00 00" PAGE, "HTML" },
		{ "hex 00 00 00 00" LETTER, "MAIL" },
		{ "hex 01 01 01 01" DOCUMENT, "PDF" },
		{ "fill 1018 61" PAGE, "HTML" },
		{ "fill 1019 61" PAGE, "TEXT_ASCII+HTML" },
		{ "text \"GIF89a\"" PAGE, "GIF" },
		/* Which of two. */
		{ "text \"x\"" PAGE LETTER, "MAIL" },
		{ "text \"x\"" LETTER PAGE, "MAIL" },
		{ "text \"x\"" SAVED PAGE, "MHTML" },
		{ "text \"x\"" DOCUMENT PAGE, "HTML" },
		{ "hex ca fe ba be 00 00 00 34 00 10" PAGE, "HTML" },
		{ "hex ca fe ba be 00 00 00 34 00 10" DOCUMENT, "JAVA" },
		/* An archive silences all of them, a program what is in front of it. */
		{ "text \"xx\"" PAGE ARCHIVE, "TEXT_UTF16BE" },
		{ "hex 00 00 00 00" ARCHIVE PAGE, "BINARY_DATA" },
		{ "text \"x\"" PAGE PROGRAM, "MSEXE" },
		{ "text \"x\"" PROGRAM PAGE, "HTML" },
		{ "text \"x\"" ARCHIVE PROGRAM, "MSEXE" },
		/* A program's two marks have a distance. */
		{ "text \"x MZ\"\nfill 59 41\ntext \"PE\"\nhex 00 00", "TEXT_UTF16BE" },
		{ "text \"xxMZ\"\nfill 300 41\ntext \"PE\"\nhex 00 00", "MSEXE" },
		{ "text \"x MZ\"\nfill 301 41\ntext \"PE\"\nhex 00 00", "TEXT_UTF16BE" },
		{ "fill 510 01\nhex 55 aa 01 01", "MBR" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

TEST("behind a byte order mark pages are heard in two bytes to a letter")
{
	static const char *const cases[][2] = {
		{ "hex ff fe 61 00 3c 00 68 00 74 00 6d 00 6c 00 3e 00", "HTML_UTF16" },
		{ "hex fe ff 00 61 00 3c 00 68 00 74 00 6d 00 6c 00 3e", "HTML_UTF16" },
		{ "hex 00 61 00 3c 00 68 00 74 00 6d 00 6c 00 3e", "TEXT_UTF16BE" },
		{ "hex ff fe 61 00" PAGE, "HTML" },
		/* "%PDF-" is not */
		{ "hex ff fe 61 00 25 00 50 00 44 00 46 00 2d 00 31 00", "TEXT_UTF16LE" },
	};

	check_all(cases, ARRAY_LEN(cases));
}

static bool reads_as_mail(const char *before, size_t gap, const char *field)
{
	char text[8192];
	int len = snprintf(text, sizeof(text), "%s%*s%s", before, (int)gap, "", field);

	return type_reads_as_mail(reader_of(text, (size_t)len));
}

TEST("a letter is two fields, not too far from the start and from each other")
{
	CHECK(reads_as_mail("\nFrom: ", 0, "\nContent-Type: "));
	CHECK(reads_as_mail("x\nreceived: ", 2048, "\ncontent-type: "));
	CHECK(!reads_as_mail("\nReceived: ", 2049, "\nContent-Type: "));
	CHECK(reads_as_mail("\nDelivered-To: ", 9, "\nReceived: "));
	CHECK(!reads_as_mail("\nSubject: ", 9, "\nContent-Type: "));
	CHECK(!reads_as_mail("x From: ", 9, "\nContent-Type: "));
	CHECK(reads_as_mail("", 1024, "\nFrom: a\nMIME-Version: "));
	CHECK(!reads_as_mail("", 1025, "\nFrom: a\nMIME-Version: "));
}

static bool outranks(const char *text, bool is_start)
{
	return type_outranks_page(reader_of(text, strlen(text)), is_start);
}

TEST("letters and archives are more than a page")
{
	static const char field[] = "MIME-Version: 1\nContent-Type: b";

	CHECK(!outranks("<html>words", true));
	CHECK(outranks("x\nFrom: a\nContent-Type: b", true));
	CHECK(!outranks("x\nFrom: a\nContent-Type: b", false));
	CHECK(outranks(field, true));
	CHECK(!outranks(field, false));
	CHECK(outranks("\nMIME-Version: 1\nContent-Type: b", false));
	CHECK(outranks("x PK\3\4", false));
	CHECK(!outranks("PK\3\4", false));
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	(void)context;
	(void)words_of(bytes, len);
	(void)type_reads_as_mail(reader_of(bytes, len));
	(void)type_outranks_page(reader_of(bytes, len), true);
}

TEST("what begins alike is read within its bytes")
{
	struct recipe built;

	REQUIRE(recipe_build("hex ff fe 01 01" PAGE LETTER SAVED PROGRAM ARCHIVE,
			     &built));
	every_prefix_is_safe(look, built.bytes, built.len, NULL);
	recipe_free(&built);
}

TEST_MAIN()
