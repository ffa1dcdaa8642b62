/* What the handlers of tenants have in common. */
#ifndef PAGE_TENANT_PART_H
#define PAGE_TENANT_PART_H

#include "core/rq.h"

/* The tenant of :id in the scope of the action.  0, or -1 with the problem set. */
int tenant_find(struct rq *rq, int64_t *id) __attribute__((warn_unused_result));

#endif
