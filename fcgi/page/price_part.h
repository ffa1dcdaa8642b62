/* What the handlers of price lists and of list prices have in common. */
#ifndef PAGE_PRICE_PART_H
#define PAGE_PRICE_PART_H

#include "core/query.h"

/* Everybody may look who sees the list, and only who sells by it changes it, whatever the scope of the right: rules name
 * that tenant's customers, and what it may sell.  0, or -1 with 409. */
int price_list_own(struct rq *rq, int64_t tenant) __attribute__((warn_unused_result));

/* A member of an object of the answer: a decimal with no more places than it has, null where it is empty. */
void price_number(struct buf *b, const char *name, struct str v);

/* A tier as statements give it; `of` is the rule or the price. */
struct price_tier_row {
	int64_t of;
	struct str above, up_to, unit, flat;
};
#define PRICE_TIER_N_COLS 5
extern const struct col price_tier_cols[PRICE_TIER_N_COLS];
#define PRICE_TIER_COLS price_tier_cols, PRICE_TIER_N_COLS

/* The first tier of that rule or price, of all in the order of these, and in *end the first behind its last. */
int64_t price_tier_first(const struct price_tier_row *t, int64_t n, int64_t of, int64_t *end);
/* `,"tiers":[...]` */
void price_tiers(struct buf *b, const struct price_tier_row *t, int64_t n);

#endif
