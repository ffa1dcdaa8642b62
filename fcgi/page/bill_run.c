/* Bill runs: what there is, how far each is, and a new one.  trade/bill_run.c carries them out. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/bill_run_part.h"
#include "page/page.h"
#include "trade/period.h"

#define CHECKS 100
#define SUMS 200 /* states x currencies */
#define SEQUENCES 99

/* GET /api/v1/bill-runs?state=&cursor=  the newest first. */
int
bill_run_list(struct rq *rq)
{

	return (query_list(rq, Q_bill_run_list));
}

struct check {
	struct str name;
	int64_t found;
};
static const struct col check_cols[] = {COL_S_(check, name), COL_I_(check, found)};

struct sum {
	struct str state, currency;
	int64_t n, net, tax, gross;
};
static const struct col sum_cols[] = {
    COL_S_(sum, state), COL_S_(sum, currency), COL_I_(sum, n), COL_I_(sum, net), COL_I_(sum, tax), COL_I_(sum, gross)};

static int
write_checks(struct rq *rq)
{
	const struct check *c;
	struct buf *b = &rq->out;
	void *rows;
	int64_t n = query_rows_system(rq, Q_bill_run_found, COLS(check_cols), sizeof(*c), CHECKS, &rows);

	if (n == -1)
		return (-1);
	c = rows;
	json_name(b, "checks");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{\"name\":" : ",{\"name\":");
		json_str(b, c[i].name);
		buf_printf(b, ",\"found\":%lld}", (long long)c[i].found);
	}
	buf_char(b, ']');
	return (0);
}

static int
write_sums(struct rq *rq)
{
	const struct sum *s;
	struct buf *b = &rq->out;
	void *rows;
	int64_t n = query_rows_system(rq, Q_bill_run_sums, COLS(sum_cols), sizeof(*s), SUMS, &rows);

	if (n == -1)
		return (-1);
	s = rows;
	json_name(b, "sums");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{\"state\":" : ",{\"state\":");
		json_str(b, s[i].state);
		buf_printf(b, ",\"documents\":%lld", (long long)s[i].n);
		money_member(b, "net", s[i].net, s[i].currency);
		money_member(b, "tax", s[i].tax, s[i].currency);
		money_member(b, "gross", s[i].gross, s[i].currency);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	return (0);
}

/* GET /api/v1/bill-runs/:id  with how far it is, what its checks found, and what its drafts come to. */
int
bill_run_get(struct rq *rq)
{
	int status = query_one(rq, Q_bill_run_one);

	if (status != 200)
		return (status);
	rq->out.n--; /* the object goes on */
	if ((may_read(rq->who.rights, FLD_bill_run_checks) && write_checks(rq) == -1) ||
	    (may_read(rq->who.rights, FLD_bill_run_sums) && write_sums(rq) == -1))
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* ---- a new one ---- */

struct wanted {
	int64_t tenant, account, cycle_day, sequence, start, end, issue;
	bool paused;
	struct str start_text, end_text, issue_text; /* p NULL where absent */
};

static void
wrong(struct rq *rq, struct str member, const char *code, const char *why)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(member)), code, "%s", why);
}

static void
read_day(struct rq *rq, const struct json *m, struct str *text, int64_t *days)
{

	if (m->type != JSON_STRING || date_parse(m->s, days) == -1)
		wrong(rq, m->key, "date", "it is not a day like 2026-06-01");
	else
		*text = m->s;
}

static void
read_number(struct rq *rq, const struct json *m, int64_t most, int64_t *to)
{

	if (m->type != JSON_NUMBER || m->number < 1 || m->number > (double)most ||
	    m->number != (double)(int64_t)m->number)
		wrong(rq, m->key, "number", "it is no whole number in its bounds");
	else
		*to = (int64_t)m->number;
}

static void
read_id(struct rq *rq, const struct json *m, enum resource res, int64_t *to)
{

	if (m->type != JSON_STRING || seal_id_open(rq->w->key, res, m->s, to) == -1)
		wrong(rq, m->key, "id", "it is not an id of that kind");
}

static void
read_member(struct rq *rq, const struct json *m, struct wanted *w)
{
	const int f = access_field_of(RES_bill_run, m->key);

	if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
		wrong(rq, m->key, "not_writable", "it cannot be set here");
	else if (f == FLD_bill_run_tenant)
		read_id(rq, m, RES_tenant, &w->tenant);
	else if (f == FLD_bill_run_account)
		read_id(rq, m, RES_account, &w->account);
	else if (f == FLD_bill_run_cycle_day)
		read_number(rq, m, 31, &w->cycle_day);
	else if (f == FLD_bill_run_sequence)
		read_number(rq, m, SEQUENCES, &w->sequence);
	else if (f == FLD_bill_run_period_start)
		read_day(rq, m, &w->start_text, &w->start);
	else if (f == FLD_bill_run_period_end)
		read_day(rq, m, &w->end_text, &w->end);
	else if (f == FLD_bill_run_issue_date)
		read_day(rq, m, &w->issue_text, &w->issue);
	else if (m->type != JSON_BOOL)
		wrong(rq, m->key, "type", "it must be true or false");
	else
		w->paused = m->number != 0;
}

