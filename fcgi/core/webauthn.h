/* What an authenticator says (W3C Web Authentication, level 2), read and verified: client data, authenticator data,
 * attestation objects, COSE keys, signatures.  Bytes in, a verdict out: it knows no request, no row and no clock, so
 * challenges, user handles and counts that went before are held against it by core/passkey.h.
 *
 * Asked for is attestation "none": of other formats the statement must be well-formed and is not trusted, for nothing
 * hangs on the make of an authenticator.  Keys are ES256 on P-256, EdDSA on Ed25519, RS256 of 2048 to 4096 bits. */
#ifndef CORE_WEBAUTHN_H
#define CORE_WEBAUTHN_H

#include "base/arena.h"

#define WEBAUTHN_ID_MIN 16 /* bytes of a credential's id */
#define WEBAUTHN_ID_MAX 1023
#define WEBAUTHN_KEY_MAX 640 /* bytes of a COSE key: 4096 bits of RSA and what stands around them */

/* Where it must come from. */
struct webauthn_site {
	struct str origin; /* "https://host[:port]", as browsers write it */
	struct str rp_id;  /* the host */
};

/* Client data (5.8.1) of type "webauthn.create" or "webauthn.get": steps 7 to 9 of 7.1, 11 to 13 of 7.2.  The type,
 * the origin, not from a frame of somebody else's, a challenge in base64url.  *challenge: its bytes, which the caller
 * verifies.  NULL, or a word for what is wrong. */
const char *webauthn_client(struct arena *a, const struct webauthn_site *site, const char *type, struct str json,
    struct str *challenge) __attribute__((warn_unused_result));

struct webauthn_new {
	struct str id;  /* of the credential */
	struct str key; /* COSE, in the bytes that came */
	int64_t count;
};

/* An attestation object: steps 12 to 19 of 7.1.  Hash of the rp id, user present and verified, an algorithm that was
 * asked for, a key that is one, nothing behind it.  NULL, or a word for what is wrong. */
const char *webauthn_created(const struct webauthn_site *site, struct str attestation, struct webauthn_new *made)
    __attribute__((warn_unused_result));

struct webauthn_assertion {
	struct str client;        /* JSON, as it was hashed by the authenticator */
	struct str authenticator; /* data */
	struct str signature;
};

/* An assertion under a key that was kept: steps 15 to 20 of 7.2.  *count is what the authenticator counts.
 * NULL, or a word for what is wrong. */
const char *webauthn_asserted(struct arena *a, const struct webauthn_site *site, struct str key,
    const struct webauthn_assertion *said, int64_t *count) __attribute__((warn_unused_result));

#endif
