/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS #7 and certificates are OpenSSL's. All that it works with is of our own library
 * context, so that no file is opened and no configuration read.
 */
#include "cvd/sign.h"

#include <limits.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/field.h"

static const char properties[] = "provider=default,-fips";

/* The signed bytes, read as OpenSSL asks for them. */
struct content {
	struct source source;
	uint64_t at;
	enum status status;
};

static enum status verify_line(struct cvd_sign *sign, struct slice base64,
			       const struct source *content);
static X509_STORE *make_store(const struct cvd_sign *sign);
static bool add_certificates(const struct cvd_sign *sign, X509_STORE *store,
			     struct slice pem);
static enum status read_signature(struct cvd_sign *sign, struct slice base64,
				  PKCS7 **out);
static bool is_strong(PKCS7 *signature);
static enum status verify(struct cvd_sign *sign, PKCS7 *signature, X509_STORE *store,
			  const struct source *content);
static void name_signer(struct cvd_sign *sign, PKCS7 *signature);
static int read_content(BIO *bio, char *out, int len);

static enum status refuse(struct cvd_sign *sign, const char *reason)
{
	sign->reason = reason;
	return STATUS_MALFORMED;
}

enum status cvd_sign_verify(struct cvd_sign *sign, struct slice text,
			    struct source content)
{
	struct reader lines = reader_of_slice(text);
	enum status status = STATUS_MALFORMED;
	struct slice line;

	if (!reader_line(&lines, &line) || !slice_is(line, "#clamsign-1.0"))
		return refuse(sign, "it is no detached signature of ClamAV's");
	sign->reason = "it holds no signature of a known form";
	while (status == STATUS_MALFORMED && reader_line(&lines, &line)) {
		struct slice fields[4];

		if (field_split(line, ':', fields, 4) == 4 &&
		    slice_is(fields[2], "pkcs7-pem"))
			status = verify_line(sign, fields[3], &content);
	}
	ERR_clear_error();
	return status;
}

static enum status verify_line(struct cvd_sign *sign, struct slice base64,
			       const struct source *content)
{
	PKCS7 *signature = NULL;
	X509_STORE *store = make_store(sign);
	enum status status = STATUS_NO_MEMORY;

	if (store)
		status = read_signature(sign, base64, &signature);
	if (status == STATUS_OK && !is_strong(signature))
		status = refuse(sign, "its signature is of a weak digest");
	if (status == STATUS_OK)
		status = verify(sign, signature, store, content);
	X509_STORE_free(store);
	PKCS7_free(signature);
	return status;
}

/* Two files of one MD5 or SHA-1 can be made; who signs one of them signs both. */
static bool is_strong(PKCS7 *signature)
{
	STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(signature);

	for (int i = 0; i < sk_PKCS7_SIGNER_INFO_num(signers); i++) {
		const PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(signers, i);
		int digest = OBJ_obj2nid(signer->digest_alg->algorithm);

		if (digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512)
			return false;
	}
	return true;
}

static X509_STORE *make_store(const struct cvd_sign *sign)
{
	X509_STORE *store = X509_STORE_new();

	/* Nor keys and certificates of less than 112 bits. */
	if (store)
		X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store), 2);
	for (size_t i = 0; store && i < sign->certificate_count; i++) {
		if (add_certificates(sign, store, sign->certificates[i]))
			continue;
		X509_STORE_free(store);
		store = NULL;
	}
	return store;
}

/* All that can be read of the text. False: no memory. */
static bool add_certificates(const struct cvd_sign *sign, X509_STORE *store,
			     struct slice pem)
{
	BIO *bio = pem.len > INT_MAX ? NULL : BIO_new_mem_buf(pem.base, (int)pem.len);
	bool ok = bio != NULL;

	while (ok) {
		X509 *certificate = X509_new_ex(sign->digests->library, properties);
		ok = certificate != NULL;
		if (!ok || !PEM_read_bio_X509(bio, &certificate, NULL, NULL)) {
			X509_free(certificate);
			break;
		}
		ok = X509_STORE_add_cert(store, certificate) == 1;
		X509_free(certificate);
	}
	BIO_free(bio);
	return ok;
}

static enum status read_signature(struct cvd_sign *sign, struct slice base64, PKCS7 **out)
{
	static const char damaged[] = "its signature is damaged";
	const unsigned char *at;
	uint8_t *der;

	if (base64.len > CVD_SIGN_BYTES_MAX || base64.len % 4 != 0 || base64.len == 0)
		return refuse(sign, damaged);
	PKCS7 *signature = PKCS7_new_ex(sign->digests->library, NULL);
	der = arena_alloc(sign->arena, base64.len);
	if (!signature || !der) {
		PKCS7_free(signature);
		return STATUS_NO_MEMORY;
	}
	int len = EVP_DecodeBlock(der, base64.base, (int)base64.len);
	at = der;
	if (len <= 0 || !d2i_PKCS7(&signature, &at, len) ||
	    !PKCS7_type_is_signed(signature) || PKCS7_get_detached(signature) != 1) {
		PKCS7_free(signature);
		return refuse(sign, damaged);
	}
	*out = signature;
	return STATUS_OK;
}

static enum status verify(struct cvd_sign *sign, PKCS7 *signature, X509_STORE *store,
			  const struct source *content)
{
	struct content reading = { .source = *content, .status = STATUS_OK };
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "content");
	BIO *bio = NULL;
	enum status status = STATUS_NO_MEMORY;

	if (method && BIO_meth_set_read(method, read_content) == 1)
		bio = BIO_new_ex(sign->digests->library, method);
	if (bio) {
		BIO_set_data(bio, &reading);
		BIO_set_init(bio, 1);
		int good = PKCS7_verify(signature, NULL, store, bio, NULL, PKCS7_BINARY);
		status = reading.status;
		if (status == STATUS_OK && good != 1)
			status = refuse(
				sign,
				"signed by nobody who is trusted, or of another file");
	}
	if (status == STATUS_OK)
		name_signer(sign, signature);
	BIO_free(bio);
	BIO_meth_free(method);
	return status;
}

static void name_signer(struct cvd_sign *sign, PKCS7 *signature)
{
	STACK_OF(X509) *signers = PKCS7_get0_signers(signature, NULL, 0);

	sign->signer[0] = '\0';
	if (signers && sk_X509_num(signers) > 0)
		(void)X509_NAME_get_text_by_NID(
			X509_get_subject_name(sk_X509_value(signers, 0)), NID_commonName,
			sign->signer, sizeof(sign->signer));
	sk_X509_free(signers);
}

static int read_content(BIO *bio, char *out, int len)
{
	struct content *content = BIO_get_data(bio);
	size_t got = 0;

	if (len <= 0 || content->status != STATUS_OK)
		return 0;
	content->status = source_read(&content->source, content->at, out, (size_t)len,
				      &got);
	content->at += got;
	return content->status == STATUS_OK ? (int)got : -1;
}
