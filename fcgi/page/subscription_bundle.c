/* What comes along with a subscription: ordered with it, as its offering says on that day, and as many as goes with it. */
#include "base/date.h"
#include "core/query.h"
#include "page/subscription_part.h"

#define PARTS_MAX 1000

struct part {
	int64_t id, offering, fits;
	struct str kind, bundled, quantity;
};
static const struct col offered_cols[] = {
    COL_I_(part, offering), COL_S_(part, kind), COL_S_(part, bundled), COL_S_(part, quantity), COL_I_(part, fits)};
static const struct col bundled_cols[] = {COL_I_(part, id), COL_S_(part, quantity), COL_I_(part, fits)};

static int
too_many(struct rq *rq)
{

	subscription_wrong(rq, "quantity", "number", "what comes along would be none or too many");
	return (-1);
}

/* 0, or -1 with the problem set. */
static int
add(struct rq *rq, const struct subscription_order *o, int64_t id, const struct part *p)
{
	const bool recurs = str_eqz(p->kind, "recurring");
	struct subscription_order one = {.who = o->who,
	    .offering = p->offering,
	    .parent = id,
	    .quantity = p->quantity,
	    .bundled = p->bundled,
	    .starts = o->starts,
	    .ends = o->ends,
	    .free_until = recurs ? o->free_until : DATE_NONE,
	    .committed_until = DATE_NONE};
	int64_t added;

	if (!p->fits)
		return (too_many(rq));
	if (subscription_offered(rq, &one) == -1 || subscription_add(rq, &one, &added) == -1)
		return (-1);
	return (subscribe_note(rq, added, "ordered", one.starts, one.quantity, one.ends, false));
}

int
subscription_add_parts(struct rq *rq, const struct subscription_order *o, int64_t id)
{
	struct part *rows;
	int64_t n;
	void *p;

	arg_int(rq, "offering", o->offering);
	arg_text(rq, "quantity", o->quantity);
	n = query_rows_system(rq, Q_subscription_parts, COLS(offered_cols), sizeof(*rows), PARTS_MAX, &p);
	rows = p;
	for (int64_t i = 0; i < n; i++)
		if (add(rq, o, id, &rows[i]) == -1)
			return (-1);
	return (n == -1 ? -1 : 0);
}

int
subscription_follow(struct rq *rq, int64_t id, int64_t from, struct str quantity, const char *kind, bool told)
{
	struct part *rows;
	int64_t n;
	void *p;

	arg_int(rq, "subscription", id);
	arg_text(rq, "from", date_text(rq->a, from));
	arg_text(rq, "quantity", quantity);
	n = query_rows_system(rq, Q_subscription_bundled, COLS(bundled_cols), sizeof(*rows), PARTS_MAX, &p);
	rows = p;
	for (int64_t i = 0; i < n; i++) {
		if (!rows[i].fits)
			return (too_many(rq));
		if (subscribe_quantity(rq, rows[i].id, from, rows[i].quantity) == -1 ||
		    subscribe_note(rq, rows[i].id, kind, from, told ? rows[i].quantity : S(""), DATE_NONE, false) == -1)
			return (-1);
	}
	return (n == -1 ? -1 : 0);
}
