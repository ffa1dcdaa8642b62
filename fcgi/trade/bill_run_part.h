/* Shared by the files of the bill run (bill_run.h) and nobody else. */
#ifndef TRADE_BILL_RUN_PART_H
#define TRADE_BILL_RUN_PART_H

#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/bill_run.h"

enum bill_phase {
	PHASE_open,
	PHASE_rated,
	PHASE_checked,
	PHASE_held,
	PHASE_approved,
	PHASE_issued,
	PHASE_settled,
	PHASE_cancelled,
	PHASE_cancelling,
	PHASE__MAX
};
extern const char *const bill_phases[PHASE__MAX];

/* Some in the order of their ids; n == 0: none is left. */
struct bill_chunk {
	int64_t upto, n;
};

struct bill_run {
	struct db *db;
	struct arena *a; /* of one step */
	int64_t id, root;
	/* Read anew by each step behind the lock of the run's row. */
	enum bill_phase phase;
	int64_t chunk, rated_to, drafted_to, last_account, accounts, paused, cancelled_to;
	int64_t singly_to; /* one account a step up to here: something in the chunk was refused */
	/* What is issued next. */
	int64_t seller, year;
	struct bill_chunk batch;
	int64_t used_to; /* accounts whose usage is behind the run, for this call alone */
	/* What is rated next: the accounts behind `after`, and of their usage all up to `newest`. */
	struct {
		struct bill_chunk chunk;
		int64_t after, newest, month, last_month;
	} held;
};

/* What a step did.  STALE: nothing, for what it was planned for is done already. */
enum bill_step { STEP_FAILED = -1, STEP_MORE, STEP_END, STEP_STALE };

/* One step in a transaction of its own, behind the lock of the run; first (or NULL) is done before that lock.  Again
 * where the database asks for it. */
enum bill_step
bill_step(struct bill_run *r, int (*first)(struct bill_run *r), enum bill_step (*step)(struct bill_run *r));
/* The same, but it reads what is committed, statement by statement, and locks no gaps. */
enum bill_step
bill_step_committed(struct bill_run *r, int (*first)(struct bill_run *r), enum bill_step (*step)(struct bill_run *r));
/* Statements in their order with the same parameters.  0, or -1. */
int bill_statements(struct bill_run *r, const enum query *q, size_t n, const struct arg *args, size_t n_args);
/* The price of every new chain that the run's things need, edge by edge from the root; args[0] is the position.  0, or -1. */
int bill_price_chains(struct bill_run *r, struct arg *args, size_t n); /* bill_rate.c */
/* What discounts take of the charges of the things from :after to :upto; counted: so that it is had once a period, which a
 * trial does not need.  0, or -1. */
#define BILL_DISCOUNT_ARGS 16                                                          /* more than n + 2 */
int bill_discount(struct bill_run *r, const struct arg *args, size_t n, bool counted); /* bill_discount.c */
/* What is missing to the minimum of end accounts behind after up to upto; and, behind the last chunk, of resellers, with their sums.
 * 0, or -1. */
int bill_minimum(struct bill_run *r, int64_t after, int64_t upto); /* bill_minimum.c */
int bill_minimum_above(struct bill_run *r);
int bill_phase_set(struct bill_run *r, enum bill_phase before, enum bill_phase phase);

int bill_take_chunk(void *chunk, const struct db_val *v); /* _upto, _n */

/* A step of each phase. */
enum bill_step bill_rate(struct bill_run *r);   /* bill_rate.c: the next chunk, with what stands in its way parked */
enum bill_step bill_draft(struct bill_run *r);  /* bill_issue.c: the next documents without a number */
enum bill_step bill_check(struct bill_run *r);  /* bill_check.c: what is wrong with all of it; within bill_draft's */
enum bill_step bill_issue(struct bill_run *r);  /* bill_issue.c: the next numbers of one seller */
enum bill_step bill_settle(struct bill_run *r); /* bill_check.c: what it comes to for everybody */
enum bill_step bill_cancel(struct bill_run *r); /* bill_cancel.c: the next of what it had taken is given back */

/* What becomes of usage: bill_usage.c. */
int bill_usage_hold(struct bill_run *r); /* what is rated next, once all that came in of it is there: r->held */
int bill_usage_lock(struct bill_run *r); /* no other run of the cycle rates until the step ends */
int bill_usage_take(struct bill_run *r, const struct arg *args, size_t n); /* of what is held all that no run has */
enum bill_step bill_usage_billed(struct bill_run *r); /* the next accounts; behind the last one the run has issued */

#endif
