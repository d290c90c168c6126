/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bzip2, by way of libbz2. Takes no parameters (NULL). All memory, about 4 MiB whatever
 * the data says, is taken by init().
 */
#pragma once

#include "codec/codec.h"

extern const struct codec bzip2_codec;
