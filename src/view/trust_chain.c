/* SPDX-License-Identifier: Apache-2.0 */
#include "view/trust_chain.h"

#include "base/checked.h"

struct chain {
	const struct authenticode *signature;
	const struct certificate_names *names;
	const struct trust_setup *setup;
	bool is_trusted[AUTHENTICODE_CERTIFICATES_MAX];
	enum status status; /* why nothing could be told */
};

static void trust_directly(struct chain *chain);
static bool trust_more(struct chain *chain);
static bool has_issuer(struct chain *chain, size_t index);
static bool issued_by_anchor(struct chain *chain, size_t index,
			     const struct trust_anchor *anchor);
static bool issued_by(struct chain *chain, size_t index, size_t issuer);
static bool certificate_is_by(struct chain *chain, const struct certificate *certificate,
			      const struct public_key *key);
static bool key_signed(struct chain *chain, const struct public_key *key,
		       enum message_hash hash, const struct message_digest *digest,
		       struct slice signature);
static bool signature_holds(struct chain *chain);
static bool signer_holds(struct chain *chain, const struct authenticode_signer *signer,
			 struct slice content, unsigned use, size_t *ret_certificate);
static bool attributes_hold(struct chain *chain, const struct authenticode_signer *signer,
			    const struct public_key *key);
static bool stamp_holds(struct chain *chain, const struct authenticode_stamp *stamp);
static bool is_valid_at(const struct certificate *certificate, int64_t time);
static bool is_among(unsigned uses, unsigned allowed);
static bool is_digest_of(struct chain *chain, enum message_hash hash, struct slice bytes,
			 struct slice digest);

static const uint8_t anchor_exponent[] = { 1, 0, 1 };

enum status trust_names(const struct authenticode *signature,
			const struct digests *digests, struct certificate_names *out)
{
	for (size_t i = 0; i < signature->certificate_count; i++) {
		const struct certificate *certificate = &signature->certificates[i];
		const struct {
			struct slice bytes;
			uint8_t *digest;
		} wanted[] = {
			{ certificate->subject, out[i].subject },
			{ certificate->issuer, out[i].issuer },
			{ certificate->serial, out[i].serial },
		};

		for (size_t j = 0; j < ARRAY_LEN(wanted); j++) {
			struct message_digest digest;
			enum status status = message_digest_of(digests, HASH_SHA1,
							       wanted[j].bytes, &digest);

			if (status != STATUS_OK)
				return status;
			memcpy(wanted[j].digest, digest.bytes, sizeof(out[i].subject));
		}
	}
	return STATUS_OK;
}

bool trust_anchor_is(const struct trust_anchor *anchor,
		     const struct certificate *certificate,
		     const struct certificate_names *names)
{
	struct slice modulus = certificate->key.rsa.modulus;

	while (modulus.len > 0 && modulus.base[0] == 0)
		modulus = (struct slice){ &modulus.base[1], modulus.len - 1 };
	return memcmp(anchor->subject_sha1, names->subject, sizeof(names->subject)) ==
		       0 &&
	       (!anchor->has_serial ||
		memcmp(anchor->serial_sha1, names->serial, sizeof(names->serial)) == 0) &&
	       slice_equal(anchor->modulus, modulus);
}

enum status trust_check(const struct authenticode *signature,
			const struct certificate_names *names,
			const struct trust_setup *setup, bool *ret_trusted)
{
	struct chain chain = { .signature = signature, .names = names, .setup = setup };

	*ret_trusted = false;
	if (!signature->signer.is_there)
		return STATUS_OK;
	trust_directly(&chain);
	while (trust_more(&chain))
		;
	bool holds = signature_holds(&chain);
	if (chain.status == STATUS_OK)
		*ret_trusted = holds;
	return chain.status;
}

static void trust_directly(struct chain *chain)
{
	const struct authenticode *signature = chain->signature;

	for (size_t i = 0; i < signature->certificate_count; i++) {
		const struct certificate *certificate = &signature->certificates[i];

		for (size_t j = 0; j < chain->setup->anchor_count; j++) {
			const struct trust_anchor *anchor = &chain->setup->anchors[j];

			if (trust_anchor_is(anchor, certificate, &chain->names[i]) &&
			    is_among(certificate->uses, anchor->uses) &&
			    certificate->not_before >= anchor->not_before)
				chain->is_trusted[i] = true;
		}
	}
}

/* One more certificate that is signed by a trusted key. False: there is none. */
static bool trust_more(struct chain *chain)
{
	for (size_t i = 0; i < chain->signature->certificate_count; i++) {
		if (chain->is_trusted[i] || !has_issuer(chain, i))
			continue;
		chain->is_trusted[i] = true;
		return true;
	}
	return false;
}

static bool has_issuer(struct chain *chain, size_t index)
{
	if (chain->setup->clamav_compat &&
	    chain->signature->certificates[index].key.is_ec)
		return false;
	for (size_t i = 0; i < chain->setup->anchor_count; i++)
		if (issued_by_anchor(chain, index, &chain->setup->anchors[i]))
			return true;
	for (size_t i = 0; i < chain->signature->certificate_count; i++)
		if (chain->is_trusted[i] && issued_by(chain, index, i))
			return true;
	return false;
}

