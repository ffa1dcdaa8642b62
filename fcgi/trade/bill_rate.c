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

/* A chunk in its transaction: what is to be billed, what it costs on each edge, what is missing to minimums, and the sums. */
static enum bill_step
rate(struct bill_run *r)
{
	static const enum query things[] = {Q_bill_usage_take, Q_bill_usage_sum, Q_bill_run_subscriptions,
	    Q_bill_run_early, Q_bill_usage_things, Q_bill_run_park, Q_bill_run_park_drop};
	static const enum query charges[] = {Q_charge_insert, Q_charge_reject};
	static const enum query sums[] = {
	    Q_charge_sums, Q_bill_usage_return, Q_bill_usage_return_sums, Q_bill_run_drop, Q_bill_run_rated};
	struct bill_chunk chunk = {0, 0};
	struct arg args[] = {int_arg("position", 0), int_arg("run", r->id), int_arg("after", r->rated_to),
	    int_arg("upto", 0), int_arg("n", 0), int_arg("root", r->root),
	    int_arg("page", r->rated_to < r->singly_to ? 1 : r->chunk)};
	const size_t n = sizeof(args) / sizeof(args[0]);

	if (r->phase != PHASE_open)
		return (STEP_END);
	if (query_each_admin(r->db, r->a, Q_bill_run_chunk, args, n, bill_take_chunk, &chunk) == -1)
		return (STEP_FAILED);
	if (chunk.n == 0)
		return (bill_minimum_above(r) == -1 || bill_phase_set(r, PHASE_open, PHASE_rated) == -1 ? STEP_FAILED
													: STEP_END);
	args[3] = int_arg("upto", chunk.upto);
	args[4] = int_arg("n", chunk.n);
	if (bill_statements(r, things, sizeof(things) / sizeof(things[0]), args, n) == -1 ||
	    bill_price_chains(r, args, n) == -1 ||
	    bill_statements(r, charges, sizeof(charges) / sizeof(charges[0]), args, n) == -1 ||
	    bill_discount(r, args, n, true) == -1 || bill_minimum(r, r->rated_to, chunk.upto) == -1 ||
	    bill_statements(r, sums, sizeof(sums) / sizeof(sums[0]), args, n) == -1) {
		/* Whose fault it was is found out one by one. */
		if (chunk.n > 1 && chunk.upto > r->singly_to)
			r->singly_to = chunk.upto;
		return (STEP_FAILED);
	}
	return (STEP_MORE);
}

/* The next account alone, which the database refused: noted, passed over. */
static enum bill_step
park(struct bill_run *r)
{
	struct bill_chunk one = {0, 0};
	struct arg args[] = {int_arg("run", r->id), int_arg("after", r->rated_to), int_arg("page", 1),
	    int_arg("account", 0), int_arg("upto", 0), int_arg("n", 0),
	    text_arg("detail", S("its amounts could not be computed"))};
	const size_t n = sizeof(args) / sizeof(args[0]);

	if (query_each_admin(r->db, r->a, Q_bill_run_chunk, args, n, bill_take_chunk, &one) == -1)
		return (STEP_FAILED);
	if (one.n == 0)
		return (STEP_END);
	args[3] = int_arg("account", one.upto);
	args[4] = int_arg("upto", one.upto);
	if (query_run_admin(r->db, r->a, Q_bill_run_park_one, args, n) == -1 ||
	    query_run_admin(r->db, r->a, Q_bill_run_rated, args, n) == -1)
		return (STEP_FAILED);
	log_error("bill_run", "run %lld: account %lld is parked", (long long)r->id, (long long)one.upto);
	return (STEP_MORE);
}

enum bill_step
bill_rate(struct bill_run *r)
{
	bool alone = r->rated_to < r->singly_to || r->chunk == 1;
	enum bill_step did = bill_step_committed(r, bill_usage_lock, rate);

	if (did != STEP_FAILED || (db_error(r->db) != DB_REFUSED && db_error(r->db) != DB_DUPLICATE))
		return (did);
	return (alone ? bill_step(r, NULL, park) : STEP_MORE);
}
