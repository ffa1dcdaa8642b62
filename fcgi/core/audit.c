#include "core/audit.h"

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"

/* What was asked for, as far as it is known: 0 where nothing is. */
static int64_t
object_of(const struct rq *rq)
{
	int64_t id;

	if (rq->audit_object != 0)
		return (rq->audit_object);
	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(S("id"), rq->args[i].name) && rq->args[i].v.type == DB_INT)
			return (rq->args[i].v.i);
	/* Refused before a handler read it. */
	if (rq->action < ACT__MAX && rq->id_text.n > 0 &&
	    seal_id_open(rq->w->key, access_actions[rq->action].resource, rq->id_text, &id) == 0)
		return (id);
	return (0);
}

static void
set_args(struct rq *rq, const char *name, bool done)
{
	const struct viewer *viewer = &rq->who.viewer;
	int64_t object = object_of(rq);

	arg_text(rq, "trace", str_of(rq->trace));
	if (viewer->view != 0) { /* who looks as somebody else does it */
		arg_int(rq, "user_id", viewer->id);
		arg_int(rq, "tenant_id", viewer->tenant_id);
	} else if (rq->who.id != 0) {
		arg_int(rq, "user_id", rq->who.id);
		arg_int(rq, "tenant_id", rq->who.tenant_id);
	} else {
		arg_null(rq, "user_id");
		arg_null(rq, "tenant_id");
	}
	arg_text(rq, "action", arena_printf(rq->a, "%s%s", name, done ? "" : ".refused"));
	if (object != 0)
		arg_int(rq, "object_id", object);
	else
		arg_null(rq, "object_id");
	arg_text(rq, "detail", rq->audit_detail);
}

int
audit_write(struct rq *rq, const char *name, bool done)
{

	set_args(rq, name, done);
	return (query_run_system(rq, Q_audit_insert) == 1 ? 0 : -1);
}

int
audit_copy(struct rq *rq, const char *name, int64_t tenant_id)
{

	set_args(rq, name, true);
	arg_int(rq, "tenant_id", tenant_id);
	return (query_run_system(rq, Q_audit_insert) == 1 ? 0 : -1);
}

int
audit_refusal(struct rq *rq, const char *name)
{
	int64_t n;

	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	set_args(rq, name, false);
	n = query_run_system(rq, Q_audit_refusal); /* 0: there was one within the minute */
	if (n > 0 && query_run_system(rq, Q_audit_insert) != 1)
		n = -1;
	if (n > 0 && db_commit(rq->w->db) == -1) {
		query_failed(rq, "COMMIT");
		n = -1;
	}
	db_rollback(rq->w->db);
	return (n == -1 ? -1 : 0);
}