static bool issued_by_anchor(struct chain *chain, size_t index,
			     const struct trust_anchor *anchor)
{
	const struct certificate *certificate = &chain->signature->certificates[index];
	const struct public_key key = {
		.rsa = {
			anchor->modulus,
			{ anchor_exponent, sizeof(anchor_exponent) },
		},
	};

	return (anchor->uses & CERTIFICATE_SIGNS_CERTIFICATES) &&
	       is_among(certificate->uses, anchor->uses) &&
	       memcmp(anchor->subject_sha1, chain->names[index].issuer,
		      sizeof(anchor->subject_sha1)) == 0 &&
	       certificate_is_by(chain, certificate, &key);
}

static bool issued_by(struct chain *chain, size_t index, size_t issuer)
{
	const struct certificate *certificate = &chain->signature->certificates[index];
	const struct certificate *by = &chain->signature->certificates[issuer];

	if (by->is_no_authority && !chain->setup->clamav_compat)
		return false;
	return (by->uses & CERTIFICATE_SIGNS_CERTIFICATES) &&
	       is_among(certificate->uses, by->uses) &&
	       slice_equal(certificate->issuer, by->subject) &&
	       certificate_is_by(chain, certificate, &by->key);
}

static bool certificate_is_by(struct chain *chain, const struct certificate *certificate,
			      const struct public_key *key)
{
	struct message_digest digest;
	enum status status = message_digest_of(chain->setup->digests, certificate->hash,
					       certificate->signed_part, &digest);

	if (status == STATUS_OK)
		return key_signed(chain, key, certificate->hash, &digest,
				  certificate->signature);
	chain->status = status;
	return false;
}

static bool key_signed(struct chain *chain, const struct public_key *key,
		       enum message_hash hash, const struct message_digest *digest,
		       struct slice signature)
{
	bool holds = false;
	enum status status = key->is_ec ? ec_verify(chain->setup->digests, &key->ec,
						    digest, signature, &holds) :
					  rsa_verify(&key->rsa, hash, digest, signature,
						     &holds);

	if (status != STATUS_OK)
		chain->status = status;
	return holds;
}

static bool signature_holds(struct chain *chain)
{
	const struct authenticode *signature = chain->signature;
	const struct authenticode_signer *stamper = &signature->stamper;
	const struct certificate *certificates = signature->certificates;
	size_t signer_index, stamper_index;
	int64_t time = chain->setup->now;

	if (!signer_holds(chain, &signature->signer, signature->content,
			  CERTIFICATE_SIGNS_CODE, &signer_index))
		return false;
	if (stamper->is_there) {
		if (!stamper->has_time ||
		    !signer_holds(chain, stamper, signature->signer.signature,
				  CERTIFICATE_SIGNS_TIMES, &stamper_index) ||
		    !(chain->setup->clamav_compat ||
		      is_valid_at(&certificates[stamper_index], stamper->time)))
			return false;
		time = stamper->time;
	}
	for (size_t i = 0; i < signature->stamp_count && time == chain->setup->now; i++)
		if (!chain->setup->clamav_compat && !stamper->is_there &&
		    stamp_holds(chain, &signature->stamps[i]))
			time = signature->stamps[i].time;
	return is_valid_at(&certificates[signer_index], time);
}

static bool stamp_holds(struct chain *chain, const struct authenticode_stamp *stamp)
{
	size_t index;

	return is_digest_of(chain, stamp->hash, chain->signature->signer.signature,
			    stamp->imprint) &&
	       signer_holds(chain, &stamp->signer, stamp->content,
			    CERTIFICATE_SIGNS_TIMES, &index) &&
	       is_valid_at(&chain->signature->certificates[index], stamp->time);
}

/* A signer's certificate among the trusted ones, whose signature of `content` holds. */
static bool signer_holds(struct chain *chain, const struct authenticode_signer *signer,
			 struct slice content, unsigned use, size_t *ret_certificate)
{
	for (size_t i = 0; i < chain->signature->certificate_count; i++) {
		const struct certificate *certificate =
			&chain->signature->certificates[i];

		if (!chain->is_trusted[i] || !(certificate->uses & use) ||
		    !slice_equal(certificate->issuer, signer->issuer) ||
		    !slice_equal(certificate->serial, signer->serial))
			continue;
		*ret_certificate = i;
		return is_digest_of(chain, signer->hash, content,
				    signer->message_digest) &&
		       attributes_hold(chain, signer, &certificate->key);
	}
	return false;
}

static bool attributes_hold(struct chain *chain, const struct authenticode_signer *signer,
			    const struct public_key *key)
{
	static const uint8_t set = 0x31;
	struct slice rest = { &signer->attributes.base[1], signer->attributes.len - 1 };
	struct message_digester digester;
	struct message_digest digest;
	enum status status = message_digest_begin(&digester, chain->setup->digests,
						  signer->hash);

	if (status != STATUS_OK) {
		chain->status = status;
		return false;
	}
	message_digest_update(&digester, (struct slice){ &set, 1 });
	message_digest_update(&digester, rest);
	message_digest_end(&digester, &digest);
	return key_signed(chain, key, signer->hash, &digest, signer->signature);
}

static bool is_valid_at(const struct certificate *certificate, int64_t time)
{
	return time >= certificate->not_before && time <= certificate->not_after;
}

/* May somebody who may sign `allowed` let another sign `uses`? At least one thing. */
static bool is_among(unsigned uses, unsigned allowed)
{
	return uses != 0 && (uses & ~allowed) == 0;
}

static bool is_digest_of(struct chain *chain, enum message_hash hash, struct slice bytes,
			 struct slice digest)
{
	struct message_digest got;
	enum status status = message_digest_of(chain->setup->digests, hash, bytes, &got);

	if (status != STATUS_OK) {
		chain->status = status;
		return false;
	}
	return slice_equal((struct slice){ got.bytes, got.len }, digest);
}
