/* Customers that go to another reseller: trade/transfer.c carries it out. */
#include <string.h>

#include "base/date.h"
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "trade/transfer.h"

/* GET /api/v1/transfers?state=&cursor=  the latest day first. */
int
transfer_list(struct rq *rq)
{

	return (query_list(rq, Q_transfer_list));
}

/* GET /api/v1/transfers/:id */
int
transfer_get(struct rq *rq)
{

	return (query_one(rq, Q_transfer_one));
}

static const struct col check_cols[] = {COL_I_(transfer_check, from), COL_I_(transfer_check, active),
    COL_I_(transfer_check, open), COL_I_(transfer_check, place), COL_I_(transfer_check, head),
    COL_I_(transfer_check, again)};

/* 0, or -1 with the problem set. */
static int
check(struct rq *rq, int64_t to)
{
	struct transfer_check c;
	const char *why;
	int rc;

	arg_int(rq, "transfer", 0);
	rc = query_row_system(rq, Q_transfer_check, COLS(check_cols), &c);
	if (rc == -1)
		return (-1);
	if (rc == 0) {
		problem_field(rq, P_invalid, S("/customer"), "unknown", "%s", "there is none, or the reseller is none");
	} else if ((why = transfer_stays(&c)) != NULL) {
		problem_field(rq, P_invalid, S("/customer"), "stays", "%s", why);
	} else if (c.again) {
		problem(rq, P_conflict, "there is a transfer that is not done; call that off, or wait for its end");
	} else if ((why = transfer_refused(&c, to)) != NULL) {
		problem_field(rq, P_invalid, S("/to"), "reseller", "%s", why);
	} else {
		arg_int(rq, "from", c.from);
		return (0);
	}
	return (-1);
}

/* POST /api/v1/transfers {customer, to, day}; answers the transfer. */
int
transfer_create(struct rq *rq)
{
	const struct db_val *customer = body_given(rq, "customer"), *to = body_given(rq, "to"),
			    *day = body_given(rq, "day");
	static const struct col cols[] = {{"id", COL_INT, 0}};
	struct buf sealed;
	char today[20];
	int64_t id;
	int rc;

	if (customer == NULL || to == NULL || day == NULL)
		return (problem_status(rq->problem));
	date_now_sql(today);
	if (memcmp(day->s.p, today, 10) < 0) {
		problem_field(rq, P_invalid, S("/day"), "past", "%s", "that day is over");
		return (problem_status(rq->problem));
	}
	arg_int(rq, "of_customer", customer->i);
	if (check(rq, to->i) == -1)
		return (problem_status(rq->problem));
	rc =
	    query_run_system(rq, Q_transfer_insert) == -1 ? -1 : query_row_system(rq, Q_transfer_open, COLS(cols), &id);
	if (rc != 1)
		return (rc == -1 ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	buf_init(&sealed, rq->a, 64);
	seal_id(rq->w->key, RES_transfer, id, &sealed);
	rq->id_text = buf_str(&sealed);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "customer %lld to %lld", (long long)customer->i, (long long)to->i);
	rc = query_one(rq, Q_transfer_one);
	return (rc == 200 ? 201 : rc);
}

/* DELETE /api/v1/transfers/:id  only before its day has come. */
int
transfer_cancel(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_transfer) == -1 || query_lock(rq, RES_transfer) == -1 ||
	    (n = query_run(rq, Q_transfer_cancel)) == -1)
		return (problem_status(rq->problem));
	return (n == 1 ? 204 : problem(rq, P_conflict, "it has been done, or is over"));
}
