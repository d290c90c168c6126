/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/message_digest.h"
#include "scanning.h"
#include "signing.h"
#include "test.h"
#include "text_buffer.h"

enum { SIGNATURE_AT = 1024, FILE_MAX = 8192 };

/* A program with "marker" in it, signed by a leaf whose issuer is the root. */
struct signed_file {
	struct signing signing;
	struct digests digests;
	uint8_t bytes[FILE_MAX];
	size_t len;
};

static void put(struct signed_file *file, size_t at, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		file->bytes[at + i] = (uint8_t)(value >> (8 * i));
}

static bool digest_file(struct signed_file *file, struct message_digest *out)
{
	/* Around the checksum at 152 and the directory's entry at 216. */
	const struct slice pieces[] = {
		{ file->bytes, 152 },
		{ file->bytes + 156, 216 - 156 },
		{ file->bytes + 224, SIGNATURE_AT - 224 },
	};
	struct message_digester digester;

	if (message_digest_begin(&digester, &file->digests, HASH_SHA256) != STATUS_OK)
		return false;
	for (size_t i = 0; i < 3; i++)
		message_digest_update(&digester, pieces[i]);
	message_digest_end(&digester, out);
	return true;
}

/* With another signature in it that only the inner one's certificates vouch for. */
static bool make_with(struct signed_file *file, bool is_nested)
{
	static const struct certificate_wish leaf = { .subject = SIGNING_LEAF,
						      .for_code = true,
						      .no_certificates = true };
	static const struct certificate_wish root = { .subject = SIGNING_ROOT };
	struct signature_wish wish = { .stamp = NULL };
	struct message_digest digest;

	memset(file, 0, sizeof(*file));
	signing_open(&file->signing);
	if (!CHECK(digests_load(&file->digests) == STATUS_OK))
		return false;
	memcpy(file->bytes, "MZ", 2);
	put(file, 60, 64, 4);
	memcpy(file->bytes + 64, "PE", 2);
	put(file, 64 + 6, 1, 2);
	put(file, 64 + 20, 224, 2);
	put(file, 88, 0x10b, 2);
	put(file, 88 + 32, 0x1000, 4);
	put(file, 88 + 36, 0x200, 4);
	put(file, 88 + 60, 0x200, 4);
	put(file, 88 + 92, 16, 4);
	put(file, 88 + 224 + 12, 0x1000, 4);
	put(file, 88 + 224 + 16, 0x200, 4);
	put(file, 88 + 224 + 20, 0x200, 4);
	memcpy(file->bytes + 512, "a marker", 8);
	if (!CHECK(digest_file(file, &digest)))
		return false;
	wish.file_digest = (struct slice){ digest.bytes, digest.len };
	wish.certificates[0] = signing_certificate(&file->signing, &leaf);
	wish.certificates[1] = signing_certificate(&file->signing, &root);
	if (is_nested) {
		struct signature_wish outer = { .is_forged = true };

		outer.file_digest = wish.file_digest;
		outer.further = signing_signature(&file->signing, &wish);
		wish = outer;
	}
	struct slice signature = signing_signature(&file->signing, &wish);
	put(file, SIGNATURE_AT, 8 + signature.len, 4);
	put(file, SIGNATURE_AT + 6, 2, 2);
	memcpy(file->bytes + SIGNATURE_AT + 8, signature.base, signature.len);
	file->len = SIGNATURE_AT + 8 + signature.len;
	put(file, 216, SIGNATURE_AT, 4);
	put(file, 220, 8 + signature.len, 4);
	return true;
}

static bool make(struct signed_file *file)
{
	return make_with(file, false);
}

static void drop(struct signed_file *file)
{
	signing_close(&file->signing);
	digests_clear(&file->digests);
}

static void add_hex(struct text_buffer *line, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		text_add(line, "%02x", bytes.base[i]);
}

static void add_sha1(struct signed_file *file, struct text_buffer *line,
		     struct slice bytes)
{
	struct message_digest digest = { 0 };

