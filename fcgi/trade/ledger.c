#include "trade/ledger.h"

#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/self_bill.h"

#define PAGE 500 /* documents, payments or entries of one transaction */
#define TRIES 6

struct closing {
	struct db *db;
	struct arena *a; /* of one step */
	int64_t id, tenant;
	char start[11], end[11];
	/* How far it is with what: the seller, and the last document or payment that was looked at. */
	int64_t seller, after, statement;
	char day[11];
	bool payments;
	struct self_bill_group group;
};

enum step { STEP_FAILED = -1, STEP_MORE, STEP_END };

int
ledger_period(struct arena *a, struct str month, struct str *start, struct str *end)
{
	int64_t first;

	if (month.n != 7 || date_parse(arena_printf(a, "%.*s-01", STR_ARG(month)), &first) == -1)
		return (-1);
	*start = date_text(a, first);
	*end = date_text(a, date_add_months(first, 1));
	return (0);
}

int64_t
ledger_ask(struct db *db, struct arena *a, int64_t tenant, struct str start, struct str end)
{
	char now[20];
	const struct arg args[] = {int_arg("of_tenant", tenant), text_arg("period_start", start),
	    text_arg("period_end", end), text_arg("asked", (struct str){now, 19})};
	int64_t id = 0;

	date_now_sql(now);
	if (query_run_admin(db, a, Q_ledger_closing_ask, args, 4) == -1 ||
	    query_number_admin(db, a, Q_ledger_closing_of, args, 4, &id) != 1)
		return (-1);
	return (id);
}

static void
keep_day(char to[11], struct str day)
{

	memcpy(to, day.p, 10);
	to[10] = '\0';
}

/* _tenant, _start, _end */
static int
take_closing(void *ctx, const struct db_val *v)
{
	struct closing *c = ctx;

	c->tenant = v[0].i;
	keep_day(c->start, v[1].s);
	keep_day(c->end, v[2].s);
	return (0);
}

struct last {
	char day[11];
	int64_t id;
};

/* _day, _id */
static int
take_last(void *ctx, const struct db_val *v)
{
	struct last *l = ctx;

	keep_day(l->day, v[0].s);
	l->id = v[1].i;
	return (0);
}

/* The next documents or payments of one seller; a payment's commissions are written with it, so that neither is ever
 * without the other. */
