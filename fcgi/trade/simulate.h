/* What the draft of a price list would change, by the statements of a bill run themselves: prices are found twice, as
 * they are and with the draft published, in a transaction that is rolled back.  Changes nothing. */
#ifndef TRADE_SIMULATE_H
#define TRADE_SIMULATE_H

#include "base/str.h"
#include "wire/db.h"

#define SIMULATE_CHAINS 20000 /* chains that are looked at, at most */
#define SIMULATE_ROWS 2000    /* and prices that are told */

/* One price that moves: of an offering on an edge, for a quantity above so many.  Numbers are decimal texts in the currency of
 * the edge, empty where there is none; an edge has a buyer, or an account, or is for all that have no agreement of their own. */
struct simulated {
	int64_t seller, buyer, account, offering, product;
	struct str seller_name, buyer_name, account_number, offering_name, currency, above, old, new_, old_cost,
	    new_cost, old_margin, new_margin, floor, below_floor, trouble;
	struct str cost_currency, cost_rate, rate_day,
	    rate_source; /* what the cost is converted from, and at which rate */
};

struct simulation {
	struct str day; /* the draft's first one */
	int64_t chains; /* that were looked at */
	bool more;      /* there is more than was looked at, or told */
	struct simulated *rows;
	size_t n;
};

/* Of the list's draft, from that day on (empty: the first one possible); wide: on the edges of all below its seller too.
 * 1, 0 where there is no draft, or -1 (logged; see db_error).  All in the arena. */
int simulate(struct db *db, struct arena *a, int64_t list, struct str starts, bool wide, struct simulation *s)
    __attribute__((warn_unused_result));

#endif
