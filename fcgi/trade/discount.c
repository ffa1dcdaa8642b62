/*
 * The second opinion on discounts: which one counts for a charge, and what it takes.
 *
 * An amount goes to the end accounts in their order, and within one to its charges in proportion; so the charges of one end
 * account on one edge are looked at together, and what is left of each amount is kept as long as the edge is the same.
 */
#include "trade/discount.h"

#include "base/date.h"
#include "base/log.h"
#include "base/money.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define KNOWN 1000   /* amounts of one account on one edge */
#define THINGS 20000 /* of one end account on one edge */

/* A discount that a charge could have. */
struct grant {
	int64_t id, of_offering, of_subscription, starts, ends;
	int64_t percent; /* millionths; -1: an amount */
	int64_t gives, others;
};

/* A charge, and what counts for it. */
struct thing {
	int64_t billable, position, amount, taken, by;
	struct grant grant; /* id 0: none */
};

struct left {
	int64_t id, rest;
};

struct verify {
	int64_t account, end; /* whose charges these are */
	struct thing *things;
	size_t n;
	struct left left[KNOWN];
	size_t n_left;
	int64_t differ;
};

static void
differs(struct verify *y, const struct thing *t, const char *what)
{

	log_error("discount", "thing %lld, edge %lld: %s", (long long)t->billable, (long long)t->position, what);
	y->differ++;
}

/* More exactly of a charge than the other? */
static bool
is_nearer(const struct grant *g, const struct grant *than)
{

	if (than->id == 0 || g->of_subscription != than->of_subscription)
		return (than->id == 0 || g->of_subscription > than->of_subscription);
	return (g->of_offering > than->of_offering);
}

/* What is left of an amount for this edge and the run, or NULL where there are too many. */
static int64_t *
rest_of(struct verify *y, const struct grant *g)
{

	for (size_t i = 0; i < y->n_left; i++)
		if (y->left[i].id == g->id)
			return (&y->left[i].rest);
	if (y->n_left == KNOWN)
		return (NULL);
	y->left[y->n_left] = (struct left){g->id, g->gives - g->others};
	return (&y->left[y->n_left++].rest);
}

/* round(takes x part / whole), half up */
static int64_t
share(__int128 takes, __int128 part, __int128 whole)
{

	return ((int64_t)((2 * takes * part + whole) / (2 * whole)));
}

/* All charges of the end account that the amount of the first one counts for. */
static void
check_amount(struct verify *y, size_t first)
{
	const struct grant *g = &y->things[first].grant;
	int64_t *rest = rest_of(y, g), takes, whole = 0, upto = 0, taken = 0;

	for (size_t i = first; i < y->n; i++)
		if (y->things[i].grant.id == g->id)
			whole += y->things[i].amount, taken += y->things[i].taken;
	if (rest == NULL || taken > *rest) {
		differs(y, &y->things[first], "more is taken than the discount gives");
		return;
	}
	/* Where other runs of the period took of it too, the order of the runs is not known here. */
	takes = g->others > 0 ? taken : *rest < whole ? *rest : whole;
	*rest -= takes;
	for (size_t i = first; i < y->n; i++) {
		struct thing *t = &y->things[i];

		if (t->grant.id != g->id)
			continue;
		upto += t->amount;
		if (t->taken != share(takes, upto, whole) - share(takes, upto - t->amount, whole))
			differs(y, t, "its part of the discount differs");
		if (i != first)
			t->grant.percent = 0; /* done */
	}
	y->things[first].grant.percent = 0;
}

static void
check_things(struct verify *y)
{

	for (size_t i = 0; i < y->n; i++) {
		struct thing *t = &y->things[i];
		int64_t taken = 0;

		if (t->by != (t->taken == 0 ? 0 : t->grant.id))
			differs(y, t, "another discount counts");
		if (t->grant.id == 0)
			continue;
		if (t->grant.percent == -1)
			check_amount(y, i);
		else if (t->grant.percent > 0 &&
		    (money_muldiv(t->amount, t->grant.percent, (int64_t)100 * PRICE_SCALE, &taken) == -1 ||
			taken != t->taken))
			differs(y, t, "its discount differs");
	}
	y->n = 0;
}

static int64_t
day(const struct db_val *v)
{
	int64_t d = 0;

	if (date_parse(v->s, &d) == -1)
		log_error("discount", "%.*s is no day", STR_ARG(v->s));
	return (d);
}

/* _of_offering, _of_subscription, _starts, _ends, _percent, _gives, _others, behind _discount */
static struct grant
grant_of(const struct db_val *v)
{
	struct grant g = {v[0].i, v[1].i, v[2].i, day(&v[3]), day(&v[4]), -1, v[6].i, v[7].i};

	if (v[5].s.n > 0 && money_millionths(v[5].s, &g.percent) == -1)
		log_error("discount", "%.*s is no number", STR_ARG(v[5].s));
	return (g);
}

/* _account, _end, _billable, _position, _amount, _taken, _by, _offering, _subscription, _day, then the discount */
static int
take_line(void *ctx, const struct db_val *v)
{
	struct verify *y = ctx;
	const struct grant g = grant_of(v + 10);
	const int64_t on = day(&v[9]);
	struct thing *t;

	if (y->account != v[0].i || y->end != v[1].i) {
		check_things(y);
		if (y->account != v[0].i)
			y->n_left = 0;
		y->account = v[0].i;
		y->end = v[1].i;
	}
	t = y->n == 0 ? NULL : &y->things[y->n - 1];
	if (t == NULL || t->billable != v[2].i || t->position != v[3].i) {
		if (y->n == THINGS) {
			log_error("discount", "more than %d things", THINGS);
			y->differ++;
			return (1);
		}
		t = &y->things[y->n++];
		*t = (struct thing){
		    .billable = v[2].i, .position = v[3].i, .amount = v[4].i, .taken = v[5].i, .by = v[6].i};
	}
	if (t->amount > 0 && on >= g.starts && on < g.ends && (g.of_offering == 0 || g.of_offering == v[7].i) &&
	    (g.of_subscription == 0 || g.of_subscription == v[8].i) && is_nearer(&g, &t->grant))
		t->grant = g;
	return (0);
}

int64_t
discount_verify(struct db *db, struct arena *a, int64_t run)
{
	const struct arg of = int_arg("run", run);
	struct verify *y = arena_zero(a, 1, sizeof(*y));

	y->things = arena_alloc(a, THINGS * sizeof(y->things[0]));
	if (query_each_admin(db, a, Q_discount_lines, &of, 1, take_line, y) == -1)
		return (-1);
	check_things(y);
	return (y->differ);
}
