#include "trade/transfer.h"

#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define ACCOUNTS_MAX 1000 /* of one customer */

const char *
transfer_stays(const struct transfer_check *c)
{

	return (!c->active ? "the customer is closed"
		: c->head  ? "it is the head of a group: its members go first"
			   : NULL);
}

const char *
transfer_refused(const struct transfer_check *c, int64_t to)
{

	if (c->from == to)
		return ("the customer is there already");
	if (!c->open)
		return ("it is closed");
	if (c->place == 0)
		return ("it has no customer segment");
	return (NULL);
}

struct transfer {
	int64_t id, customer, to;
};

/* id, _customer, _to */
static int
take_transfer(void *ctx, const struct db_val *v)
{

	*(struct transfer *)ctx = (struct transfer){v[0].i, v[1].i, v[2].i};
	return (0);
}

/* _from, _active, _open, _place, _head, _again */
static int
take_check(void *ctx, const struct db_val *v)
{

	*(struct transfer_check *)ctx = (struct transfer_check){v[0].i, v[1].i, v[2].i, v[3].i, v[4].i, v[5].i};
	return (0);
}

struct accounts {
	int64_t ids[ACCOUNTS_MAX];
	size_t n;
	bool overflow;
};

/* id */
static int
take_account(void *ctx, const struct db_val *v)
{
	struct accounts *l = ctx;

	if (l->n == ACCOUNTS_MAX) {
		l->overflow = true;
		return (1);
	}
	l->ids[l->n++] = v[0].i;
	return (0);
}

static int
set_state(struct db *db, struct arena *a, const struct transfer *t, const char *state, int64_t became)
{
	const struct arg args[] = {
	    int_arg("transfer", t->id), text_arg("state", str_of(state)), int_arg("became", became)};

	return (query_run_admin(db, a, Q_transfer_state, args, 3) == -1 ? -1 : 0);
}

/* The account of that place with its subscriptions, there and no more here.  0, or -1. */
static int
account(struct db *db, struct arena *a, const struct arg *args, size_t n)
{
	static const enum query steps[] = {Q_transfer_account, Q_transfer_subscriptions, Q_transfer_quantities,
	    Q_transfer_parents, Q_transfer_subscriptions_end, Q_transfer_account_end};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (query_run_admin(db, a, steps[i], args, n) == -1)
			return (-1);
	return (0);
}

/* Everything of one, if it can still be.  0, or -1. */
static int
carry_out(struct db *db, struct arena *a, const struct transfer *t)
{
	struct arg args[] = {int_arg("transfer", t->id), int_arg("of_customer", t->customer), int_arg("to", t->to),
	    int_arg("place", 0), int_arg("became", 0), int_arg("account", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	struct accounts *list = arena_zero(a, 1, sizeof(*list));
	struct transfer_check c = {.from = t->to};
	const char *why;
	int64_t became = 0;

	if (query_each_admin(db, a, Q_transfer_check, args, n, take_check, &c) == -1 ||
	    query_each_admin(db, a, Q_transfer_accounts, args, n, take_account, list) == -1)
		return (-1);
	why = list->overflow ? "it has too many accounts" : transfer_stays(&c);
	if (why == NULL)
		why = transfer_refused(&c, t->to);
	if (why != NULL) {
		log_error("transfer", "transfer %lld is refused: %s", (long long)t->id, why);
		return (set_state(db, a, t, "refused", 0));
	}
	args[3] = int_arg("place", c.place);
	if (query_run_admin(db, a, Q_transfer_customer, args, n) == -1 ||
	    query_number_admin(db, a, Q_transfer_became, args, n, &became) == -1)
		return (-1);
	args[4] = int_arg("became", became);
	for (size_t i = 0; i < list->n; i++) {
		args[3] = int_arg("place", (int64_t)i + 1);
		args[5] = int_arg("account", list->ids[i]);
		if (account(db, a, args, n) == -1)
			return (-1);
	}
	if (query_run_admin(db, a, Q_transfer_rules, args, n) == -1 ||
	    query_run_admin(db, a, Q_transfer_customer_end, args, n) == -1)
		return (-1);
	return (set_state(db, a, t, "done", became));
}

int
transfer_due(struct db *db, struct arena *a, bool (*go_on)(void *ctx), void *ctx)
{
	struct transfer t;
	int ended = 0;

	while (go_on(ctx)) {
		t.id = 0;
		if (query_each_admin(db, a, Q_transfer_due, NULL, 0, take_transfer, &t) == -1)
			return (-1);
		if (t.id == 0)
			break;
		if (db_begin(db) == -1)
			return (-1);
		if (carry_out(db, a, &t) == -1 || db_commit(db) == -1) {
			db_rollback(db);
			return (-1);
		}
		log_info("transfer", "transfer %lld has come to its end", (long long)t.id);
		ended++;
	}
	return (ended);
}
