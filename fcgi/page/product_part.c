#include "page/product_part.h"

#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"

int
product_tree_get(struct rq *rq, struct product_tree *t)
{

	if (product_tree_load(rq->w->db, rq->a, t) == 0)
		return (0);
	query_failed(rq, "product_tree");
	return (-1);
}

struct products *
product_held(struct rq *rq)
{
	const struct rights *r = rq->who.rights;
	const struct products *sees = rights_products(r, ACT_product_read), *gives = rights_products(r, rq->action);
	struct products *held = arena_zero(rq->a, 1, sizeof(*held));

	if (!may_act(r, ACT_product_read))
		return (held);
	if (sees == NULL && gives == NULL)
		return (NULL);
	*held = sees == NULL ? *gives : *sees;
	if (gives != NULL)
		products_meet(held, gives);
	return (held);
}

int
product_read_ids(struct rq *rq, const struct json *list, const struct product_tree *t, const struct products *held,
    struct products *set)
{
	size_t i = 0;
	int64_t id;

	*set = (struct products){{0}};
	if (list->type != JSON_ARRAY)
		problem_field(rq, P_invalid, S("/products"), "type", "%s", "it must be a list");
	for (const struct json *e = list->type == JSON_ARRAY ? list->first : NULL; e != NULL; e = e->next, i++) {
		struct str at = arena_printf(rq->a, "/products/%zu", i);

		if (e->type != JSON_STRING || seal_id_open(rq->w->key, RES_product, e->s, &id) == -1 ||
		    !products_has(held == NULL ? &t->all : held, id) || !products_has(&t->all, id))
			problem_field(rq, P_invalid, at, "unknown", "%s", "you have no such product segment");
		else if (products_has(set, id))
			problem_field(rq, P_invalid, at, "twice", "%s", "the segment stands here twice");
		else
			products_add(set, id);
	}
	product_tree_close(t, set);
	return (rq->problem == P_none ? 0 : -1);
}

void
product_ids(struct rq *rq, const struct product_tree *t, const struct products *set)
{
	bool first = true;

	buf_char(&rq->out, '[');
	for (size_t i = 0; i < t->n; i++) {
		if (!product_tree_top(t, set, t->ids[i]))
			continue;
		buf_addz(&rq->out, first ? "\"" : ",\"");
		seal_id(rq->w->key, RES_product, t->ids[i], &rq->out);
		buf_char(&rq->out, '"');
		first = false;
	}
	buf_char(&rq->out, ']');
}

int
product_store(struct rq *rq, enum query q, const struct products *set)
{
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));

	if (product_tree_get(rq, t) == -1)
		return (-1);
	for (size_t i = 0; i < t->n; i++) {
		if (!product_tree_top(t, set, t->ids[i]))
			continue;
		arg_int(rq, "product", t->ids[i]);
		if (query_run_one_system(rq, q) == -1)
			return (-1);
	}
	return (0);
}
