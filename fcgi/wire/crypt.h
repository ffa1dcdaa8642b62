/* Random bytes, hashes, passwords and sealed blocks, by OpenSSL. */
#ifndef WIRE_CRYPT_H
#define WIRE_CRYPT_H

#include "base/str.h"

/* Fills p; a machine without randomness ends the process. */
void crypt_random(void *p, size_t n);
void crypt_sha256(struct str s, unsigned char out[32]);
void crypt_sha1(struct str s, unsigned char out[20]); /* for lists that are kept so; protects nothing */
void crypt_hmac(const unsigned char key[32], struct str s, unsigned char out[32]); /* with SHA-256 */
void crypt_hmac_sha1(struct str key, struct str s, unsigned char out[20]);         /* for one-time codes (RFC 4226) */
bool crypt_equal(const void *a, const void *b, size_t n);                          /* in constant time */

/* "scrypt$15$8$3$salt$hash" (hex) of a password; out has room for 120 bytes with NUL.
 * Takes 0.2 s and 39 MB.  0, or -1 without memory. */
#define CRYPT_HASH_SIZE 120
int crypt_password(struct str password, char out[CRYPT_HASH_SIZE]);
/* 1 the password is right, 0 wrong, -1 the hash is malformed or no memory. */
int crypt_verify(struct str password, struct str hash);

/* AES-256-GCM under a key that is used for nothing else: a random nonce, the sealed bytes and a tag.  `bound`
 * is not in it but must be the same for opening.  out has room for n + CRYPT_BOX_MORE. */
#define CRYPT_BOX_MORE 28
void crypt_box(const unsigned char key[32], struct str bound, struct str s, unsigned char *out);
/* The other way; out has room for box.n - CRYPT_BOX_MORE.  0, or -1 where it is not what was sealed. */
int crypt_box_open(const unsigned char key[32], struct str bound, struct str box, unsigned char *out)
    __attribute__((warn_unused_result));

/* Public keys that others sign with, by their numbers in COSE (RFC 9053, RFC 8812). */
enum crypt_alg { CRYPT_ES256 = -7, CRYPT_EDDSA = -8, CRYPT_RS256 = -257 };
struct crypt_public {
	enum crypt_alg alg;
	struct str a, b; /* ES256: x and y on P-256; EDDSA: x on Ed25519, nothing; RS256: n and e, big-endian */
};
/* Is it a key of its kind: a point on P-256, 32 bytes, an RSA key of 2048 to 4096 bits?  For RSA this takes
 * milliseconds, so it is asked once, when the key comes. */
bool crypt_public_good(const struct crypt_public *k);
/* Did the owner of the key sign this?  ECDSA signatures are DER. */
bool crypt_signed(const struct crypt_public *k, struct str message, struct str signature);

/* AES-256 blocks under a key: a handle a thread. */
struct crypt_block;
struct crypt_block *crypt_block_open(const unsigned char key[32]);
void crypt_block_close(struct crypt_block *c);
/* n blocks, each for itself. */
void crypt_seal(struct crypt_block *c, const unsigned char *in, unsigned char *out, size_t n);
void crypt_open(struct crypt_block *c, const unsigned char in[16], unsigned char out[16]);
/* 16 bytes that tell one text from another, five times as quick as SHA-256 (GMAC under a key of its own, and one nonce
 * for all: it proves nothing to anybody). */
void crypt_mark(struct crypt_block *c, struct str s, unsigned char out[16]);

#endif
