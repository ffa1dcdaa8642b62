/* API keys: what a program shows instead of a session, as `Authorization: Bearer ...`.  Who asks with one is a user
 * of the state `key`, so rights, ceilings and audit are those of users.  Only the hash of the secret is kept; what
 * is a person's alone (the flag PERSON of a route) no key opens. */
#ifndef CORE_API_KEY_H
#define CORE_API_KEY_H

#include "core/rights.h"
#include "core/rq.h"

/* "apk_", 8 hex digits that are shown in lists, "_", and 256 bits that nobody sees again. */
#define API_KEY_PREFIX 12
#define API_KEY_LENGTH (API_KEY_PREFIX + 1 + 64)

/* Did the request come with a key, good or not?  Costs nothing where it did not. */
static inline bool
api_key_given(const struct rq *rq)
{

	return (rq->authorization.n >= 7 && (rq->authorization.p[0] | 32) == 'b' && rq->authorization.p[6] == ' ');
}

/* Who comes with the key, all but rights and portal, and whose rights to put together; notes that it is used.
 * 0, or -1 with a problem set: one and the same for what is unknown, has ended, or has expired. */
int api_key_find(struct rq *rq, struct who *who, struct asker *asker) __attribute__((warn_unused_result));

/* Sets that problem.  -1. */
int api_key_refused(struct rq *rq);

/* A new secret in the arena, API_KEY_LENGTH characters; sets :token_hash and :prefix. */
struct str api_key_new(struct rq *rq);

#endif
