/* Statements of what the provider owes each tenant, what they are made of, and closing a period: trade/ledger.c carries
 * it out. */
#include "base/date.h"
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "paper/load.h"
#include "trade/ledger.h"

#define PAPER_MAX ((size_t)32 * 1024 * 1024)

/* GET /api/v1/statements?tenant=&cursor=  the newest first. */
int
statement_list(struct rq *rq)
{

	return (query_list(rq, Q_statement_list));
}

/* GET /api/v1/statements/:id */
int
statement_get(struct rq *rq)
{

	return (query_one(rq, Q_statement_one));
}

/* GET /api/v1/statements/:id/pdf  in the tenant's language; of one that is closed, so with the same bytes as long as names stay. */
int
statement_pdf(struct rq *rq)
{
	unsigned char hash[32];
	struct bill bill;

	rq->out.limit = PAPER_MAX;
	if (query_id(rq, RES_statement) == -1 || bill_load_statement(rq, &bill) == -1 ||
	    bill_pdf_sealed(rq, &bill, hash) == -1)
		return (problem_status(rq->problem));
	rq->content_type_out = "application/pdf";
	rq_header(rq, "Content-Disposition",
	    arena_printf(rq->a, "inline; filename=\"%.*s-%.*s.pdf\"", STR_ARG(bill.number), STR_ARG(bill.currency)));
	return (200);
}

/* GET /api/v1/entries?statement=&tenant=&cursor=  the newest first. */
int
entry_list(struct rq *rq)
{

	return (query_list(rq, Q_entry_list));
}

struct found {
	int64_t id;
};
static const struct col found_cols[] = {COL_I_(found, id)};

/* The tenant of the body, or 0: all.  0, or -1 with 422. */
static int
read_tenant(struct rq *rq, struct str text, int64_t *tenant)
{
	struct found f;
	int rc;

	*tenant = 0;
	if (text.p == NULL)
		return (0);
	if (seal_id_open(rq->w->key, RES_tenant, text, tenant) == -1) {
		problem_field(rq, P_invalid, S("/tenant"), "id", "%s", "it is not an id of that kind");
		return (-1);
	}
	arg_int(rq, "of_tenant", *tenant);
	rc = query_row_system(rq, Q_statement_tenant, COLS(found_cols), &f);
	if (rc == 0)
		problem_field(rq, P_invalid, S("/tenant"), "unknown", "%s", "there is none");
	return (rc == 1 ? 0 : -1);
}

/* POST /api/v1/statements {period, tenant?}  a month, like 2026-06, that is over; portico-jobs closes it within seconds.
 * Done again it finds who was missed, and changes nothing that is closed. */
int
statement_close(struct rq *rq)
{
	struct str period, tenant_text, start, end;
	const struct body_text texts[] = {{"period", 7, &period}, {"tenant", 40, &tenant_text}};
	int64_t tenant, day, today;
	char now[20];

	date_now_sql(now);
	if (body_texts_some(rq, texts, 2, 1) == -1)
		return (problem_status(rq->problem));
	if (ledger_period(rq->a, period, &start, &end) == -1 || date_parse(end, &day) == -1 ||
	    date_parse((struct str){now, 10}, &today) == -1)
		problem_field(rq, P_invalid, S("/period"), "period", "%s", "it is not a month like 2026-06");
	else if (day > today)
		problem_field(rq, P_invalid, S("/period"), "early", "%s", "that month is not over");
	if (rq->problem != P_none || read_tenant(rq, tenant_text, &tenant) == -1)
		return (problem_status(rq->problem));
	arg_int(rq, "of_tenant", tenant);
	arg_text(rq, "period_start", start);
	arg_text(rq, "period_end", end);
	arg_text(rq, "asked", (struct str){now, 19});
	if (query_run_system(rq, Q_ledger_closing_ask) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = tenant;
	rq->audit_detail = arena_printf(rq->a, "period %.*s", STR_ARG(period));
	buf_printf(&rq->out, "{\"period_start\":\"%.*s\",\"period_end\":\"%.*s\",\"state\":\"waiting\"}",
	    STR_ARG(start), STR_ARG(end));
	return (202);
}
