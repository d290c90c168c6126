/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What zlib takes apart, with whatever is around it. The parameters are an int, zlib's
 * "window bits": 8 to 15 with zlib's header, the negative of these raw, 16 more gzip, 32
 * more either. Other values are UNSUPPORTED. All memory is taken by init().
 */
#pragma once

#include "codec/codec.h"

extern const struct codec zlib_stream_codec;
