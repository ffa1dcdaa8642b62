#include "trade/bill_run_part.h"

#define DRAFTS 1000 /* of one transaction */

/* Whatever a run takes of its accounts is given back here, by the run and the accounts of a chunk: each statement does
 * nothing where it was done before. */
static const enum query given_back[] = {
    Q_bill_run_cancel_things,
    Q_bill_usage_give_back,
    Q_bill_usage_give_back_sums,
};

/* First the drafts, so that nothing of it can be issued, then a chunk of accounts at a time. */
static enum bill_step
cancel(struct bill_run *r)
{
	struct bill_chunk chunk = {0, 0};
	struct arg args[] = {
	    int_arg("run", r->id), int_arg("after", r->cancelled_to), int_arg("page", DRAFTS), int_arg("upto", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	int64_t drafts;

	if (r->phase != PHASE_cancelling)
		return (STEP_END);
	if ((drafts = query_run_admin(r->db, r->a, Q_draft_cancel, args, n)) != 0)
		return (drafts == -1 ? STEP_FAILED : STEP_MORE);
	args[2] = int_arg("page", r->chunk);
	if (query_each_admin(r->db, r->a, Q_bill_run_cancel_chunk, args, n, bill_take_chunk, &chunk) == -1)
		return (STEP_FAILED);
	if (chunk.n == 0)
		return (bill_phase_set(r, PHASE_cancelling, PHASE_cancelled) == -1 ? STEP_FAILED : STEP_END);
	args[3] = int_arg("upto", chunk.upto);
	return (bill_statements(r, given_back, sizeof(given_back) / sizeof(given_back[0]), args, n) == -1 ||
		    query_run_admin(r->db, r->a, Q_bill_run_cancelled, args, n) == -1
		? STEP_FAILED
		: STEP_MORE);
}

enum bill_step
bill_cancel(struct bill_run *r)
{

	return (bill_step(r, NULL, cancel));
}
