/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "gen.h"
#include "prefix.h"
#include "programs.h"
#include "recipe.h"
#include "test.h"
#include "type/type.h"

static struct types detect(const uint8_t *bytes, size_t len)
{
	size_t head = len < TYPE_HEAD_LEN ? len : TYPE_HEAD_LEN;
	size_t tail = len < TYPE_TAIL_LEN ? len : TYPE_TAIL_LEN;

	return type_detect(reader_of(bytes, head), reader_of(bytes + len - tail, tail),
			   len);
}

/* "PRIMARY+ALSO+ALSO" */
static const char *words_of(struct types types)
{
	static char text[256];
	size_t len = 0;

	len += (size_t)snprintf(text, sizeof(text), "%s", type_name(types.primary));
	for (size_t i = 0; i < types.also_count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "+%s",
					type_name(types.also[i]));
	return text;
}

static void check(const char *recipe, const char *want)
{
	struct recipe built;

	if (!recipe_build(recipe, &built)) {
		printf("# %s\n# %s\n", recipe, built.error);
		CHECK(false);
		return;
	}
	if (!CHECK_STR(words_of(detect(built.bytes, built.len)), want))
		printf("# %s\n", recipe);
	recipe_free(&built);
}

/* An end record of an empty zip. */
#define ZIP_END "\nhex 50 4b 05 06\nfill 18 00"

