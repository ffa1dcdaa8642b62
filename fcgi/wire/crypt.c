#include "wire/crypt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define LOG_N 15
#define BLOCK 8
#define PARALLEL 3
#define MEMORY ((uint64_t)64 * 1024 * 1024)

struct crypt_block {
	EVP_CIPHER_CTX *seal, *open, *mark;
};

void
crypt_random(void *p, size_t n)
{

	if (n > INT32_MAX || RAND_bytes(p, (int)n) != 1) {
		log_error("random", "no random bytes");
		_Exit(70);
	}
}

static EVP_MD *sha256; /* written once by sha256_fetch */

static void
sha256_fetch(void)
{

	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* OpenSSL's SHA256() looks the algorithm up at each call, which costs more than a short hash. */
void
crypt_sha256(struct str s, unsigned char out[32])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (pthread_once(&once, sha256_fetch) != 0 || sha256 == NULL ||
	    EVP_Digest(s.p, s.n, out, NULL, sha256, NULL) != 1)
		abort(); /* SHA-256 is there, or nothing works */
}

void
crypt_sha1(struct str s, unsigned char out[20])
{

	if (EVP_Digest(s.p, s.n, out, NULL, EVP_sha1(), NULL) != 1)
		abort();
}

void
crypt_hmac(const unsigned char key[32], struct str s, unsigned char out[32])
{
	unsigned n = 0;

	if (HMAC(EVP_sha256(), key, 32, (const unsigned char *)s.p, s.n, out, &n) == NULL || n != 32)
		abort();
}

void
crypt_hmac_sha1(struct str key, struct str s, unsigned char out[20])
{
	unsigned n = 0;

	if (key.n > INT32_MAX ||
	    HMAC(EVP_sha1(), key.p, (int)key.n, (const unsigned char *)s.p, s.n, out, &n) == NULL || n != 20)
		abort();
}

bool
crypt_equal(const void *a, const void *b, size_t n)
{

	return (CRYPTO_memcmp(a, b, n) == 0);
}

