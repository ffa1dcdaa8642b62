#include "trade/subscribe.h"

#include "base/date.h"
#include "core/admin_query.h"
#include "core/query.h"
#include "core/worker.h"
#include "trade/period.h"

#define RUNS_MAX 10000

struct row {
	int64_t id, until;
};
static const struct col id_cols[] = {COL_I_(row, id)};
static const struct col until_cols[] = {{"_until", COL_DATE, offsetof(struct row, until)}};

int
subscribe_first(struct rq *rq, struct subscriber *who)
{
	struct row *runs, billed;
	int64_t root, end;
	char now[20];
	void *p;

	if (query_number_admin(rq->w->db, rq->a, Q_tenant_root, NULL, 0, &root) != 1)
		return (query_failed(rq, "tenant_root"), -1);
	arg_int(rq, "root", root);
	arg_int(rq, "a1", who->a1);
	arg_int(rq, "a2", who->a2);
	arg_int(rq, "a3", who->a3);
	arg_int(rq, "a4", who->a4);
	arg_int(rq, "cycle_day", who->cycle_day);
	arg_int(rq, "account", who->id);
	if (query_rows_system(rq, Q_subscription_runs_lock, COLS(id_cols), sizeof(*runs), RUNS_MAX, &p) == -1 ||
	    query_row_system(rq, Q_subscription_billed, COLS(until_cols), &billed) == -1)
		return (-1);
	date_now_sql(now);
	if (date_parse((struct str){now, 10}, &who->today) == -1)
		return (problem(rq, P_internal, "%s", ""), -1);
	/* Where nothing was ever billed, what was before this period never will be. */
	period_of((int)who->cycle_day, who->today, &who->first, &end);
	if (billed.until > date_of(1000, 1, 1))
		who->first = billed.until;
	return (0);
}

static void
set_day(struct rq *rq, const char *name, int64_t day)
{

	if (day == DATE_NONE)
		arg_null(rq, name);
	else
		arg_text(rq, name, date_text(rq->a, day));
}

int
subscribe_on(struct rq *rq, int64_t subscription, int64_t from, struct subscribed *s)
{
	static const struct col cols[] = {
	    COL_S_(subscribed, quantity), COL_S_(subscribed, resumes), COL_I_(subscribed, suspended)};

	arg_int(rq, "subscription", subscription);
	set_day(rq, "from", from);
	return (query_row_system(rq, Q_subscription_on, COLS(cols), s) == -1 ? -1 : 0);
}

int
subscribe_quantity(struct rq *rq, int64_t subscription, int64_t from, struct str quantity)
{
	static const enum query steps[] = {
	    Q_subscription_stretch_first, Q_subscription_stretch_drop, Q_subscription_stretch_cut};
	int64_t n;

	arg_int(rq, "subscription", subscription);
	set_day(rq, "from", from);
	arg_text(rq, "quantity", quantity);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (query_run_system(rq, steps[i]) == -1)
			return (-1);
	if ((n = query_run_system(rq, Q_subscription_stretch_on)) != 0)
		return (n == -1 ? -1 : 0);
	return (query_run_one_system(rq, Q_subscription_stretch_add));
}

int
subscribe_note(
    struct rq *rq, int64_t subscription, const char *kind, int64_t from, struct str quantity, int64_t until, bool early)
{

	arg_int(rq, "subscription", subscription);
	arg_text(rq, "change", str_of(kind));
	set_day(rq, "from", from);
	set_day(rq, "until", until);
	if (quantity.n == 0)
		arg_null(rq, "quantity");
	else
		arg_text(rq, "quantity", quantity);
	arg_int(rq, "early", early);
	return (query_run_one_system(rq, Q_subscription_note));
}