static const char *const one_of_each[][2] = {
	{ "", "EMPTY" },
	{ "text \"MZ\"\nto 64 00", "MSEXE" },
	{ "hex 7f 45 4c 46 02 01 01 00", "ELF" },
	{ "hex cf fa ed fe 07 00 00 01", "MACHO" },
	{ "hex ca fe ba be 00 00 00 02 01 00 00 07", "MACHO_UNIBIN" },
	{ "hex ca fe ba be 00 00 00 34 00 10", "JAVA" },
	{ "text \"dex\\n035\"\nhex 00 01 02", "DEX" },
	{ "hex 00 61 73 6d 01 00 00 00", "WASM" },
	{ "le 2 3495\nhex 0d 0a 00 00 00 00", "PYTHON_COMPILED" },
	{ "le 2 62211\nhex 0d 0a 00 00 00 00", "PYTHON_COMPILED" },
	{ "hex 50 4b 03 04 14 00 00 00", "ZIP" },
	{ "hex 50 4b 05 06\nfill 18 00", "ZIP" },
	{ "hex 50 4b 07 08 50 4b 03 04", "ZIP" },
	{ "hex 1f 8b 08 00 00 00 00 00", "GZ" },
	{ "text \"BZh91AY&SY\"\nhex 00 01", "BZ" },
	{ "text \"BZh9\"\nhex 17 72 45 38 50 90 00", "BZ" },
	{ "hex fd 37 7a 58 5a 00 00 04", "XZ" },
	{ "hex 37 7a bc af 27 1c 00 04", "7Z" },
	{ "text \"Rar!\"\nhex 1a 07 00 cf", "RAR" },
	{ "text \"Rar!\"\nhex 1a 07 01 00", "RAR" },
	{ "hex 28 b5 2f fd 04", "ZSTD" },
	{ "hex 5e 2a 4d 18 00 00 00 00", "ZSTD" },
	{ "hex 04 22 4d 18 64", "LZ4" },
	{ "text \"LZIP\"\nhex 01 0c", "LZIP" },
	{ "hex 5d 00 00 80 00 ff ff ff ff ff ff ff ff 00 1d 0a c4 8c", "LZMA" },
	{ "hex 1f 9d 90 1f 00 41", "COMPRESS" },
	{ "text \"MSCF\"\nfill 4 00", "MSCAB" },
	{ "text \"SZDD\"\nhex 88 f0 27 33 41", "MSSZDD" },
	{ "text \"KWAJ\"\nhex 88 f0 27 d1", "KWAJ" },
	{ "text \"ITSF\"\nhex 03 00 00 00", "MSCHM" },
	{ "hex 60 ea 2b 00 22 0b 01 02", "ARJ" },
	{ "hex 24 36\ntext \"-lh5-\"\nto 20 01\nhex 02 00", "LHA_LZH" },
	{ "hex 00 00 31 00 00 00 90\ntext \"**ACE**\"", "ACE" },
	{ "hex 1a 02\ntext \"NAME.EXT\"\nto 15 00\nle 4 10\nto 60 41", "ARC" },
	{ "text \"ZOO 2.10 Archive.\"\nhex 1a 00 00 dc a7 c4 fd", "ZOO" },
	{ "text \"xar!\"\nhex 00 1c 00 01", "XAR" },
	{ "text \"!<arch>\\n\"\nhex 00", "AR" },
	{ "hex ed ab ee db 03 00", "RPM" },
	{ "text \"070701\"\nfill 104 30", "CPIO_NEWC" },
	{ "text \"070702\"\nfill 104 41", "CPIO_CRC" },
	{ "text \"070707\"\nfill 70 37", "CPIO_ODC" },
	{ "hex c7 71\nfill 4 00\nle 2 0x81a4\nto 20 00\nle 2 5\nto 26 00\ntext "
	  "\"name\"",
	  "CPIO_OLD" },
	{ "hex 71 c7\nfill 4 00\nbe 2 0x81a4\nto 20 00\nbe 2 5\nto 26 00\ntext "
	  "\"name\"",
	  "CPIO_OLD" },
	{ "hex 78 9f 3e 22 01 00", "TNEF" },
	{ "hex d0 cf 11 e0 a1 b1 1a e1 00", "MSOLE2" },
	{ "hex 00 10 00 00 d0 cf 11 e0 a1 b1 1a e1", "HWPOLE2" },
	{ "text \"%PDF-1.7\\n\"", "PDF" },
	{ "text \"{\\\\rtf1\"", "RTF" },
	{ "text \"{\\\\rt\"", "RTF" },
	{ "text \"CWS\"\nhex 0a 00 10 00 00", "SWF" },
	{ "text \"%!PS-Adobe-3.0\\n\"", "PS" },
	{ "hex 4c 00 00 00 01 14 02 00 00 00 00 00 c0 00 00 00 00 00 00 46", "LNK" },
	{ "text \"SQLite format 3\"\nhex 00 10", "SQLITE" },
	{ "hex 89 50 4e 47 0d 0a 1a 0a", "PNG" },
	{ "hex ff d8 ff e0", "JPEG" },
	{ "text \"GIF89a\"\nhex 01 00", "GIF" },
	{ "text \"RIFF\"\nhex 24 00 00 00\ntext \"WAVE\"", "RIFF" },
	{ "text \"BM\"\nle 4 100\nle 4 0\nle 4 54\nle 4 40", "GRAPHICS" },
	{ "hex 00 00 01 00 01 00 10 10 00 00 01 00 08 00\nle 4 64\nle 4 22\nto "
	  "90 11",
	  "PICTURE" },
	{ "text \"OggS\"\nhex 00 02", "OGG" },
	{ "text \"ID3\"\nhex 03 00", "MP3" },
	{ "hex ff fb 90 64 00", "MP3" },
	{ "hex 00 00 00 18\ntext \"ftypmp42\"", "MP4" },
	{ "hex 1a 45 df a3 01", "MKV" },
	{ "hex 00 01 00 00 00 10 01 00", "FONT" },
	{ "text \"wOF2\"\nhex 00 01 00 00", "FONT" },
};

TEST("one of each")
{
	for (size_t i = 0; i < sizeof(one_of_each) / sizeof(one_of_each[0]); i++)
		check(one_of_each[i][0], one_of_each[i][1]);
}

