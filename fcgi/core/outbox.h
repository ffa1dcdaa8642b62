/* Mail that a request asks for, or a job (trade/alert.h): a row in its transaction, sent by portico-jobs (trade/post.h).
 * And the links in mail that a request asks for, whose token is never kept: it is made anew from the row whenever the mail is written. */
#ifndef CORE_OUTBOX_H
#define CORE_OUTBOX_H

#include "core/rq.h"

enum outbox_kind { OUTBOX_reset, OUTBOX_invitation, OUTBOX_alert, OUTBOX__MAX };
extern const char *const outbox_kinds[OUTBOX__MAX];

/* Adds mail for rq->host: a reset for whoever has that address, if anybody, or an invitation for that user.
 * 0, or -1 with the problem set. */
int
outbox_add(struct rq *rq, enum outbox_kind kind, struct str email, int64_t user_id) __attribute__((warn_unused_result));

#define OUTBOX_NONCE 16 /* bytes */

/* The token of the link in the mail with this nonce: 52 letters and digits.  Whoever has only the
 * database cannot tell it. */
struct str outbox_token(struct arena *a, struct str nonce);

/* What the message is called in its Message-ID, likewise. */
struct str outbox_message_id(struct arena *a, struct str nonce);

/* What is kept of a token. */
void outbox_token_hash(struct str token, unsigned char out[32]);

#endif
