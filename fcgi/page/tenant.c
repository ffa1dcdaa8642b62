/* Tenants and their brands, and the most that a parent lets a tenant have. */
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/role_part.h"
#include "page/tenant_part.h"

int
tenant_find(struct rq *rq, int64_t *id)
{
	static const struct col cols[] = {{"_tenant", COL_INT, 0}};
	int rc;

	if (query_id(rq, RES_tenant) == -1 || (rc = query_row(rq, Q_tenant_one, COLS(cols), id)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

/* GET /api/v1/tenants?q=&kind=&cursor=  by name. */
int
tenant_list(struct rq *rq)
{

	return (query_list(rq, Q_tenant_list));
}

/* GET /api/v1/tenants/:id */
int
tenant_get(struct rq *rq)
{

	return (query_one(rq, Q_tenant_one));
}

/* ---- the ceiling ---- */

struct limited {
	int64_t parent, level, role, owner;
	struct str name;
};
static const struct col limited_cols[] = {COL_I_(limited, parent), COL_I_(limited, level), COL_I_(limited, role),
    COL_I_(limited, owner), COL_S_(limited, name)};

/* GET /api/v1/tenants/:id/ceiling  {"role":{"id","name"}}; null: as its parent.  How somebody above calls a ceiling is
 * theirs: there it has neither. */
int
tenant_ceiling(struct rq *rq)
{
	struct limited t;
	int64_t id;
	int rc;

	if (tenant_find(rq, &id) == -1 || (rc = query_row_system(rq, Q_tenant_limited, COLS(limited_cols), &t)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (t.role == 0) {
		buf_addz(&rq->out, "{\"role\":null}");
		return (200);
	}
	if (!tree_covers(rq->w->tree, rq->who.tenant_id, rq->who.level, t.owner)) {
		buf_addz(&rq->out, "{\"role\":{\"id\":null,\"name\":null}}");
		return (200);
	}
	buf_addz(&rq->out, "{\"role\":{\"id\":\"");
	seal_id(rq->w->key, RES_role, t.role, &rq->out);
	buf_addz(&rq->out, "\",\"name\":");
	json_str(&rq->out, t.name);
	buf_addz(&rq->out, "}}");
	return (200);
}

static void
wrong(struct rq *rq, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, S("/role"), code, "%s", detail);
}

/* {role: id} or {role: null} into *role, 0 for none.  0, or -1 with the problem set. */
static int
read_ceiling(struct rq *rq, int64_t *role)
{
	struct stored *r = arena_alloc(rq->a, sizeof(*r));
	const struct json *said = NULL;
	int rc = 0;

	*role = 0;
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "role"))
			said = m;
		else
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
	if (said == NULL)
		wrong(rq, "missing", "it is missing");
	if (rq->problem != P_none)
		return (-1);
	if (said->type == JSON_NULL)
		return (0);
	if (said->type == JSON_STRING && seal_id_open(rq->w->key, RES_role, said->s, role) == 0 &&
	    (rc = role_load(rq, *role, r)) == -1)
		return (-1);
	if (rc == 0 || r->built_in || r->tenant_id != rq->who.tenant_id)
		wrong(rq, "unknown", "it is no role of your own: a ceiling is a role of who sets it");
	else if (r->spec.portal != PORTAL_reseller)
		wrong(rq, "portal", "a ceiling is a role for resellers");
	return (rq->problem == P_none ? 0 : -1);
}

/* PUT /api/v1/tenants/:id/ceiling {role: id or null}  by its parent.  A ceiling can be lowered by whoever may set it;
 * what it lets through more than the one before must be held by who asks. */
int
tenant_limit(struct rq *rq)
{
	struct rights *before = arena_alloc(rq->a, sizeof(*before)), *after = arena_alloc(rq->a, sizeof(*after));
	struct limited t;
	int64_t id, role;
	int rc;

	if (tenant_find(rq, &id) == -1 || (rc = query_row_system(rq, Q_tenant_limited, COLS(limited_cols), &t)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0 || t.parent != rq->who.tenant_id)
		return (problem(rq, P_forbidden, "who is right above a reseller says the most that it can have"));
	if (read_ceiling(rq, &role) == -1)
		return (problem_status(rq->problem));
	arg_int(rq, "role", role);
	if ((rc = rights_limit(rq->w->db, rq->a, id, (int)t.level, before)) == 0 &&
	    query_run_system(rq, Q_tenant_set_ceiling) == -1)
		return (problem_status(rq->problem));
	if (rc == -1 || rights_limit(rq->w->db, rq->a, id, (int)t.level, after) == -1)
		return (query_failed(rq, "ceiling"));
	if (!rights_within(after, before) && !rights_within(after, rq->who.rights))
		return (problem(rq, P_role_more, "it lets more through than you hold"));
	rq->audit_object = id;
	rq->audit_detail = role == 0 ? S("as its parent") : arena_printf(rq->a, "role %lld", (long long)role);
	return (tenant_ceiling(rq));
}

/* ---- its end and its return ---- */

struct standing_row {
	int64_t id, level, open, sellers, parent_open;
};
static const struct col standing_cols[] = {COL_I_(standing_row, id), COL_I_(standing_row, level),
    COL_I_(standing_row, open), COL_I_(standing_row, sellers), COL_I_(standing_row, parent_open)};

/* The tenant of :id, locked.  0, or -1 with the problem set. */
static int
find_standing(struct rq *rq, struct standing_row *t)
{
	int rc;

	if (query_id(rq, RES_tenant) == -1 || (rc = query_row(rq, Q_tenant_standing, COLS(standing_cols), t)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (t->level == 0 || t->id == rq->who.tenant_id)
		problem(rq, P_conflict, "nobody closes the own house");
	return (rq->problem == P_none ? 0 : -1);
}

/* Returns the status. */
static int
become(struct rq *rq, int64_t id, const char *state)
{

	arg_text(rq, "becomes", str_of(state));
	if (query_run_system(rq, Q_tenant_set_state) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	rq->audit_detail = str_of(state);
	return (204);
}

/* POST /api/v1/tenants/:id/close  nobody of it or of its customers signs in any more, and portico-jobs takes its hosts
 * off; what it sold and issued stays.  Not while anybody open buys from it: they would have no seller. */
int
tenant_close(struct rq *rq)
{
	struct standing_row t;

	if (find_standing(rq, &t) == -1)
		return (problem_status(rq->problem));
	if (!t.open)
		return (problem(rq, P_conflict, "it is closed already"));
	if (t.sellers)
		return (problem(rq, P_conflict, "resellers below it are open: move or close those first"));
	return (become(rq, t.id, "closed"));
}

/* POST /api/v1/tenants/:id/reopen  as it was before. */
int
tenant_reopen(struct rq *rq)
{
	struct standing_row t;

	if (find_standing(rq, &t) == -1)
		return (problem_status(rq->problem));
	if (t.open)
		return (problem(rq, P_conflict, "it is open"));
	if (!t.parent_open)
		return (problem(rq, P_conflict, "who is above it is closed: open that one first"));
	return (become(rq, t.id, "active"));
}

/* GET /api/v1/brands?tenant=&cursor=  the published brand of each tenant. */
int
brand_list(struct rq *rq)
{

	return (query_list(rq, Q_brand_list));
}

/* GET /api/v1/brands/:id */
int
brand_get(struct rq *rq)
{

	return (query_one(rq, Q_brand_one));
}
