/* What an account would be charged, by the statements of a bill run themselves, under a run that nobody ever sees.  Whoever
 * asks has begun a transaction, and rolls it back or goes back to the mark: nothing of a trial may stay. */
#ifndef TRADE_BILL_TRIAL_H
#define TRADE_BILL_TRIAL_H

#include "base/str.h"
#include "wire/db.h"

#define TRIAL_RATES 40 /* that are told, at most */

/* What one of from_currency was worth in to_currency, since a day, as who says so. */
struct trial_rate {
	struct str from_currency, to_currency, rate, day, source;
};

/* Net, in minor units of the currency; empty texts where nothing was charged. */
struct trial {
	int64_t charged;           /* on the customer's edge */
	int64_t cost;              /* on the edge that who sells buys by, converted; 0 where that is the root */
	int64_t unpriced;          /* things that have no price on some edge, and are not in the sums */
	int64_t unconverted;       /* things whose cost is of another currency and has no rate: the cost is not known */
	struct str unit, currency; /* unit: of the last thing, for a whole period */
	struct trial_rate *rates;  /* that the cost was converted at */
	size_t n_rates;
};

/* Of all that it has subscribed to and that no run has billed, in a period of its own.  0, or -1 (logged; see db_error). */
int bill_trial_period(struct db *db, struct arena *a, int64_t account, struct str starts, struct str ends,
    struct trial *t) __attribute__((warn_unused_result));

/* Of that what is owed of commitments that end early, and of nothing else.  Likewise. */
int bill_trial_early(struct db *db, struct arena *a, int64_t account, struct str starts, struct str ends,
    struct trial *t) __attribute__((warn_unused_result));

/* Of so many of an offering for a whole period, by the prices of that day.  Likewise. */
int bill_trial_price(struct db *db, struct arena *a, int64_t account, int64_t offering, struct str quantity,
    struct str day, struct trial *t) __attribute__((warn_unused_result));

#endif
