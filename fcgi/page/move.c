/* Resellers that go to another parent, with all below them: trade/move.c carries it out. */
#include <string.h>

#include "base/date.h"
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "trade/move.h"

/* GET /api/v1/moves?state=&cursor=  the latest day first. */
int
move_list(struct rq *rq)
{

	return (query_list(rq, Q_move_list));
}

/* GET /api/v1/moves/:id */
int
move_get(struct rq *rq)
{

	return (query_one(rq, Q_move_one));
}

static const struct col check_cols[] = {COL_I_(move_check, level), COL_I_(move_check, from),
    COL_I_(move_check, parent_level), COL_I_(move_check, open), COL_I_(move_check, below), COL_I_(move_check, depth),
    COL_I_(move_check, again)};

/* What the tree says to it: 0, or -1 with the problem set. */
static int
check(struct rq *rq, int64_t parent)
{
	struct move_check c;
	const char *why;
	int rc;

	arg_int(rq, "move", 0);
	rc = query_row_system(rq, Q_move_check, COLS(check_cols), &c);
	if (rc == -1)
		return (-1);
	if (rc == 0) {
		problem_field(rq, P_invalid, S("/tenant"), "unknown", "%s", "there is none, or its new parent is none");
	} else if (c.level == 0) {
		problem_field(rq, P_invalid, S("/tenant"), "root", "%s", "the provider is below nobody");
	} else if (c.again) {
		problem(rq, P_conflict, "it has a move that is not done; call that off, or wait for its end");
	} else if ((why = move_refused(&c, parent)) != NULL) {
		problem_field(rq, P_invalid, S("/parent"), "parent", "%s", why);
	} else {
		arg_int(rq, "from", c.from);
		return (0);
	}
	return (-1);
}

/* POST /api/v1/moves {tenant, parent, day}; answers the move. */
int
move_create(struct rq *rq)
{
	const struct db_val *tenant = body_given(rq, "tenant"), *parent = body_given(rq, "parent"),
			    *day = body_given(rq, "day");
	static const struct col cols[] = {{"id", COL_INT, 0}};
	struct buf sealed;
	char today[20];
	int64_t id;
	int rc;

	if (tenant == NULL || parent == NULL || day == NULL)
		return (problem_status(rq->problem));
	date_now_sql(today);
	if (memcmp(day->s.p, today, 10) < 0) {
		problem_field(rq, P_invalid, S("/day"), "past", "%s", "that day is over");
		return (problem_status(rq->problem));
	}
	arg_int(rq, "tenant_id", tenant->i);
	if (check(rq, parent->i) == -1)
		return (problem_status(rq->problem));
	rc = query_run_system(rq, Q_move_insert) == -1 ? -1 : query_row_system(rq, Q_move_open, COLS(cols), &id);
	if (rc != 1)
		return (rc == -1 ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	buf_init(&sealed, rq->a, 64);
	seal_id(rq->w->key, RES_move, id, &sealed);
	rq->id_text = buf_str(&sealed);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "tenant %lld to %lld", (long long)tenant->i, (long long)parent->i);
	rc = query_one(rq, Q_move_one);
	return (rc == 200 ? 201 : rc);
}

/* DELETE /api/v1/moves/:id  only before its day has come. */
int
move_cancel(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_move) == -1 || query_lock(rq, RES_move) == -1 || (n = query_run(rq, Q_move_cancel)) == -1)
		return (problem_status(rq->problem));
	return (n == 1 ? 204 : problem(rq, P_conflict, "it has begun, or is over"));
}
