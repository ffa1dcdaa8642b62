/* Which roles somebody can give: to a user, or to an API key. */
#include "core/query.h"
#include "core/worker.h"
#include "page/role_part.h"

int
role_giver(struct rq *rq, int64_t tenant_id, int level, enum portal portal, struct giver *g)
{

	g->tenant_id = tenant_id;
	g->portal = portal;
	g->own = *rq->who.rights;
	g->before = *rq->who.before;
	if (tenant_id != rq->who.tenant_id) {
		rights_elsewhere(&g->own);
		rights_elsewhere(&g->before);
	}
	if (rights_limit(rq->w->db, rq->a, tenant_id, level, &g->ceiling) == -1) {
		query_failed(rq, "rights");
		return (-1);
	}
	return (0);
}

const char *
role_withheld(struct rq *rq, const struct stored *r, const struct giver *g, const char **why)
{
	struct rights *gives = arena_alloc(rq->a, sizeof(*gives));
	bool behind;

	*why = "the user's tenant has no such role";
	if (r == NULL || (r->tenant_id != g->tenant_id && !r->shared))
		return ("unknown");
	*why = "it is a role of another portal";
	if (r->spec.portal != g->portal)
		return ("portal");
	*why = "it gives more than you hold yourself";
	role_spec_rights(&r->spec, gives);
	behind = !rights_within(gives, &g->before);
	rights_meet(gives, &g->ceiling);
	return (behind || !rights_within(gives, &g->own) ? "own" : NULL);
}
