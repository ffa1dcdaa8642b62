/* Self-billing: what an agent earned on closed statements becomes a document that the house which owes it writes in the agent's
 * name, with a number of the agent's; what is given back in the end becomes a credit that names the one before.  Never where
 * the agreement on that or the agent's tax id is missing or has lapsed: that stays owed, and is on a later one. */
#ifndef TRADE_SELF_BILL_H
#define TRADE_SELF_BILL_H

#include "base/arena.h"
#include "base/str.h"
#include "wire/db.h"

/* Who earned of whom, in which currency.  Zero is before the first. */
struct self_bill_group {
	int64_t agent, house;
	char currency[4];
};

/* The next group that has something on no document, of one agent or (0) all, behind *g and into it: 1, or 0 where there is none; -1 (logged). */
int self_bill_next(struct db *db, struct arena *a, int64_t of_tenant, struct self_bill_group *g)
    __attribute__((warn_unused_result));

/* Within a transaction that has the turn of the ledger, which is why nothing is read before somebody else is done: one document
 * of what the group earned on statements up to `end`, if it may have one.  1, or 0 where there is nothing (more) to write; -1 (logged). */
int self_bill_issue(struct db *db, struct arena *a, const struct self_bill_group *g, struct str start, struct str end)
    __attribute__((warn_unused_result));

#endif
