/* What was done, by whom: insert-only rows, written in the transaction of what they tell. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/rq.h"

/* name: of what was asked for.  done: false where it was refused.
 * 0, or -1 with the problem set. */
int audit_write(struct rq *rq, const char *name, bool done) __attribute__((warn_unused_result));

#endif
