/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw deflate (RFC 1951), by way of zlib: no zlib or gzip header around it, those are
 * the unpackers' business. Takes no parameters (NULL). The memory it needs, about
 * 40 KiB, is all taken by init().
 */
#pragma once

#include "codec/codec.h"

extern const struct codec inflate_codec;
