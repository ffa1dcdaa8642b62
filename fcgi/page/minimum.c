/* Minimums of an edge: what who sells charges an account of its, or each under an agreement, at least for a period.  One is set and
 * ended, and never changed; what was charged stays as it is. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"
#include "trade/price_rules.h"

#define AMOUNT_MAX ((int64_t)1000000000 * PRICE_SCALE)
#define NEVER "9999-12-31"

/* GET /api/v1/minimums?tenant=&customer=&cursor=  the latest first. */
int
minimum_list(struct rq *rq)
{

	price_rules_arg_shown(rq);
	return (query_list(rq, Q_minimum_list));
}

/* GET /api/v1/minimums/:id  with what was charged for it so far. */
int
minimum_get(struct rq *rq)
{

	price_rules_arg_shown(rq);
	return (query_one(rq, Q_minimum_one));
}

/* ---- what a body says ---- */

/* 0 and DATE_NONE: it says nothing of that. */
struct wanted {
	int64_t account, agreement, offering, starts, ends;
	int64_t amount; /* millionths */
};

static void
read_amount(struct rq *rq, const struct json *m, int64_t *v)
{

	if (m->type != JSON_STRING || money_millionths(m->s, v) == -1 || *v <= 0 || *v > AMOUNT_MAX)
		member_wrong(rq, "amount", "number", "it must be more than 0 and at most 1000000000, as text");
}

static void
read_member(struct rq *rq, const struct json *m, struct wanted *w)
{

	if (str_eqz(m->key, "account"))
		member_id(rq, "account", RES_account, m, &w->account);
	else if (str_eqz(m->key, "agreement"))
		member_id(rq, "agreement", RES_agreement, m, &w->agreement);
	else if (str_eqz(m->key, "offering"))
		member_id(rq, "offering", RES_offering, m, &w->offering);
	else if (str_eqz(m->key, "amount"))
		read_amount(rq, m, &w->amount);
	else if (str_eqz(m->key, "starts"))
		member_day(rq, "starts", m, &w->starts);
	else
		member_day(rq, "ends", m, &w->ends);
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, struct wanted *w)
{

	*w = (struct wanted){.starts = DATE_NONE, .ends = DATE_NONE};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		const int f = access_field_of(RES_minimum, m->key);

		if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
			member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
		else
			read_member(rq, m, w);
	}
	return (rq->problem == P_none ? 0 : -1);
}

static int
read_whole(struct rq *rq, struct wanted *w)
{

	if (read_body(rq, w) == -1)
		return (-1);
	if (w->account == 0 && w->agreement == 0)
		member_wrong(rq, "account", "missing", "say an account, or an agreement");
	if (w->account != 0 && w->agreement != 0)
		member_wrong(rq, "agreement", "needless", "it is of an account or of an agreement");
	if (w->offering == 0)
		member_wrong(rq, "offering", "missing", "it is missing");
	if (w->amount == 0)
		member_wrong(rq, "amount", "missing", "it is missing");
	if (w->starts == DATE_NONE)
		member_wrong(rq, "starts", "missing", "it is missing");
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- what it is about ---- */

struct subject_of {
	int64_t id;
	struct str currency;
};
static const struct col subject_of_cols[] = {COL_I_(subject_of, id), COL_S_(subject_of, currency)};

/* The account or the agreement, as far as who asks may see such.  0, or -1 with the problem set. */
static int
find_subject(struct rq *rq, const struct wanted *w, struct subject_of *s)
{
	const bool one = w->account != 0;
	const enum scope scope = (enum scope)rq->who.rights->scope[one ? ACT_account_read : ACT_agreement_read];
	int rc = 0;

	arg_int(rq, "account", w->account);
	arg_int(rq, "agreement", w->agreement);
	arg_text(rq, "starts", date_text(rq->a, w->starts));
	if (rights_covers(scope, SCOPE_tenant) &&
	    (rc = query_row_system(rq, one ? Q_minimum_account : Q_minimum_agreement, COLS(subject_of_cols), s)) == -1)
		return (-1);
	if (rc == 0)
		member_wrong(rq, one ? "account" : "agreement", "unknown", "there is none that you could name here");
	return (rc == 1 ? 0 : -1);
}

/* 0, or -1 with the problem set. */
static int
find_offering(struct rq *rq, const struct wanted *w)
{
	static const struct col cols[] = {{"_product", COL_INT, 0}};
	int64_t product;
	int rc;

	arg_int(rq, "offering", w->offering);
	if ((rc = query_row_system(rq, Q_minimum_offering, COLS(cols), &product)) == -1)
		return (-1);
	if (rc == 0 || !price_rules_visible(rq, 0, product))
		member_wrong(rq, "offering", "unknown", "there is none that you could name here and that is no usage");
	return (rq->problem == P_none ? 0 : -1);
}

/* :amount in minor units.  0, or -1 with 422. */
static int
set_amount(struct rq *rq, const struct wanted *w, const struct subject_of *s)
{
	int64_t minor;

	if (money_minor(w->amount, s->currency, &minor) == -1) {
		member_wrong(rq, "amount", "number", "it has more places than the currency");
		return (-1);
	}
	arg_int(rq, "amount", minor);
	return (0);
}

static const struct col until_cols[] = {{"_until", COL_DATE, 0}};

/* Is anything of the :account, or under the :agreement, charged or billed behind :starts?  Runs that rate are waited for.  0, or -1
 * with the problem set. */
static int
check_billed(struct rq *rq, const char *member, bool one)
{
	int64_t run = DATE_NONE, bill = DATE_NONE;

	if (query_row_system(rq, one ? Q_discount_charged : Q_minimum_charged, COLS(until_cols), &run) == -1 ||
	    (one && query_row_system(rq, Q_discount_billed, COLS(until_cols), &bill) == -1))
		return (-1);
	if (run < bill)
		run = bill;
	if (run != DATE_NONE)
		problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), "billed",
		    "it is billed already up to %.*s: choose that day or a later one", STR_ARG(date_text(rq->a, run)));
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- setting one ---- */

