/* A bill run: all accounts of a cycle, all edges of their chains, one period.  Set-based, in chunks of accounts; each
 * step is one short transaction that says in the run's own row how far it is, so a run can be cut anywhere and goes
 * on at the next call, and two that work on it at once do no step twice.  Never gives a number before a document is
 * approved, and never takes one back. */
#ifndef TRADE_BILL_RUN_H
#define TRADE_BILL_RUN_H

#include "base/arena.h"
#include "wire/db.h"

struct bill_run_want {
	int64_t tenant; /* all accounts below it */
	int cycle_day;
	struct str period_start, period_end, issue_date; /* 2026-06-01; the period half-open */
	int chunk;                                       /* accounts of one step; 0: the usual */
	int sequence; /* of the runs of that period; 0: the first.  A later one bills what was missed and is mended */
};

/* The run of that tenant, cycle, period and sequence: the one that there is, or a new one.  Its id, or -1 (logged). */
int64_t
bill_run_open(struct db *db, struct arena *a, const struct bill_run_want *want) __attribute__((warn_unused_result));

enum bill_run_end {
	BILL_RUN_FAILED = -1, /* logged; may be called again */
	BILL_RUN_STOPPED,     /* go_on said so */
	BILL_RUN_WAITS,       /* for bill_run_approve: checked, or held; or it is paused */
	BILL_RUN_DONE,        /* issued and settled, or cancelled */
};

/* From wherever it is until it waits for somebody or is done.  go_on is asked before each step. */
enum bill_run_end bill_run_go(struct db *db, struct arena *a, int64_t run, bool (*go_on)(void *ctx), void *ctx)
    __attribute__((warn_unused_result));

/* Approves what waits and is not held: all documents, or with account those to it alone, and the run goes on with what
 * is approved.
 * The drafts that changed, or -1 (logged). */
int64_t
bill_run_approve(struct db *db, struct arena *a, int64_t run, int64_t account) __attribute__((warn_unused_result));

/* Sums, commissions and the chain proof anew, from what was issued and what was paid on it by now.  0, or -1. */
int bill_run_settle(struct db *db, int64_t run) __attribute__((warn_unused_result));

#endif
