/* Bills that the own house gets from who sells to it: as rows, as one object, as a PDF, which customers of its own each thing
 * on them was bought for, and why a line of them costs what it does. */
#include "core/seal.h"
#include "core/sold.h"
#include "core/worker.h"
#include "page/document_part.h"
#include "page/page.h"

#define ANNEX_ACCOUNTS 100 /* of one page */
#define THINGS 50          /* of one page, where nobody says how many */
#define THINGS_MOST 200

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

struct things {
	int64_t first, upto, n;
};
static const struct col first_cols[] = {COL_I_(things, first)};
static const struct col things_cols[] = {COL_I_(things, upto), COL_I_(things, n)};

/* Where a page begins: the cursor is the last thing of the page before and the first of the line.  Either is of the bill, or
 * nothing is found. */
static void
read_things_cursor(struct rq *rq, struct str cursor, struct things *t, int64_t *after)
{

	if (cursor.n != 2 * (size_t)SEAL_TEXT ||
	    seal_id_open(rq->w->key, RES_bought, (struct str){cursor.p, SEAL_TEXT}, after) == -1 ||
	    seal_id_open(rq->w->key, RES_bought, (struct str){cursor.p + SEAL_TEXT, SEAL_TEXT}, &t->first) == -1)
		problem_field(rq, P_bad_parameter, S("cursor"), "bad_value", "%s", "it is not one that this list gave");
}

/* `line` (unless a page goes on), `limit` and `cursor` of the query string, as :line, :things and :after.  0, or -1 with 400. */
static int
read_things(struct rq *rq, struct things *t, int64_t *most)
{
	const struct str line = rq_param(rq, "line"), limit = rq_param(rq, "limit"), cursor = rq_param(rq, "cursor");
	int64_t after = 0, position = 0;

	*most = THINGS;
	for (size_t i = 0; i < rq->n_params; i++)
		if (!str_eqz(rq->params[i].name, "line") && !str_eqz(rq->params[i].name, "limit") &&
		    !str_eqz(rq->params[i].name, "cursor"))
			problem_field(
			    rq, P_unknown_parameter, rq->params[i].name, "unknown", "%s", "this list does not know it");
	if (limit.p != NULL && (str_int(limit, most) == -1 || *most < 1 || *most > THINGS_MOST))
		problem_field(rq, P_bad_parameter, S("limit"), "bad_value", "it must be from 1 to %d", THINGS_MOST);
	if (cursor.p != NULL)
		read_things_cursor(rq, cursor, t, &after);
	else if (line.p == NULL || str_int(line, &position) == -1 || position < 1)
		problem_field(rq, P_bad_parameter, S("line"), "bad_value", "%s",
		    "it is the position of a line of the bill, and cannot be left out");
	arg_int(rq, "line", position);
	arg_int(rq, "after", after);
	arg_int(rq, "things", *most);
	return (rq->problem == P_none ? 0 : -1);
}

/* Appends the things, whose page is in *t, and how the list goes on.  0, or -1 with the problem set. */
static int
write_things(struct rq *rq, const struct things *t, int64_t most)
{

	arg_int(rq, "upto", t->upto);
	buf_char(&rq->out, '{');
	if (query_member_list(rq, Q_bought_list, "data") == -1)
		return (-1);
	if (t->n < most) {
		buf_addz(&rq->out, ",\"next\":null}");
		return (0);
	}
	buf_addz(&rq->out, ",\"next\":\"");
	seal_id(rq->w->key, RES_bought, t->upto, &rq->out);
	seal_id(rq->w->key, RES_bought, t->first, &rq->out);
	buf_addz(&rq->out, "\"}");
	return (0);
}

/* GET /api/v1/incoming/:id/explain?line=&limit=&cursor=  {data, next}: how each thing of a line came to its amount, on this
 * edge: nothing of the edge above, and of who buys below no more than the annex says.  Of a bill that no run made there are
 * none. */
int
incoming_explain(struct rq *rq)
{
	struct things t = {0, 0, 0};
	struct money m;
	int64_t most;
	int rc;

	if (read_things(rq, &t, &most) == -1 || query_id(rq, RES_incoming) == -1 ||
	    (rc = query_row(rq, Q_incoming_money, COLS(money_cols), &m)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (t.first == 0 && query_row_system(rq, Q_bought_first, COLS(first_cols), &t) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "currency", m.currency);
	arg_int(rq, "first", t.first);
	if (query_row_system(rq, Q_bought_page, COLS(things_cols), &t) == -1 || write_things(rq, &t, most) == -1)
		return (problem_status(rq->problem));
	return (200);
}
