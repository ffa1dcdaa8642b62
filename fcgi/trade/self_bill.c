#include "trade/self_bill.h"

#include <string.h>

#include "base/date.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define LINES 1000 /* bills to customers on one document: it must be printed */

/* _agent, _house, _currency */
static int
take_group(void *ctx, const struct db_val *v)
{
	struct self_bill_group *g = ctx;

	g->agent = v[0].i;
	g->house = v[1].i;
	memcpy(g->currency, v[2].s.p, 3);
	g->currency[3] = '\0';
	return (0);
}

int
self_bill_next(struct db *db, struct arena *a, int64_t of_tenant, struct self_bill_group *g)
{
	const struct arg args[] = {int_arg("of_tenant", of_tenant), int_arg("agent", g->agent),
	    int_arg("house", g->house), text_arg("currency", arena_str(a, str_of(g->currency)))};

	return ((int)query_each_admin(db, a, Q_self_bill_group, args, 4, take_group, g));
}

struct due {
	int64_t upto, net, tax;
};

/* _upto, _net, _tax: NULL where there is nothing */
static int
take_due(void *ctx, const struct db_val *v)
{

	if (v[0].type == DB_INT)
		*(struct due *)ctx = (struct due){v[0].i, v[1].i, v[2].i};
	return (0);
}

/* The number: the row of the series is made where it is the first of its year.  0, or -1. */
static int
take_number(struct db *db, struct arena *a, const struct arg *args, size_t n)
{
	int64_t took = query_run_admin(db, a, Q_self_bill_take, args, n);

	if (took == 0 && query_run_admin(db, a, Q_self_bill_series, args, n) != -1)
		took = query_run_admin(db, a, Q_self_bill_take, args, n);
	return (took == 1 ? 0 : -1);
}

enum { AGENT, HOUSE, CURRENCY, START, END, TODAY, PAGE, UPTO, NET, TAX, KIND, CORRECTS, SELF_BILL, ARGS };

/* The document and what it is made of.  0, or -1. */
static int
write(struct db *db, struct arena *a, struct arg *args)
{

	if (take_number(db, a, args, ARGS) == -1 ||
	    query_number_admin(db, a, Q_self_bill_corrects, args, ARGS, &args[CORRECTS].v.i) == -1 ||
	    query_run_admin(db, a, Q_self_bill_insert, args, ARGS) != 1 ||
	    query_number_admin(db, a, Q_self_bill_new, args, ARGS, &args[SELF_BILL].v.i) != 1)
		return (-1);
	return (query_run_admin(db, a, Q_self_bill_mark, args, ARGS) == -1 ||
		    query_run_admin(db, a, Q_self_bill_lines, args, ARGS) == -1
		? -1
		: 0);
}

int
self_bill_issue(struct db *db, struct arena *a, const struct self_bill_group *g, struct str start, struct str end)
{
	struct due due = {0, 0, 0};
	char now[20];
	struct arg args[ARGS] = {[AGENT] = int_arg("agent", g->agent),
	    [HOUSE] = int_arg("house", g->house),
	    [CURRENCY] = text_arg("currency", str_of(g->currency)),
	    [START] = text_arg("period_start", start),
	    [END] = text_arg("period_end", end),
	    [TODAY] = text_arg("today", (struct str){now, 10}),
	    [PAGE] = int_arg("page", LINES),
	    [UPTO] = int_arg("upto", 0),
	    [NET] = int_arg("net", 0),
	    [TAX] = int_arg("tax", 0),
	    [KIND] = text_arg("kind", S("")),
	    [CORRECTS] = int_arg("corrects", 0),
	    [SELF_BILL] = int_arg("self_bill", 0)};

	date_now_sql(now);
	if (query_run_admin(db, a, Q_self_bill_judge, args, ARGS) == -1 ||
	    query_each_admin(db, a, Q_self_bill_due, args, ARGS, take_due, &due) == -1)
		return (-1);
	if (due.upto == 0)
		return (0);
	args[UPTO] = int_arg("upto", due.upto);
	args[NET] = int_arg("net", due.net);
	args[TAX] = int_arg("tax", due.tax);
	args[KIND] = text_arg("kind", due.net + due.tax < 0 ? S("self_credit") : S("self_billed"));
	return (write(db, a, args) == -1 ? -1 : 1);
}
