/* Sessions: a random token in a cookie, its hash in the database, bound to a user and the
 * host that it began on. */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "core/rq.h"

/* Fills rq->who from the cookie, or leaves it empty where there is no good session; or from the API key that a program
 * came with, which is good or ends the request.  0, or -1 with a problem set. */
int session_load(struct rq *rq) __attribute__((warn_unused_result));

/* Reads the session and its user's rights again, past what the thread keeps: for a transaction that changes
 * rights and may be rolled back.  0, or -1 with a problem set. */
int session_again(struct rq *rq) __attribute__((warn_unused_result));

/* Begins a session for a user on rq->host, sets its cookie and fills rq->who; ends the one
 * that the request came with.  verified: the kept hash that the password was right for; where the user has
 * another by now there is no session.  proved: a code of the second step, or a passkey, was right.  0, or -1 with a problem set. */
int session_begin(struct rq *rq, int64_t user_id, struct str verified, bool proved) __attribute__((warn_unused_result));

/* A code of the second step, or a passkey, was right in the request's session: it can do more from now on, for a while, and so it has
 * another token.  It lasts no longer for that.  0, or -1 with a problem set. */
int session_prove(struct rq *rq) __attribute__((warn_unused_result));

/* Ends the request's session and clears its cookie.  0, or -1 with a problem set. */
int session_end(struct rq *rq) __attribute__((warn_unused_result));

/* Sets :idle and :longest, the limits of the sessions of who is signed in, in seconds. */
void session_limits(struct rq *rq);

/* May a session travel on this connection?  TLS, or plain HTTP from this machine. */
bool session_safe(const struct rq *rq);

#endif
