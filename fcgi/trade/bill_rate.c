#include <string.h>

#include "base/log.h"
#include "trade/bill_run_part.h"

#define EDGES 5 /* of the longest chain */

int
bill_price_chains(struct bill_run *r, struct arg *args, size_t n)
{
	static const enum query before[] = {Q_chain_insert, Q_chain_edges, Q_chain_rules, Q_chain_rates};
	static const enum query tiers[] = {Q_chain_tiers_list, Q_chain_tiers_cost, Q_chain_tiers_own};
	static const enum query after[] = {Q_chain_reach, Q_chain_troubles, Q_chain_priced};
	int64_t chains;

	if ((chains = query_run_admin(r->db, r->a, before[0], args, n)) <= 0)
		return (chains == -1 ? -1 : 0);
	if (bill_statements(r, before + 1, 3, args, n) == -1)
		return (-1);
	for (int position = 0; position < EDGES; position++) {
		args[0] = int_arg("position", position);
		if (bill_statements(r, tiers, 3, args, n) == -1)
			return (-1);
	}
	return (bill_statements(r, after, 3, args, n));
}

#define RATE_ARGS 9

/* What the statements of a chunk are about; args[0] is the position. */
static void
rate_args(const struct bill_run *r, struct arg args[RATE_ARGS])
{

	args[0] = int_arg("position", 0);
	args[1] = int_arg("run", r->id);
	args[2] = int_arg("after", r->held.after);
	args[3] = int_arg("upto", r->held.chunk.upto);
	args[4] = int_arg("n", r->held.chunk.n);
	args[5] = int_arg("root", r->root);
	args[6] = int_arg("newest", r->held.newest);
	args[7] = int_arg("month", r->held.month);
	args[8] = int_arg("last_month", r->held.last_month);
}

/* The charges of the chunk's things and their sums.  Mostly all have one, and then nobody looks for what has none. */
static int
charge(struct bill_run *r, struct arg *args)
{
	static const enum query sums[] = {Q_charge_sums, Q_bill_usage_return, Q_bill_usage_return_sums};
	int64_t uncharged = 0;

	if (query_run_admin(r->db, r->a, Q_charge_insert, args, RATE_ARGS) == -1 ||
	    query_number_admin(r->db, r->a, Q_bill_run_uncharged, args, RATE_ARGS, &uncharged) == -1 ||
	    (uncharged && query_run_admin(r->db, r->a, Q_charge_reject, args, RATE_ARGS) == -1) ||
	    bill_discount(r, args, RATE_ARGS, true) == -1 || bill_minimum(r, r->held.after, r->held.chunk.upto) == -1 ||
	    bill_statements(r, sums, sizeof(sums) / sizeof(sums[0]), args, RATE_ARGS) == -1 ||
	    (uncharged && query_run_admin(r->db, r->a, Q_bill_run_drop, args, RATE_ARGS) == -1))
		return (-1);
	return (0);
}

/* The chunk that is held in its transaction: what is to be billed, what it costs on each edge, what is missing to
 * minimums, and the sums. */
static enum bill_step
rate(struct bill_run *r)
{
	static const enum query things[] = {
	    Q_bill_run_subscriptions, Q_bill_run_early, Q_bill_usage_things, Q_bill_run_park, Q_bill_run_park_drop};
	struct arg args[RATE_ARGS];

	if (r->phase != PHASE_open)
		return (STEP_END);
	if (r->rated_to != r->held.after) /* somebody else has rated these meanwhile */
		return (STEP_STALE);
	if (r->held.chunk.n == 0)
		return (bill_minimum_above(r) == -1 || bill_phase_set(r, PHASE_open, PHASE_rated) == -1 ? STEP_FAILED
													: STEP_END);
	rate_args(r, args);
	if (bill_usage_take(r, args, RATE_ARGS) == -1 ||
	    bill_statements(r, things, sizeof(things) / sizeof(things[0]), args, RATE_ARGS) == -1 ||
	    bill_price_chains(r, args, RATE_ARGS) == -1 || charge(r, args) == -1 ||
	    query_run_admin(r->db, r->a, Q_bill_run_rated, args, RATE_ARGS) == -1) {
		/* Whose fault it was is found out one by one. */
		if (r->held.chunk.n > 1 && r->held.chunk.upto > r->singly_to)
			r->singly_to = r->held.chunk.upto;
		return (STEP_FAILED);
	}
	return (STEP_MORE);
}

/* The account that is held alone, which the database refused: noted, passed over. */
static enum bill_step
park(struct bill_run *r)
{
	struct arg args[RATE_ARGS + 2];
	const size_t n = sizeof(args) / sizeof(args[0]);

	if (r->phase != PHASE_open)
		return (STEP_END);
	if (r->rated_to != r->held.after)
		return (STEP_STALE);
	rate_args(r, args);
	args[RATE_ARGS] = int_arg("account", r->held.chunk.upto);
	args[RATE_ARGS + 1] = text_arg("detail", S("its amounts could not be computed"));
	if (query_run_admin(r->db, r->a, Q_bill_run_park_one, args, n) == -1 ||
	    query_run_admin(r->db, r->a, Q_bill_usage_passed, args, n) == -1 ||
	    query_run_admin(r->db, r->a, Q_bill_run_rated, args, n) == -1)
		return (STEP_FAILED);
	log_error("bill_run", "run %lld: account %lld is parked", (long long)r->id, (long long)r->held.chunk.upto);
	return (STEP_MORE);
}

enum bill_step
bill_rate(struct bill_run *r)
{
	bool alone = r->rated_to < r->singly_to || r->chunk == 1;
	enum bill_step did = bill_usage_hold(r) == -1 ? STEP_FAILED : bill_step_committed(r, bill_usage_lock, rate);

	if (did != STEP_FAILED || (db_error(r->db) != DB_REFUSED && db_error(r->db) != DB_DUPLICATE))
		return (did);
	return (alone && r->held.chunk.n == 1 ? bill_step_committed(r, NULL, park) : STEP_MORE);
}
