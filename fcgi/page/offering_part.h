/* What the handlers of an offering and of what belongs to it have in common. */
#ifndef PAGE_OFFERING_PART_H
#define PAGE_OFFERING_PART_H

#include "core/rq.h"

struct offering_found {
	int64_t id, segment_of; /* segment_of: its product segment */
	struct str kind, currency_of;
};

/* The offering of the address, in the scope of the action.  0, or -1 with the problem set. */
int offering_find(struct rq *rq, struct offering_found *o) __attribute__((warn_unused_result));

/* Is nothing in of its usage from :starts on (and of what counts as it, in :product)?  0, or -1 with the problem set: what came
 * in counts as it did when it came. */
int offering_unused(struct rq *rq) __attribute__((warn_unused_result));

#endif
