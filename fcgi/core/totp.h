/* The second step of signing in: codes that a device makes from a shared secret (RFC 6238: HMAC-SHA-1, six
 * digits, 30 seconds), and recovery codes for when the device is lost.  Each code is good once. */
#ifndef CORE_TOTP_H
#define CORE_TOTP_H

#include "core/rq.h"

#define TOTP_SECRET 20 /* bytes */
#define TOTP_STEP_S 30
#define TOTP_SEALED 48 /* bytes of a secret as it is kept */

/* The six digits of one step, counted from 1970, of the secret. */
int totp_digits(struct str secret, int64_t step);

/* The step that the six digits are right for: now's, the one before or the one behind; or -1. */
int64_t totp_step(struct str secret, struct str digits, int64_t now_s);

/* A secret as it is kept, under the deployment's key and bound to the user. */
void totp_seal(int64_t user_id, const unsigned char secret[TOTP_SECRET], unsigned char sealed[TOTP_SEALED]);
/* 0, or -1 (logged) where it is not that user's or was changed. */
int
totp_open(int64_t user_id, struct str sealed, unsigned char secret[TOTP_SECRET]) __attribute__((warn_unused_result));

/* Uses up a code of the device or a recovery code of a user whose second step is on, within the transaction
 * that has begun.  1, 0 where it is wrong or was used before, -1 with the problem set. */
int totp_use(struct rq *rq, int64_t user_id, struct str sealed, struct str code) __attribute__((warn_unused_result));

/* For the router: says that a code is needed, or that the asker has to switch the second step on before, and whether
 * a passkey does as well.  Returns the status. */
int totp_needed(struct rq *rq);

/* For what makes another way in: 0 where the asker's second step is off or was proved a moment ago, else as
 * totp_needed. */
int totp_first(struct rq *rq);

/* Puts ten new recovery codes in the place of all old ones and adds them as a JSON list to rq->out: they are shown
 * this once.  Needs :user_id.  0, or -1 with the problem set. */
int totp_recovery(struct rq *rq) __attribute__((warn_unused_result));

#endif
