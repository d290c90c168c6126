/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a few bytes at the start cannot tell: is what follows them shaped like the format?
 * These are asked only after the bytes in the magic table were found, and look at fixed
 * places alone. They say yes to damaged files of their format, and no to other files
 * that merely begin alike.
 */
#pragma once

#include "type/sample.h"

typedef bool shape_function(const struct sample *sample);

/* shape.c: archives, programs, documents, pictures and sound */
shape_function shape_ace, shape_arc, shape_arj, shape_asar, shape_bmp, shape_bzip2,
	shape_compress, shape_cpio_newc, shape_cpio_odc, shape_cpio_old_be,
	shape_cpio_old_le, shape_dbx, shape_icon, shape_java, shape_lha, shape_lzma,
	shape_macho_fat, shape_mp3, shape_pnm, shape_python2, shape_python3, shape_swf,
	shape_sfnt, shape_uimage, shape_zoo;

/* disk.c: disks and file systems */
shape_function shape_apm, shape_ext, shape_fat, shape_hfs, shape_hfsplus, shape_jffs2,
	shape_mbr, shape_udf, shape_xfs;
