/* Pay-outs: a batch of what the last closed statement of each tenant owes, less what is on its way.  Who cannot be paid is
 * noted with the reason and left out.  A statement is paid out once, by a unique key and not by care. */
#ifndef TRADE_PAYOUT_H
#define TRADE_PAYOUT_H

#include "core/rq.h"

/* Within the request's transaction.  execution: a day; minimum: in millionths of whichever currency.  The id of the
 * batch, or -1 with the problem set. */
int64_t payout_prepare(struct rq *rq, struct str execution, int64_t minimum) __attribute__((warn_unused_result));

#endif
