/*
 * A credit goes up: of each thing of the bill, the same share of what it was charged at on every edge above.
 *
 * A line of a bill to an end account is one thing.  A line of a bill to a reseller is many, and what is credited of it is
 * spread over them by what is left of each.  Above, the thing is on the line of its offering at its price.
 *
 * Shares are summed over all credits that went up, from whichever edge they began: what an edge is credited is its charge
 * times that sum, rounded, less what it was credited before.  So the last one takes the rest of each edge, whatever the
 * others were.  What a seller above has credited of its own counts too: it is never asked for more than is left.
 */
#include "base/money.h"
#include "trade/credit_part.h"

#define WHOLE 1000000000000000 /* a share, in parts of this */

static int64_t
least(int64_t want, int64_t left)
{

	if ((want > 0) != (left > 0))
		return (0);
	return (want > 0 ? (want < left ? want : left) : (want > left ? want : left));
}

/* ---- things of the bill ---- */

/* What is credited of a line, over its things. */
static void
spread_line(struct crediting *r, size_t line, struct credit_thing *first, size_t n)
{
	const struct credit_line *l = &r->c->bills[0].lines[line];
	int64_t *weights = arena_alloc(r->a, (n + 1) * sizeof(*weights)),
		*parts = arena_alloc(r->a, (n + 1) * sizeof(*parts));

	for (size_t i = 0; i < n; i++)
		weights[i] = first[i].edge.of - first[i].edge.begun - first[i].edge.passed;
	credit_spread(r->a, weights, n, l->take, parts);
	for (size_t i = 0; i < n; i++) {
		struct credit_thing *t = &first[i];

		t->taken = l->taken;
		t->take = least(parts[i], weights[i]);
		if (l->take_quantity == l->of_quantity)
			t->take_quantity = t->quantity;
		else if (n == 1)
			t->take_quantity = l->take_quantity;
		t->edge.take_begun = t->take;
		t->edge.take_free = l->taken && t->edge.of == 0 && l->take_quantity == l->left_quantity;
	}
}

static void
spread_lines(struct crediting *r)
{
	size_t first = 0;

	for (size_t i = 1; i <= r->n_things; i++) {
		if (i < r->n_things && r->things[i].line == r->things[first].line)
			continue;
		spread_line(r, r->things[first].line, &r->things[first], i - first);
		first = i;
	}
}

/* ---- edges above ---- */

/* The part of the thing that credits from this edge have credited, with this one. */
static int64_t
share_of(const struct credit_edge *e)
{
	int64_t share = 0;

	if (e->of == 0)
		return (e->free || e->take_free ? WHOLE : 0);
	if (money_muldiv(e->begun + e->take_begun, WHOLE, e->of, &share) == -1)
		return (0);
	return (share);
}

/* The bill above, read when it is first needed. */
static enum credit_end
bill_above(struct crediting *r, int64_t document, struct credit_bill **b)
{
	enum credit_end end;

	for (size_t i = 1; i < r->c->n; i++)
		if (r->c->bills[i].id == document) {
			*b = &r->c->bills[i];
			return (CREDIT_DONE);
		}
	*b = &r->c->bills[r->c->n];
	end = credit_load_bill(r, document);
	return (end == CREDIT_KIND ? CREDIT_EARLY : end);
}

/* So much of the thing on its line there, in whole or in parts of it. */
static enum credit_end
take_above(struct crediting *r, struct credit_edge *e, const struct credit_thing *t, int64_t want)
{
	struct credit_bill *b;
	struct credit_line *l;
	enum credit_end end;

	if (e->document == 0)
		return (CREDIT_EARLY);
	if ((end = bill_above(r, e->document, &b)) != CREDIT_DONE)
		return (end);
	for (l = b->lines; l < b->lines + b->n_lines && l->position != e->line; l++)
		continue;
	if (e->lines != 1 || l == b->lines + b->n_lines)
		return (CREDIT_ALONE);
	e->take_passed = least(want, l->left - l->take);
	if (e->take_passed == 0)
		return (CREDIT_DONE);
	if (!l->taken)
		l->take_quantity = l->by_amount ? -1 : 0;
	l->taken = true;
	l->take += e->take_passed;
	/* Of anything by amount all is by amount; settle_quantities makes -1 a 0. */
	if (l->take_quantity != -1)
		l->take_quantity = t->take_quantity == 0 ? -1 : l->take_quantity + t->take_quantity;
	return (CREDIT_DONE);
}

static enum credit_end
follow_thing(struct crediting *r, const struct credit_thing *t, struct credit_edge *edges, size_t n)
{
	int64_t share = 0, sum = 0;
	enum credit_end end;

	for (size_t i = 0; i < n; i++) { /* from the last edge up */
		struct credit_edge *e = &edges[i];

		if (e->position == t->edge.position)
			e->take_begun = t->edge.take_begun, e->take_free = t->edge.take_free;
		if (e->position < t->edge.position && e->of != 0) {
			if (money_muldiv(e->of, share, WHOLE, &sum) == -1)
				return (CREDIT_MANY);
			end = take_above(r, e, t, least(sum - e->passed, e->of - e->begun - e->passed));
			if (end != CREDIT_DONE)
				return (end);
		}
		share += share_of(e);
	}
	return (CREDIT_DONE);
}

/* A line that is credited to its end has no quantity left either. */
static void
settle_quantities(struct credit_bill *b)
{

	for (size_t i = 0; i < b->n_lines; i++) {
		struct credit_line *l = &b->lines[i];

		if (!l->taken)
			continue;
		if (l->take == l->left && !l->by_amount)
			l->take_quantity = l->left_quantity;
		else if (l->take_quantity == -1 || l->take_quantity > l->left_quantity)
			l->take_quantity = 0;
	}
}

enum credit_end
credit_chain(struct crediting *r)
{
	size_t at = 0, n;
	enum credit_end end;

	if (!r->c->bills[0].of_run)
		return (CREDIT_ALONE);
	if ((end = credit_load_things(r)) != CREDIT_DONE)
		return (end);
	spread_lines(r);
	for (size_t i = 0; i < r->n_things; i++) {
		struct credit_thing *t = &r->things[i];

		/* Things are in the order of their lines, edges in that of the things. */
		for (at = 0; at < r->n_edges && r->edges[at].billable != t->billable; at++)
			continue;
		for (n = at; n < r->n_edges && r->edges[n].billable == t->billable; n++)
			continue;
		if (t->taken && (end = follow_thing(r, t, &r->edges[at], n - at)) != CREDIT_DONE)
			return (end);
	}
	for (size_t i = 1; i < r->c->n; i++) {
		settle_quantities(&r->c->bills[i]);
		credit_total(&r->c->bills[i]);
	}
	return (CREDIT_DONE);
}
