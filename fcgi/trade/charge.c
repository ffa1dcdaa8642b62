#include "trade/charge.h"

#include "base/log.h"
#include "base/money.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/discount.h"
#include "trade/minimum.h"
#include "trade/price.h"

#define TIERS 1000 /* of one price */

struct verify {
	int64_t billable, position; /* whose tiers these are; billable 0: nobody's yet */
	enum price_model model;
	int64_t size, quantity, days, of_days, decimals, net, unit;
	struct price_tier tiers[TIERS];
	size_t n;
	int64_t differ;
};

/* A decimal of the database, which holds no other. */
static int64_t
millionths(const struct db_val *v)
{
	int64_t x = 0;

	if (money_millionths(v->s, &x) == -1)
		log_error("charge", "%.*s is no number", STR_ARG(v->s));
	return (x);
}

/* What stands in the database converted at that rate; as it is where there is none.  0, or -1. */
static int
converted(const struct db_val *v, const struct db_val *rate, int64_t *price)
{
	int64_t r;

	*price = millionths(v);
	if (rate->type == DB_NULL)
		return (0);
	return (price_rate(rate->s, &r) == -1 ? -1 : price_convert(*price, r, price));
}

/* _chain, _position, _method, _value, _list, _above, _unit, _list_flat, _above_flat, _flat, _rate */
static int
check_price(void *ctx, const struct db_val *v)
{
	struct verify *y = ctx;
	int m = price_method_of(v[2].s);
	bool first = v[1].i == 0 || (m != -1 && price_by_list((enum price_method)m));
	int64_t of, flat, unit;

	if (m == BY_tiers)
		return (0);
	/* One of both is what the rule goes by, and that alone is of the rate's currency. */
	if (m != -1 && converted(&v[first ? 4 : 5], &v[10], &of) == 0 &&
	    converted(&v[first ? 7 : 8], &v[10], &flat) == 0 &&
	    price_unit((enum price_method)m, millionths(&v[3]), of, of, &unit) == 0 && unit == millionths(&v[6]) &&
	    flat == millionths(&v[9]))
		return (0);
	log_error("charge", "chain %lld, edge %lld: the price of a unit differs", (long long)v[0].i, (long long)v[1].i);
	y->differ++;
	return (0);
}

/* The charge whose tiers are complete. */
static void
check_charge(struct verify *y)
{
	__int128 base;
	int64_t net, unit;

	if (y->billable == 0 ||
	    (price_base(y->model, y->size, y->tiers, y->n, y->quantity, &base) == 0 &&
		price_line(base, y->quantity, y->days, y->of_days, (int)y->decimals, &net, &unit) == 0 &&
		net == y->net && unit == y->unit))
		return;
	log_error(
	    "charge", "thing %lld, edge %lld: the amount differs", (long long)y->billable, (long long)y->position);
	y->differ++;
}

/* _billable, _position, _model, _size, _quantity, _days, _of_days, _decimals, _net, _unit, then the tier */
static int
take_line(void *ctx, const struct db_val *v)
{
	struct verify *y = ctx;

	if (y->billable != v[0].i || y->position != v[1].i) {
		check_charge(y);
		y->billable = v[0].i;
		y->position = v[1].i;
		y->model = (enum price_model)price_model_of(v[2].s);
		y->size = millionths(&v[3]);
		y->quantity = millionths(&v[4]);
		y->days = v[5].i;
		y->of_days = v[6].i;
		y->decimals = v[7].i;
		y->net = v[8].i;
		y->unit = millionths(&v[9]);
		y->n = 0;
	}
	if (y->n == TIERS) {
		log_error("charge", "more than %d tiers", TIERS);
		y->differ++;
		return (1);
	}
	y->tiers[y->n++] =
	    (struct price_tier){millionths(&v[10]), millionths(&v[11]), millionths(&v[12]), millionths(&v[13])};
	return (0);
}

int64_t
charge_verify(struct db *db, struct arena *a, int64_t run)
{
	const struct arg of = int_arg("run", run);
	struct verify *y = arena_zero(a, 1, sizeof(*y));
	const int64_t discounts = discount_verify(db, a, run), minimums = minimum_verify(db, a, run);

	if (discounts == -1 || minimums == -1 ||
	    query_each_admin(db, a, Q_charge_prices, &of, 1, check_price, y) == -1 ||
	    query_each_admin(db, a, Q_charge_lines, &of, 1, take_line, y) == -1)
		return (-1);
	check_charge(y);
	return (y->differ + discounts + minimums);
}
