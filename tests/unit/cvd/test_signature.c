/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of "abc", made with keys of this test's own: the moduli are primes, so that
 * anybody can make the private exponent again.
 */
#include "cvd/signature.h"

#include "bytes/reader.h"
#include "test.h"

static const char short_modulus[] =
	"fa529ba3fe3bfada7cf20724d953ee261d87cec31f7296ab7961fd925d39d0a8"
	"9a2ef80f58ee8571f4998d7c4093f6dea268aa872607679d6050914a9d33a01c"
	"353c631cdfd43f371200339d068739fa9d1de2a05d158a2ff2ee4e4519f9919c"
	"895fd7b326b94c7f9118bb16000f49c81a358ca00d75985d99c94309570dc195";
static const char short_signature[] =
	"rbwv0iD9Lg0RZusXm+rUnrs+D9LHTdmE9lRN+Jn9/Y52G8QL6SGx49NHGCcC5GQg"
	"ecNsqf41No29C4tFfFG3wRUdSWYXc+d3w5RlWG0b1b1lekLvVcYQzZPL3IQqVKF9"
	"keCxwe1se8+wX2Hog9j+EuAhdHb58VKQfh0gG6kAJ3j";
static const char long_modulus[] =
	"76bcdf73e85a1d2bd41e535626a7b5ebfd751c7962fe95ced1269bf9cf753c8d"
	"c9e29f53c52642bd92db1f3f7aaa17e71eab7cd938d9f0ebfba69d08e52d6ad4"
	"b156b3ce1a95bda4191cde7ed6a2b57273658527dcf748d42252aed2866c1fa2"
	"3b84f573c5af4118f59ccbaada23f771690f6050162797ee412a795810a79df2"
	"f4f3eacc88030542623e4d53156815f2dd22ff976bcc895cde1659f77ed3589b"
	"72ae9848dbf8589e4e35f219b63dd9fac6f75a9f0210fcb2fe4322a1d54037e2"
	"edad3cc312256199a2d45e501b85db072eace52c2b97acc77203d35128f5b988"
	"ffcd183f71d6f9d4b70c8534a87859ea7789b76164f00fa641ccb2e5d4bed13b";
static const char long_signature[] =
	"jVbmZZ+oB8CkahO9/K65mQaAXIYw5vfikRPzhyuns5swkXvpSOLvbZkFIMW/GnyP"
	"9MPYQz991jSNFaPuKyOU0kEWF0R881ET5toUtSRTX26F+5zWw0LIbSP/bR80nU/W"
	"BOagmiWIOIyH1iZDZAF7ISki50VBk8OS2g8UdnFd9j5vpEVLXxmxoh69ZDPeo1Op"
	"h7LvSrFD2tmD81Qtpo1BHz4DsyblaWlENK1prwLZMBM30JjoRApkwsttiQ8+ePnx"
	"1D70d10z+m8GHXPE7Mp8ePWxDUHxwb/H4afcDVaiC8pH9/JE1IOdq3YzElkiK5uL"
	"nG+S383lz0iWw3mBkhpsib";

static uint8_t modulus[CVD_KEY_BYTES_MAX];
static struct digest md5, sha256;
static struct digests digests;
static struct digest_state state;

static struct cvd_key key_of(const char *hex, uint32_t exponent)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		unsigned byte = 0;
		sscanf(hex + 2 * i, "%2x", &byte);
		modulus[i] = (uint8_t)byte;
	}
	return (struct cvd_key){ { modulus, len }, exponent };
}

static bool open_digests(void)
{
	return digests_load(&digests) == STATUS_OK &&
	       digest_state_init(&state, &digests) == STATUS_OK &&
	       digest_of(&state, DIGEST_MD5, slice_of("abc"), &md5) == STATUS_OK &&
	       digest_of(&state, DIGEST_SHA256, slice_of("abc"), &sha256) == STATUS_OK;
}

static void close_digests(void)
{
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("the signature of an MD5 is its own, and no other's")
{
	const struct cvd_key key = key_of(short_modulus, 100001027);
	char wrong[sizeof(short_signature)];

	REQUIRE(open_digests());
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of(short_signature), &md5), STATUS_OK);
	for (size_t i = 0; i < sizeof(short_signature) - 1; i += 7) {
		memcpy(wrong, short_signature, sizeof(wrong));
		wrong[i] = wrong[i] == 'b' ? 'c' : 'b';
		CHECK_EQ(cvd_signature_of_md5(&key, slice_of(wrong), &md5),
			 STATUS_MALFORMED);
	}
	md5.bytes[15] ^= 1;
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of(short_signature), &md5),
		 STATUS_MALFORMED);
	close_digests();
}

TEST("the signature of a SHA-256 is its own, and no other's")
{
	const struct cvd_key key = key_of(long_modulus, 100002049);
	char wrong[sizeof(long_signature)];

	REQUIRE(open_digests());
	CHECK_EQ(cvd_signature_of_sha256(&key, slice_of(long_signature), &sha256, &state),
		 STATUS_OK);
	for (size_t i = 0; i < sizeof(long_signature) - 1; i += 7) {
		memcpy(wrong, long_signature, sizeof(wrong));
		wrong[i] = wrong[i] == 'b' ? 'c' : 'b';
		CHECK_EQ(cvd_signature_of_sha256(&key, slice_of(wrong), &sha256, &state),
			 STATUS_MALFORMED);
	}
	sha256.bytes[0] ^= 0x80;
	CHECK_EQ(cvd_signature_of_sha256(&key, slice_of(long_signature), &sha256, &state),
		 STATUS_MALFORMED);
	close_digests();
}

TEST("what is no number below the modulus is no signature")
{
	const struct cvd_key key = key_of(short_modulus, 100001027);
	static char nines[1000];

	REQUIRE(open_digests());
	memset(nines, '9', sizeof(nines) - 1);
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of(""), &md5), STATUS_MALFORMED);
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of("a"), &md5), STATUS_MALFORMED);
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of("a-b"), &md5), STATUS_MALFORMED);
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of(nines), &md5), STATUS_MALFORMED);
	nines[171] = '\0';
	CHECK_EQ(cvd_signature_of_md5(&key, slice_of(nines), &md5), STATUS_MALFORMED);
	close_digests();
}

TEST("ClamAV's keys are of their lengths, and odd")
{
	static const size_t lengths[CVD_KEYS] = { 128, 256, 256 };

	for (size_t i = 0; i < CVD_KEYS; i++) {
		struct reader bytes = reader_of_slice(cvd_keys[i].modulus);

		REQUIRE(reader_left(&bytes) == lengths[i]);
		CHECK(reader_peek(&bytes, lengths[i] - 1) & 1);
		CHECK(reader_peek(&bytes, 0) >= 0x40);
	}
}

TEST_MAIN()
