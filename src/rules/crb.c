/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of signed programs that are trusted, or reported:
 *
 *	Name;Trusted;Subject;Serial;Pubkey;Exponent;CodeSign;TimeSign;CertSign;
 *	NotBefore;Comment[;MinFL[;MaxFL]]
 *
 * Subject and Serial are SHA-1 digests, of the name and of the number as they stand in
 * a certificate, without tag and length; Serial may be empty. The exponent is always
 * 65537, whatever the field says: clamscan does not read it either.
 */
#include "bytes/store.h"
#include "match/certificate_rule.h"
#include "rules/languages.h"
#include "rules/line.h"

enum {
	FIELD_NAME,
	FIELD_TRUSTED,
	FIELD_SUBJECT,
	FIELD_SERIAL,
	FIELD_KEY,
	FIELD_EXPONENT,
	FIELD_CODE,
	FIELD_TIMES,
	FIELD_CERTIFICATES,
	FIELD_NOT_BEFORE,
	FIELD_COMMENT,
	FIELDS,
	FIELDS_MAX = FIELDS + 2,
	SUBJECT_AT = 1,
	SERIAL_AT = 21,
	NOT_BEFORE_AT = 41,
};

static enum status make_entry(const struct rule_line *line, const struct span *fields,
			      struct rule *rule);
static enum status put_flags(const struct rule_line *line, const struct span *fields,
			     uint8_t *ret_flags);
static enum status put_digest(const struct rule_line *line, struct span span,
			      uint8_t *out);
static enum status put_not_before(const struct rule_line *line, struct span span,
				  uint8_t *out);
static enum status put_key(const struct rule_line *line, struct span span, uint8_t *data,
			   size_t *ret_len);

enum status crb_read(struct arena *arena, struct slice text, struct rule *out,
		     struct rule_error *error)
{
	struct rule_line line = { text, arena, error };
	struct rule rule = { .language = RULE_CERTIFICATE };
	struct span fields[FIELDS_MAX];

	if (line_is_blank(text))
		return STATUS_END;
	size_t count = line_split(&line, line_whole(&line), ';', fields, FIELDS_MAX);
	if (count < FIELDS || count > FIELDS_MAX)
		return line_refuse(&line, line_whole(&line), STATUS_MALFORMED,
				   "not 11 fields, and perhaps two feature levels");
	enum status status = line_name(&line, fields[FIELD_NAME], &rule);
	if (status == STATUS_OK)
		status = line_feature_levels(&line, &fields[FIELDS], count - FIELDS);
	if (status == STATUS_OK)
		status = make_entry(&line, fields, &rule);
	if (status == STATUS_OK)
		*out = rule;
	return status;
}

static enum status make_entry(const struct rule_line *line, const struct span *fields,
			      struct rule *rule)
{
	size_t digits = span_len(fields[FIELD_KEY]);
	uint8_t *data = arena_alloc(line->arena,
				    CERTIFICATE_RULE_HEAD_LEN + digits / 2 + 1);
	size_t key_len = 0;

	if (!data)
		return STATUS_NO_MEMORY;
	enum status status = put_flags(line, fields, &data[0]);
	if (status == STATUS_OK)
		status = put_digest(line, fields[FIELD_SUBJECT], &data[SUBJECT_AT]);
	if (status == STATUS_OK && span_len(fields[FIELD_SERIAL]) > 0) {
		data[0] |= CERTIFICATE_RULE_SERIAL;
		status = put_digest(line, fields[FIELD_SERIAL], &data[SERIAL_AT]);
	}
	if (status == STATUS_OK)
		status = put_not_before(line, fields[FIELD_NOT_BEFORE],
					&data[NOT_BEFORE_AT]);
	if (status == STATUS_OK)
		status = put_key(line, fields[FIELD_KEY], data, &key_len);
	if (status != STATUS_OK)
		return status;
	if (data[0] & CERTIFICATE_RULE_TRUSTED)
		rule->flags |= RULE_FINDS_NOTHING;
	rule->entry_kind = data[0] & CERTIFICATE_RULE_TRUSTED;
	rule->data = (struct slice){ data, CERTIFICATE_RULE_HEAD_LEN + key_len };
	return STATUS_OK;
}

static enum status put_flags(const struct rule_line *line, const struct span *fields,
			     uint8_t *ret_flags)
{
	static const struct {
		size_t field;
		uint8_t flag;
	} bits[] = {
		{ FIELD_TRUSTED, CERTIFICATE_RULE_TRUSTED },
		{ FIELD_CODE, CERTIFICATE_RULE_CODE },
		{ FIELD_TIMES, CERTIFICATE_RULE_TIMES },
		{ FIELD_CERTIFICATES, CERTIFICATE_RULE_CERTIFICATES },
	};

	for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
		struct span span = fields[bits[i].field];

		if (line_is(line, span, "1"))
			*ret_flags |= bits[i].flag;
		else if (!line_is(line, span, "0"))
			return line_refuse(line, span, STATUS_MALFORMED,
					   "this is 0 or 1");
	}
	return STATUS_OK;
}

static enum status put_digest(const struct rule_line *line, struct span span,
			      uint8_t *out)
{
	struct digest digest;

	if (!digest_parse(line_slice(line, span), &digest) || digest.len != 20)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a SHA-1 digest has 40 hexadecimal digits");
	memcpy(out, digest.bytes, digest.len);
	return STATUS_OK;
}

static enum status put_not_before(const struct rule_line *line, struct span span,
				  uint8_t *out)
{
	uint64_t seconds = 0;

	if (span_len(span) > 0 && !line_number(line, span, INT64_MAX, &seconds))
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a time is seconds since 1970, or empty");
	store_u64le(out, seconds);
	return STATUS_OK;
}

static enum status put_key(const struct rule_line *line, struct span span, uint8_t *data,
			   size_t *ret_len)
{
	size_t len = 0;

	if (span_len(span) % 2 != 0 || span_len(span) == 0)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "a key is pairs of hexadecimal digits");
	for (size_t at = span.start; at < span.end; at += 2) {
		int high = line_digit(line, at);
		int low = line_digit(line, at + 1);

		if (high < 0 || low < 0)
			return line_refuse(line, (struct span){ at, at + 2 },
					   STATUS_MALFORMED,
					   "a key is pairs of hexadecimal digits");
		/* Zeros in front are none of the number. */
		if (len > 0 || (high | low) != 0)
			data[CERTIFICATE_RULE_HEAD_LEN + len++] = (uint8_t)(high << 4 |
									    low);
	}
	*ret_len = len;
	return STATUS_OK;
}
