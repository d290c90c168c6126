/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deflate (RFC 1951), by way of zlib. Without parameters (NULL) raw: headers around it are
 * the unpackers' business. Otherwise the parameters are an int, zlib's "window bits": 8 to
 * 15 with zlib's header, the negative of these raw, 16 more gzip, 32 more either; other
 * values are UNSUPPORTED. The memory it needs, 48 KiB, is all taken by init().
 */
#pragma once

#include "codec/codec.h"

extern const struct codec inflate_codec;
