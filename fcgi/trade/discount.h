/* Discounts of an edge, held against the same arithmetic in C. */
#ifndef TRADE_DISCOUNT_H
#define TRADE_DISCOUNT_H

#include "base/arena.h"
#include "wire/db.h"

/* What every discount took of every charge of a run once more.  How many differ (each is logged), or -1. */
int64_t discount_verify(struct db *db, struct arena *a, int64_t run) __attribute__((warn_unused_result));

#endif
