/* SPDX-License-Identifier: Apache-2.0 */
#include "base/compiler.h"
#include "unpack/gzip.h"
#include "unpack/html_data.h"
#include "unpack/macho_fat.h"
#include "unpack/overlay.h"
#include "unpack/screnc_text.h"
#include "unpack/tar.h"
#include "unpack/unpack.h"
#include "unpack/zip.h"

const struct unpacker *const unpackers[] = {
	&gzip_unpacker,        &html_data_unpacker,
	&macho_fat_unpacker,   &overlay_unpacker,
	&screnc_text_unpacker, &tar_unpacker,
	&zip_unpacker,         NULL,
};

/* Types that are opened as another one. */
static const struct {
	enum file_type type, as;
} aliases[] = {
	{ TYPE_OLD_TAR, TYPE_POSIX_TAR }, { TYPE_OOXML_WORD, TYPE_ZIP },
	{ TYPE_OOXML_XL, TYPE_ZIP },      { TYPE_OOXML_PPT, TYPE_ZIP },
	{ TYPE_OOXML_HWP, TYPE_ZIP },     { TYPE_HTML_UTF16, TYPE_HTML },
};

const struct unpacker *unpacker_of(enum file_type type)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (aliases[i].type == type)
			type = aliases[i].as;
	for (size_t i = 0; unpackers[i]; i++)
		if (unpackers[i]->type == type)
			return unpackers[i];
	return NULL;
}
