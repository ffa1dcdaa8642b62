/* Minimums within a run: what an account is charged less than was agreed becomes a thing of its own, on that one edge. */
#include "trade/bill_run_part.h"

static int
take_none(void *ctx, const struct db_val *v)
{

	(void)ctx;
	(void)v;
	return (0);
}

/* What was found missing, billed.  0, or -1. */
static int
top_up(struct bill_run *r, const struct arg *args, size_t n)
{
	static const enum query q[] = {
	    Q_minimum_things, Q_minimum_chains, Q_minimum_edges, Q_minimum_charges, Q_minimum_rejects};

	return (bill_statements(r, q, sizeof(q) / sizeof(q[0]), args, n));
}

int
bill_minimum(struct bill_run *r, int64_t after, int64_t upto)
{
	const struct arg args[] = {
	    int_arg("run", r->id), int_arg("after", after), int_arg("upto", upto), int_arg("above", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	int64_t any = 0, missing;

	if (query_number_admin(r->db, r->a, Q_minimum_any, args, n, &any) == -1)
		return (-1);
	if (any == 0)
		return (0);
	if ((missing = query_run_admin(r->db, r->a, Q_minimum_take, args, n)) <= 0)
		return (missing == -1 ? -1 : 0);
	return (top_up(r, args, n));
}

int
bill_minimum_above(struct bill_run *r)
{
	const struct arg args[] = {
	    int_arg("run", r->id), int_arg("after", 0), int_arg("upto", r->last_account), int_arg("above", 1)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	int64_t held = query_each_admin(r->db, r->a, Q_minimum_hold, NULL, 0, take_none, NULL), missing;

	if (held <= 0)
		return (held == -1 ? -1 : 0);
	if ((missing = query_run_admin(r->db, r->a, Q_minimum_take_above, args, n)) <= 0)
		return (missing == -1 ? -1 : 0);
	return (top_up(r, args, n) == -1 || query_run_admin(r->db, r->a, Q_minimum_sums, args, n) == -1 ? -1 : 0);
}