static void
to_hex(const unsigned char *p, size_t n, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = hex[p[i] >> 4];
		out[2 * i + 1] = hex[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static int
from_hex(struct str s, unsigned char *out, size_t n)
{

	if (s.n != 2 * n)
		return (-1);
	for (size_t i = 0; i < 2 * n; i++) {
		char c = s.p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (d == -1)
			return (-1);
		out[i / 2] = (unsigned char)(i % 2 == 0 ? d << 4 : out[i / 2] | d);
	}
	return (0);
}

static int
scrypt(struct str password, const unsigned char salt[16], int64_t log_n, int64_t r, int64_t p, unsigned char out[32])
{

	if (EVP_PBE_scrypt(password.p == NULL ? "" : password.p, password.n, salt, 16, (uint64_t)1 << log_n,
		(uint64_t)r, (uint64_t)p, MEMORY, out, 32) != 1) {
		log_error("scrypt", "no memory or wrong parameters");
		return (-1);
	}
	return (0);
}

int
crypt_password(struct str password, char out[CRYPT_HASH_SIZE])
{
	unsigned char salt[16], hash[32];
	char salt_hex[33], hash_hex[65];
	int n;

	crypt_random(salt, sizeof(salt));
	if (scrypt(password, salt, LOG_N, BLOCK, PARALLEL, hash) == -1)
		return (-1);
	to_hex(salt, sizeof(salt), salt_hex);
	to_hex(hash, sizeof(hash), hash_hex);
	n = snprintf(out, CRYPT_HASH_SIZE, "scrypt$%d$%d$%d$%s$%s", LOG_N, BLOCK, PARALLEL, salt_hex, hash_hex);
	return (n > 0 && n < CRYPT_HASH_SIZE ? 0 : -1);
}

int
crypt_verify(struct str password, struct str hash)
{
	unsigned char salt[16], want[32], got[32];
	int64_t log_n, r, p;
	struct str rest;

	if (!str_eqz(str_cut(hash, '$', &rest), "scrypt") || str_int(str_cut(rest, '$', &rest), &log_n) == -1 ||
	    str_int(str_cut(rest, '$', &rest), &r) == -1 || str_int(str_cut(rest, '$', &rest), &p) == -1 || log_n < 1 ||
	    log_n > 20 || r < 1 || r > 32 || p < 1 || p > 16 ||
	    from_hex(str_cut(rest, '$', &rest), salt, sizeof(salt)) == -1 || from_hex(rest, want, sizeof(want)) == -1) {
		log_error("password", "a stored hash is malformed");
		return (-1);
	}
	if (scrypt(password, salt, log_n, r, p, got) == -1)
		return (-1);
	return (crypt_equal(got, want, sizeof(want)));
}

struct crypt_block *
crypt_block_open(const unsigned char key[32])
{
	struct crypt_block *c = malloc(sizeof(*c));
	unsigned char own[32];

	if (c == NULL)
		return (NULL);
	crypt_hmac(key, S("mark"), own);
	c->seal = EVP_CIPHER_CTX_new();
	c->open = EVP_CIPHER_CTX_new();
	c->mark = EVP_CIPHER_CTX_new();
	if (c->seal == NULL || c->open == NULL || c->mark == NULL ||
	    EVP_EncryptInit_ex(c->seal, EVP_aes_256_ecb(), NULL, key, NULL) != 1 ||
	    EVP_DecryptInit_ex(c->open, EVP_aes_256_ecb(), NULL, key, NULL) != 1 ||
	    EVP_EncryptInit_ex(c->mark, EVP_aes_256_gcm(), NULL, own, NULL) != 1) {
		crypt_block_close(c);
		return (NULL);
	}
	EVP_CIPHER_CTX_set_padding(c->seal, 0);
	EVP_CIPHER_CTX_set_padding(c->open, 0);
	return (c);
}

void
crypt_block_close(struct crypt_block *c)
{

	EVP_CIPHER_CTX_free(c->seal);
	EVP_CIPHER_CTX_free(c->open);
	EVP_CIPHER_CTX_free(c->mark);
	free(c);
}

void
crypt_seal(struct crypt_block *c, const unsigned char *in, unsigned char *out, size_t n)
{
	int done;

	if (n > INT32_MAX / 16 || EVP_EncryptUpdate(c->seal, out, &done, in, (int)(16 * n)) != 1 ||
	    done != (int)(16 * n))
		abort(); /* whole blocks under a set key cannot fail */
}

void
crypt_open(struct crypt_block *c, const unsigned char in[16], unsigned char out[16])
{
	int n;

	if (EVP_DecryptUpdate(c->open, out, &n, in, 16) != 1 || n != 16)
		abort();
}

#define NONCE 12
#define TAG 16

void
crypt_mark(struct crypt_block *c, struct str s, unsigned char out[16])
{
	static const unsigned char nonce[NONCE];
	int n;

	if (s.n > INT32_MAX || EVP_EncryptInit_ex(c->mark, NULL, NULL, NULL, nonce) != 1 ||
	    (s.n > 0 && EVP_EncryptUpdate(c->mark, NULL, &n, (const unsigned char *)s.p, (int)s.n) != 1) ||
	    EVP_EncryptFinal_ex(c->mark, out, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c->mark, EVP_CTRL_GCM_GET_TAG, TAG, out) != 1)
		abort(); /* authenticated data under a set key cannot fail */
}

_Static_assert(NONCE + TAG == CRYPT_BOX_MORE, "what a box has beside its bytes");

void
crypt_box(const unsigned char key[32], struct str bound, struct str s, unsigned char *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	crypt_random(out, NONCE);
	if (c == NULL || s.n > INT32_MAX || bound.n > INT32_MAX ||
	    EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, out) != 1 ||
	    EVP_EncryptUpdate(c, NULL, &n, (const unsigned char *)bound.p, (int)bound.n) != 1 ||
	    EVP_EncryptUpdate(c, out + NONCE, &n, (const unsigned char *)s.p, (int)s.n) != 1 || n != (int)s.n ||
	    EVP_EncryptFinal_ex(c, out + NONCE + n, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + s.n) != 1)
		abort(); /* only without memory */
	EVP_CIPHER_CTX_free(c);
}

int
crypt_box_open(const unsigned char key[32], struct str bound, struct str box, unsigned char *out)
{
	const unsigned char *p = (const unsigned char *)box.p;
	const size_t size = box.n < CRYPT_BOX_MORE ? 0 : box.n - CRYPT_BOX_MORE;
	unsigned char tag[TAG];
	EVP_CIPHER_CTX *c;
	bool good;
	int n;

	if (box.n < CRYPT_BOX_MORE || box.n > INT32_MAX || bound.n > INT32_MAX)
		return (-1);
	if ((c = EVP_CIPHER_CTX_new()) == NULL)
		abort();
	memcpy(tag, p + NONCE + size, TAG);
	good = EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, p) == 1 &&
	    EVP_DecryptUpdate(c, NULL, &n, (const unsigned char *)bound.p, (int)bound.n) == 1 &&
	    EVP_DecryptUpdate(c, out, &n, p + NONCE, (int)size) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 && EVP_DecryptFinal_ex(c, out + n, &n) == 1;
	EVP_CIPHER_CTX_free(c);
	return (good ? 0 : -1);
}

