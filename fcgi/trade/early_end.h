/* What is owed where a subscription ends before its commitment: so many per cent of the rest of it, as its offering says, billed
 * once by the run of the period that the end is in, on all edges at the price of each. */
#ifndef TRADE_EARLY_END_H
#define TRADE_EARLY_END_H

#include "trade/subscribe.h"

/* The part of a period's price that the days from..until of a cycle come to, in hundredths of per cent of it: days of of_days.
 * 0, or -1 where it is too long to be said. */
int early_end_part(int cycle_day, int64_t from, int64_t until, int64_t share, int64_t *days, int64_t *of_days)
    __attribute__((warn_unused_result));

/* Once it and its add-ons end on that day (DATE_NONE: it does not end), what they owe is written down anew.  0, or -1 with the
 * problem set. */
int early_end(struct rq *rq, const struct subscriber *who, int64_t subscription, int64_t ends)
    __attribute__((warn_unused_result));

#endif