static int
check_room(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	int64_t other;

	switch (query_row_system(rq, Q_minimum_there, COLS(cols), &other)) {
	case 0:
		return (0);
	case 1:
		member_wrong(rq, "starts", "taken", "there is a minimum of the very same at that time: end it first");
		return (-1);
	default:
		return (-1);
	}
}

static int
store(struct rq *rq, int64_t *id)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	char now[20];

	date_now_sql(now);
	arg_int(rq, "user", rq->who.id);
	arg_text(rq, "now", arena_str(rq->a, (struct str){now, 19}));
	return (query_run_one_system(rq, Q_minimum_insert) == -1 ||
		    query_row_system(rq, Q_minimum_made, COLS(cols), id) != 1
		? -1
		: 0);
}

/* POST /api/v1/minimums {account | agreement, offering, amount, starts}  of the own house. */
int
minimum_create(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	struct subject_of s;
	struct wanted w;
	int64_t id;
	struct buf name;
	int status;

	if (read_whole(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (query_row_system(rq, Q_agreement_seller, COLS(cols), &id) != 1 || find_subject(rq, &w, &s) == -1 ||
	    find_offering(rq, &w) == -1 || set_amount(rq, &w, &s) == -1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	arg_text(rq, "ends", S(NEVER));
	if (check_room(rq) == -1 || check_billed(rq, "starts", w.account != 0) == -1 || store(rq, &id) == -1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_minimum, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(date_text(rq->a, w.starts)));
	status = minimum_get(rq);
	return (status == 200 ? 201 : status);
}

/* ---- its end ---- */

struct subject {
	int64_t id, account, agreement, starts, ends;
};
static const struct col subject_cols[] = {COL_I_(subject, id), COL_I_(subject, account), COL_I_(subject, agreement),
    {"_starts", COL_DATE, offsetof(struct subject, starts)}, {"_ends", COL_DATE, offsetof(struct subject, ends)}};

/* POST /api/v1/minimums/:id/end {ends}  no period that begins on that day or later has it; before its first day it never was. */
int
minimum_end(struct rq *rq)
{
	struct subject m;
	struct wanted w;
	int rc;

	if (query_id(rq, RES_minimum) == -1 || (rc = query_row(rq, Q_minimum_subject, COLS(subject_cols), &m)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (read_body(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (w.ends == DATE_NONE)
		member_wrong(rq, "ends", "missing", "it is missing");
	if (rq->problem == P_none && m.ends <= w.ends)
		return (problem(rq, P_conflict, "it ends by then already"));
	arg_int(rq, "account", m.account);
	arg_int(rq, "agreement", m.agreement);
	arg_text(rq, "starts", date_text(rq->a, w.ends > m.starts ? w.ends : m.starts));
	arg_text(rq, "ends", date_text(rq->a, w.ends));
	if (rq->problem != P_none || check_billed(rq, "ends", m.account != 0) == -1 ||
	    query_run_system(rq, Q_minimum_end) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = m.id;
	rq->audit_detail = arena_printf(rq->a, "on %.*s", STR_ARG(date_text(rq->a, w.ends)));
	return (minimum_get(rq));
}
