/* Minimums of an edge, held against the same arithmetic in C. */
#ifndef TRADE_MINIMUM_H
#define TRADE_MINIMUM_H

#include "base/arena.h"
#include "wire/db.h"

/* What each account of a run is charged once more, and what is missing to its minimum.  How many differ (each is logged), or -1. */
int64_t minimum_verify(struct db *db, struct arena *a, int64_t run) __attribute__((warn_unused_result));

#endif
