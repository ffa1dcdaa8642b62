/* What the handlers of price lists have in common. */
#ifndef PAGE_PRICE_PART_H
#define PAGE_PRICE_PART_H

#include "core/rq.h"

/* Everybody may look who sees the list, and only who sells by it changes it, whatever the scope of the right: rules name
 * that tenant's customers, and what it may sell.  0, or -1 with 409. */
int price_list_own(struct rq *rq, int64_t tenant) __attribute__((warn_unused_result));

/* A member of an object of the answer: a public id, null for 0; a decimal with no more places than it has, null where it is
 * empty. */
void price_id(struct rq *rq, const char *name, enum resource res, int64_t id);
void price_number(struct buf *b, const char *name, struct str v);

#endif
