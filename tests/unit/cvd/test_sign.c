/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures are made here, with keys of the moment. */
#include "cvd/sign.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include "test.h"

static const char content[] = "what is signed";

static struct digests digests;
static struct arena arena;
static struct cvd_sign sign;

/* A certificate that vouches for itself, in PEM; its key in *ret_key. */
static X509 *make_certificate(const char *name, EVP_PKEY **ret_key)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_NAME_new();

	*ret_key = EVP_EC_gen("P-256");
	if (!certificate || !subject || !*ret_key)
		abort();
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_subject_name(certificate, subject);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, *ret_key);
	if (X509_sign(certificate, *ret_key, EVP_sha256()) <= 0)
		abort();
	X509_NAME_free(subject);
	return certificate;
}

static struct slice pem_of(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct slice kept;
	char *text;

	if (!bio || PEM_write_bio_X509(bio, certificate) != 1)
		abort();
	long len = BIO_get_mem_data(bio, &text);
	if (!arena_copy(&arena, (struct slice){ (uint8_t *)text, (size_t)len }, &kept))
		abort();
	BIO_free(bio);
	return kept;
}

/* The text of a .sign file. */
static char *make_sign(X509 *certificate, EVP_PKEY *key)
{
	BIO *bio = BIO_new_mem_buf(content, sizeof(content) - 1);
	PKCS7 *signature = PKCS7_sign(certificate, key, NULL, bio,
				      PKCS7_DETACHED | PKCS7_BINARY);
	unsigned char *der = NULL;
	int len = i2d_PKCS7(signature, &der);
	char *base64 = calloc(1, (size_t)len * 2 + 8), *text;

	if (len <= 0 || !base64)
		abort();
	EVP_EncodeBlock((unsigned char *)base64, der, len);
	if (asprintf(&text, "#clamsign-1.0\n230::pkcs7-pem:%s\n", base64) < 0)
		abort();
	free(base64);
	OPENSSL_free(der);
	PKCS7_free(signature);
	BIO_free(bio);
	return text;
}

static enum status verify(const char *text, const char *of)
{
	return cvd_sign_verify(&sign, slice_of(text), source_of_memory(of, strlen(of)));
}

static struct slice trusted[2];

static void begin(void)
{
	arena_init(&arena, 4 << 20);
	if (digests_load(&digests) != STATUS_OK)
		abort();
	sign = (struct cvd_sign){ .certificates = trusted,
				  .certificate_count = 1,
				  .digests = &digests,
				  .arena = &arena };
}

static void end(void)
{
	arena_clear(&arena);
	digests_clear(&digests);
}

TEST("a signature is of its file, by somebody who is trusted")
{
	EVP_PKEY *key, *other_key;
	X509 *certificate = make_certificate("Somebody", &key);
	X509 *other = make_certificate("Other", &other_key);
	char *text = make_sign(certificate, key);

	begin();
	trusted[0] = pem_of(certificate);
	CHECK_EQ(verify(text, content), STATUS_OK);
	CHECK_STR(sign.signer, "Somebody");
	CHECK_EQ(verify(text, "what is signee"), STATUS_MALFORMED);
	CHECK_STR(sign.reason, "signed by nobody who is trusted, or of another file");
	CHECK_EQ(verify(text, ""), STATUS_MALFORMED);
	trusted[0] = pem_of(other);
	CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	trusted[1] = pem_of(certificate);
	sign.certificate_count = 2;
	CHECK_EQ(verify(text, content), STATUS_OK);
	sign.certificate_count = 0;
	CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	end();
	free(text);
	X509_free(certificate);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other_key);
}

TEST("what is no signature is refused, wherever it ends")
{
	EVP_PKEY *key;
	X509 *certificate = make_certificate("Somebody", &key);
	char *text = make_sign(certificate, key);

	begin();
	trusted[0] = pem_of(certificate);
	CHECK_EQ(verify("", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-2.0\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n", content), STATUS_MALFORMED);
	CHECK_STR(sign.reason, "it holds no signature of a known form");
	CHECK_EQ(verify("#clamsign-1.0\n230::other:AAAA\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n230::pkcs7-pem:\n", content), STATUS_MALFORMED);
	CHECK_EQ(verify("#clamsign-1.0\n230::pkcs7-pem:AAAA\n", content),
		 STATUS_MALFORMED);
	CHECK_STR(sign.reason, "its signature is damaged");
	/* The last two are the end of the line, which may be missing. */
	for (size_t len = strlen(text) - 2; len > 0; len--) {
		text[len] = '\0';
		CHECK_EQ(verify(text, content), STATUS_MALFORMED);
	}
	end();
	free(text);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

TEST_MAIN()
