/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a PE file imports, as one text: "kernel32.exitprocess,ws2_32.bind", all in lower
 * case, libraries without their ending (.dll, .ocx, .sys). Its digest is what is known
 * as an imphash, and what `imp` rules name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"
#include "view/pe_image.h"

/* Functions looked at in one file. */
enum { PE_IMPORTED_MAX = 65536 };

struct pe_imports_setup {
	struct digest_state *digest_state;
	unsigned kinds; /* of digests, a set */
	/* only what clamscan 1.4.6 sees: docs/formats/clamav-signatures.md */
	bool clamav_compat;
};

struct pe_imports {
	uint64_t len; /* of the text */
	struct digest digests[DIGEST_COUNT];
};

/*
 * Takes the digests of the text.
 *   OK     *out is right; the text may be empty
 *   END    there are no imports, or they have names that no linker writes
 *   LIMIT  more than PE_IMPORTED_MAX functions
 *   CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status pe_imports_digest(const struct pe_image *image,
					 struct arena *arena,
					 const struct pe_imports_setup *setup,
					 struct pe_imports *out);
