/* Passkeys: credentials of WebAuthn that take the place of the password and the second step (user verification is
 * required).  A passkey belongs to a user and to the host that it was made on, which is its relying party id.
 *
 * Challenges that were given out are kept nowhere, or anybody could fill a table: a challenge carries its time, random
 * bytes and a keyed hash over these, its purpose and the host.  It is good for five minutes, and once: those that were
 * answered rightly leave a note.  core/webauthn.h verifies the bytes. */
#ifndef CORE_PASSKEY_H
#define CORE_PASSKEY_H

#include "core/rq.h"
#include "core/webauthn.h"

#define PASSKEY_CHALLENGE 56    /* bytes: time, random bytes, keyed hash */
#define PASSKEY_LASTS_S 300     /* a challenge */
#define PASSKEY_HANDLE 32       /* bytes */
#define PASSKEY_CLIENT_MAX 4096 /* bytes of client data; it has a few hundred */

enum passkey_purpose {
	PASSKEY_SIGN_IN,
	PASSKEY_REGISTER, /* bound to the session too, so to its user */
	PASSKEY_STEP_UP,  /* likewise: signed for one session, it proves nothing in another */
};

/* Where authenticators must say that they were asked: the request's own host, as nginx saw it. */
struct webauthn_site passkey_site(const struct rq *rq);

/* Adds a new challenge to rq->out as a JSON text. */
void passkey_challenge(struct rq *rq, enum passkey_purpose purpose);

/* Is it one that this deployment made for this purpose and request, and not too old? */
bool passkey_challenge_good(const struct rq *rq, enum passkey_purpose purpose, struct str challenge);

/* Notes, in the transaction that has begun, that it was answered.  1, 0 where it was before, -1 with the problem set. */
int passkey_challenge_use(struct rq *rq, struct str challenge) __attribute__((warn_unused_result));

/* What authenticators know a user by: a keyed hash, which tells nothing. */
void passkey_handle(int64_t user_id, unsigned char handle[PASSKEY_HANDLE]);

/* Adds the signed-in user's passkeys of this host to rq->out, as the JSON list that browsers want: how many, or -1 with
 * the problem set. */
int64_t passkey_write_held(struct rq *rq) __attribute__((warn_unused_result));

/* A text in base64url as a JSON text in rq->out. */
void passkey_text(struct rq *rq, struct str bytes);

#endif
