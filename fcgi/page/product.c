/* Product segments, and which of them a reseller gets from those above. */
#include <string.h>

#include "core/products.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/product_part.h"
#include "page/tenant_part.h"

/* GET /api/v1/product-segments?cursor=  by code. */
int
product_list(struct rq *rq)
{

	return (query_list(rq, Q_product_list));
}

/* GET /api/v1/product-segments/:id */
int
product_get(struct rq *rq)
{

	return (query_one(rq, Q_product_one));
}

/* ---- what a reseller gets ---- */

static const struct col product_cols[] = {{"_product_id", COL_INT, 0}};

/* What was said of the tenant of :id, with all below it; *any where nothing was.  0, or -1. */
static int
shared(struct rq *rq, const struct product_tree *t, struct products *set, bool *any)
{
	int64_t *ids = NULL, n;

	n = query_rows_system(rq, Q_tenant_share, COLS(product_cols), sizeof(*ids), PRODUCTS_MAX, (void **)&ids);
	*set = (struct products){{0}};
	*any = n == 0;
	for (int64_t i = 0; i < n; i++)
		products_add(set, ids[i]);
	product_tree_close(t, set);
	return (n == -1 ? -1 : 0);
}

/* GET /api/v1/tenants/:id/products  {"products":[id, ...]} as far as who asks has them; null: what its parent has. */
int
tenant_products(struct rq *rq)
{
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	struct products set;
	int64_t id;
	bool any;

	if (tenant_find(rq, &id) == -1)
		return (problem_status(rq->problem));
	if (!may_act(rq->who.rights, ACT_product_read))
		return (problem(rq, P_forbidden, "%s", ""));
	if (product_tree_get(rq, t) == -1 || shared(rq, t, &set, &any) == -1)
		return (problem_status(rq->problem));
	buf_addz(&rq->out, "{\"products\":");
	if (any) {
		buf_addz(&rq->out, "null");
	} else {
		if (rights_products(rq->who.rights, ACT_product_read) != NULL)
			products_meet(&set, rights_products(rq->who.rights, ACT_product_read));
		product_ids(rq, t, &set);
	}
	buf_char(&rq->out, '}');
	return (200);
}

/* Has who asks all that the tenant's parent has?  Only then can the tenant get it without a word more.
 * 1, 0, or -1 with the problem set. */
static int
holds_parents(struct rq *rq, const struct products *held)
{
	struct above {
		int64_t id, level;
	} p;
	static const struct col cols[] = {COL_I_(above, id), COL_I_(above, level)};
	struct rights *most = arena_alloc(rq->a, sizeof(*most));
	const struct products *parents;
	int rc = query_row_system(rq, Q_tenant_above, COLS(cols), &p);

	if (rc != 1)
		return (rc);
	if (rights_limit(rq->w->db, rq->a, p.id, (int)p.level, most) == -1) {
		query_failed(rq, "rights");
		return (-1);
	}
	parents = rights_products(most, ACT_tenant_share);
	return (parents != NULL && products_within(parents, held));
}

/* {products: [id, ...]} or {products: null} into *set and *any.  0, or -1 with the problem set. */
static int
read_share(struct rq *rq, const struct product_tree *t, const struct products *held, struct products *set, bool *any)
{
	const struct json *list = NULL;
	int rc = 1;

	*set = (struct products){{0}};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "products"))
			list = m;
		else
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
	if (list == NULL)
		problem_field(rq, P_invalid, S("/products"), "missing", "%s", "it is missing");
	if (rq->problem != P_none)
		return (-1);
	*any = list->type == JSON_NULL;
	if (*any && held != NULL && (rc = holds_parents(rq, held)) == 0)
		problem_field(rq, P_invalid, S("/products"), "own", "%s", "its parent has more than you hold yourself");
	else if (!*any && product_read_ids(rq, list, t, held, set) == 0 && products_count(set) == 0)
		problem_field(
		    rq, P_invalid, S("/products"), "length", "%s", "it names none; null is all that its parent has");
	return (rc == -1 || rq->problem != P_none ? -1 : 0);
}

/* PUT /api/v1/tenants/:id/products {products: [id, ...] or null}  by somebody above it, who holds what is named. */
int
tenant_share(struct rq *rq)
{
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	struct products *held = product_held(rq), set;
	int64_t id;
	bool any;

	if (tenant_find(rq, &id) == -1)
		return (problem_status(rq->problem));
	if (id == rq->who.tenant_id)
		return (problem(rq, P_forbidden, "who is above a reseller says what it gets"));
	if (product_tree_get(rq, t) == -1 || read_share(rq, t, held, &set, &any) == -1 ||
	    query_run_system(rq, Q_tenant_share_clear) == -1 ||
	    (!any && product_store(rq, Q_tenant_share_add, &set) == -1))
		return (problem_status(rq->problem));
	rq->audit_object = id;
	rq->audit_detail = any ? S("as its parent") : arena_printf(rq->a, "%zu product segments", products_count(&set));
	return (tenant_products(rq));
}
