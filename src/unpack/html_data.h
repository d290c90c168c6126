/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "unpack/unpack.h"

/* Pages of HTML: what their data: URIs (RFC 2397) hold. */
extern const struct unpacker html_data_unpacker;
