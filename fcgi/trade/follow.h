/* What follows something else in the background: rows their customer, customers the rules of their tenant, and
 * whatever stands in the order of a tenant's numbers.  A thousand rows a step; each step can be repeated, and
 * what was cut goes on at the next call.  Until a row has followed it is hidden (core/query.c). */
#ifndef TRADE_FOLLOW_H
#define TRADE_FOLLOW_H

#include "base/arena.h"
#include "core/statement.h"

/* All rows of a tenant in one table, a thousand at a time: end finds the last number of the next thousand (:id,
 * :after), update does something with them (:id, :after, :upto).  go_on is asked before each step.
 * 1, 0 where it was told to stop, or -1 (logged). */
int follow_tenant(struct db *db, struct arena *a, int64_t tenant, enum query end, enum query update,
    bool (*go_on)(void *ctx), void *ctx) __attribute__((warn_unused_result));

/* Is anything due?  False as well where that cannot be read (logged). */
bool follow_waits(struct db *db, struct arena *a);

/* What customer_due asks for: rows that lag behind their customers first, since they are hidden; then customers by the
 * rules of their tenants, whose rows lag then; then all of a tenant whose rules are others now.
 * 1 where nothing is left, 0 where it was told to stop, or -1 (logged). */
int follow_due(struct db *db, struct arena *a, bool (*go_on)(void *ctx), void *ctx) __attribute__((warn_unused_result));

#endif
