/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed PE files and rules about certificates (crb). A certificate that a rule reports
 * is a finding wherever it stands in a signature, whether that holds or not. One that
 * leads to a key of trust silences the rules of that key's own source in the file and in
 * what is inside it, and nobody else's; but never a report about a certificate.
 *
 * A catalogue (cat) of the same source whose signature leads to such a key does the same
 * for the PE files that it names, and acts like an allow entry for any file whose digest
 * it has.
 */
#include "match/certificate_rule.h"
#include "match/entry.h"
#include "scan/program_look.h"
#include "view/digest_catalog.h"
#include "view/pe_image.h"

struct signature_look {
	struct scan *scan;
	struct level *level;
	const struct pe_image *image;
	/* The signature and those in it; with compat it alone. */
	struct program_signature {
		const struct authenticode *is;
		struct certificate_names *names;
		bool knows_digest;
		bool is_of_file; /* by its digest */
	} signatures[1 + AUTHENTICODE_MORE_MAX];
	size_t signature_count;
	/* with keys of trust; beyond TRUSTING_MAX a source's keys are worth nothing */
	struct slice sources[TRUSTING_MAX];
	size_t source_count;
	struct slice source;          /* the one that is being asked */
	struct trust_anchor *anchors; /* its, TRUST_ANCHORS_MAX at most */
	size_t anchor_count;
};

typedef enum status rule_callback(struct signature_look *look, uint32_t segment,
				  uint32_t id, const struct certificate_rule *rule);

static bool has_rules(const struct database *database, enum rule_language language);
static enum status open_signature(struct signature_look *look);
static enum status walk_rules(struct signature_look *look, rule_callback *callback);
static enum status report(struct signature_look *look, uint32_t segment, uint32_t id,
			  const struct certificate_rule *rule);
static enum status note_source(struct signature_look *look, uint32_t segment, uint32_t id,
			       const struct certificate_rule *rule);
static enum status gather(struct signature_look *look, uint32_t segment, uint32_t id,
			  const struct certificate_rule *rule);
static enum status ask_source(struct signature_look *look, struct slice source);
static enum status ask_signature(struct signature_look *look,
				 struct program_signature *signature, bool *ret_trusted);
static enum status compare_digest(struct signature_look *look,
				  struct program_signature *signature);
static enum status add_signature(struct signature_look *look,
				 const struct authenticode *signature);
static bool source_of(const struct signature_look *look, uint32_t segment, uint32_t id,
		      struct slice *out);
static struct trust_setup trust_setup_of(const struct signature_look *look);
static enum status ask_catalogs(struct signature_look *look, enum catalog_of of,
				bool *ret_found);
static enum status ask_catalog(struct signature_look *look, struct slice bytes,
			       enum catalog_of of, bool *ret_found);
static enum status take_digest(struct signature_look *look, enum catalog_of of,
			       enum message_hash hash, struct message_digest *out);
static void init_anchors(struct signature_look *look);

void object_check_signature(struct scan *scan, struct level *level,
			    const struct executable *executable)
{
	struct signature_look look = { .scan = scan, .level = level };
	struct arena_mark mark = arena_mark(scan->setup->arena);

	if (!executable->pe || !has_rules(scan->setup->database, RULE_CERTIFICATE))
		return;
	look.image = executable->pe;
	init_anchors(&look);
	enum status status = look.anchors ? open_signature(&look) : STATUS_NO_MEMORY;
	if (status == STATUS_END && has_rules(scan->setup->database, RULE_CATALOG))
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = walk_rules(&look, report);
	if (status == STATUS_OK)
		status = walk_rules(&look, note_source);
	for (size_t i = 0; i < look.source_count && status == STATUS_OK; i++)
		status = ask_source(&look, look.sources[i]);
	if (status != STATUS_OK && status != STATUS_END)
		scan_incomplete(scan, level, scan_reason(status),
				look.image->directories[PE_SIGNATURES].address,
				slice_of("signature"));
	arena_rewind(scan->setup->arena, mark);
}

