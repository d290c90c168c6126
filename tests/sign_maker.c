/* SPDX-License-Identifier: Apache-2.0 */
#include "sign_maker.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

struct sign_maker {
	EVP_PKEY *key;
	X509 *certificate;
	BIO *pem;
};

struct sign_maker *sign_maker_new(const char *name)
{
	struct sign_maker *maker = calloc(1, sizeof(*maker));
	X509_NAME *subject = X509_NAME_new();
	X509 *certificate = X509_new();

	if (!maker || !certificate || !subject)
		abort();
	*maker = (struct sign_maker){ EVP_EC_gen("P-256"), certificate,
				      BIO_new(BIO_s_mem()) };
	if (!maker->key || !maker->pem)
		abort();
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_subject_name(certificate, subject);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, maker->key);
	if (X509_sign(certificate, maker->key, EVP_sha256()) <= 0 ||
	    PEM_write_bio_X509(maker->pem, certificate) != 1)
		abort();
	X509_NAME_free(subject);
	return maker;
}

void sign_maker_free(struct sign_maker *maker)
{
	X509_free(maker->certificate);
	EVP_PKEY_free(maker->key);
	BIO_free(maker->pem);
	free(maker);
}

struct slice sign_maker_pem(const struct sign_maker *maker)
{
	char *text;
	long len = BIO_get_mem_data(maker->pem, &text);

	return (struct slice){ (uint8_t *)text, (size_t)len };
}

char *sign_maker_sign(const struct sign_maker *maker, struct slice content,
		      const char *digest)
{
	const int flags = PKCS7_DETACHED | PKCS7_BINARY | PKCS7_PARTIAL;
	BIO *bio = content.len > INT_MAX ?
			   NULL :
			   BIO_new_mem_buf(content.base, (int)content.len);
	PKCS7 *signature = PKCS7_sign(NULL, NULL, NULL, bio, flags);
	unsigned char *der = NULL;

	if (!bio || !signature ||
	    !PKCS7_sign_add_signer(signature, maker->certificate, maker->key,
				   EVP_get_digestbyname(digest), 0) ||
	    !PKCS7_final(signature, bio, flags))
		abort();
	int len = i2d_PKCS7(signature, &der);
	char *base64 = len > 0 ? calloc(1, (size_t)len * 2 + 8) : NULL, *text;
	if (!base64)
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
