#include "trade/simulate.h"

#include "base/date.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define EDGES 5 /* of the longest chain */

enum { A_RUN, A_AFTER, A_DAY, A_STARTS, A_TODAY, A_ID, A_OF, A_WHOLE, A_WIDE, A_ROOT, A_POSITION, A_PAGE, ARGS };

struct trial {
	struct db *db;
	struct arena *a;
	struct arg args[ARGS];
	int64_t level, draft, chains;
	struct simulation *s;
};

/* _of, _level, _draft, _day */
static int
take_list(void *ctx, const struct db_val *v)
{
	struct trial *t = ctx;

	t->args[A_OF] = int_arg("of", v[0].i);
	t->level = v[1].i;
	t->draft = v[2].i;
	t->s->day = arena_str(t->a, v[3].s);
	return (1);
}

static int
run(struct trial *t, enum query q)
{

	return (query_run_admin(t->db, t->a, q, t->args, ARGS) == -1 ? -1 : 0);
}

/* Every price of every chain, under a run of its own.  0 and the run, or -1. */
static int
find_prices(struct trial *t, int64_t *id)
{
	static const enum query before[] = {Q_chain_edges, Q_chain_rules, Q_chain_rates},
				tiers[] = {Q_chain_tiers_list, Q_chain_tiers_cost, Q_chain_tiers_own},
				after[] = {Q_chain_reach, Q_chain_troubles, Q_chain_priced};

	if (run(t, Q_price_list_trial_run) == -1 ||
	    query_number_admin(t->db, t->a, Q_price_list_made, NULL, 0, id) != 1)
		return (-1);
	t->args[A_RUN] = int_arg("run", *id);
	t->args[A_PAGE] = int_arg("page", SIMULATE_CHAINS);
	if ((t->chains = query_run_admin(t->db, t->a, Q_price_list_trial_chains, t->args, ARGS)) == -1)
		return (-1);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (run(t, before[i]) == -1)
			return (-1);
	for (int position = 0; position < EDGES; position++) {
		t->args[A_POSITION] = int_arg("position", position);
		for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++)
			if (run(t, tiers[i]) == -1)
				return (-1);
	}
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
		if (run(t, after[i]) == -1)
			return (-1);
	return (0);
}

/* As price_list_moved selects them. */
static int
take_row(void *ctx, const struct db_val *v)
{
	struct trial *t = ctx;
	struct simulated *r = &t->s->rows[t->s->n];
	struct str *const texts[] = {&r->currency, &r->above, &r->old, &r->new_, &r->old_cost, &r->new_cost,
	    &r->old_margin, &r->new_margin, &r->floor, &r->below_floor, &r->trouble, &r->cost_currency, &r->cost_rate,
	    &r->rate_day, &r->rate_source};

	if (t->s->n == SIMULATE_ROWS) {
		t->s->more = true;
		return (1);
	}
	*r = (struct simulated){
	    .seller = v[0].i, .buyer = v[2].i, .account = v[4].i, .offering = v[6].i, .product = v[8].i};
	r->seller_name = arena_str(t->a, v[1].s);
	r->buyer_name = v[3].type == DB_TEXT ? arena_str(t->a, v[3].s) : S("");
	r->account_number = v[5].type == DB_TEXT ? arena_str(t->a, v[5].s) : S("");
	r->offering_name = arena_str(t->a, v[7].s);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = v[9 + i].type == DB_TEXT ? arena_str(t->a, v[9 + i].s) : S("");
	t->s->n++;
	return (0);
}

/* Within the transaction: 1, 0 where there is no draft, or -1. */
static int
compare(struct trial *t)
{
	int64_t before, after;
	int64_t rc = query_each_admin(t->db, t->a, Q_price_list_trial, t->args, ARGS, take_list, t);

	if (rc <= 0 || t->draft == 0)
		return (rc == -1 ? -1 : 0);
	t->args[A_WHOLE] = int_arg("whole", t->level == 0);
	t->args[A_DAY] = text_arg("day", t->s->day);
	t->args[A_STARTS] = text_arg("starts", t->s->day);
	if (find_prices(t, &before) == -1 || run(t, Q_price_list_publish) == -1 || find_prices(t, &after) == -1)
		return (-1);
	t->s->chains = t->chains;
	t->s->more = t->chains == SIMULATE_CHAINS;
	t->args[A_RUN] = int_arg("run", before);
	t->args[A_AFTER] = int_arg("after", after);
	t->args[A_PAGE] = int_arg("page", SIMULATE_ROWS + 1);
	return (query_each_admin(t->db, t->a, Q_price_list_moved, t->args, ARGS, take_row, t) == -1 ? -1 : 1);
}

int
simulate(struct db *db, struct arena *a, int64_t list, struct str starts, bool wide, struct simulation *s)
{
	struct trial t = {.db = db, .a = a, .s = s};
	int64_t root = 0;
	char now[20];
	int rc;

	date_now_sql(now);
	*s = (struct simulation){.rows = arena_zero(a, SIMULATE_ROWS, sizeof(*s->rows))};
	for (int i = 0; i < ARGS; i++) /* until they are known */
		t.args[i] = int_arg("", 0);
	t.args[A_ID] = int_arg("id", list);
	t.args[A_TODAY] = text_arg("today", arena_str(a, (struct str){now, 10}));
	t.args[A_STARTS] = text_arg("starts", starts);
	if (starts.n == 0)
		t.args[A_STARTS].v.type = DB_NULL;
	t.args[A_WIDE] = int_arg("wide", wide);
	if (query_number_admin(db, a, Q_tenant_root, NULL, 0, &root) != 1 || db_begin(db) == -1)
		return (-1);
	t.args[A_ROOT] = int_arg("root", root);
	rc = compare(&t);
	db_rollback(db);
	return (rc);
}