bool object_is_trusted(const struct scan *scan, const struct level *level,
		       struct slice source)
{
	for (size_t i = 0; i < level->trusted_by_count; i++)
		if (scan->setup->clamav_compat ||
		    slice_equal(level->trusted_by[i], source))
			return true;
	return false;
}

static bool has_rules(const struct database *database, enum rule_language language)
{
	for (size_t s = 0; s < database->segment_count; s++) {
		struct entry_range range = table_entries(&database->segments[s],
							 language);

		if (range.first < range.end)
			return true;
	}
	return false;
}

static enum status open_signature(struct signature_look *look)
{
	struct arena *arena = look->scan->setup->arena;
	struct authenticode *signature;
	enum status status = authenticode_read(look->image, arena, &signature);

	if (status != STATUS_OK)
		return status;
	/* It does not read the others. */
	if (look->scan->setup->clamav_compat)
		signature->certificate_count = signature->own_certificate_count;
	status = add_signature(look, signature);
	if (look->scan->setup->clamav_compat)
		return status;
	for (size_t i = 0; i < signature->more_count && status == STATUS_OK; i++)
		status = add_signature(look, &signature->more[i]);
	return status;
}

static enum status add_signature(struct signature_look *look,
				 const struct authenticode *signature)
{
	const struct scan_setup *setup = look->scan->setup;
	struct certificate_names *names = arena_new_array(
		setup->arena, struct certificate_names, AUTHENTICODE_CERTIFICATES_MAX);

	if (!names)
		return STATUS_NO_MEMORY;
	look->signatures[look->signature_count++] = (struct program_signature){
		.is = signature, .names = names
	};
	return trust_names(signature, setup->digest_state->digests, names);
}

/* Shows each rule about certificates; what the callback takes from the arena stays. */
static enum status walk_rules(struct signature_look *look, rule_callback *callback)
{
	const struct database *database = look->scan->setup->database;
	enum status status = STATUS_OK;

	for (uint32_t s = 0; s < database->segment_count; s++) {
		const struct tables *tables = &database->segments[s];
		struct entry_range range = table_entries(tables, RULE_CERTIFICATE);
		uint32_t first_id = table_entry_first_id(tables);

		for (uint32_t i = range.first; i < range.end && status == STATUS_OK;
		     i++) {
			struct entry_record entry = table_entry(tables, i);
			struct certificate_rule rule;
			struct slice data;

			status = table_entry_data(tables, &entry,
						  look->scan->setup->arena, &data);
			if (status == STATUS_OK && certificate_rule_read(data, &rule))
				status = callback(look, s, first_id + i, &rule);
		}
	}
	return status;
}

static bool has_certificate(const struct program_signature *signature,
			    const struct certificate_rule *rule)
{
	for (size_t i = 0; i < signature->is->certificate_count; i++)
		if (trust_anchor_is(&rule->anchor, &signature->is->certificates[i],
				    &signature->names[i]))
			return true;
	return false;
}

static enum status report(struct signature_look *look, uint32_t segment, uint32_t id,
			  const struct certificate_rule *rule)
{
	const struct pe_directory *table = &look->image->directories[PE_SIGNATURES];
	struct scan_hit hit = {
		.segment = segment,
		.rule = id,
		.offset = table->address,
		.len = table->len,
	};

	for (size_t i = 0; i < look->signature_count; i++) {
		if (!rule->is_trusted && has_certificate(&look->signatures[i], rule)) {
			object_hit(look->scan, look->level, &hit);
			break;
		}
	}
	return STATUS_OK;
}

static enum status note_source(struct signature_look *look, uint32_t segment, uint32_t id,
			       const struct certificate_rule *rule)
{
	struct slice source;

	if (!rule->is_trusted || !source_of(look, segment, id, &source))
		return STATUS_OK;
	for (size_t i = 0; i < look->source_count; i++)
		if (slice_equal(look->sources[i], source))
			return STATUS_OK;
	if (look->source_count < TRUSTING_MAX)
		look->sources[look->source_count++] = source;
	return STATUS_OK;
}

