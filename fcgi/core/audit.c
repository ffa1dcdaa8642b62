#include "core/audit.h"

#include "core/query.h"

int
audit_write(struct rq *rq, const char *name, bool done)
{
	struct arg *id = NULL;
	int64_t n;

	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(S("id"), rq->args[i].name))
			id = &rq->args[i];
	arg_text(rq, "trace", str_of(rq->trace));
	if (rq->who.id != 0) {
		arg_int(rq, "user_id", rq->who.id);
		arg_int(rq, "tenant_id", rq->who.tenant_id);
	} else {
		arg_null(rq, "user_id");
		arg_null(rq, "tenant_id");
	}
	arg_text(rq, "action", arena_printf(rq->a, "%s%s", name, done ? "" : ".refused"));
	if (rq->audit_object != 0)
		arg_int(rq, "object_id", rq->audit_object);
	else if (id != NULL && id->v.type == DB_INT)
		arg_int(rq, "object_id", id->v.i);
	else
		arg_null(rq, "object_id");
	arg_text(rq, "detail", rq->audit_detail);
	rq->system = true;
	n = query_run(rq, Q_audit_insert);
	rq->system = false;
	return (n == 1 ? 0 : -1);
}
