/* Which tax id a tenant has, and until when it is good.  It is said by the provider, whose papers name it; a document keeps the
 * party that it was issued with. */
#include "base/date.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"
#include "page/tenant_part.h"

#define TAX_ID_MAX 40

static void
read_tax_id(struct rq *rq, const struct json *v)
{

	if (v->type != JSON_STRING)
		member_wrong(rq, "tax_id", "type", "it must be a text");
	else if (str_is_blank(v->s) || !str_is_line(v->s) || v->s.n > TAX_ID_MAX)
		member_wrong(rq, "tax_id", "length", "it needs 1 to 40 characters on one line");
	else
		arg_text(rq, "tax_id", v->s);
}

/* null: no end is known. */
static void
read_until(struct rq *rq, const struct json *v)
{
	int64_t days;

	arg_int(rq, "says_until", 1);
	if (v->type == JSON_NULL)
		arg_null(rq, "tax_id_until");
	else if (v->type != JSON_STRING || date_parse(v->s, &days) == -1)
		member_wrong(rq, "tax_id_until", "date", "it is not a day like 2026-06-01, or null");
	else
		arg_text(rq, "tax_id_until", v->s);
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq)
{
	bool id = false, until = false;

	for (const struct json *v = rq->body->first; v != NULL; v = v->next) {
		if (str_eqz(v->key, "tax_id") && may_write(rq->who.rights, FLD_tenant_tax_id)) {
			id = true;
			read_tax_id(rq, v);
		} else if (str_eqz(v->key, "tax_id_until") && may_write(rq->who.rights, FLD_tenant_tax_id_until)) {
			until = true;
			read_until(rq, v);
		} else {
			member_wrong(rq, arena_str(rq->a, v->key).p, "not_writable", "it cannot be set here");
		}
	}
	if (!id && !until && rq->problem == P_none)
		member_wrong(rq, "tax_id", "missing", "it is missing, and so is tax_id_until");
	if (!id)
		arg_null(rq, "tax_id");
	if (!until) {
		arg_int(rq, "says_until", 0);
		arg_null(rq, "tax_id_until");
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* PATCH /api/v1/tenants/:id {tax_id?, tax_id_until?} */
int
tenant_patch(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	int64_t id, party;

	if (tenant_find(rq, &id) == -1 || read_body(rq) == -1)
		return (problem_status(rq->problem));
	if (query_run_one_system(rq, Q_tenant_party_insert) == -1 ||
	    query_row_system(rq, Q_tenant_party_made, COLS(cols), &party) != 1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	arg_int(rq, "party", party);
	if (query_run_system(rq, Q_tenant_party_bought) == -1 || query_run_one_system(rq, Q_tenant_party_set) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	return (tenant_get(rq));
}
