/* What was done, by whom: insert-only rows, written in the transaction of what they tell.
 * portico-jobs seals them into a chain (chain.h), so nothing in them can ever be erased.  The rule for
 * that: a row holds ids, names of actions and times; `detail` holds codes, figures and public ids.  No
 * name, address, mail address, or text that a person wrote: that stays in the row that object_id names. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/rq.h"

/* name: of what was asked for.  done: false where it was refused.
 * 0, or -1 with the problem set. */
int audit_write(struct rq *rq, const char *name, bool done) __attribute__((warn_unused_result));

/* The same row once more, in the book of another tenant that it concerns: what was done to its people by somebody
 * of another house.  0, or -1 with the problem set. */
int audit_copy(struct rq *rq, const char *name, int64_t tenant_id) __attribute__((warn_unused_result));

/* A signed-in user asked for what it has no right to: one row a user, action and minute, by a row of
 * audit_refusal that all machines share.  0, or -1 with the problem set. */
int audit_refusal(struct rq *rq, const char *name) __attribute__((warn_unused_result));

#endif