	CHECK(message_digest_of(&file->digests, HASH_SHA1, bytes, &digest) == STATUS_OK);
	add_hex(line, (struct slice){ digest.bytes, digest.len });
}

/* A line of crb about somebody's certificate. */
static void rule_about(struct signed_file *file, enum signing_who who,
		       const char *name_and_trust, struct text_buffer *line)
{
	text_clear(line);
	text_add(line, "%s", name_and_trust);
	add_sha1(file, line, signing_name(&file->signing, who));
	text_add(line, ";");
	add_sha1(file, line, signing_serial(&file->signing, who));
	text_add(line, ";");
	add_hex(line, signing_modulus(&file->signing, who));
	text_add(line, ";010001;1;1;1;0;\n");
}

#define MARKER "Marker:0:*:6d61726b6572\n"

static size_t hits(struct signed_file *file, const struct rule_text *rules, bool compat)
{
	struct scanning *scanning = scanning_open(rules);

	scanning->clamav_compat = compat;
	scanning_run(scanning, file->bytes, file->len);
	size_t count = scanning_count(scanning, "hit ");
	scanning_close(scanning);
	return count;
}

TEST("who trusts a signature finds nothing in the file, others do")
{
	struct signed_file file;
	struct text_buffer line;

	REQUIRE(make(&file));
	rule_about(&file, SIGNING_ROOT, "Trust;1;", &line);
	const struct rule_text same[] = { { "a.ndb", MARKER, "a" },
					  { "a.crb", line.text, "a" },
					  { 0 } };
	const struct rule_text others[] = { { "a.ndb", MARKER, "a" },
					    { "b.crb", line.text, "b" },
					    { 0 } };
	CHECK_EQ(hits(&file, same, false), 0);
	CHECK_EQ(hits(&file, others, false), 1);
	CHECK_EQ(hits(&file, others, true), 0);
	file.bytes[600] ^= 1;
	CHECK_EQ(hits(&file, same, false), 1);
	file.bytes[600] ^= 1;
	file.len++;
	CHECK_EQ(hits(&file, same, false), 1);
	drop(&file);
}

TEST("keys of two sources are two lists")
{
	static const char nobody[] = "Nobody;1;"
				     "0000000000000000000000000000000000000000;;"
				     "c0ffee;010001;1;1;1;0;\n";
	struct signed_file file;
	struct text_buffer line;

	REQUIRE(make(&file));
	rule_about(&file, SIGNING_LEAF, "Trust;1;", &line);
	const struct rule_text rules[] = { { "a.ndb", MARKER, "a" },
					   { "a.crb", nobody, "a" },
					   { "b.crb", line.text, "b" },
					   { "b.ndb", MARKER, "b" },
					   { 0 } };
	CHECK_EQ(hits(&file, rules, false), 1);
	drop(&file);
}

TEST("a certificate that is reported is a finding, trusted or not, whole or not")
{
	struct text_buffer trust, report;
	struct signed_file file;

	REQUIRE(make(&file));
	rule_about(&file, SIGNING_ROOT, "Trust;1;", &trust);
	rule_about(&file, SIGNING_LEAF, "Report;0;", &report);
	const struct rule_text rules[] = { { "a.ndb", MARKER, "a" },
					   { "a.crb", trust.text, "a" },
					   { "b.crb", report.text, "a" },
					   { 0 } };
	struct scanning *scanning = scanning_open(rules);
	scanning_run(scanning, file.bytes, file.len);
	CHECK_EQ(scanning_count(scanning, "hit "), 1);
	CHECK(scanning_told(scanning, "hit  Report"));
	file.bytes[600] ^= 1;
	scanning_run(scanning, file.bytes, file.len);
	CHECK_EQ(scanning_count(scanning, "hit "), 2);
	scanning_close(scanning);
	drop(&file);
}

