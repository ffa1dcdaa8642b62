#include "core/products.h"

#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"

#define WORDS (PRODUCTS_MAX / 64)

bool
products_has(const struct products *s, int64_t id)
{

	return (id > 0 && id < PRODUCTS_MAX && (s->bits[id / 64] >> (id % 64) & 1) != 0);
}

void
products_add(struct products *s, int64_t id)
{

	if (id > 0 && id < PRODUCTS_MAX)
		s->bits[id / 64] |= (uint64_t)1 << (id % 64);
}

bool
products_within(const struct products *a, const struct products *b)
{

	for (size_t i = 0; i < WORDS; i++)
		if ((a->bits[i] & ~b->bits[i]) != 0)
			return (false);
	return (true);
}

void
products_join(struct products *to, const struct products *more)
{

	for (size_t i = 0; i < WORDS; i++)
		to->bits[i] |= more->bits[i];
}

void
products_meet(struct products *to, const struct products *limit)
{

	for (size_t i = 0; i < WORDS; i++)
		to->bits[i] &= limit->bits[i];
}

size_t
products_count(const struct products *s)
{
	size_t n = 0;

	for (size_t i = 0; i < WORDS; i++)
		n += (size_t)__builtin_popcountll(s->bits[i]);
	return (n);
}

int64_t
products_at(const struct products *s, size_t i)
{

	for (size_t w = 0; w < WORDS; w++)
		for (uint64_t left = s->bits[w]; left != 0; left &= left - 1)
			if (i-- == 0)
				return ((int64_t)(64 * w) + __builtin_ctzll(left));
	return (0);
}

/* ---- the tree ---- */

struct loading {
	struct arena *a;
	struct product_tree *t;
};

/* _id, _parent_id, _name */
static int
take_node(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct product_tree *t = l->t;
	const int64_t id = v[0].i, parent = v[1].i;

	if (id <= 0 || id >= PRODUCTS_MAX || (parent != 0 && !products_has(&t->all, parent))) {
		log_error("product", "segment %lld has no place in the catalogue", (long long)id);
		return (0);
	}
	t->parent[id] = (int16_t)parent;
	t->names[t->n] = arena_str(l->a, v[2].s);
	t->ids[t->n++] = id;
	products_add(&t->all, id);
	return (0);
}

int
product_tree_load(struct db *db, struct arena *a, struct product_tree *t)
{
	struct loading l = {a, t};

	memset(t, 0, sizeof(*t));
	return (query_each_admin(db, a, Q_product_tree, NULL, 0, take_node, &l) == -1 ? -1 : 0);
}

void
product_tree_close(const struct product_tree *t, struct products *set)
{

	products_meet(set, &t->all);
	for (size_t i = 0; i < t->n; i++) /* parents first: one walk is enough */
		if (products_has(set, t->parent[t->ids[i]]))
			products_add(set, t->ids[i]);
}

bool
product_tree_top(const struct product_tree *t, const struct products *set, int64_t id)
{

	return (products_has(set, id) && !products_has(set, t->parent[id]));
}