/* Do all keys of trust of a source together trust the signature? */
static enum status ask_source(struct signature_look *look, struct slice source)
{
	const struct scan_setup *setup = look->scan->setup;
	struct arena_mark mark = arena_mark(setup->arena);
	struct level *level = look->level;
	bool is_trusted = false;

	look->source = source;
	look->anchor_count = 0;
	enum status status = walk_rules(look, gather);
	for (size_t i = 0; i < look->signature_count && status == STATUS_OK; i++)
		if (!is_trusted)
			status = ask_signature(look, &look->signatures[i], &is_trusted);
	if (status == STATUS_OK && !is_trusted)
		status = ask_catalogs(look, CATALOG_PROGRAM, &is_trusted);
	if (status == STATUS_OK && is_trusted)
		level->trusted_by[level->trusted_by_count++] = source;
	arena_rewind(setup->arena, mark);
	return status;
}

static struct trust_setup trust_setup_of(const struct signature_look *look)
{
	const struct scan_setup *setup = look->scan->setup;

	return (struct trust_setup){
		.digests = setup->digest_state->digests,
		.anchors = look->anchors,
		.anchor_count = look->anchor_count,
		.now = setup->time_s,
		.clamav_compat = setup->clamav_compat,
	};
}

/* Is it trusted, and of this file? */
static enum status ask_signature(struct signature_look *look,
				 struct program_signature *signature, bool *ret_trusted)
{
	const struct trust_setup trust = trust_setup_of(look);
	bool is_trusted = false;
	enum status status = trust_check(signature->is, signature->names, &trust,
					 &is_trusted);

	if (status == STATUS_OK && is_trusted)
		status = compare_digest(look, signature);
	*ret_trusted = status == STATUS_OK && is_trusted && signature->is_of_file;
	return status;
}

static enum status gather(struct signature_look *look, uint32_t segment, uint32_t id,
			  const struct certificate_rule *rule)
{
	struct slice source;

	if (rule->is_trusted && source_of(look, segment, id, &source) &&
	    slice_equal(source, look->source) && look->anchor_count < TRUST_ANCHORS_MAX)
		look->anchors[look->anchor_count++] = rule->anchor;
	return STATUS_OK;
}

/* With compat the keys of all sources are one list. */
static bool source_of(const struct signature_look *look, uint32_t segment, uint32_t id,
		      struct slice *out)
{
	const struct scan_setup *setup = look->scan->setup;
	struct rule_info info;

	if (!database_rule(setup->database, segment, id, &info))
		return false;
	*out = setup->clamav_compat ? (struct slice){ 0 } : info.source;
	return true;
}

/* Once: is the signature one of this file? */
static enum status compare_digest(struct signature_look *look,
				  struct program_signature *signature)
{
	const struct scan_setup *setup = look->scan->setup;
	struct message_digest digest;

	if (signature->knows_digest)
		return STATUS_OK;
	enum status status = authenticode_digest(look->image, setup->arena,
						 setup->digest_state->digests,
						 signature->is->hash, &digest);
	if (status != STATUS_OK)
		return status;
	signature->knows_digest = true;
	signature->is_of_file = slice_equal((struct slice){ digest.bytes, digest.len },
					    signature->is->file_digest);
	return STATUS_OK;
}

static void init_anchors(struct signature_look *look)
{
	look->anchors = arena_new_array(look->scan->setup->arena, struct trust_anchor,
					TRUST_ANCHORS_MAX);
}

enum status object_is_in_catalog(struct scan *scan, struct level *level,
				 struct slice source, bool *out)
{
	struct signature_look look = { .scan = scan, .level = level };
	struct arena_mark mark = arena_mark(scan->setup->arena);
	enum status status = STATUS_NO_MEMORY;

