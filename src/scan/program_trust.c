/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed PE files and rules about certificates (crb). A certificate that a rule reports
 * is a finding wherever it stands in a signature, whether that holds or not. One that
 * leads to a key of trust silences the rules of that key's own source in the file and in
 * what is inside it, and nobody else's; but never a report about a certificate.
 */
#include "match/certificate_rule.h"
#include "match/entry.h"
#include "scan/program_look.h"
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

static bool has_rules(const struct database *database);
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

void object_check_signature(struct scan *scan, struct level *level,
			    const struct executable *executable)
{
	struct signature_look look = { .scan = scan, .level = level };
	struct arena_mark mark = arena_mark(scan->setup->arena);

	if (!executable->pe || !has_rules(scan->setup->database))
		return;
	look.image = executable->pe;
	enum status status = open_signature(&look);
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

static bool has_rules(const struct database *database)
{
	for (size_t s = 0; s < database->segment_count; s++) {
		struct entry_range range = table_entries(&database->segments[s],
							 RULE_CERTIFICATE);

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
	look->anchors = arena_new_array(arena, struct trust_anchor, TRUST_ANCHORS_MAX);
	if (!look->anchors)
		return STATUS_NO_MEMORY;
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
	if (status == STATUS_OK && is_trusted)
		level->trusted_by[level->trusted_by_count++] = source;
	arena_rewind(setup->arena, mark);
	return status;
}

/* Is it trusted, and of this file? */
static enum status ask_signature(struct signature_look *look,
				 struct program_signature *signature, bool *ret_trusted)
{
	const struct scan_setup *setup = look->scan->setup;
	const struct trust_setup trust = {
		.digests = setup->digest_state->digests,
		.anchors = look->anchors,
		.anchor_count = look->anchor_count,
		.now = setup->time_s,
		.clamav_compat = setup->clamav_compat,
	};
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