TEST("disks and file systems")
{
	static const char *const samples[][2] = {
		{ "to 446 90\nhex 80 00 01 00 83 fe ff ff\nle 4 1\nle 4 100\nto 510 "
		  "00\nhex 55 aa\n"
		  "to 4096 00",
		  "MBR" },
		{ "to 510 90\nhex 55 aa\nto 1024 00", "BINARY_DATA" },
		{ "to 446 90\nfill 64 00\nhex 55 aa\nto 1024 00", "BINARY_DATA" },
		{ "hex eb 3c 90\ntext \"mkfs.fat\"\nle 2 512\nhex 04\nle 2 1\nhex 02\nle "
		  "2 512\n"
		  "le 2 2880\nhex f0\nto 510 00\nhex 55 aa",
		  "FAT" },
		{ "hex eb 52 90\ntext \"NTFS    \"\nto 510 00\nhex 55 aa", "NTFS" },
		{ "to 512 00\ntext \"EFI PART\"\nhex 00 00 01 00", "GPT" },
		{ "text \"ER\"\nbe 2 512\nto 512 00\ntext \"PM\"\nle 2 0\nbe 4 3",
		  "APM" },
		{ "to 1024 00\nle 4 100\nle 4 400\nto 1080 00\nhex 53 ef\nto 2048 00",
		  "EXT" },
		{ "to 1080 00\nhex 53 ef\nto 2048 00", "BINARY_DATA" },
		{ "to 1024 00\ntext \"H+\"\nbe 2 4\nto 1064 00\nbe 4 4096\nto 2048 00",
		  "PART_HFSPLUS" },
		{ "to 32769 00\ntext \"CD001\"\nhex 01", "ISO9660" },
		{ "to 32769 00\ntext \"BEA01\"\nto 34817 00\ntext \"NSR03\"", "UDF" },
		{ "to 32769 00\ntext \"CD001\"\nto 34817 00\ntext \"BEA01\"\nto 36865 "
		  "00\n"
		  "text \"NSR02\"",
		  "ISO9660+UDF" },
		{ "to 32 00\ntext \"NXSB\"\nto 4096 00", "APFS" },
		{ "text \"hsqs\"\nhex 05 00", "SQUASHFS" },
		{ "text \"QFI\"\nhex fb 00 00 00 03", "QCOW2" },
		{ "text \"LUKS\"\nhex ba be 00 02", "LUKS" },
		{ "text \"KDMV\"\nhex 01 00 00 00", "VMDK" },
		{ "to 2000 11\ntext \"koly\"\nbe 4 4\nto 2512 00", "DMG" },
		{ "to 2000 11\ntext \"conectix\"\nto 2512 00", "VHD" },
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		check(samples[i][0], samples[i][1]);
}

TEST("text that begins like something else stays text")
{
	static const char *const texts[] = {
		"BZh91 is what a bzip2 file begins with",
		"BZh9 and more",
		"MZ was Mark Zbikowski",
		"PK means Phil Katz",
		"MSCF is a cabinet",
		"MSCF\\n\\n\\n\\n",
		"Rar! is short for Roshal archive",
		"ID3 tags are for music",
		"RIFF and RIFX",
		"OggS",
		"BM is for bitmaps",
		"ZOO story",
		"FWS or CWS",
		"LUKS is for disks",
		"begin 644 with words\\nand go on with words",
		"070701 was a Sunday",
		"070707070707 is a number",
		"P1 2 3",
		"ITSF",
		"conectix",
		"-lh5- is a method",
		"a-lh5-? no",
		"xar! is an archiver",
		"koly",
		"ustar",
		"%PD",
		"# Disk Descriptor",
		"true story",
		"moov and ftyp",
	};
	char recipe[256];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(recipe, sizeof(recipe), "text \"%s\"", texts[i]);
		check(recipe, "TEXT_ASCII");
		snprintf(recipe, sizeof(recipe), "text \"%s\"\nto 2000 20", texts[i]);
		check(recipe, "TEXT_ASCII");
	}
}

TEST("text of every kind")
{
	check("text \"hello\\n\"", "TEXT_ASCII");
	check("text \"gr\\xc3\\xbc\\xc3\\x9f\"", "TEXT_UTF8");
	check("hex ff fe 61 00 62 00", "TEXT_UTF16LE");
	check("hex fe ff 00 61 00 62", "TEXT_UTF16BE");
	check("text \"a\"\nhex 00 01 02", "BINARY_DATA");
	check("text \"#!/bin/sh\\necho\\n\"", "SCRIPT");
	check("text \"#! /usr/bin/env python3\\n\"", "SCRIPT");
	check("text \"#!important\"", "TEXT_ASCII");
	check("text \"<?php echo '<html>';\"", "SCRIPT");
	check("text \"<html>\"", "HTML");
	check("hex ef bb bf\ntext \"<html>\"", "HTML");
	check("text \"<html>\"\nhex 00", "HTML");
	check("hex ff fe 3c 00 68 00 74 00 6d 00 6c 00 3e 00", "HTML_UTF16");
	check("text \"From: a\\nMessage-ID: <1>\\n\\n\"", "MAIL");
	check("text \"WARC/1.0\\r\\n\"", "TEXT_ASCII+WARC");
	check("text \"!<arch>\\n\"", "TEXT_ASCII+AR");
}

