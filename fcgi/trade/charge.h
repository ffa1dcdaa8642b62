/* The edge ledger, held against the same arithmetic in C (price.h). */
#ifndef TRADE_CHARGE_H
#define TRADE_CHARGE_H

#include "base/arena.h"
#include "wire/db.h"

/* Every price and every charge of a run once more.  How many differ (each is logged), or -1. */
int64_t charge_verify(struct db *db, struct arena *a, int64_t run) __attribute__((warn_unused_result));

#endif
