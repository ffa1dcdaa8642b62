/* Discounts of an edge: what who sells takes off what it charges one account of its.  One is granted and ended, and never
 * changed; what was charged stays as it is. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"
#include "trade/period.h"
#include "trade/price_rules.h"

#define PER_CENT_MAX ((int64_t)100 * PRICE_SCALE)
#define AMOUNT_MAX ((int64_t)1000000000 * PRICE_SCALE)
#define PERIODS_MAX 1200
#define NAME_MAX_CHARS 100
#define NEVER date_of(9999, 12, 31)

/* GET /api/v1/discounts?tenant=&customer=&cursor=  the latest first. */
int
discount_list(struct rq *rq)
{

	price_rules_arg_shown(rq);
	return (query_list(rq, Q_discount_list));
}

/* GET /api/v1/discounts/:id  with what it took so far. */
int
discount_get(struct rq *rq)
{

	price_rules_arg_shown(rq);
	return (query_one(rq, Q_discount_one));
}

/* ---- what a body says ---- */

/* 0, DATE_NONE and an empty text: it says nothing of that. */
struct wanted {
	int64_t account, offering, subscription, periods, starts, ends;
	int64_t percent, amount; /* millionths */
	struct str name, percent_text;
};

static void
read_number(struct rq *rq, const char *member, const struct json *m, int64_t most, int64_t *v)
{

	if (m->type == JSON_NULL)
		return;
	if (m->type != JSON_STRING || money_millionths(m->s, v) == -1 || *v <= 0 || *v > most)
		member_wrong(rq, member, "number",
		    most == PER_CENT_MAX ? "it must be more than 0 and at most 100, as text"
					 : "it must be more than 0 and at most 1000000000, as text");
}

static void
read_periods(struct rq *rq, const struct json *m, int64_t *periods)
{

	if (m->type == JSON_NULL)
		return;
	if (m->type != JSON_NUMBER || m->number < 1 || m->number > PERIODS_MAX ||
	    m->number != (double)(int64_t)m->number)
		member_wrong(rq, "periods", "number", "it must be a whole number from 1 to 1200");
	else
		*periods = (int64_t)m->number;
}

static void
read_name(struct rq *rq, const struct json *m, struct str *name)
{

	if (m->type == JSON_NULL)
		return;
	if (m->type != JSON_STRING || str_chars(m->s) > NAME_MAX_CHARS || !str_is_line(m->s))
		member_wrong(rq, "name", "length", "it must be one line of at most 100 characters");
	else
		*name = m->s;
}

static void
read_member(struct rq *rq, const struct json *m, struct wanted *w)
{

	if (str_eqz(m->key, "account")) {
		member_id(rq, "account", RES_account, m, &w->account);
	} else if (str_eqz(m->key, "offering")) {
		member_id(rq, "offering", RES_offering, m, &w->offering);
	} else if (str_eqz(m->key, "subscription")) {
		member_id(rq, "subscription", RES_subscription, m, &w->subscription);
	} else if (str_eqz(m->key, "percent")) {
		read_number(rq, "percent", m, PER_CENT_MAX, &w->percent);
		w->percent_text = m->s;
	} else if (str_eqz(m->key, "amount")) {
		read_number(rq, "amount", m, AMOUNT_MAX, &w->amount);
	} else if (str_eqz(m->key, "starts")) {
		member_day(rq, "starts", m, &w->starts);
	} else if (str_eqz(m->key, "ends")) {
		member_day(rq, "ends", m, &w->ends);
	} else if (str_eqz(m->key, "periods")) {
		read_periods(rq, m, &w->periods);
	} else {
		read_name(rq, m, &w->name);
	}
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, struct wanted *w)
{

	*w = (struct wanted){.starts = DATE_NONE, .ends = DATE_NONE, .name = S(""), .percent_text = S("")};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		const int f = access_field_of(RES_discount, m->key);

		if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
			member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
		else
			read_member(rq, m, w);
	}
	return (rq->problem == P_none ? 0 : -1);
}