TEST("encoded scripts, and texts that have some")
{
	check("text \"#@\" \"~^AAAA\"", "SCRENC");
	check("text \"#@\" \"~^AwAAAA==C(m\"", "SCRENC");
	check("text \"// a\\n#@\" \"~^AwAAAA==C(m\"", "TEXT_ASCII+SCRENC");
	check("text \"<html>#@~^ #@\" \"~^AwAAAA==C(m\"", "HTML+SCRENC");
	check("hex ff fe 2f 00 23 00 40 00 7e 00 5e 00 41 00 41 00 41 00 41 00 41 00 41 "
	      "00 "
	      "3d 00 3d 00",
	      "TEXT_UTF16LE+SCRENC");
	check("text \"the sign is #@\" \"~^, they say =\"", "TEXT_ASCII");
	check("text \"the sign is #@\" \"~^......==\"", "TEXT_ASCII");
	check("text \"the sign is #@\" \"~^AAAA\"", "TEXT_ASCII");
	check("hex 7f\ntext \"#@\" \"~^AwAAAA==C(m\"", "BINARY_DATA+SCRENC");
	check("text \"GIF89a#@\" \"~^AwAAAA==C(m\"", "GIF");
}

TEST("a file that is two things is both")
{
	check("text \"MZ\"\nto 3000 00" ZIP_END, "MSEXE+ZIP");
	check("text \"GIF89a\"\nto 3000 00" ZIP_END, "GIF+ZIP");
	check("text \"%PDF-1.4\\n\"\nto 3000 00" ZIP_END, "PDF+ZIP");
	check("text \"#!/bin/sh\\n\"\nto 3000 20" ZIP_END, "SCRIPT+ZIP");
	check("text \"some words\"\nto 5000 20" ZIP_END, "TEXT_ASCII+ZIP");
	check("to 5000 77" ZIP_END, "TEXT_ASCII+ZIP");
	check("to 5000 01" ZIP_END, "ZIP");
	check("hex 50 4b 03 04\nto 3000 00" ZIP_END, "ZIP");
	/* the longest comment */
	check("text \"MZ\"\nto 3000 00\nhex 50 4b 05 06\nfill 16 00\nhex ff ff\nfill "
	      "65535 21",
	      "MSEXE+ZIP");
	check("text \"MZ\"\nto 500 00\ntext \"%PDF-1.4\\n1 0 obj\"\nto 3000 00\ntext "
	      "\"%%EOF\\n\"",
	      "MSEXE+PDF");
	check("text \"MZ\"\nto 1025 00\ntext \"%PDF-1.4\\n1 0 obj\"\nto 3000 00\ntext "
	      "\"%%EOF\\n\"",
	      "MSEXE");
	check("text \"a program that looks for %PDF-1.4 in files\"\nto 3000 20",
	      "TEXT_ASCII");
	check("hex 7f 45 4c 46 02 01 01 00\ntext \"AI\"\nhex 02 00", "ELF+APPIMAGE");
	check("text \"MZ\"\nto 3000 00\ntext \"MEI\"\nhex 0c 0b 0a 0b 0e\nto 3088 00",
	      "MSEXE+PYINSTALLER");
	check("to 446 90\nhex 80 00 01 00 17 fe ff ff\nle 4 1\nle 4 100\nto 510 00\nhex "
	      "55 aa\n"
	      "to 32769 00\ntext \"CD001\"\nhex 01",
	      "ISO9660+MBR");
}

