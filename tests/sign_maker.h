/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures (.sign) made in a test, with keys of the moment.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"

/* Somebody: a key and a certificate that vouches for itself. */
struct sign_maker;

struct sign_maker *sign_maker_new(const char *name);
void sign_maker_free(struct sign_maker *maker);

/* The certificate in PEM; valid as long as the maker. */
struct slice sign_maker_pem(const struct sign_maker *maker);

/* The text of a .sign file; `digest` is OpenSSL's name of one. malloc()ed. */
char *sign_maker_sign(const struct sign_maker *maker, struct slice content,
		      const char *digest);
