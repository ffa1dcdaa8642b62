#include "core/sold.h"

#include "core/products.h"
#include "core/rights.h"

const struct products *
sold_only(const struct rq *rq, const struct declaration *d)
{

	if (d->guard == GUARD_admin || rq->who.rights == NULL || rq->action >= ACT__MAX || !access_sold(d->resource))
		return (NULL);
	return (rights_products(rq->who.rights, rq->action));
}

void
sold_variant(const struct rq *rq, const struct declaration *d, struct variant *v)
{
	const struct products *set = sold_only(rq, d);
	const size_t n = set == NULL ? 0 : products_count(set);

	if (set == NULL || d->guard == GUARD_open) /* what comes with a row has no scope in its text */
		return;
	v->products = 1;
	if (v->arms > 0 || n > SEGMENTS_MAX)
		v->products = PRODUCTS_AT_ONCE;
	else
		while (v->products < n)
			v->products = (uint8_t)(2 * v->products);
}

struct str
sold_text(struct rq *rq, const struct products *set)
{
	char *text = arena_alloc(rq->a, PRODUCTS_MAX);

	for (int id = 1; id < PRODUCTS_MAX; id++)
		text[id - 1] = products_has(set, id) ? '1' : '0';
	return ((struct str){text, PRODUCTS_MAX - 1});
}

struct db_val
sold_value(struct rq *rq, const struct param *p)
{
	const struct products *set = rights_products(rq->who.rights, rq->action);

	if (p->kind == PARAM_PRODUCTS)
		return ((struct db_val){.type = DB_TEXT, .s = sold_text(rq, set)});
	/* Beyond the last there is none, and no segment 0 that could be found. */
	return ((struct db_val){.type = DB_INT, .i = products_at(set, (size_t)p->index)});
}

bool
sold_shown(struct rq *rq, const struct prepared *p, const struct db_val *row)
{
	const struct products *set =
	    p->product == -1 ? NULL : sold_only(rq, statement_declaration((enum query)p->v.query));

	if (set == NULL || (row[p->product].type == DB_INT && products_has(set, row[p->product].i)))
		return (true);
	rq->n_unsold++;
	return (false);
}

enum query
sold_lines(const struct rq *rq)
{

	return (rights_products(rq->who.rights, rq->action) == NULL ? Q_line_list : Q_line_kept);
}
