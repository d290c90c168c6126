/* SPDX-License-Identifier: Apache-2.0 */
/* What is behind the headers of a PE file: version information, imports, icons, signatures. */
#include <assert.h>

#include "match/icon_rule.h"
#include "view/executable.h"
#include "view/pe_icons.h"
#include "view/pe_imports.h"
#include "view/pe_version.h"
#include "view/trust_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_version(const struct executable *executable, struct arena *arena,
			    uint64_t size)
{
	for (int compat = 0; compat < 2; compat++) {
		struct pe_version version = { 0 };
		enum status status = pe_version_read(executable->pe, arena, compat,
						     &version);

		assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
		assert(version.count <= PE_VERSION_PAIRS_MAX);
		for (size_t i = 0; i < version.count; i++)
			assert(version.pairs[i] < size);
	}
}

static void look_at_imports(const struct executable *executable, struct arena *arena,
			    struct digest_state *state)
{
	for (int compat = 0; compat < 2; compat++) {
		const struct pe_imports_setup setup = { state, DIGEST_BIT_MD5, compat };
		struct pe_imports imports = { 0 };
		enum status status = pe_imports_digest(executable->pe, arena, &setup,
						       &imports);

		assert(status == STATUS_OK || status == STATUS_END ||
		       status == STATUS_LIMIT || status == STATUS_NO_MEMORY);
		if (status == STATUS_OK)
			assert(imports.digests[DIGEST_MD5].len == 16);
	}
}

static void look_at_icons(const struct executable *executable, struct arena *arena)
{
	struct pe_icons icons = { 0 };
	enum status status = pe_icons_read(executable->pe, arena, &icons);

	assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	assert(icons.count <= PE_ICONS_MAX);
	for (size_t i = 0; i < icons.count; i++) {
		const struct icon_look *look = &icons.looks[i];
		unsigned like = icon_likeness(look, look);
		char digits[ICON_DIGITS + 1];

		assert(look->side == 16 || look->side == 24 || look->side == 32);
		for (size_t j = 0; j < (size_t)ICON_KINDS * ICON_AREAS_EACH; j++) {
			const struct icon_area *area =
				&look->areas[j / ICON_AREAS_EACH][j % ICON_AREAS_EACH];

			assert(area->x + look->side / 4 < look->side);
			assert(area->y + look->side / 4 <= look->side);
		}
		assert(icon_is_coloured(look) ? like == 100 : like >= 70 && like <= 83);
		icon_digits(look, digits);
		assert(strlen(digits) == ICON_DIGITS);
	}
}

/* Everybody's own keys are trusted, so that chains are followed. */
static enum status follow(const struct authenticode *signature,
			  const struct digests *digests)
{
	struct certificate_names names[AUTHENTICODE_CERTIFICATES_MAX];
	struct trust_anchor anchors[4] = { 0 };
	struct trust_setup setup = { digests, anchors, 0, 1780000000, false };
	enum status status = trust_names(signature, digests, names);
	bool is_trusted;

	if (status != STATUS_OK)
		return status;
	while (setup.anchor_count < signature->certificate_count &&
	       setup.anchor_count < 4) {
		size_t i = setup.anchor_count++;
		struct slice modulus = signature->certificates[i].key.rsa.modulus;

		memcpy(anchors[i].subject_sha1, names[i].subject, 20);
		anchors[i].modulus = modulus;
		if (modulus.len > 0)
			anchors[i].modulus = (struct slice){ &modulus.base[1],
							     modulus.len - 1 };
		anchors[i].uses = 7;
	}
	return trust_check(signature, names, &setup, &is_trusted);
}

static void look_at_signature(const struct executable *executable, struct arena *arena,
			      const struct digests *digests)
{
	struct authenticode *signature;
	struct message_digest digest;
	enum status status = authenticode_read(executable->pe, arena, &signature);

	assert(status == STATUS_OK || status == STATUS_END || status == STATUS_NO_MEMORY);
	if (status != STATUS_OK)
		return;
	assert(signature->certificate_count <= AUTHENTICODE_CERTIFICATES_MAX);
	status = follow(signature, digests);
	assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	status = authenticode_digest(executable->pe, arena, digests, signature->hash,
				     &digest);
	assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct digests digests;
	static struct digest_state state;
	struct source source = source_of_memory(data, size);
	struct executable executable = { 0 };
	struct arena arena;

	if (!state.digests)
		assert(digests_load(&digests) == STATUS_OK &&
		       digest_state_init(&state, &digests) == STATUS_OK);
	arena_init(&arena, 8 << 20);
	if (executable_parse(&source, TYPE_MSEXE, &arena, &executable) == STATUS_OK) {
		assert(executable.pe);
		look_at_version(&executable, &arena, size);
		look_at_imports(&executable, &arena, &state);
		look_at_icons(&executable, &arena);
		look_at_signature(&executable, &arena, &digests);
	}
	arena_clear(&arena);
	return 0;
}
