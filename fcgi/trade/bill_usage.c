#include "base/log.h"
#include "trade/bill_run_part.h"

#define APART 4 /* accounts of other cycles between two of the run's, from which on these are read one by one */

static int
pass(void *ctx, const struct db_val *v)
{

	(void)ctx, (void)v; /* it is held, and that is all */
	return (0);
}

int
bill_usage_lock(struct bill_run *r)
{
	const struct arg run = int_arg("run", r->id);

	return (query_each_admin(r->db, r->a, Q_bill_usage_lock, &run, 1, pass, NULL) == -1 ? -1 : 0);
}

/* _newest, _month, _last_month */
static int
take_newest(void *ctx, const struct db_val *v)
{
	struct bill_run *r = ctx;

	r->held.newest = v[0].i;
	r->held.month = v[1].i;
	r->held.last_month = v[2].i;
	return (0);
}

static enum bill_step
hold(struct bill_run *r)
{
	struct arg args[] = {int_arg("run", r->id), int_arg("after", r->rated_to),
	    int_arg("page", r->rated_to < r->singly_to ? 1 : r->chunk), int_arg("upto", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);

	r->held.chunk = (struct bill_chunk){0, 0};
	r->held.after = r->rated_to;
	if (r->phase != PHASE_open)
		return (STEP_END);
	if (query_each_admin(r->db, r->a, Q_bill_run_chunk, args, n, bill_take_chunk, &r->held.chunk) == -1)
		return (STEP_FAILED);
	args[3] = int_arg("upto", r->held.chunk.upto);
	if (r->held.chunk.n == 0)
		return (STEP_END);
	/* The newest is read behind the lock, or what is on its way would be below it. */
	if (query_each_admin(r->db, r->a, Q_bill_usage_hold, args, n, pass, NULL) == -1 ||
	    query_each_admin(r->db, r->a, Q_bill_usage_newest, args, n, take_newest, r) != 1)
		return (STEP_FAILED);
	if (r->held.last_month - r->held.month > 1) {
		log_error("bill_run", "run %lld: its period touches more than two months", (long long)r->id);
		return (STEP_FAILED);
	}
	return (STEP_END);
}

int
bill_usage_hold(struct bill_run *r)
{

	return (bill_step_committed(r, NULL, hold) == STEP_FAILED ? -1 : 0);
}

int
bill_usage_take(struct bill_run *r, const struct arg *args, size_t n)
{
	const bool apart = r->held.chunk.upto - r->held.after > APART * r->held.chunk.n;
	const enum query q[] = {
	    Q_bill_usage_again, apart ? Q_bill_usage_take_apart : Q_bill_usage_take, Q_bill_usage_noted};

	return (bill_statements(r, q, sizeof(q) / sizeof(q[0]), args, n));
}

/* The next accounts behind r->used_to that the run took usage of; once all are through, the run has issued what there was
 * to issue, with what others have issued meanwhile of accounts that are behind. */
static enum bill_step
billed(struct bill_run *r)
{
	struct arg args[] = {
	    int_arg("run", r->id), int_arg("after", r->used_to), int_arg("page", r->chunk), int_arg("upto", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	bool last;

	if (r->phase != PHASE_approved)
		return (STEP_END);
	if (query_each_admin(r->db, r->a, Q_bill_usage_accounts, args, n, bill_take_chunk, &r->batch) == -1)
		return (STEP_FAILED);
	last = r->batch.n == 0;
	args[1] = int_arg("after", last ? 0 : r->used_to);
	args[3] = int_arg("upto", last ? r->last_account : r->batch.upto);
	if (query_run_admin(r->db, r->a, Q_bill_usage_billed, args, n) == -1 ||
	    (last && bill_phase_set(r, PHASE_approved, PHASE_issued) == -1))
		return (STEP_FAILED);
	return (last ? STEP_END : STEP_MORE);
}

enum bill_step
bill_usage_billed(struct bill_run *r)
{
	const enum bill_step did = bill_step_committed(r, NULL, billed);

	if (did == STEP_MORE) /* what is behind is not looked at again, but only once its transaction is through */
		r->used_to = r->batch.upto;
	return (did);
}