	*out = false;
	if (!has_rules(scan->setup->database, RULE_CATALOG))
		return STATUS_OK;
	init_anchors(&look);
	look.source = scan->setup->clamav_compat ? (struct slice){ 0 } : source;
	if (look.anchors)
		status = walk_rules(&look, gather);
	if (status == STATUS_OK && look.anchor_count > 0)
		status = ask_catalogs(&look, CATALOG_FILE, out);
	arena_rewind(scan->setup->arena, mark);
	return status;
}

/* Those of the source that is being asked; its anchors are gathered. */
static enum status ask_catalogs(struct signature_look *look, enum catalog_of of,
				bool *ret_found)
{
	const struct scan_setup *setup = look->scan->setup;
	const struct database *database = setup->database;
	enum status status = STATUS_OK;

	for (uint32_t s = 0; s < database->segment_count; s++) {
		const struct tables *tables = &database->segments[s];
		struct entry_range range = table_entries(tables, RULE_CATALOG);
		uint32_t first_id = table_entry_first_id(tables);

		for (uint32_t i = range.first; i < range.end && status == STATUS_OK;
		     i++) {
			struct entry_record entry = table_entry(tables, i);
			struct arena_mark mark = arena_mark(setup->arena);
			struct slice source, bytes;

			if (*ret_found || !source_of(look, s, first_id + i, &source) ||
			    !slice_equal(source, look->source))
				continue;
			status = table_entry_data(tables, &entry, setup->arena, &bytes);
			if (status == STATUS_OK)
				status = ask_catalog(look, bytes, of, ret_found);
			arena_rewind(setup->arena, mark);
		}
	}
	return status;
}

/* Is its signature trusted, and does it name the object? One that is damaged does not. */
static enum status ask_catalog(struct signature_look *look, struct slice bytes,
			       enum catalog_of of, bool *ret_found)
{
	const struct trust_setup trust = trust_setup_of(look);
	struct arena *arena = look->scan->setup->arena;
	struct certificate_names *names = arena_new_array(arena, struct certificate_names,
							  AUTHENTICODE_CERTIFICATES_MAX);
	struct digest_catalog catalog;
	bool is_trusted = false;
	enum status status = names ? digest_catalog_open(bytes, arena, &catalog) :
				     STATUS_NO_MEMORY;

	if (status == STATUS_MALFORMED)
		return STATUS_OK;
	if (status == STATUS_OK && trust.clamav_compat)
		catalog.signature->certificate_count =
			catalog.signature->own_certificate_count;
	if (status == STATUS_OK)
		status = trust_names(catalog.signature, trust.digests, names);
	if (status == STATUS_OK)
		status = trust_check(catalog.signature, names, &trust, &is_trusted);
	for (unsigned hash = HASH_SHA1; hash <= HASH_SHA256 && status == STATUS_OK;
	     hash++) {
		struct message_digest digest;

		/* clamscan does not know files by SHA-256 here. */
		if (!is_trusted || *ret_found ||
		    (of == CATALOG_FILE && hash == HASH_SHA256 && trust.clamav_compat))
			continue;
		status = take_digest(look, of, (enum message_hash)hash, &digest);
		const struct catalog_question question = {
			.of = of,
			.hash = (enum message_hash)hash,
			.digest = { digest.bytes, digest.len },
		};
		if (status == STATUS_OK)
			*ret_found = digest_catalog_has(&catalog, &question);
	}
	return status;
}

static enum status take_digest(struct signature_look *look, enum catalog_of of,
			       enum message_hash hash, struct message_digest *out)
{
	const struct scan_setup *setup = look->scan->setup;
	struct digest digest;

	if (of == CATALOG_PROGRAM)
		return authenticode_digest(look->image, setup->arena,
					   setup->digest_state->digests, hash, out);
	enum status status = object_digest(
		look->scan, look->level, hash == HASH_SHA1 ? DIGEST_SHA1 : DIGEST_SHA256,
		&digest);
	if (status != STATUS_OK)
		return status;
	out->len = digest.len;
	memcpy(out->bytes, digest.bytes, digest.len);
	return STATUS_OK;
}
