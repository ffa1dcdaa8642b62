#include "transaction.h"

#include "core/audit.h"
#include "core/opening.h"
#include "core/query.h"
#include "core/session.h"
#include "core/view.h"
#include "core/worker.h"
#include "intake.h"
#include "route_part.h"
#include "second.h"

/* Locks the row and compares If-Match with the tag of what GET answers now. */
static int
check_match(struct rq *rq)
{
	const struct route *get = route_reading(rq->route);
	enum resource res = access_actions[rq->action].resource;
	int status;

	if (get == NULL || query_id(rq, res) == -1)
		return (problem(rq, P_not_found, "%s", ""));
	if (query_lock(rq, res) == -1 || (status = get->handler(rq)) != 200)
		return (problem(rq, P_not_found, "%s", ""));
	if (!str_eq(intake_tag(rq), rq->if_match))
		return (problem(rq, P_changed, "read it again and repeat your change"));
	buf_clear(&rq->out);
	return (0);
}

const char *
transaction_name(const struct rq *rq)
{

	if (rq->audit_name != NULL)
		return (rq->audit_name);
	return (rq->action < ACT__MAX ? access_actions[rq->action].name : rq->route->page.handler);
}

int
transaction_finish(struct rq *rq, int status)
{
	struct db *db = rq->w->db;

	if (status < 400 && rq->undone) {
		db_rollback(db);
		if (!route_opens(rq->route) || opening_read(rq) == 0)
			return (status);
		return (problem_status(rq->problem));
	}
	if (status < 400 && (!route_opens(rq->route) || opening_changed(rq) == 0) &&
	    audit_write(rq, transaction_name(rq), true) == 0) {
		if (db_commit(db) == 0)
			return (status);
		query_failed(rq, "COMMIT");
		if (db_error(db) == DB_LOST)
			rq->again = false; /* the outcome is unknown: never again by itself */
	}
	db_rollback(db);
	if (status >= 400)
		return (status);
	rq->headers = S(""); /* the handler's cookie stands for a row that is not there */
	return (problem_status(rq->problem));
}

int
transaction_channel(struct rq *rq)
{
	int64_t n;

	n = query_run_system(rq, Q_tenant_version_raise);
	if (n == -1)
		return (problem_status(rq->problem));
	if (rq->who.id == 0) /* the operator, who has no session: cli_approve.c */
		return (0);
	if (session_again(rq) == -1)
		return (problem_status(rq->problem));
	return (may_act(rq->who.rights, rq->action) ? 0 : problem(rq, P_forbidden, "%s", ""));
}

int
transaction_handle(struct rq *rq)
{
	int status = 0;

	if (rq->route->flags & MATCH)
		status = check_match(rq);
	return (status == 0 ? rq->route->handler(rq) : status);
}

int
transaction_run(struct rq *rq)
{
	int status = 0;

	if ((rq->route->flags & COMMITTED) && query_run_system(rq, Q_bill_usage_isolate) == -1)
		return (problem_status(rq->problem));
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if (rq->route->flags & CHANNEL)
		status = transaction_channel(rq);
	if (status != 0)
		return (transaction_finish(rq, status));
	if (access_second(rq->action) != SECOND_never && (rq->route->flags & AGREED) == 0)
		return (second_run(rq));
	return (transaction_finish(rq, transaction_handle(rq)));
}

/* Is it known who asks, and has no right to that? */
static bool
is_no_right(enum problem p)
{

	return (p == P_forbidden || p == P_view_only || p == P_person_only);
}

int
transaction_audit_refused(struct rq *rq)
{
	enum problem refused = rq->problem;

	rq->problem = P_none; /* or no statement would run any more */
	if ((is_no_right(refused) ? audit_refusal(rq, transaction_name(rq))
				  : audit_write(rq, transaction_name(rq), false)) == 0)
		rq->problem = refused;
	return (problem_status(rq->problem));
}

int
transaction_refused(struct rq *rq, int status)
{

	if (((rq->route->flags & WRITE) || rq->format != FORMAT_json) && is_no_right(rq->problem))
		return (transaction_audit_refused(rq));
	if (rq->problem != P_view_ended)
		return (status);
	rq->problem = P_none;
	if (view_tell(rq) == 0)
		rq->problem = P_view_ended;
	return (problem_status(rq->problem));
}
