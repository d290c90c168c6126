/* SPDX-License-Identifier: Apache-2.0 */
#include "type/type.h"

#include "test.h"

TEST("every type has a name of its own, and is found by it")
{
	for (int i = 0; i < TYPE_COUNT; i++) {
		const char *name = type_name((enum file_type)i);
		enum file_type found = TYPE_ANY;

		CHECK(strlen(name) > 0);
		CHECK(type_parse(slice_of(name), &found));
		CHECK_EQ(found, i);
	}
}

TEST("names are exact")
{
	enum file_type type = TYPE_GIF;

	CHECK(!type_parse(slice_of("zip"), &type));
	CHECK(!type_parse(slice_of("ZIP "), &type));
	CHECK(!type_parse(slice_of("CL_TYPE_ZIP"), &type));
	CHECK(!type_parse(slice_of(""), &type));
	CHECK_EQ(type, TYPE_GIF);
	CHECK(type_parse(slice_of("7Z"), &type));
	CHECK_EQ(type, TYPE_SEVENZ);
}

static const char *const clamav_names[] = {
	"ANY",
	"TEXT_ASCII",
	"TEXT_UTF8",
	"TEXT_UTF16LE",
	"TEXT_UTF16BE",
	"BINARY_DATA",
	"IGNORED",
	"MSEXE",
	"ELF",
	"MACHO",
	"MACHO_UNIBIN",
	"JAVA",
	"PYTHON_COMPILED",
	"POSIX_TAR",
	"OLD_TAR",
	"CPIO_OLD",
	"CPIO_ODC",
	"CPIO_NEWC",
	"CPIO_CRC",
	"GZ",
	"ZIP",
	"BZ",
	"RAR",
	"ARJ",
	"MSSZDD",
	"MSCAB",
	"MSCHM",
	"SIS",
	"7Z",
	"XAR",
	"XZ",
	"EGG",
	"LHA_LZH",
	"ALZ",
	"BINHEX",
	"TNEF",
	"UUENCODED",
	"CRYPTFF",
	"MSOLE2",
	"PDF",
	"RTF",
	"SWF",
	"PS",
	"OOXML_WORD",
	"OOXML_PPT",
	"OOXML_XL",
	"OOXML_HWP",
	"HWP3",
	"ONENOTE",
	"HTML_UTF16",
	"SCRIPT",
	"SCRENC",
	"INTERNAL",
	"GRAPHICS",
	"GIF",
	"PNG",
	"JPEG",
	"TIFF",
	"RIFF",
	"HTML",
	"MAIL",
	"MHTML",
	"XDP",
	"XML_WORD",
	"XML_XL",
	"XML_HWP",
	"HWPOLE2",
	"LNK",
	"SFX",
	"ZIPSFX",
	"RARSFX",
	"7ZSFX",
	"CABSFX",
	"ARJSFX",
	"EGGSFX",
	"NULSFT",
	"AUTOIT",
	"ISHIELD_MSI",
	"MBR",
	"GPT",
	"APM",
	"DMG",
	"ISO9660",
	"UDF",
	"PART_ANY",
	"PART_HFSPLUS",
};

TEST("the names that ClamAV's rules use are all there")
{
	for (size_t i = 0; i < sizeof(clamav_names) / sizeof(clamav_names[0]); i++) {
		enum file_type type;
		CHECK(type_parse(slice_of(clamav_names[i]), &type));
		CHECK(!type_is_ours(type));
	}
}

TEST("targets")
{
	static const struct {
		enum file_type type;
		unsigned target;
	} targets[] = {
		{ TYPE_MSEXE, 1 },        { TYPE_MSOLE2, 2 },
		{ TYPE_HTML, 3 },         { TYPE_HTML_UTF16, 3 },
		{ TYPE_MAIL, 4 },         { TYPE_PNG, 5 },
		{ TYPE_GRAPHICS, 5 },     { TYPE_ELF, 6 },
		{ TYPE_TEXT_ASCII, 7 },   { TYPE_TEXT_UTF16BE, 7 },
		{ TYPE_SCRIPT, 7 },       { TYPE_MACHO, 9 },
		{ TYPE_PDF, 10 },         { TYPE_SWF, 11 },
		{ TYPE_JAVA, 12 },        { TYPE_INTERNAL, 13 },
		{ TYPE_BINARY_DATA, 14 }, { TYPE_PYTHON_COMPILED, 14 },
		{ TYPE_ZIP, 0 },          { TYPE_GZ, 0 },
		{ TYPE_ANY, 0 },          { TYPE_ZSTD, 14 },
		{ TYPE_OGG, 14 },         { TYPE_SQLITE, 14 },
	};

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		CHECK_EQ(type_target(targets[i].type), targets[i].target);
	for (int i = 0; i < TYPE_COUNT; i++)
		CHECK(type_target((enum file_type)i) < TARGET_COUNT);
}

TEST("what has to be opened is a container, and nothing is exempt from being looked at")
{
	static const enum file_type containers[] = {
		TYPE_ZIP,  TYPE_GZ,       TYPE_RAR,  TYPE_PDF,      TYPE_MSOLE2,
		TYPE_HTML, TYPE_MAIL,     TYPE_RTF,  TYPE_ZSTD,     TYPE_AR,
		TYPE_RPM,  TYPE_SQUASHFS, TYPE_EXT,  TYPE_NTFS,     TYPE_VMDK,
		TYPE_LUKS, TYPE_LZIP,     TYPE_LZMA, TYPE_COMPRESS, TYPE_WIM,
	};
	static const enum file_type leaves[] = {
		TYPE_TEXT_ASCII, TYPE_BINARY_DATA, TYPE_MSEXE, TYPE_ELF,    TYPE_PNG,
		TYPE_OGG,        TYPE_SQLITE,      TYPE_FONT,  TYPE_SCRIPT,
	};

	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		CHECK_EQ(type_kind(containers[i]), TYPE_CONTAINER);
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		CHECK_EQ(type_kind(leaves[i]), TYPE_LEAF);
}

TEST_MAIN()
