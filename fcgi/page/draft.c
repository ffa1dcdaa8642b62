/* Drafts: bills before they have a number; and settlements, what a run comes to for a tenant. */
#include "base/money.h"
#include "core/body.h"
#include "core/query.h"
#include "core/rights.h"
#include "page/bill_run_part.h"
#include "page/page.h"
#include "page/price_part.h"

#define REASON_MAX 200

/* GET /api/v1/drafts?run=&tenant=&state=&sort=&cursor=  what is farthest from the bill before first. */
int
draft_list(struct rq *rq)
{

	return (query_list(rq, Q_draft_list));
}

struct kept {
	struct str currency;
};
static const struct col kept_cols[] = {COL_S_(kept, currency)};

/* GET /api/v1/drafts/:id  with lines and taxes; lines of products that the role has not are counted only. */
int
draft_get(struct rq *rq)
{
	struct kept k;
	int status = query_one_keep(rq, Q_draft_one, COLS(kept_cols), &k);

	if (status != 200)
		return (status);
	arg_text(rq, "currency", k.currency);
	rq->out.n--; /* the object goes on */
	if (query_member_list(rq, Q_line_draft, "lines") == -1)
		return (problem_status(rq->problem));
	if (rq->n_unsold > 0)
		buf_printf(&rq->out, ",\"lines_hidden\":%zu", rq->n_unsold);
	if (query_member_list(rq, Q_tax_draft, "taxes") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

struct draft {
	int64_t id, run;
	struct str state;
};
static const struct col draft_cols[] = {COL_I_(draft, id), COL_I_(draft, run), COL_S_(draft, state)};

struct run {
	int64_t id;
	struct str phase;
};
static const struct col run_cols[] = {COL_I_(run, id), COL_S_(run, phase)};

/* Opens the :id and locks its run, as the run's own steps do, and reads both.  0, or -1 with the problem set. */
static int
lock(struct rq *rq, struct draft *d, struct run *r)
{
	int rc = query_id(rq, RES_draft) == -1 ? -1 : query_row(rq, Q_draft_now, COLS(draft_cols), d);

	if (rc == 1) {
		arg_int(rq, "run", d->run);
		rc = query_row_system(rq, Q_draft_run, COLS(run_cols), r);
	}
	if (rc == 1) /* what it was before the lock may be over */
		rc = query_row(rq, Q_draft_now, COLS(draft_cols), d);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

/* What the body of a hold says, into :hold_text.  0, or -1 with 422. */
static int
read_reason(struct rq *rq)
{
	struct str reason;
	const struct body_text text = {"reason", REASON_MAX, &reason};

	if (body_texts(rq, &text, 1) == -1)
		return (-1);
	if (!str_is_line(reason) || str_is_blank(reason)) {
		problem_field(rq, P_invalid, S("/reason"), "length", "%s", "it must be one line");
		return (-1);
	}
	arg_text(rq, "hold_text", reason);
	return (0);
}

/* POST /api/v1/drafts/:id/hold {reason} */
int
draft_hold(struct rq *rq)
{
	struct draft d;
	struct run r;
	int64_t n;

	if (lock(rq, &d, &r) == -1 || read_reason(rq) == -1 || (n = query_run(rq, Q_draft_hold)) == -1)
		return (problem_status(rq->problem));
	return (n > 0 ? draft_get(rq) : bill_run_refused(rq, d.state, "only what is not issued is held"));
}

/* POST /api/v1/drafts/:id/release  it waits to be approved again. */
int
draft_release(struct rq *rq)
{
	struct draft d;
	struct run r;
	int64_t n;

	if (lock(rq, &d, &r) == -1 || (n = query_run(rq, Q_draft_release)) == -1)
		return (problem_status(rq->problem));
	return (n > 0 ? draft_get(rq) : bill_run_refused(rq, d.state, "only what is held is released"));
}

/* POST /api/v1/drafts/:id/approve  portico-jobs issues it. */
int
draft_approve(struct rq *rq)
{
	struct draft d;
	struct run r;
	int64_t n;

	if (lock(rq, &d, &r) == -1 || (n = query_run(rq, Q_draft_approve)) == -1)
		return (problem_status(rq->problem));
	if (n == 0)
		return (bill_run_refused(rq, d.state, "it waits for no approval: what is held is released first"));
	return (query_run_system(rq, Q_draft_go_on) == -1 ? problem_status(rq->problem) : draft_get(rq));
}

/* GET /api/v1/settlements?run=&tenant=&cursor=  the newest first. */
int
settlement_list(struct rq *rq)
{

	return (query_list(rq, Q_settlement_list));
}

struct rate_row {
	struct str from_currency, to_currency, rate, day, source;
	int64_t cost, converted;
};
static const struct col rate_cols[] = {COL_S_(rate_row, from_currency), COL_S_(rate_row, to_currency),
    COL_S_(rate_row, rate), COL_S_(rate_row, day), COL_S_(rate_row, source), COL_I_(rate_row, cost),
    COL_I_(rate_row, converted)};

/* The object goes on with what was converted.  0, or -1 with the problem set. */
static int
write_rates(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct rate_row *r = NULL;
	int64_t n = query_rows_system(rq, Q_settlement_rates, COLS(rate_cols), sizeof(*r), 1000, (void **)&r);

	if (n == -1)
		return (-1);
	b->n--; /* of the object */
	json_name(b, "rates");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "currency", r[i].from_currency);
		json_text(b, "worth_in", r[i].to_currency);
		price_number(b, "rate", r[i].rate);
		json_text(b, "day", r[i].day);
		json_text(b, "source", r[i].source);
		money_member(b, "cost", r[i].cost, r[i].from_currency);
		money_member(b, "converted", r[i].converted, r[i].to_currency);
		buf_char(b, '}');
	}
	buf_addz(b, "]}");
	return (0);
}

/* GET /api/v1/settlements/:id  with what was converted from or into its currency. */
int
settlement_get(struct rq *rq)
{
	const int status = query_one(rq, Q_settlement_one);

	if (status != 200 || !may_read(rq->who.rights, FLD_settlement_rates))
		return (status);
	return (write_rates(rq) == -1 ? problem_status(rq->problem) : 200);
}
