/* What was bought: read.  subscription_order.c orders, subscription_change.c changes. */
#include "core/query.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/price_part.h"

#define PARTS_MAX 10000

/* GET /api/v1/subscriptions?customer=&cursor=  newest first. */
int
subscription_list(struct rq *rq)
{

	return (query_list(rq, Q_subscription_list));
}

struct stretch {
	struct str starts, ends, quantity;
};
static const struct col stretch_cols[] = {COL_S_(stretch, starts), COL_S_(stretch, ends), COL_S_(stretch, quantity)};

static int
write_quantities(struct rq *rq)
{
	const struct stretch *s;
	struct buf *b = &rq->out;
	void *rows;
	int64_t n = query_rows_system(rq, Q_subscription_quantities, COLS(stretch_cols), sizeof(*s), PARTS_MAX, &rows);

	if (n == -1)
		return (-1);
	s = rows;
	json_name(b, "quantities");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "starts", s[i].starts);
		json_text(b, "ends", s[i].ends);
		price_number(b, "quantity", s[i].quantity);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	return (0);
}

struct change {
	struct str at, kind, effective, quantity, until, user_name, house;
	int64_t early;
};
static const struct col change_cols[] = {COL_S_(change, at), COL_S_(change, kind), COL_S_(change, effective),
    COL_S_(change, quantity), COL_S_(change, until), COL_S_(change, user_name), COL_S_(change, house),
    COL_I_(change, early)};

static int
write_history(struct rq *rq)
{
	const struct change *h;
	struct buf *b = &rq->out;
	void *rows;
	int64_t n;

	arg_int(rq, "whole", rq->who.level == 0);
	if ((n = query_rows_system(rq, Q_subscription_history, COLS(change_cols), sizeof(*h), PARTS_MAX, &rows)) == -1)
		return (-1);
	h = rows;
	json_name(b, "history");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "at", h[i].at);
		json_text(b, "kind", h[i].kind);
		json_text(b, "from", h[i].effective);
		price_number(b, "quantity", h[i].quantity);
		json_text(b, "until", h[i].until);
		json_name(b, "early");
		buf_addz(b, h[i].early ? "true" : "false");
		json_text(b, "user_name", h[i].user_name);
		json_text(b, "house", h[i].house);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	return (0);
}

/* GET /api/v1/subscriptions/:id  with how many on which days, and who changed what. */
int
subscription_get(struct rq *rq)
{
	const int status = query_one(rq, Q_subscription_one);

	if (status != 200)
		return (status);
	rq->out.n--; /* the object goes on */
	if ((may_read(rq->who.rights, FLD_subscription_quantities) && write_quantities(rq) == -1) ||
	    (may_read(rq->who.rights, FLD_subscription_history) && write_history(rq) == -1))
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}
