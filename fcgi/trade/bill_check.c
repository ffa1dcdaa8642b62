#include "base/log.h"
#include "trade/bill_run_part.h"
#include "trade/minimum.h"
#include "trade/price.h"
#include "trade/reconcile.h"

static int
note(struct bill_run *r, const char *name, int64_t found)
{
	const struct arg args[] = {int_arg("run", r->id), text_arg("name", str_of(name)), int_arg("found", found)};

	return (query_run_admin(r->db, r->a, Q_settlement_check_note, args, 3) == -1 ? -1 : 0);
}

static void
pass(void *ctx, const struct gap *g)
{

	(void)ctx, (void)g; /* `portico bill-run reconcile` tells which */
}

/* Gaps between what was used or is subscribed and what is charged.  How many of usage that the run has rated, or -1. */
static int64_t
check_gaps(struct bill_run *r)
{
	int64_t usage = reconcile(r->db, r->a, r->id, RECONCILE_usage, pass, NULL),
		received = reconcile(r->db, r->a, r->id, RECONCILE_received, pass, NULL),
		subscribed = reconcile(r->db, r->a, r->id, RECONCILE_subscriptions, pass, NULL);

	if (usage == -1 || received == -1 || subscribed == -1 || note(r, "usage", usage) == -1 ||
	    note(r, "unbilled", received + subscribed) == -1)
		return (-1);
	if (usage > 0)
		log_error("bill_run", "run %lld is held: usage, %lld times", (long long)r->id, (long long)usage);
	return (usage);
}

/* Accounts whose minimum is not what C makes of it.  How many, or -1. */
static int64_t
check_minimums(struct bill_run *r)
{
	const int64_t differ = minimum_verify(r->db, r->a, r->id);

	if (differ == -1 || note(r, "minimum", differ) == -1)
		return (-1);
	if (differ > 0)
		log_error("bill_run", "run %lld is held: minimum, %lld times", (long long)r->id, (long long)differ);
	return (differ);
}

/* What is found is written down.  What the engine itself got wrong holds the whole run; what lacks a price is
 * missing on every edge and left to people. */
enum bill_step
bill_check(struct bill_run *r)
{
	static const struct {
		const char *name;
		enum query q;
		bool holds;
	} checks[] = {
	    {"edges", Q_settlement_check_edges, true},
	    {"sums", Q_settlement_check_sums, true},
	    {"rejects", Q_settlement_check_rejects, false},
	    {"parked", Q_settlement_check_parked, false},
	    {"zero", Q_settlement_check_zero, false},
	    {"outliers", Q_settlement_check_outliers, false},
	};
	const struct arg run = int_arg("run", r->id);
	int64_t found = check_gaps(r), minimums = check_minimums(r);
	bool held = found > 0 || minimums > 0;

	if (found == -1 || minimums == -1)
		return (STEP_FAILED);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		found = 0;
		if (query_number_admin(r->db, r->a, checks[i].q, &run, 1, &found) == -1 ||
		    note(r, checks[i].name, found) == -1)
			return (STEP_FAILED);
		if (found == 0 || !checks[i].holds)
			continue;
		log_error(
		    "bill_run", "run %lld is held: %s, %lld times", (long long)r->id, checks[i].name, (long long)found);
		held = true;
	}
	return (bill_phase_set(r, PHASE_rated, held ? PHASE_held : PHASE_checked) == -1 ? STEP_FAILED : STEP_END);
}

/* _margins, _collected */
static int
take_proof(void *ctx, const struct db_val *v)
{
	int64_t *proof = ctx;

	proof[0] = v[0].i;
	proof[1] = v[1].i;
	return (0);
}

/* _tenant, _cost, _decimals, _rate, _to_decimals, _converted: counted where it is not what C makes of it. */
static int
check_converted(void *ctx, const struct db_val *v)
{
	int64_t rate, converted;

	if (price_rate(v[3].s, &rate) == 0 &&
	    price_convert_minor(v[1].i, (int)v[2].i, rate, (int)v[4].i, &converted) == 0 && converted == v[5].i)
		return (0);
	log_error("bill_run", "tenant %lld: what was converted differs", (long long)v[0].i);
	++*(int64_t *)ctx;
	return (0);
}

/* The chain proof: margins, with what went from one currency to another, come to what the end accounts are charged, and
 * what the root collected to what it keeps and what it owes. */
static enum bill_step
settle(struct bill_run *r)
{
	static const enum query q[] = {Q_settlement_conversions, Q_settlement_sums, Q_settlement_commissions};
	const struct arg run = int_arg("run", r->id);
	int64_t proof[2] = {0, 0}, differ = 0;

	if (r->phase != PHASE_issued && r->phase != PHASE_settled)
		return (STEP_END);
	if (bill_statements(r, q, sizeof(q) / sizeof(q[0]), &run, 1) == -1 ||
	    query_each_admin(r->db, r->a, Q_settlement_proof, &run, 1, take_proof, proof) == -1 ||
	    query_each_admin(r->db, r->a, Q_settlement_converted, &run, 1, check_converted, &differ) == -1 ||
	    note(r, "proof_margins", proof[0]) == -1 || note(r, "proof_collected", proof[1]) == -1 ||
	    note(r, "proof_converted", differ) == -1)
		return (STEP_FAILED);
	if (proof[0] != 0 || proof[1] != 0 || differ != 0)
		log_error("bill_run", "run %lld: the chain proof fails by %lld and %lld, and %lld times by rates",
		    (long long)r->id, (long long)proof[0], (long long)proof[1], (long long)differ);
	return (bill_phase_set(r, PHASE_issued, PHASE_settled) == -1 ? STEP_FAILED : STEP_END);
}

enum bill_step
bill_settle(struct bill_run *r)
{

	return (bill_step(r, NULL, settle));
}
