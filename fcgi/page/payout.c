/* Pay-outs to tenants: trade/payout.c prepares them, paper/payout.c writes their files. */
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "paper/payout.h"
#include "trade/payout.h"
#include "trade/sepa.h"

#define LINES_MAX 20000
#define FILE_MAX ((size_t)32 * 1024 * 1024)

/* GET /api/v1/payouts?state=&cursor=  the newest first. */
int
payout_list(struct rq *rq)
{

	return (query_list(rq, Q_payout_list));
}

static const struct col line_cols[] = {COL_I_(payout_line, statement), COL_I_(payout_line, tenant),
    COL_I_(payout_line, amount), COL_S_(payout_line, tenant_name), COL_S_(payout_line, currency),
    COL_S_(payout_line, name), COL_S_(payout_line, iban), COL_S_(payout_line, bic), COL_S_(payout_line, reference),
    COL_S_(payout_line, period)};

struct left {
	int64_t statement, tenant, amount;
	struct str tenant_name, currency, reason;
};
static const struct col left_cols[] = {COL_I_(left, statement), COL_I_(left, tenant), COL_I_(left, amount),
    COL_S_(left, tenant_name), COL_S_(left, currency), COL_S_(left, reason)};

static void
write_lines(struct rq *rq, const struct payout_line *l, size_t n)
{
	struct buf *b = &rq->out;

	json_name(b, "lines");
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		seal_member(rq->w->key, "statement", RES_statement, l[i].statement, &rq->out);
		seal_member(rq->w->key, "tenant", RES_tenant, l[i].tenant, &rq->out);
		json_text(b, "tenant_name", l[i].tenant_name);
		money_member(b, "amount", l[i].amount, l[i].currency);
		json_text(b, "name", l[i].name);
		json_text(b, "iban", l[i].iban);
		json_text(b, "bic", l[i].bic);
		json_text(b, "reference", l[i].reference);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

/* Lines come by currency. */
static void
write_sums(struct rq *rq, const struct payout_line *l, size_t n)
{
	struct buf *b = &rq->out;
	int64_t sum;

	json_name(b, "sums");
	buf_char(b, '[');
	for (size_t from = 0, to; from < n; from = to) {
		sum = 0;
		for (to = from; to < n && str_eq(l[to].currency, l[from].currency); to++)
			if (__builtin_add_overflow(sum, l[to].amount, &sum))
				b->failed = true;
		buf_printf(b, "%s{\"payments\":%zu", from == 0 ? "" : ",", to - from);
		money_member(b, "amount", sum, l[from].currency);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static int
write_left(struct rq *rq)
{
	struct buf *b = &rq->out;
	const struct left *f;
	void *rows;
	int64_t n = query_rows_system(rq, Q_payout_left, COLS(left_cols), sizeof(*f), LINES_MAX, &rows);

	if (n == -1)
		return (-1);
	f = rows;
	json_name(b, "left_out");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		seal_member(rq->w->key, "statement", RES_statement, f[i].statement, &rq->out);
		seal_member(rq->w->key, "tenant", RES_tenant, f[i].tenant, &rq->out);
		json_text(b, "tenant_name", f[i].tenant_name);
		money_member(b, "amount", f[i].amount, f[i].currency);
		json_text(b, "reason", f[i].reason);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	return (0);
}

/* GET /api/v1/payouts/:id  with who is paid, and who is not. */
int
payout_get(struct rq *rq)
{
	const struct rights *r = rq->who.rights;
	void *rows;
	int64_t n;
	int status = query_one(rq, Q_payout_one);

	if (status != 200)
		return (status);
	if ((n = query_rows_system(
		 rq, Q_payout_lines, COLS(line_cols), sizeof(struct payout_line), LINES_MAX, &rows)) == -1)
		return (problem_status(rq->problem));
	rq->out.limit = FILE_MAX;
	rq->out.n--; /* the object goes on */
	if (may_read(r, FLD_payout_sums))
		write_sums(rq, rows, (size_t)n);
	if (may_read(r, FLD_payout_lines))
		write_lines(rq, rows, (size_t)n);
	if (may_read(r, FLD_payout_left_out) && write_left(rq) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* ---- preparing, sending, cancelling ---- */

struct wanted {
	struct str execution, sent;
	int64_t minimum;
};

static void
wrong(struct rq *rq, struct str member, const char *code, const char *why)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(member)), code, "%s", why);
}

/* The members that the action sets; a day that is not named is today.  0, or -1 with 422. */
static int
read_wanted(struct rq *rq, struct wanted *w)
{
	int64_t day;
	char now[20];

	date_now_sql(now);
	*w = (struct wanted){.execution = arena_printf(rq->a, "%.10s", now), .sent = arena_printf(rq->a, "%.10s", now)};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		const int f = access_field_of(RES_payout, m->key);

		if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
			wrong(rq, m->key, "not_writable", "it cannot be set here");
		else if (f == FLD_payout_minimum) {
			if (m->type != JSON_STRING || money_millionths(m->s, &w->minimum) == -1 || w->minimum < 0)
				wrong(rq, m->key, "number", "it is not an amount like 10.00");
		} else if (m->type != JSON_STRING || date_parse(m->s, &day) == -1)
			wrong(rq, m->key, "date", "it is not a day like 2026-06-01");
		else
			*(f == FLD_payout_sent ? &w->sent : &w->execution) = m->s;
	}
	return (rq->problem == P_none ? 0 : -1);
}

static bool
is_before(struct str a, struct str b)
{

	return (memcmp(a.p, b.p, 10) < 0);
}

/* POST /api/v1/payouts {execution?, minimum?}  of all that closed statements owe; a second person has to agree. */
int
payout_create(struct rq *rq)
{
	struct wanted w;
	struct buf sealed;
	int64_t id;
	int rc;

	if (read_wanted(rq, &w) == -1)
		return (problem_status(rq->problem));
	if ((id = payout_prepare(rq, w.execution, w.minimum)) == -1)
		return (problem_status(rq->problem));
	buf_init(&sealed, rq->a, 64);
	seal_id(rq->w->key, RES_payout, id, &sealed);
	rq->id_text = buf_str(&sealed);
	rq->audit_object = id;
	rc = payout_get(rq);
	return (rc == 200 ? 201 : rc);
}

struct state {
	int64_t id;
	struct str state, created;
};
static const struct col state_cols[] = {COL_I_(state, id), COL_S_(state, state), COL_S_(state, created)};

/* Opens the :id and locks it while it can still be moved.  0, or -1 with the problem set. */
static int
lock(struct rq *rq, struct state *s)
{
	int rc = query_id(rq, RES_payout) == -1 ? -1 : query_row(rq, Q_payout_state, COLS(state_cols), s);

	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (rc == 1 && !str_eqz(s->state, "prepared"))
		problem(
		    rq, P_conflict, "it is %.*s by now: only what is prepared is sent or cancelled", STR_ARG(s->state));
	return (rc == 1 && rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/payouts/:id/cancel  before it is sent; the next batch can pay what it would have. */
int
payout_cancel(struct rq *rq)
{
	struct state s;

	if (lock(rq, &s) == -1 || query_run(rq, Q_payout_cancel) == -1)
		return (problem_status(rq->problem));
	return (payout_get(rq));
}

/* POST /api/v1/payouts/:id/send {sent?}  it counts as paid from that day on. */
int
payout_send(struct rq *rq)
{
	struct wanted w;
	struct state s;
	char now[20];

	date_now_sql(now);
	if (lock(rq, &s) == -1 || read_wanted(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (is_before(w.sent, s.created) || is_before((struct str){now, 10}, w.sent)) {
		wrong(rq, S("sent"), "day", "it was sent on a day from that of its making up to today");
		return (problem_status(rq->problem));
	}
	arg_text(rq, "sent", w.sent);
	if (query_run_one_system(rq, Q_ledger_turn) == -1 || query_run(rq, Q_payout_send) == -1 ||
	    query_run_system(rq, Q_payout_entries) == -1)
		return (problem_status(rq->problem));
	return (payout_get(rq));
}

/* ---- files ---- */

struct head {
	int64_t id;
	struct str state, name, iban, bic, created, execution;
};
static const struct col head_cols[] = {COL_I_(head, id), COL_S_(head, state), COL_S_(head, name), COL_S_(head, iban),
    COL_S_(head, bic), COL_S_(head, created), COL_S_(head, execution)};

/* 0, or -1 with the problem set. */
static int
load(struct rq *rq, struct payout_file *f)
{
	struct head h;
	void *rows;
	int64_t n;
	int rc = query_id(rq, RES_payout) == -1 ? -1 : query_row(rq, Q_payout_head, COLS(head_cols), &h);

	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (rc == 1 && str_eqz(h.state, "cancelled"))
		problem(rq, P_conflict, "it is cancelled: no bank gets it");
	if (rc != 1 || rq->problem != P_none ||
	    (n = query_rows_system(
		 rq, Q_payout_lines, COLS(line_cols), sizeof(struct payout_line), LINES_MAX, &rows)) == -1)
		return (-1);
	*f = (struct payout_file){.id = arena_printf(rq->a, "PO-%lld", (long long)h.id),
	    .name = sepa_text(rq->a, h.name, SEPA_NAME_MAX),
	    .iban = sepa_iban(rq->a, h.iban),
	    .bic = sepa_bic(rq->a, h.bic),
	    .created = h.created,
	    .execution = h.execution,
	    .lines = rows,
	    .n = (size_t)n};
	rq->out.limit = FILE_MAX;
	return (0);
}

static int
answer(struct rq *rq, const struct payout_file *f, int rc, const char *type, const char *ending)
{

	if (rc == -1)
		return (problem(rq, P_internal, "the pay-outs are too many for one file"));
	rq->content_type_out = type;
	rq_header(
	    rq, "Content-Disposition", arena_printf(rq->a, "attachment; filename=\"%.*s.%s\"", STR_ARG(f->id), ending));
	return (200);
}

/* GET /api/v1/payouts/:id/xml  pain.001.001.09 */
int
payout_file_xml(struct rq *rq)
{
	struct payout_file f;

	if (load(rq, &f) == -1)
		return (problem_status(rq->problem));
	return (answer(rq, &f, payout_xml(&f, &rq->out), "application/xml", "xml"));
}

/* GET /api/v1/payouts/:id/csv */
int
payout_file_csv(struct rq *rq)
{
	struct payout_file f;

	if (load(rq, &f) == -1)
		return (problem_status(rq->problem));
	return (answer(rq, &f, payout_csv(&f, &rq->out), "text/csv; charset=utf-8", "csv"));
}
