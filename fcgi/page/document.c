/* Bills: as rows, as one object, as a page and as a PDF. */
#include "core/sold.h"
#include "core/worker.h"
#include "page/document_part.h"
#include "page/page.h"
#include "paper/load.h"

#define PAPER_MAX ((size_t)32 * 1024 * 1024)

/* GET /api/v1/documents?customer=&tenant=&number=&kind=&state=&cursor=  newest first. */
int
document_list(struct rq *rq)
{

	return (query_list(rq, Q_document_list));
}

struct frozen {
	struct str currency;
};
static const struct col frozen_cols[] = {COL_S_(frozen, currency)};

int
document_parts(struct rq *rq)
{

	rq->out.n--; /* the object goes on */
	if (query_member_list(rq, sold_lines(rq), "lines") == -1)
		return (problem_status(rq->problem));
	if (rq->n_unsold > 0)
		buf_printf(&rq->out, ",\"lines_hidden\":%zu", rq->n_unsold);
	if (query_member_list(rq, Q_tax_list, "taxes") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* GET /api/v1/documents/:id  with seller, buyer, lines and taxes; lines of products that the role has not are counted only. */
int
document_get(struct rq *rq)
{
	struct frozen f;
	int status = query_one_keep(rq, Q_document_one, COLS(frozen_cols), &f);

	if (status != 200)
		return (status);
	arg_text(rq, "currency", f.currency);
	return (document_parts(rq));
}

/* GET /api/v1/documents/:id/explain  how each thing of it came to its amount, on its own edge: nothing of the edges above. */
int
document_explain(struct rq *rq)
{
	struct frozen f;
	int rc = query_id(rq, RES_document) == -1 ? -1 : query_row(rq, Q_document_money, COLS(frozen_cols), &f);

	if (rc != 1)
		return (rc == -1 ? problem_status(rq->problem) : problem(rq, P_not_found, "%s", ""));
	arg_text(rq, "currency", f.currency);
	buf_char(&rq->out, '{');
	if (query_member_list(rq, Q_explanation_list, "data") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* 0, or -1 with the problem set. */
static int
load(struct rq *rq, enum resource res, enum query frozen, struct bill *bill)
{

	rq->out.limit = PAPER_MAX;
	return (query_id(rq, res) == -1 || bill_load(rq, frozen, bill) == -1 ? -1 : 0);
}

/* GET /api/v1/documents/:id/html  a page that needs no script. */
int
document_html(struct rq *rq)
{
	struct bill bill;

	if (load(rq, RES_document, Q_document_frozen, &bill) == -1)
		return (problem_status(rq->problem));
	if (bill_html(&bill, &rq->out) == -1)
		return (problem(rq, P_internal, "the bill is too large to show"));
	rq->content_type_out = "text/html; charset=utf-8";
	return (200);
}

int
document_paper(struct rq *rq, enum resource res, enum query frozen)
{
	unsigned char hash[32];
	struct bill bill;

	if (load(rq, res, frozen, &bill) == -1 || bill_pdf_sealed(rq, &bill, hash) == -1)
		return (problem_status(rq->problem));
	rq->content_type_out = "application/pdf";
	rq_header(
	    rq, "Content-Disposition", arena_printf(rq->a, "inline; filename=\"%.*s.pdf\"", STR_ARG(bill.number)));
	return (200);
}

/* GET /api/v1/documents/:id/pdf  the same bytes each time. */
int
document_pdf(struct rq *rq)
{

	return (document_paper(rq, RES_document, Q_document_frozen));
}
