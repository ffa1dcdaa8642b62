/* Self-billed documents of commissions, as the agent that earned them sees them and as the house that wrote them: as rows, as
 * one object, and as the same PDF. */
#include "page/document_part.h"
#include "page/page.h"

struct money {
	struct str currency;
};
static const struct col money_cols[] = {COL_S_(money, currency)};

/* With seller, buyer, lines and taxes. */
static int
one(struct rq *rq, enum query q)
{
	struct money m;
	int status = query_one_keep(rq, q, COLS(money_cols), &m);

	if (status != 200)
		return (status);
	arg_text(rq, "currency", m.currency);
	rq->out.n--; /* the object goes on */
	if (query_member_list(rq, Q_self_line_list, "lines") == -1 ||
	    query_member_list(rq, Q_tax_self_list, "taxes") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* GET /api/v1/self-bills?kind=&cursor=  newest first. */
int
self_bill_list(struct rq *rq)
{

	return (query_list(rq, Q_self_bill_list));
}

/* GET /api/v1/self-bills/:id */
int
self_bill_get(struct rq *rq)
{

	return (one(rq, Q_self_bill_one));
}

/* GET /api/v1/self-bills/:id/pdf  the same bytes each time. */
int
self_bill_pdf(struct rq *rq)
{

	return (document_paper(rq, RES_self_bill, Q_self_bill_frozen));
}

/* GET /api/v1/self-incoming?kind=&cursor=  newest first. */
int
self_incoming_list(struct rq *rq)
{

	return (query_list(rq, Q_self_incoming_list));
}

/* GET /api/v1/self-incoming/:id */
int
self_incoming_get(struct rq *rq)
{

	return (one(rq, Q_self_incoming_one));
}

/* GET /api/v1/self-incoming/:id/pdf  the bytes that the agent gets. */
int
self_incoming_pdf(struct rq *rq)
{

	return (document_paper(rq, RES_self_incoming, Q_self_incoming_frozen));
}