static int
read_grant(struct rq *rq, struct wanted *w)
{

	if (read_body(rq, w) == -1)
		return (-1);
	if (w->account == 0)
		member_wrong(rq, "account", "missing", "it is missing");
	if (w->starts == DATE_NONE)
		member_wrong(rq, "starts", "missing", "it is missing");
	if (w->percent == 0 && w->amount == 0)
		member_wrong(rq, "percent", "missing", "say per cent, or an amount");
	if (w->percent != 0 && w->amount != 0)
		member_wrong(rq, "amount", "needless", "it is per cent or an amount");
	if (w->offering != 0 && w->subscription != 0)
		member_wrong(rq, "offering", "needless", "it is of an offering or of a subscription");
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- what it is about ---- */

struct account {
	int64_t id, cycle_day;
	struct str currency;
};
static const struct col account_cols[] = {COL_I_(account, id), COL_I_(account, cycle_day), COL_S_(account, currency)};

struct known {
	int64_t product;
};
static const struct col known_cols[] = {COL_I_(known, product)};

/* 0, or -1 with the problem set. */
static int
find_account(struct rq *rq, const struct wanted *w, struct account *k)
{
	int rc = 0;

	arg_int(rq, "account", w->account);
	if (rights_covers((enum scope)rq->who.rights->scope[ACT_account_read], SCOPE_tenant) &&
	    (rc = query_row_system(rq, Q_discount_account, COLS(account_cols), k)) == -1)
		return (-1);
	if (rc == 0)
		member_wrong(rq, "account", "unknown", "there is none that you could name here");
	return (rc == 1 ? 0 : -1);
}

/* The offering or the subscription, as far as who asks may see it.  0, or -1 with the problem set. */
static int
find_what(struct rq *rq, const struct wanted *w)
{
	const bool one = w->subscription != 0;
	struct known k;
	int rc;

	arg_int(rq, "of_offering", w->offering);
	arg_int(rq, "of_subscription", w->subscription);
	if (w->offering == 0 && !one)
		return (0);
	arg_text(rq, "pairs", arena_printf(rq->a, "[[0,%lld]]", (long long)w->offering));
	arg_int(rq, "subscription", w->subscription);
	rc = query_row_system(rq, one ? Q_discount_subscription : Q_price_list_offerings, COLS(known_cols), &k);
	if (rc == -1)
		return (-1);
	if (rc == 0 || !price_rules_visible(rq, 0, k.product))
		member_wrong(
		    rq, one ? "subscription" : "offering", "unknown", "there is none that you could name here");
	return (rq->problem == P_none ? 0 : -1);
}

/* What it takes: :percent or :amount.  0, or -1 with 422. */
static int
set_value(struct rq *rq, const struct wanted *w, const struct account *k)
{
	int64_t minor;

	arg_null(rq, "percent");
	arg_null(rq, "amount");
	if (w->percent != 0) {
		arg_text(rq, "percent", w->percent_text);
		return (0);
	}
	if (money_minor(w->amount, k->currency, &minor) == -1) {
		member_wrong(rq, "amount", "number", "it has more places than the currency");
		return (-1);
	}
	arg_int(rq, "amount", minor);
	return (0);
}

/* Up to the end of the last of its periods, of which the one that it begins in is the first: :starts, :ends, :periods. */
static void
set_days(struct rq *rq, const struct wanted *w, const struct account *k)
{
	int64_t starts, ends = w->periods == 0 ? NEVER : w->starts;

	for (int64_t i = 0; i < w->periods; i++)
		period_of((int)k->cycle_day, ends, &starts, &ends);
	if (ends > NEVER)
		ends = NEVER;
	arg_text(rq, "starts", date_text(rq->a, w->starts));
	arg_text(rq, "ends", date_text(rq->a, ends));
	if (w->periods == 0)
		arg_null(rq, "periods");
	else
		arg_int(rq, "periods", w->periods);
}

struct billed {
	int64_t until;
};
static const struct col billed_cols[] = {{"_until", COL_DATE, offsetof(struct billed, until)}};

/* Is anything of the account charged or billed behind :starts?  Runs that rate are waited for.  0, or -1 with the problem set. */
static int
check_billed(struct rq *rq, const char *member)
{
	struct billed run = {DATE_NONE}, bill = {DATE_NONE};
	int64_t until;

	if (query_row_system(rq, Q_discount_charged, COLS(billed_cols), &run) == -1 ||
	    query_row_system(rq, Q_discount_billed, COLS(billed_cols), &bill) == -1)
		return (-1);
	until = run.until < bill.until ? bill.until : run.until;
	if (until != DATE_NONE)
		problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), "billed",
		    "the account is billed already up to %.*s: choose that day or a later one",
		    STR_ARG(date_text(rq->a, until)));
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- granting one ---- */