TEST("a signature in the signature counts like it, but not for clamscan")
{
	struct text_buffer trust, report;
	struct signed_file file;

	REQUIRE(make_with(&file, true));
	rule_about(&file, SIGNING_ROOT, "Trust;1;", &trust);
	rule_about(&file, SIGNING_LEAF, "Report;0;", &report);
	const struct rule_text trusting[] = { { "a.ndb", MARKER, "a" },
					      { "a.crb", trust.text, "a" },
					      { 0 } };
	const struct rule_text reporting[] = { { "a.crb", report.text, "a" }, { 0 } };
	CHECK_EQ(hits(&file, trusting, false), 0);
	CHECK_EQ(hits(&file, trusting, true), 1);
	CHECK_EQ(hits(&file, reporting, false), 1);
	CHECK_EQ(hits(&file, reporting, true), 0);
	file.bytes[600] ^= 1;
	CHECK_EQ(hits(&file, trusting, false), 1);
	drop(&file);
}

static struct slice make_catalog(struct signed_file *file, struct slice digest,
				 bool is_of_file, bool is_forged)
{
	static const struct certificate_wish leaf = { .subject = SIGNING_LEAF,
						      .for_code = true,
						      .no_certificates = true };
	struct catalog_wish wish = { .digest = digest,
				     .is_of_file = is_of_file,
				     .is_forged = is_forged };

	wish.certificates[0] = signing_certificate(&file->signing, &leaf);
	return signing_catalog(&file->signing, &wish);
}

/* How often the marker is found with the catalogue beside it, in its source or not. */
static size_t hits_with(struct signed_file *file, struct slice catalog,
			const char *source, bool compat)
{
	struct text_buffer trust;

	rule_about(file, SIGNING_ROOT, "Trust;1;", &trust);
	const struct rule_text rules[] = {
		{ "a.ndb", MARKER, "a" },
		{ "a.cat", (const char *)catalog.base, source },
		{ "a.crb", trust.text, source },
		{ 0 },
	};
	return hits(file, rules, compat);
}

/* Without its signature. */
static void take_signature_off(struct signed_file *file)
{
	put(file, 216, 0, 8);
	file->len = SIGNATURE_AT;
}

TEST("a program in a catalogue is trusted as if it were signed")
{
	struct signed_file file;
	struct message_digest digest;

	REQUIRE(make(&file));
	REQUIRE(digest_file(&file, &digest));
	struct slice is = { digest.bytes, digest.len };
	struct slice good = make_catalog(&file, is, false, false);
	struct slice forged = make_catalog(&file, is, false, true);
	struct slice of_file = make_catalog(&file, is, true, false);
	take_signature_off(&file);
	CHECK_EQ(hits_with(&file, good, "a", false), 0);
	CHECK_EQ(hits_with(&file, good, "a", true), 0);
	CHECK_EQ(hits_with(&file, good, "b", false), 1);
	CHECK_EQ(hits_with(&file, good, "b", true), 0);
	CHECK_EQ(hits_with(&file, forged, "a", false), 1);
	CHECK_EQ(hits_with(&file, of_file, "a", false), 1);
	file.bytes[600] ^= 1;
	CHECK_EQ(hits_with(&file, good, "a", false), 1);
	drop(&file);
}

TEST("a file in a catalogue is as in a list of allowed ones; clamscan asks SHA-1 alone")
{
	static const enum message_hash hashes[] = { HASH_SHA1, HASH_SHA256 };
	struct signed_file file;

	REQUIRE(make(&file));
	/* No program at all. */
	file.bytes[0] = 'X';
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		struct message_digest digest;

		REQUIRE(message_digest_of(&file.digests, hashes[i],
					  (struct slice){ file.bytes, file.len },
					  &digest) == STATUS_OK);
		struct slice is = { digest.bytes, digest.len };
		struct slice good = make_catalog(&file, is, true, false);
		struct slice forged = make_catalog(&file, is, true, true);
		struct slice program = make_catalog(&file, is, false, false);
		CHECK_EQ(hits_with(&file, good, "a", false), 0);
		CHECK_EQ(hits_with(&file, good, "a", true), i);
		CHECK_EQ(hits_with(&file, good, "b", false), 1);
		CHECK_EQ(hits_with(&file, forged, "a", false), 1);
		CHECK_EQ(hits_with(&file, program, "a", false), 1);
	}
	drop(&file);
}

TEST_MAIN()
