#include "trade/bill_trial.h"

#include "base/date.h"
#include "trade/bill_run_part.h"

enum {
	A_POSITION,
	A_RUN,
	A_AFTER,
	A_UPTO,
	A_ROOT,
	A_ACCOUNT,
	A_STARTS,
	A_ENDS,
	A_NOW,
	A_OFFERING,
	A_QUANTITY,
	A_PAGE,
	ARGS
};

struct sums {
	struct arena *a;
	struct trial *to;
};

/* _charged, _cost, _unit, _currency, _unconverted */
static int
take_sums(void *ctx, const struct db_val *v)
{
	const struct sums *s = ctx;

	s->to->charged = v[0].type == DB_INT ? v[0].i : 0;
	s->to->cost = v[1].type == DB_INT ? v[1].i : 0;
	s->to->unit = v[2].type == DB_TEXT ? arena_str(s->a, v[2].s) : S("");
	s->to->currency = v[3].type == DB_TEXT ? arena_str(s->a, v[3].s) : S("");
	s->to->unconverted = v[4].type == DB_INT ? v[4].i : 0;
	return (0);
}

/* _from_currency, _to_currency, _rate, _day, _source */
static int
take_rate(void *ctx, const struct db_val *v)
{
	const struct sums *s = ctx;

	s->to->rates[s->to->n_rates++] = (struct trial_rate){arena_str(s->a, v[0].s), arena_str(s->a, v[1].s),
	    arena_str(s->a, v[2].s), arena_str(s->a, v[3].s), arena_str(s->a, v[4].s)};
	return (0);
}

/* What a run with these things comes to; then they are free again, for the next trial.  0, or -1. */
static int
come_to(struct bill_run *r, struct arg *args, enum query things, struct trial *t)
{
	const enum query of[] = {things, Q_bill_run_early}, money[] = {Q_charge_insert, Q_charge_reject};
	const size_t n = things == Q_bill_run_subscriptions ? 2 : 1;
	struct sums sums = {r->a, t};

	*t =
	    (struct trial){.unit = S(""), .currency = S(""), .rates = arena_zero(r->a, TRIAL_RATES, sizeof(*t->rates))};
	if (query_run_admin(r->db, r->a, Q_trial_run, args, ARGS) == -1 ||
	    query_number_admin(r->db, r->a, Q_trial_made, NULL, 0, &r->id) != 1)
		return (-1);
	args[A_RUN] = int_arg("run", r->id);
	if (bill_statements(r, of, n, args, ARGS) == -1 || bill_price_chains(r, args, ARGS) == -1 ||
	    bill_statements(r, money, 2, args, ARGS) == -1 || bill_discount(r, args, ARGS, false) == -1 ||
	    query_each_admin(r->db, r->a, Q_trial_sums, args, ARGS, take_sums, &sums) == -1 ||
	    query_each_admin(r->db, r->a, Q_trial_rates, args, ARGS, take_rate, &sums) == -1 ||
	    query_number_admin(r->db, r->a, Q_trial_rejects, args, ARGS, &t->unpriced) == -1)
		return (-1);
	return (query_run_admin(r->db, r->a, Q_bill_run_cancel_things, args, ARGS) == -1 ? -1 : 0);
}

static int
try(struct db *db, struct arena *a, struct arg *more, enum query things, struct trial *t)
{
	struct bill_run r = {.db = db, .a = a};
	char now[20];
	int64_t root;

	if (query_number_admin(db, a, Q_tenant_root, NULL, 0, &root) != 1)
		return (-1);
	date_now_sql(now);
	more[A_POSITION] = int_arg("position", 0);
	more[A_RUN] = int_arg("run", 0);
	more[A_AFTER] = int_arg("after", more[A_ACCOUNT].v.i - 1);
	more[A_UPTO] = int_arg("upto", more[A_ACCOUNT].v.i);
	more[A_ROOT] = int_arg("root", root);
	more[A_PAGE] = int_arg("page", TRIAL_RATES);
	more[A_NOW] = text_arg("now", arena_str(a, (struct str){now, 19}));
	return (come_to(&r, more, things, t));
}

int
bill_trial_period(struct db *db, struct arena *a, int64_t account, struct str starts, struct str ends, struct trial *t)
{
	struct arg args[ARGS] = {[A_ACCOUNT] = int_arg("account", account),
	    [A_STARTS] = text_arg("starts", starts),
	    [A_ENDS] = text_arg("ends", ends),
	    [A_OFFERING] = int_arg("offering", 0),
	    [A_QUANTITY] = int_arg("quantity", 0)};

	return (try(db, a, args, Q_bill_run_subscriptions, t));
}

int
bill_trial_early(struct db *db, struct arena *a, int64_t account, struct str starts, struct str ends, struct trial *t)
{
	struct arg args[ARGS] = {[A_ACCOUNT] = int_arg("account", account),
	    [A_STARTS] = text_arg("starts", starts),
	    [A_ENDS] = text_arg("ends", ends),
	    [A_OFFERING] = int_arg("offering", 0),
	    [A_QUANTITY] = int_arg("quantity", 0)};

	return (try(db, a, args, Q_bill_run_early, t));
}

int
bill_trial_price(struct db *db, struct arena *a, int64_t account, int64_t offering, struct str quantity, struct str day,
    struct trial *t)
{
	struct arg args[ARGS] = {[A_ACCOUNT] = int_arg("account", account),
	    [A_STARTS] = text_arg("starts", day),
	    [A_ENDS] = text_arg("ends", day),
	    [A_OFFERING] = int_arg("offering", offering),
	    [A_QUANTITY] = text_arg("quantity", quantity)};

	return (try(db, a, args, Q_trial_thing, t));
}