static int
check_room(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	int64_t other;

	switch (query_row_system(rq, Q_discount_there, COLS(cols), &other)) {
	case 0:
		return (0);
	case 1:
		member_wrong(
		    rq, "starts", "taken", "the account has a discount of the very same at that time: end it first");
		return (-1);
	default:
		return (-1);
	}
}

static int
store(struct rq *rq, const struct wanted *w, int64_t *id)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	char now[20];

	date_now_sql(now);
	arg_text(rq, "name", w->name);
	arg_int(rq, "user", rq->who.id);
	arg_text(rq, "now", arena_str(rq->a, (struct str){now, 19}));
	return (query_run_one_system(rq, Q_discount_insert) == -1 ||
		    query_row_system(rq, Q_discount_made, COLS(cols), id) != 1
		? -1
		: 0);
}

/* POST /api/v1/discounts {account, percent | amount, starts, periods?, offering? | subscription?, name?}  of the own house. */
int
discount_create(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	struct account k;
	struct wanted w;
	int64_t id;
	struct buf name;
	int status;

	if (read_grant(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (query_row_system(rq, Q_agreement_seller, COLS(cols), &id) != 1 || find_account(rq, &w, &k) == -1 ||
	    find_what(rq, &w) == -1 || set_value(rq, &w, &k) == -1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	set_days(rq, &w, &k);
	if (check_room(rq) == -1 || check_billed(rq, "starts") == -1 || store(rq, &w, &id) == -1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_discount, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(date_text(rq->a, w.starts)));
	status = discount_get(rq);
	return (status == 200 ? 201 : status);
}

/* ---- its end ---- */

struct subject {
	int64_t id, account, starts, ends;
};
static const struct col subject_cols[] = {COL_I_(subject, id), COL_I_(subject, account),
    {"_starts", COL_DATE, offsetof(struct subject, starts)}, {"_ends", COL_DATE, offsetof(struct subject, ends)}};

/* POST /api/v1/discounts/:id/end {ends}  from that day on nothing has it; before its first day it never was. */
int
discount_end(struct rq *rq)
{
	struct subject d;
	struct wanted w;
	int rc;

	if (query_id(rq, RES_discount) == -1 || (rc = query_row(rq, Q_discount_subject, COLS(subject_cols), &d)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (read_body(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (w.ends == DATE_NONE)
		member_wrong(rq, "ends", "missing", "it is missing");
	if (rq->problem == P_none && d.ends <= w.ends)
		return (problem(rq, P_conflict, "it ends by then already"));
	arg_int(rq, "account", d.account);
	arg_text(rq, "starts", date_text(rq->a, w.ends > d.starts ? w.ends : d.starts));
	arg_text(rq, "ends", date_text(rq->a, w.ends));
	if (rq->problem != P_none || check_billed(rq, "ends") == -1 || query_run_system(rq, Q_discount_end) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = d.id;
	rq->audit_detail = arena_printf(rq->a, "on %.*s", STR_ARG(date_text(rq->a, w.ends)));
	return (discount_get(rq));
}
