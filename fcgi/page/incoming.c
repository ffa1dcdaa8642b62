/* Bills that the own house gets from who sells to it: as rows, as one object, as a PDF, and which customers of its own each
 * thing on them was bought for. */
#include "core/seal.h"
#include "core/sold.h"
#include "core/worker.h"
#include "page/document_part.h"
#include "page/page.h"

#define ANNEX_ACCOUNTS 100 /* of one page */

/* GET /api/v1/incoming?kind=&state=&cursor=  newest first. */
int
incoming_list(struct rq *rq)
{

	return (query_list(rq, Q_incoming_list));
}

struct money {
	struct str currency;
};
static const struct col money_cols[] = {COL_S_(money, currency)};

/* GET /api/v1/incoming/:id  with seller, buyer, lines and taxes; lines of products that the role has not are counted only. */
int
incoming_get(struct rq *rq)
{
	struct money m;
	int status = query_one_keep(rq, Q_incoming_one, COLS(money_cols), &m);

	if (status != 200)
		return (status);
	arg_text(rq, "currency", m.currency);
	return (document_parts(rq));
}

/* GET /api/v1/incoming/:id/pdf  the bytes that the seller's bill has. */
int
incoming_pdf(struct rq *rq)
{

	return (document_paper(rq, RES_incoming, Q_incoming_frozen));
}

struct accounts {
	int64_t upto, n;
};
static const struct col accounts_cols[] = {COL_I_(accounts, upto), COL_I_(accounts, n)};

/* Sets :after by the `cursor` of the query string, which is the last account of the page before.  0, or -1 with 400. */
static int
read_cursor(struct rq *rq)
{
	const struct str cursor = rq_param(rq, "cursor");
	int64_t after = 0;

	if (cursor.p != NULL && seal_id_open(rq->w->key, RES_account, cursor, &after) == -1) {
		problem_field(rq, P_bad_parameter, S("cursor"), "bad_value", "%s", "it is not one that this list gave");
		return (-1);
	}
	arg_int(rq, "after", after);
	arg_int(rq, "accounts", ANNEX_ACCOUNTS);
	return (0);
}

/* GET /api/v1/incoming/:id/annex?cursor=  {data, next}: all things of some accounts; of a bill that no run made there are none. */
int
incoming_annex(struct rq *rq)
{
	struct accounts page = {0, 0};
	struct money m;
	int rc;

	if (read_cursor(rq) == -1 || query_id(rq, RES_incoming) == -1 ||
	    (rc = query_row(rq, Q_incoming_money, COLS(money_cols), &m)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (query_row_system(rq, Q_annex_accounts, COLS(accounts_cols), &page) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "currency", m.currency);
	arg_int(rq, "upto", page.upto);
	buf_char(&rq->out, '{');
	if (query_member_list(rq, Q_annex_list, "data") == -1)
		return (problem_status(rq->problem));
	if (page.n == ANNEX_ACCOUNTS) {
		buf_addz(&rq->out, ",\"next\":\"");
		seal_id(rq->w->key, RES_account, page.upto, &rq->out);
		buf_addz(&rq->out, "\"}");
	} else {
		buf_addz(&rq->out, ",\"next\":null}");
	}
	return (200);
}
