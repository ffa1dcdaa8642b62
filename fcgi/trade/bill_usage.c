#include "trade/bill_run_part.h"

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
