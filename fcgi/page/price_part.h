/* What the handlers of price lists have in common. */
#ifndef PAGE_PRICE_PART_H
#define PAGE_PRICE_PART_H

#include "core/rq.h"

/* Everybody may look who sees the list, and only who sells by it changes it, whatever the scope of the right: rules name
 * that tenant's customers, and what it may sell.  0, or -1 with 409. */
int price_list_own(struct rq *rq, int64_t tenant) __attribute__((warn_unused_result));

#endif