/* The members of the body, and what the calendar says to them.  0, or -1 with 422. */
static int
read_wanted(struct rq *rq, struct wanted *w)
{
	char now[20];
	int64_t start, end, today;

	*w = (struct wanted){.tenant = rq->who.tenant_id, .sequence = 1};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		read_member(rq, m, w);
	if (rq->problem != P_none)
		return (-1);
	if (w->start_text.p == NULL)
		problem_field(rq, P_invalid, S("/period_start"), "missing", "%s", "it is missing");
	if (w->cycle_day == 0)
		problem_field(rq, P_invalid, S("/cycle_day"), "missing", "%s", "it is missing");
	if (rq->problem != P_none)
		return (-1);
	date_now_sql(now);
	if (date_parse((struct str){now, 10}, &today) == -1)
		return (problem(rq, P_internal, "%s", ""), -1);
	period_of((int)w->cycle_day, w->start, &start, &end);
	if (start != w->start)
		wrong(rq, S("period_start"), "period", "no period of that cycle begins on that day");
	else if (w->end_text.p != NULL && w->end != end)
		wrong(rq, S("period_end"), "period", "the period that begins on that day ends on another");
	else if (end > today)
		wrong(rq, S("period_start"), "early", "that period is not over");
	w->end_text = date_text(rq->a, end);
	if (w->issue_text.p == NULL)
		w->issue_text = date_text(rq->a, today);
	return (rq->problem == P_none ? 0 : -1);
}

struct base {
	int64_t id, account, cycle_day, below, reseller;
};
static const struct col base_cols[] = {
    COL_I_(base, id), COL_I_(base, account), COL_I_(base, cycle_day), COL_I_(base, below), COL_I_(base, reseller)};

/* Is there such a tenant, and such an account below it?  0, or -1 with the problem set. */
static int
check_base(struct rq *rq, const struct wanted *w)
{
	struct base b;
	int rc = query_row_system(rq, Q_bill_run_wanted, COLS(base_cols), &b);

	if (rc == -1)
		return (-1);
	if (rc == 0)
		wrong(rq, S("tenant"), "unknown", "there is none");
	else if (w->account != 0 && (b.account == 0 || !b.below))
		wrong(rq, S("account"), "unknown", "there is none below that tenant");
	else if (w->account != 0 && b.reseller)
		wrong(rq, S("account"), "reseller", "a reseller is billed with its customers");
	else if (w->account != 0 && b.cycle_day != w->cycle_day)
		wrong(rq, S("cycle_day"), "cycle", "the account is of another cycle");
	return (rq->problem == P_none ? 0 : -1);
}

struct same {
	int64_t id;
	struct str phase;
};
static const struct col same_cols[] = {COL_I_(same, id), COL_S_(same, phase)};

/* Of one period there is one run at a time; one account's runs do not stand in its way.  0, or -1 with the problem set. */
static int
check_same(struct rq *rq, const struct wanted *w)
{
	struct same s;
	struct buf id;
	int rc = w->account != 0 ? 0 : query_row_system(rq, Q_bill_run_same, COLS(same_cols), &s);

	if (rc != 1)
		return (rc);
	buf_init(&id, rq->a, 64);
	seal_id(rq->w->key, RES_bill_run, s.id, &id);
	problem(rq, P_conflict,
	    "there is a run of that period: %.*s is %.*s; cancel it first, or bill what it missed by the next sequence",
	    STR_ARG(buf_str(&id)), STR_ARG(s.phase));
	return (-1);
}

static void
set_args(struct rq *rq, const struct wanted *w)
{

	arg_int(rq, "of_tenant", w->tenant);
	arg_int(rq, "of_account", w->account);
	arg_int(rq, "cycle_day", w->cycle_day);
	arg_int(rq, "sequence", w->sequence);
	arg_int(rq, "paused", w->paused);
	arg_text(rq, "period_start", w->start_text);
	arg_text(rq, "period_end", w->end_text);
	arg_text(rq, "issue_date", w->issue_text);
}

/* POST /api/v1/bill-runs {tenant?, cycle_day, period_start, period_end?, issue_date?, sequence?, account?, paused?}
 * The tenant is the own one where none is named; portico-jobs begins with it at once, unless it is opened paused. */
int
bill_run_create(struct rq *rq)
{
	static const struct col new_cols[] = {COL_I_(same, id)};
	struct wanted w;
	struct buf sealed;
	struct same s;
	int rc;

	if (read_wanted(rq, &w) == -1)
		return (problem_status(rq->problem));
	set_args(rq, &w);
	if (check_base(rq, &w) == -1 || check_same(rq, &w) == -1 || query_run_system(rq, Q_bill_run_add) == -1)
		return (problem_status(rq->problem));
	if ((rc = query_row_system(rq, Q_bill_run_new, COLS(new_cols), &s)) != 1)
		return (rc == -1 ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	buf_init(&sealed, rq->a, 64);
	seal_id(rq->w->key, RES_bill_run, s.id, &sealed);
	rq->id_text = buf_str(&sealed);
	rq->audit_object = s.id;
	rq->audit_detail = arena_printf(rq->a, "cycle %lld from %.*s", (long long)w.cycle_day, STR_ARG(w.start_text));
	rc = bill_run_get(rq);
	return (rc == 200 ? 201 : rc);
}
