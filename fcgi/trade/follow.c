#include "trade/follow.h"

#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define STEP 1000     /* rows changed in one transaction */
#define CUSTOMERS 100 /* whose rows are looked for in one; as in due_lagging */

/* ---- a tenant, in the order of its numbers ---- */

struct last {
	char number[64];
	size_t n;
};

/* _number */
static int
take_last(void *ctx, const struct db_val *v)
{
	struct last *l = ctx;

	l->n = v[0].s.n < sizeof(l->number) ? v[0].s.n : 0;
	memcpy(l->number, v[0].s.p, l->n);
	return (0);
}

int
follow_tenant(
    struct db *db, struct arena *a, int64_t tenant, enum query end, enum query update, bool (*go_on)(void *), void *ctx)
{
	struct last last = {.n = 0};
	struct str after = S("");
	bool more = true;

	while (more) {
		struct arg args[] = {int_arg("id", tenant), text_arg("after", after), text_arg("upto", S("~"))};
		int64_t n;

		if (!go_on(ctx))
			return (0);
		if ((n = query_each_admin(db, a, end, args, 2, take_last, &last)) == -1)
			return (-1);
		if ((more = n == 1))
			args[2] = text_arg("upto", arena_str(a, (struct str){last.number, last.n}));
		if (query_run_admin(db, a, update, args, 3) == -1)
			return (-1);
		after = args[2].v.s;
	}
	return (1);
}

/* ---- what is due ---- */

struct due {
	int64_t id, of;       /* of the row of customer_due; the customer or tenant */
	int64_t segment, now; /* by the rules; as it is */
};

struct list {
	struct due due[STEP];
	size_t n, at;
	struct arg *args; /* of what is repeated for each */
};

/* id, _of_id */
static int
take_due(void *ctx, const struct db_val *v)
{
	struct list *l = ctx;

	l->due[l->n++] = (struct due){.id = v[0].i, .of = v[1].i};
	return (l->n == STEP);
}

static int
ignore(void *ctx, const struct db_val *v)
{

	(void)ctx;
	(void)v;
	return (0);
}

bool
follow_waits(struct db *db, struct arena *a)
{

	return (query_each_admin(db, a, Q_due_first, NULL, 0, ignore, NULL) == 1);
}

/* id, _customer_id, _from, _to */
static int
take_judged(void *ctx, const struct db_val *v)
{
	struct list *l = ctx;

	l->due[l->n++] = (struct due){v[0].i, v[1].i, v[3].i, v[2].i};
	return (l->n == STEP);
}

static bool
next_done(void *ctx)
{
	struct list *l = ctx;

	if (l->at == l->n)
		return (false);
	l->args[0] = int_arg("id", l->due[l->at++].id);
	return (true);
}

/* Takes the first n of the list away from what is due: those rows and no others, for a change that came
 * meanwhile has a row of its own.  0, or -1. */
static int
done(struct db *db, struct arena *a, const struct list *l, size_t n)
{
	struct arg args[1] = {int_arg("id", 0)};
	struct list first = {.n = n, .args = args};

	memcpy(first.due, l->due, n * sizeof(first.due[0]));
	return (query_repeat_admin(db, a, Q_due_done, args, 1, next_done, &first) == -1 ? -1 : 0);
}

/* The next customer that the rules want elsewhere. */
static bool
next_put(void *ctx)
{
	struct list *l = ctx;

	while (l->at < l->n && l->due[l->at].segment == l->due[l->at].now)
		l->at++;
	if (l->at == l->n)
		return (false);
	l->args[0] = int_arg("customer_id", l->due[l->at].of);
	l->args[1] = int_arg("to", l->due[l->at].segment);
	l->at++;
	return (true);
}

/* Ends the transaction as rc says.  rc, or -1. */
static int
finish(struct db *db, int rc)
{

	if (rc != -1 && db_commit(db) == 0)
		return (rc);
	db_rollback(db);
	return (-1);
}

/* Customers by the rules.  What a customer is changes while it is judged: then it is due once more.
 * The customers judged, or -1. */
static int
judge(struct db *db, struct arena *a)
{
	struct arg args[2] = {int_arg("customer_id", 0), int_arg("to", 0)};
	struct list *l = arena_zero(a, 1, sizeof(*l));

	l->args = args;
	if (query_each_admin(db, a, Q_due_judged, NULL, 0, take_judged, l) == -1)
		return (-1);
	if (l->n == 0)
		return (0);
	if (db_begin(db) == -1)
		return (-1);
	return (finish(db,
	    query_repeat_admin(db, a, Q_due_put, args, 2, next_put, l) == -1 || done(db, a, l, l->n) == -1
		? -1
		: (int)l->n));
}

/* The rows of one customer, at most *left of them, which it counts down.  0, or -1. */
static int
follow_customer(struct db *db, struct arena *a, int64_t customer, int64_t *left)
{
	static const enum query of[] = {Q_follow_account, Q_follow_subscription, Q_follow_document, Q_follow_payment,
	    Q_follow_usage, Q_follow_alert, Q_follow_opening};
	struct arg args[] = {int_arg("id", customer), int_arg("step", 0)};
	int64_t n;

	if (query_run_admin(db, a, Q_follow_customer, args, 1) == -1)
		return (-1);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]) && *left > 0; i++) {
		args[1] = int_arg("step", *left);
		if ((n = query_run_admin(db, a, of[i], args, 2)) == -1)
			return (-1);
		*left -= n;
	}
	return (0);
}

/* Rows that lag behind their customers.  The customers looked at, or -1. */
static int
follow_some(struct db *db, struct arena *a)
{
	struct list *l = arena_zero(a, 1, sizeof(*l));
	int64_t left = STEP;
	size_t n = 0;
	int rc = 0;

	if (query_each_admin(db, a, Q_due_lagging, NULL, 0, take_due, l) == -1)
		return (-1);
	if (l->n == 0)
		return (0);
	if (db_begin(db) == -1)
		return (-1);
	/* One that reached the end of the step may have more rows: it stays due. */
	while (rc == 0 && n < l->n && (rc = follow_customer(db, a, l->due[n].of, &left)) == 0 && left > 0)
		n++;
	return (finish(db, rc == -1 || done(db, a, l, n) == -1 ? -1 : (int)l->n));
}

/* All customers of a tenant whose rules have changed.  1, 0 where there is none or it was told to stop, or -1. */
static int
spread(struct db *db, struct arena *a, bool (*go_on)(void *), void *ctx)
{
	struct list *l = arena_zero(a, 1, sizeof(*l));
	int rc;

	if (query_each_admin(db, a, Q_due_next_tenant, NULL, 0, take_due, l) == -1)
		return (-1);
	if (l->n == 0)
		return (0);
	if ((rc = follow_tenant(db, a, l->due[0].of, Q_move_customers_end, Q_due_customers, go_on, ctx)) != 1)
		return (rc);
	log_info("rules", "tenant %lld: all customers are judged anew", (long long)l->due[0].of);
	return (done(db, a, l, 1) == -1 ? -1 : 1);
}

int
follow_due(struct db *db, struct arena *a, bool (*go_on)(void *), void *ctx)
{
	int n;

	while (go_on(ctx)) {
		if ((n = follow_some(db, a)) == 0 && (n = judge(db, a)) == 0)
			n = spread(db, a, go_on, ctx);
		if (n == -1)
			return (-1);
		if (n == 0)
			return (go_on(ctx) ? 1 : 0);
		arena_reset(a);
	}
	return (0);
}
