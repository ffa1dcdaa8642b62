/* The ledger of the root with each tenant.  Documents, payments and commissions become entries, once and for both sides;
 * a closing puts the entries of a period on statements that never change again, and each begins with what the one before
 * closed with; then what agents earned becomes documents (self_bill.h).  Whatever comes late is of the next period.  Never
 * looks at what a run settled: a payment counts on the day that it was received. */
#ifndef TRADE_LEDGER_H
#define TRADE_LEDGER_H

#include "base/arena.h"
#include "base/str.h"
#include "wire/db.h"

/* "2026-06" into the first day of that month and the first behind it.  0, or -1 where it is no month. */
int ledger_period(struct arena *a, struct str month, struct str *start, struct str *end)
    __attribute__((warn_unused_result));

/* The closing of that period, for one tenant or (0) all, waiting to be carried out.  Its id, or -1 (logged). */
int64_t ledger_ask(struct db *db, struct arena *a, int64_t tenant, struct str start, struct str end)
    __attribute__((warn_unused_result));

enum ledger_end {
	LEDGER_FAILED = -1, /* logged; may be called again */
	LEDGER_STOPPED,     /* go_on said so */
	LEDGER_DONE,
};

/* Carries a closing out in short transactions, from wherever it is.  go_on is asked before each. */
enum ledger_end ledger_go(struct db *db, struct arena *a, int64_t closing, bool (*go_on)(void *ctx), void *ctx)
    __attribute__((warn_unused_result));

/* How many times the ledger breaks its rules (logged which), or -1. */
int64_t ledger_check(struct db *db, struct arena *a) __attribute__((warn_unused_result));

#endif
