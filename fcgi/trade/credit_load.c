#include <string.h>

#include "base/money.h"
#include "trade/credit_part.h"

#define THINGS_MAX 5000 /* of one credit that goes up */

/* What one statement reads. */
struct loading {
	struct crediting *r;
	struct credit_bill *b;
	size_t n;
	bool wrong;
};

static int64_t
quantity_of(struct loading *l, struct str s)
{
	int64_t v = 0;

	if (money_millionths(s, &v) == -1)
		l->wrong = true;
	return (v);
}

/* _seller, _account, _kind, _number, _currency, _closed, _gross, _open, _of_run, _lines */
static int
take_bill(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct credit_bill *b = l->b;

	b->seller = v[0].i;
	b->account = v[1].i;
	b->kind = arena_str(l->r->a, v[2].s);
	b->number = arena_str(l->r->a, v[3].s);
	b->currency = arena_str(l->r->a, v[4].s);
	b->decimals = money_decimals(b->currency);
	b->closed = v[5].i != 0;
	b->gross = v[6].i;
	b->open = v[7].i;
	b->of_run = v[8].i != 0;
	b->n_lines = (size_t)v[9].i;
	b->lines = arena_zero(l->r->a, b->n_lines + 1, sizeof(*b->lines));
	return (0);
}

/* _category, _rate, _base, _amount, _left_base, _left_amount */
static int
take_tax(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct credit_tax *grown = arena_zero(l->r->a, l->b->n_taxes + 1, sizeof(*grown)), *x;

	if (l->b->n_taxes > 0)
		memcpy(grown, l->b->taxes, l->b->n_taxes * sizeof(*grown));
	l->b->taxes = grown;
	x = &grown[l->b->n_taxes++];
	*x = (struct credit_tax){.category = arena_str(l->r->a, v[0].s),
	    .rate = arena_str(l->r->a, v[1].s),
	    .hundredths = quantity_of(l, v[1].s) / 10000,
	    .base = v[2].i,
	    .amount = v[3].i,
	    .left_base = v[4].i,
	    .left_amount = v[5].i};
	return (0);
}

/* _position, _net, _quantity, _left, _left_quantity, _by_amount, _category, _rate */
static int
take_line(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct credit_line *x = &l->b->lines[l->n];

	if (l->n++ == l->b->n_lines)
		return (l->wrong = true);
	*x = (struct credit_line){.position = v[0].i,
	    .of = v[1].i,
	    .of_quantity = quantity_of(l, v[2].s),
	    .left = v[3].i,
	    .left_quantity = quantity_of(l, v[4].s),
	    .by_amount = v[5].i != 0};
	while (x->tax < l->b->n_taxes &&
	    !(str_eq(l->b->taxes[x->tax].category, v[6].s) && str_eq(l->b->taxes[x->tax].rate, v[7].s)))
		x->tax++;
	l->wrong = l->wrong || x->tax == l->b->n_taxes;
	return (0);
}

enum credit_end
credit_load_bill(struct crediting *r, int64_t document)
{
	struct credit_bill *b = &r->c->bills[r->c->n];
	struct loading l = {r, b, 0, false};
	const struct arg args[] = {int_arg("document", document)};
	int64_t n;

	if (r->c->n == CREDIT_BILLS)
		return (CREDIT_MANY);
	*b = (struct credit_bill){.id = document};
	if ((n = query_each_admin(r->db, r->a, Q_credit_bill, args, 1, take_bill, &l)) <= 0)
		return (n == -1 ? CREDIT_FAILED : CREDIT_KIND);
	if (!str_eqz(b->kind, "invoice"))
		return (CREDIT_KIND);
	if (b->closed)
		return (CREDIT_CLOSED);
	if (query_each_admin(r->db, r->a, Q_credit_taxes, args, 1, take_tax, &l) == -1 ||
	    query_each_admin(r->db, r->a, Q_credit_lines, args, 1, take_line, &l) == -1)
		return (CREDIT_FAILED);
	/* A line without its tax rate: nobody could say what is left of that. */
	if (l.wrong || b->decimals == -1)
		return (CREDIT_KIND);
	r->c->n++;
	return (CREDIT_DONE);
}

/* _billable, _line, _position, _net, _quantity, _begun, _passed, _free */
static int
take_thing(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct crediting *r = l->r;
	struct credit_thing *t = &r->things[r->n_things];

	if (r->n_things == THINGS_MAX || v[1].i < 1 || (size_t)v[1].i > l->b->n_lines)
		return (l->wrong = true);
	r->n_things++;
	*t = (struct credit_thing){.billable = v[0].i,
	    .line = (size_t)v[1].i - 1,
	    .quantity = quantity_of(l, v[4].s),
	    .edge = {.billable = v[0].i,
		.position = v[2].i,
		.of = v[3].i,
		.begun = v[5].i,
		.passed = v[6].i,
		.free = v[7].i != 0}};
	return (0);
}

/* _billable, _position, _net, _begun, _passed, _free, _document, _lines, _line */
static int
take_edge(void *ctx, const struct db_val *v)
{
	struct loading *l = ctx;
	struct crediting *r = l->r;

	if (r->n_edges == THINGS_MAX * 5)
		return (l->wrong = true);
	r->edges[r->n_edges++] = (struct credit_edge){.billable = v[0].i,
	    .position = v[1].i,
	    .of = v[2].i,
	    .begun = v[3].i,
	    .passed = v[4].i,
	    .free = v[5].i != 0,
	    .document = v[6].i,
	    .lines = v[7].i,
	    .line = v[8].i};
	return (0);
}

enum credit_end
credit_load_things(struct crediting *r)
{
	struct loading l = {r, &r->c->bills[0], 0, false};
	const struct arg args[] = {int_arg("document", l.b->id), int_arg("page", THINGS_MAX + 1)};

	r->things = arena_zero(r->a, THINGS_MAX, sizeof(*r->things));
	r->edges = arena_zero(r->a, THINGS_MAX * 5, sizeof(*r->edges));
	if (query_each_admin(r->db, r->a, Q_credit_things, args, 2, take_thing, &l) == -1)
		return (CREDIT_FAILED);
	if (l.wrong)
		return (CREDIT_MANY);
	if (query_each_admin(r->db, r->a, Q_credit_edges, args, 1, take_edge, &l) == -1)
		return (CREDIT_FAILED);
	return (l.wrong ? CREDIT_MANY : CREDIT_DONE);
}
