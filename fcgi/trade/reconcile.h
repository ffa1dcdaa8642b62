/* Bought = used = billed, by customer and offering: whatever is not, with its kind and what it is worth.  Looks and
 * changes nothing. */
#ifndef TRADE_RECONCILE_H
#define TRADE_RECONCILE_H

#include "base/arena.h"
#include "wire/db.h"

struct gap {
	struct str kind; /* not_rated, not_charged, differs, not_billed: schema/query/reconcile.sql */
	struct str customer, account, offering; /* their numbers, its code */
	struct str starts, ends;                /* the period in which it was used, or is subscribed */
	struct str used, bought, billed;        /* quantities */
	int64_t value;                          /* of what is missing, minor units; negative: billed too much */
	int decimals;
	struct str currency;
};

/* Which gaps are looked for. */
enum reconcile_part { RECONCILE_received, RECONCILE_usage, RECONCILE_ranges, RECONCILE_subscriptions, RECONCILE__MAX };

/* Calls take for each gap of a part, of one run or (0) of all.  How many, or -1 (logged). */
int64_t reconcile(struct db *db, struct arena *a, int64_t run, enum reconcile_part part,
    void (*take)(void *ctx, const struct gap *g), void *ctx) __attribute__((warn_unused_result));

#endif
