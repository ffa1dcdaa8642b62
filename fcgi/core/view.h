/* Looking as somebody else: a session of the staff answers for a while as that user would be answered, and changes
 * nothing.  What is shown is what both may see: the target's rights and rows where the viewer's own hold them,
 * decided anew at each request.  A view gives less than the session had, so the token stays the same. */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include "core/rq.h"
#include "core/worker.h"

#define VIEW_S 1800 /* the longest */

/* Makes the user rq->who, whose session is in that view, look as the other one; or says in who.viewer that it is over:
 * the time, the viewer's right, or the other user's way in.  Then the viewer must leave it first, or what was pressed
 * in the other's name would be done in the own.  0, or -1 with a problem set. */
int view_enter(struct rq *rq, int64_t view) __attribute__((warn_unused_result));

/* Waits until no other request of the session begins a view; the first statement of the transaction, so that the rest
 * sees what that one did.  0, or -1 with a problem set: that of who asks when a view has begun. */
int view_alone(struct rq *rq) __attribute__((warn_unused_result));

/* Begins one for the session of rq, as the user `as`, and enters it.  The caller has seen that `as` is in the scope of
 * the action.  Needs the transaction of a write.  0, or -1 with a problem set. */
int view_begin(struct rq *rq, int64_t as, struct str reason) __attribute__((warn_unused_result));

/* Ends the view that the session is in, in the book of the tenant concerned too; 1, 0 where it was over, or -1 with a
 * problem set.  The row of who looked is the caller's.  Needs the transaction of a write. */
int view_close(struct rq *rq) __attribute__((warn_unused_result));

/* A view that is over by itself gets its rows in the audit, once; in a transaction of its own.  0, or -1 with a
 * problem set. */
int view_tell(struct rq *rq) __attribute__((warn_unused_result));

/* The same for views that nobody asks in any more: for portico-jobs.  How many, or -1 (logged). */
int view_sweep(struct worker *w) __attribute__((warn_unused_result));

#endif
