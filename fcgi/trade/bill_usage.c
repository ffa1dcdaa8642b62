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

/* The next accounts behind r->used_to that the run took usage of, into r->batch, and the statements with them.  STEP_END
 * where there are none. */
static enum bill_step
with_accounts(struct bill_run *r, const enum query *q, size_t n)
{
	struct arg args[] = {
	    int_arg("run", r->id), int_arg("after", r->used_to), int_arg("page", r->chunk), int_arg("upto", 0)};

	if (query_each_admin(r->db, r->a, Q_bill_usage_accounts, args, 4, bill_take_chunk, &r->batch) == -1)
		return (STEP_FAILED);
	if (r->batch.n == 0)
		return (STEP_END);
	args[3] = int_arg("upto", r->batch.upto);
	return (bill_statements(r, q, n, args, 4) == -1 ? STEP_FAILED : STEP_MORE);
}

/* Once all is through, the run has issued what there was to issue: with what others have issued meanwhile of accounts that
 * are behind. */
static enum bill_step
billed(struct bill_run *r)
{
	static const enum query q[] = {Q_bill_usage_billed};
	const struct arg all[] = {int_arg("run", r->id), int_arg("after", 0), int_arg("upto", r->last_account)};
	enum bill_step did;

	if (r->phase != PHASE_approved)
		return (STEP_END);
	did = with_accounts(r, q, 1);
	if (did == STEP_END &&
	    (bill_statements(r, q, 1, all, 3) == -1 || bill_phase_set(r, PHASE_approved, PHASE_issued) == -1))
		return (STEP_FAILED);
	return (did);
}

/* What is behind is not looked at again, but only once its transaction is through. */
static enum bill_step
step(struct bill_run *r, enum bill_step (*one)(struct bill_run *r))
{
	enum bill_step did;

	r->committed = true;
	did = bill_step(r, NULL, one);
	r->committed = false;
	if (did == STEP_MORE)
		r->used_to = r->batch.upto;
	return (did);
}

enum bill_step
bill_usage_billed(struct bill_run *r)
{

	return (step(r, billed));
}