static enum step
gather(struct closing *c)
{
	struct last l = {.id = 0};
	struct arg args[] = {int_arg("seller", c->seller), text_arg("day", str_of(c->day)), int_arg("after", c->after),
	    text_arg("period_end", str_of(c->end)), int_arg("page", PAGE), text_arg("upto_day", S("")),
	    int_arg("upto", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);

	if (query_each_admin(c->db, c->a, c->payments ? Q_ledger_payments_chunk : Q_ledger_documents_chunk, args, n,
		take_last, &l) == -1)
		return (STEP_FAILED);
	if (l.id == 0)
		return (STEP_END);
	args[5] = text_arg("upto_day", str_of(l.day));
	args[6] = int_arg("upto", l.id);
	if (query_run_admin(c->db, c->a, c->payments ? Q_ledger_payments : Q_ledger_documents, args, n) == -1 ||
	    (c->payments &&
		(query_run_admin(c->db, c->a, Q_ledger_earnings, args, n) == -1 ||
		    query_run_admin(c->db, c->a, Q_ledger_commissions, args, n) == -1)))
		return (STEP_FAILED);
	memcpy(c->day, l.day, sizeof(c->day));
	c->after = l.id;
	return (STEP_MORE);
}

static enum step
begin(struct closing *c)
{
	const struct arg args[] = {int_arg("of_tenant", c->tenant), text_arg("period_start", str_of(c->start)),
	    text_arg("period_end", str_of(c->end))};

	return (query_run_admin(c->db, c->a, Q_ledger_statements, args, 3) == -1 ? STEP_FAILED : STEP_END);
}

/* The next entries of the statement; behind the last one its fee, and it is closed. */
static enum step
fill(struct closing *c)
{
	char now[20];
	const struct arg args[] = {
	    int_arg("statement", c->statement), int_arg("page", PAGE), text_arg("now", (struct str){now, 19})};
	int64_t n, open = 0;

	date_now_sql(now);
	if (query_number_admin(c->db, c->a, Q_ledger_state, args, 3, &open) == -1)
		return (STEP_FAILED);
	if (open == 0)
		return (STEP_END); /* somebody else was quicker */
	if ((n = query_run_admin(c->db, c->a, Q_ledger_take, args, 3)) == -1)
		return (STEP_FAILED);
	if (n == PAGE)
		return (STEP_MORE);
	if (query_run_admin(c->db, c->a, Q_ledger_fees, args, 3) == -1 ||
	    query_run_admin(c->db, c->a, Q_ledger_take, args, 3) == -1 ||
	    query_run_admin(c->db, c->a, Q_ledger_close, args, 3) != 1)
		return (STEP_FAILED);
	return (STEP_END);
}

/* The next document of what the group's agent earned. */
static enum step
self_bill(struct closing *c)
{
	int did = self_bill_issue(c->db, c->a, &c->group, str_of(c->start), str_of(c->end));

	return (did == -1 ? STEP_FAILED : did == 1 ? STEP_MORE : STEP_END);
}

/* One step in a transaction of its own, behind those of everybody else.  Again where the database asks for it. */
static enum step
stepped(struct closing *c, enum step (*step)(struct closing *))
{
	const struct closing before = *c;
	enum step did;

	for (int i = 0; i < TRIES; i++) {
		*c = before;
		arena_reset(c->a);
		if (db_begin(c->db) == 0 && query_run_admin(c->db, c->a, Q_ledger_turn, NULL, 0) != -1 &&
		    (did = step(c)) != STEP_FAILED && db_commit(c->db) == 0)
			return (did);
		db_rollback(c->db);
		/* A lost COMMIT may have been done: each step does nothing where it was done before. */
		if (db_error(c->db) != DB_AGAIN && db_error(c->db) != DB_LOST)
			break;
	}
	return (STEP_FAILED);
}

/* The next seller with what it sold, or STEP_END. */
static enum step
next_seller(struct closing *c)
{
	const struct arg seller = int_arg("seller", c->seller);
	int64_t n;

	n = query_number_admin(c->db, c->a, Q_ledger_seller, &seller, 1, &c->seller);
	return (n == 1 ? STEP_MORE : n == 0 ? STEP_END : STEP_FAILED);
}

/* All entries up to the end of the period. */
static enum ledger_end
gather_all(struct closing *c, bool (*go_on)(void *), void *ctx)
{
	enum step did;

	while ((did = next_seller(c)) == STEP_MORE)
		for (int pass = 0; pass < 2; pass++) {
			c->payments = pass == 1;
			c->after = 0;
			keep_day(c->day, S("1000-01-01"));
			do {
				if (!go_on(ctx))
					return (LEDGER_STOPPED);
				did = stepped(c, gather);
			} while (did == STEP_MORE);
			if (did == STEP_FAILED)
				return (LEDGER_FAILED);
		}
	return (did == STEP_FAILED ? LEDGER_FAILED : LEDGER_DONE);
}

/* Of all groups.  Whoever may not have a document has its entries on a statement without one, and nothing is lost. */
static enum ledger_end
self_bill_all(struct closing *c, bool (*go_on)(void *), void *ctx)
{
	enum step did;
	int rc;

	while ((rc = self_bill_next(c->db, c->a, c->tenant, &c->group)) == 1)
		do {
			if (!go_on(ctx))
				return (LEDGER_STOPPED);
			if ((did = stepped(c, self_bill)) == STEP_FAILED)
				return (LEDGER_FAILED);
		} while (did == STEP_MORE);
	return (rc == -1 ? LEDGER_FAILED : LEDGER_DONE);
}

static enum ledger_end
close_all(struct closing *c, bool (*go_on)(void *), void *ctx)
{
	const struct arg of = int_arg("of_tenant", c->tenant);
	int64_t rc;

	if (stepped(c, begin) == STEP_FAILED)
		return (LEDGER_FAILED);
	while ((rc = query_number_admin(c->db, c->a, Q_ledger_open, &of, 1, &c->statement)) == 1) {
		if (!go_on(ctx))
			return (LEDGER_STOPPED);
		if (stepped(c, fill) == STEP_FAILED)
			return (LEDGER_FAILED);
	}
	return (rc == -1 ? LEDGER_FAILED : LEDGER_DONE);
}

enum ledger_end
ledger_go(struct db *db, struct arena *a, int64_t closing, bool (*go_on)(void *), void *ctx)
{
	struct closing c = {.db = db, .a = arena_open(), .id = closing};
	const struct arg id = int_arg("closing", closing);
	enum ledger_end end = LEDGER_FAILED;

	if (query_each_admin(db, a, Q_ledger_closing_load, &id, 1, take_closing, &c) == 1)
		end = gather_all(&c, go_on, ctx);
	if (end == LEDGER_DONE)
		end = close_all(&c, go_on, ctx);
	if (end == LEDGER_DONE)
		end = self_bill_all(&c, go_on, ctx);
	if (end == LEDGER_DONE &&
	    (query_run_admin(db, a, Q_ledger_closing_done, &id, 1) == -1 || ledger_check(db, a) == -1))
		end = LEDGER_FAILED;
	arena_close(c.a);
	return (end);
}

int64_t
ledger_check(struct db *db, struct arena *a)
{
	static const struct {
		const char *name;
		enum query q;
	} checks[] = {{"sides", Q_ledger_check_sides}, {"chain", Q_ledger_check_chain}, {"sums", Q_ledger_check_sums},
	    {"self-billed documents", Q_ledger_check_documents}};
	int64_t all = 0, found;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		found = 0;
		if (query_number_admin(db, a, checks[i].q, NULL, 0, &found) == -1)
			return (-1);
		if (found > 0)
			log_error("ledger", "%s are wrong, %lld times", checks[i].name, (long long)found);
		all += found;
	}
	return (all);
}