TEST("a program whose file goes on behind it is seen")
{
	static uint8_t bytes[2048];
	struct pe_wish wish = { .section_len = 1000 };
	size_t len = pe_make(bytes, &wish);

	CHECK_STR(words_of(detect(bytes, len)), "MSEXE");
	CHECK_STR(words_of(detect(bytes, len + 1)), "MSEXE+SFX");
	/* A zip there is found in what stands there; one in the program is not. */
	memcpy(bytes + len + 10, "PK\5\6", 4);
	CHECK_STR(words_of(detect(bytes, len + 32)), "MSEXE+SFX");
	wish.signature_at = (uint32_t)len + 5;
	pe_make(bytes, &wish);
	CHECK_STR(words_of(detect(bytes, len + 32)), "MSEXE+SFX+ZIP");
	memcpy(bytes + 600, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
	CHECK_STR(words_of(detect(bytes, len)), "MSEXE+ZIP");
	len = elf_make(bytes, 500, 32, 1);
	CHECK_STR(words_of(detect(bytes, len)), "ELF");
	CHECK_STR(words_of(detect(bytes, len + 1)), "ELF+SFX");
}

/* A tar header for a name that is something else's magic. */
static void tar_header(uint8_t block[512], const void *name, size_t len, bool has_magic)
{
	unsigned sum = 0;

	memset(block, 0, 512);
	memcpy(block, name, len);
	memcpy(block + 124, "00000000000", 11);
	if (has_magic)
		memcpy(block + 257,
		       "ustar\0"
		       "00",
		       8);
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

TEST("tar, with and without its magic, and under other names")
{
	uint8_t block[512];

	tar_header(block, "a.txt", 5, true);
	CHECK_STR(words_of(detect(block, 512)), "POSIX_TAR");
	tar_header(block, "a.txt", 5, false);
	CHECK_STR(words_of(detect(block, 512)), "OLD_TAR");
	block[3] ^= 1;
	CHECK_STR(words_of(detect(block, 512)), "BINARY_DATA");
	tar_header(block, "MZ\x90", 3, false);
	CHECK_STR(words_of(detect(block, 512)), "MSEXE+OLD_TAR");
	tar_header(block, "%PDF-1.4\n", 9, true);
	CHECK_STR(words_of(detect(block, 512)), "PDF+POSIX_TAR");
	block[300] ^= 1;
	CHECK_STR(words_of(detect(block, 512)), "PDF+POSIX_TAR");
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	(void)context;
	struct types types = detect(bytes, len);

	CHECK(types.also_count <= TYPES_ALSO_MAX);
	for (size_t i = 0; i < types.also_count; i++)
		CHECK(type_kind(types.also[i]) == TYPE_CONTAINER &&
		      types.also[i] != types.primary);
}

TEST("every prefix is safe")
{
	static const char *const recipes[] = {
		"text \"From: a\\nMIME-Version: 1.0\\nContent-Type: multipart/related; "
		"x\\n\\n\"",
		"text \"<?xml version='1.0'?><!-- c --><x><script>\"",
		"hex 50 4b 03 04\nto 26 00\nle 2 6\nle 2 0\ntext \"_rels/\"\nhex 50 4b "
		"03 04\n"
		"to 62 00\nle 2 5\nle 2 0\ntext \"word/\"" ZIP_END,
		"text \"MZ\"\nto 400 00\ntext \"%PDF-1.4 obj\"\nto 446 00\nhex 80\nto "
		"450 01\n"
		"fill 16 02\nto 510 00\nhex 55 aa\nto 1024 00\ntext \"H+\"\nto 1080 "
		"04\nhex 53 ef\n"
		"to 1200 00\ntext \"%%EOF\"",
		"text \"begin 644 x\\n#86)C\\n`\\nend\\n\"",
		"hex ff fe 3c 00 68 00 74 00 6d 00 6c 00 3e 00",
	};

	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		struct recipe built;
		REQUIRE(recipe_build(recipes[i], &built));
		every_prefix_is_safe(look, built.bytes, built.len, NULL);
		recipe_free(&built);
	}
}

TEST("random bytes with magic in them are safe")
{
	struct gen gen = gen_start();
	static uint8_t bytes[34 * 1024];
	static const char *const signs[] = { "PK\3\4", "PK\5\6", "%PDF-1.", "CD001",
					     "ustar" };

	for (int round = 0; round < 300; round++) {
		size_t len = 1 + gen_below(&gen, sizeof(bytes));

		gen_bytes(&gen, bytes, len);
		for (int i = 0; i < 20; i++) {
			const char *sign = signs[gen_below(&gen, 5)];
			size_t at = gen_below(&gen, len);
			if (at + strlen(sign) <= len)
				memcpy(bytes + at, sign, strlen(sign));
		}
		look(bytes, len, NULL);
	}
}

TEST_MAIN()
