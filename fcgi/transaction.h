/* A write is one transaction of the router: BEGIN, what is locked first, the handler, the audit, COMMIT, which stands
 * once; or nothing of it stays. */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include "core/rq.h"

/* The whole of it.  Returns the status. */
int transaction_run(struct rq *rq);

/* Its end: its notes and COMMIT, or ROLLBACK.  Returns the status. */
int transaction_finish(struct rq *rq, int status);

/* Locks what all rights hang on, before anything is read, and reads again what the asker may: nobody gives
 * away by a right that was taken from them a moment ago.  0, or the status of a problem. */
int transaction_channel(struct rq *rq);

/* If-Match, where the route needs it, and the handler.  Returns the status. */
int transaction_handle(struct rq *rq);

/* What the audit calls it: the action, or the handler where the vocabulary has no action for it. */
const char *transaction_name(const struct rq *rq);

/* A refused password, or a write that the user has no right to, leaves its row too, or there is another answer.
 * Returns the status. */
int transaction_audit_refused(struct rq *rq);

/* Not admitted: what of that is worth a row gets it.  Returns the status. */
int transaction_refused(struct rq *rq, int status);

#endif
