/* Where a request comes from, as browsers say it: a write is taken from pages of the same site alone, or another
 * site could let a signed-in person's browser send it. */
#ifndef CORE_ORIGIN_H
#define CORE_ORIGIN_H

#include "core/rq.h"

/* Does it come from a page of this very origin?  A browser says so; older ones send at least Origin. */
bool origin_is_own(const struct rq *rq);

#endif