#define P256_BYTES 32
#define ED25519_BYTES 32
#define RSA_MIN_BYTES 256
#define RSA_MAX_BYTES 512
#define RSA_MAX_EXPONENT 4 /* bytes; everybody's is 65537 */

/* A key of that type from its parts.  NULL where they are no such key. */
static EVP_PKEY *
from_parts(const char *type, OSSL_PARAM *parts)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (c == NULL)
		abort();
	if (EVP_PKEY_fromdata_init(c) != 1 || EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, parts) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(c);
	return (key);
}

static EVP_PKEY *
p256_key(struct str x, struct str y)
{
	unsigned char point[1 + 2 * P256_BYTES] = {4}; /* uncompressed */
	OSSL_PARAM parts[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"P-256"}, 0),
	    OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
	    OSSL_PARAM_construct_end()};

	if (x.n != P256_BYTES || y.n != P256_BYTES)
		return (NULL);
	memcpy(point + 1, x.p, P256_BYTES);
	memcpy(point + 1 + P256_BYTES, y.p, P256_BYTES);
	return (from_parts("EC", parts));
}

static EVP_PKEY *
rsa_key(struct str n, struct str e)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = NULL, *exponent = NULL;
	OSSL_PARAM *parts = NULL;
	EVP_PKEY *key = NULL;

	if (b == NULL)
		abort();
	/* No leading zero, so that the length in bytes is that of the number; an odd exponent above 1. */
	if (n.n < RSA_MIN_BYTES || n.n > RSA_MAX_BYTES || (n.p[0] & 0x80) == 0 || e.n == 0 || e.n > RSA_MAX_EXPONENT ||
	    e.p[0] == 0 || (e.p[e.n - 1] & 1) == 0 || (e.n == 1 && e.p[0] == 1))
		goto end;
	modulus = BN_bin2bn((const unsigned char *)n.p, (int)n.n, NULL);
	exponent = BN_bin2bn((const unsigned char *)e.p, (int)e.n, NULL);
	if (modulus == NULL || exponent == NULL || OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, exponent) != 1 ||
	    (parts = OSSL_PARAM_BLD_to_param(b)) == NULL)
		abort();
	key = from_parts("RSA", parts);
end:
	OSSL_PARAM_free(parts);
	BN_free(exponent);
	BN_free(modulus);
	OSSL_PARAM_BLD_free(b);
	return (key);
}

/* NULL where it is no key of its kind. */
static EVP_PKEY *
key_of(const struct crypt_public *k)
{

	switch (k->alg) {
	case CRYPT_ES256:
		return (p256_key(k->a, k->b));
	case CRYPT_EDDSA:
		return (k->a.n != ED25519_BYTES ? NULL
						: EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						      (const unsigned char *)k->a.p, ED25519_BYTES));
	case CRYPT_RS256:
		return (rsa_key(k->a, k->b));
	}
	return (NULL);
}

bool
crypt_public_good(const struct crypt_public *k)
{
	EVP_PKEY *key = key_of(k);
	EVP_PKEY_CTX *c;
	bool good;

	if (key == NULL)
		return (false);
	if ((c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL)) == NULL)
		abort();
	good = EVP_PKEY_public_check(c) == 1;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(key);
	return (good);
}

bool
crypt_signed(const struct crypt_public *k, struct str message, struct str signature)
{
	const EVP_MD *digest = k->alg == CRYPT_EDDSA ? NULL : EVP_sha256(); /* Ed25519 brings its own */
	EVP_PKEY *key = key_of(k);
	EVP_MD_CTX *c;
	bool good;

	if (key == NULL)
		return (false);
	if ((c = EVP_MD_CTX_new()) == NULL)
		abort();
	good = EVP_DigestVerifyInit(c, NULL, digest, NULL, key) == 1 &&
	    EVP_DigestVerify(
		c, (const unsigned char *)signature.p, signature.n, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return (good);
}
