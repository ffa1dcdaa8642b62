/* Prices and periods: exact, and every day in one period. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/money.h"
#include "trade/period.h"
#include "trade/price.h"

#define M PRICE_SCALE

/* ---- periods ---- */

static void
periods_of_every_cycle_day_tile_the_line(void **state)
{
	const int64_t first = date_of(2000, 1, 1), last = date_of(2101, 1, 1);
	int64_t start, end, start2, end2;

	(void)state;
	for (int cycle = 1; cycle <= 31; cycle++) {
		period_of(cycle, first, &start, &end);
		for (int64_t day = first; day < last; day++) {
			period_of(cycle, day, &start2, &end2);
			if (day < end) {
				assert_int_equal(start2, start);
				assert_int_equal(end2, end);
				continue;
			}
			assert_int_equal(start2, end); /* nothing twice, nothing never */
			assert_in_range(end2 - start2, 28, 31);
			start = start2;
			end = end2;
		}
	}
}

static void
a_cycle_keeps_its_day_behind_a_short_month(void **state)
{
	static const struct {
		int cycle, y, m, d, y1, m1, d1, y2, m2, d2;
	} cases[] = {
	    {31, 2028, 2, 10, 2028, 1, 31, 2028, 2, 29},
	    {31, 2028, 2, 29, 2028, 2, 29, 2028, 3, 31},
	    {30, 2027, 2, 28, 2027, 2, 28, 2027, 3, 30},
	    {29, 2027, 3, 28, 2027, 2, 28, 2027, 3, 29},
	    {28, 2100, 2, 28, 2100, 2, 28, 2100, 3, 28},
	    {1, 2026, 12, 31, 2026, 12, 1, 2027, 1, 1},
	};
	int64_t start, end;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		period_of(cases[i].cycle, date_of(cases[i].y, cases[i].m, cases[i].d), &start, &end);
		assert_int_equal(start, date_of(cases[i].y1, cases[i].m1, cases[i].d1));
		assert_int_equal(end, date_of(cases[i].y2, cases[i].m2, cases[i].d2));
	}
}

/* ---- prices ---- */

static int64_t
unit(enum price_method m, int64_t value, int64_t list, int64_t above)
{
	int64_t u;

	assert_int_equal(price_unit(m, value, list, above, &u), 0);
	return (u);
}

static void
a_rule_makes_its_price_of_the_list_or_of_the_edge_above(void **state)
{

	(void)state;
	assert_int_equal(unit(BY_fixed, 11 * M, 10 * M, 6 * M), 11 * M);
	assert_int_equal(unit(BY_rrp_minus_pct, 40 * M, 10 * M, 1), 6 * M);
	assert_int_equal(unit(BY_rrp_plus_pct, 10 * M, 30000, 1), 33000);
	assert_int_equal(unit(BY_cost_plus_pct, 15 * M, 1, 12000), 13800);
	assert_int_equal(unit(BY_cost_plus_abs, M, 1, 7425000), 8425000);
	assert_int_equal(unit(BY_pass_through, 5 * M, 1, 7), 7);
	/* Six decimals, half away from zero: 0.000001 less 50 % is 0.0000005. */
	assert_int_equal(unit(BY_rrp_minus_pct, 50 * M, 1, 0), 1);
	assert_int_equal(unit(BY_rrp_minus_pct, 50 * M, -1, 0), -1);
	assert_int_equal(unit(BY_rrp_minus_pct, 50 * M + 1, 1, 0), 0);
}

static void
what_leaves_its_type_is_refused(void **state)
{
	const struct price_tier t = {0, PRICE_NO_END, PRICE_NO_END, 0};
	int64_t u, net;
	__int128 base;

	(void)state;
	assert_int_equal(price_unit(BY_cost_plus_abs, INT64_MAX, 0, 1, &u), -1);
	assert_int_equal(price_unit(BY_rrp_plus_pct, INT64_MAX, 1, 1, &u), -1);
	assert_int_equal(price_unit(BY_tiers, 0, 1, 1, &u), -1);
	assert_int_equal(price_base(MODEL_per_unit, M, &t, 1, PRICE_NO_END, &base), 0);
	assert_int_equal(price_line(base, PRICE_NO_END, 1, 1, 2, &net, &u), -1);
}

static int64_t
net(enum price_model m, int64_t size, const struct price_tier *t, size_t n, int64_t quantity)
{
	__int128 base;
	int64_t minor, u;

	if (price_base(m, size, t, n, quantity, &base) == -1)
		return (-1);
	assert_int_equal(price_line(base, quantity, 1, 1, 2, &minor, &u), 0);
	return (minor);
}

static void
a_model_counts_its_tiers(void **state)
{
	const struct price_tier data[] = {
	    {0, 10 * M, M, 0}, {10 * M, 100 * M, 800000, 0}, {100 * M, PRICE_NO_END, 500000, 5 * M}};
	const struct price_tier bundle = {0, PRICE_NO_END, 9900000, 0};

	(void)state;
	assert_int_equal(net(MODEL_graduated, M, data, 3, 10 * M), 1000);
	assert_int_equal(net(MODEL_graduated, M, data, 3, 118400000), 9620); /* 10 + 72 + 9.20 + 5 */
	assert_int_equal(net(MODEL_volume, M, data, 3, 10 * M), 1000);       /* up to 10 includes 10 */
	assert_int_equal(net(MODEL_volume, M, data, 3, 10 * M + 1), 800);
	assert_int_equal(net(MODEL_volume, M, data, 3, 200 * M), 10500);
	assert_int_equal(net(MODEL_package, 100 * M, &bundle, 1, 100 * M), 990);
	assert_int_equal(net(MODEL_package, 100 * M, &bundle, 1, 100 * M + 1), 1980); /* a begun one counts */
	assert_int_equal(net(MODEL_flat, M, &bundle, 1, 7 * M), 990);
	assert_int_equal(net(MODEL_graduated, M, data, 2, 100 * M + 1), -1); /* more than they reach */
}

static void
a_line_is_rounded_once_behind_its_share(void **state)
{
	int64_t minor, u;

	(void)state;
	/* 10 at 11.00 for 20 of 30 days; 3 at 10.00 for one of 29. */
	assert_int_equal(price_line((__int128)110 * M * M, 10 * M, 20, 30, 2, &minor, &u), 0);
	assert_int_equal(minor, 7333);
	assert_int_equal(u, 11 * M);
	assert_int_equal(price_line((__int128)30 * M * M, 3 * M, 1, 29, 2, &minor, &u), 0);
	assert_int_equal(minor, 103);
	/* A tie: 0.01 for half of the period, both ways. */
	assert_int_equal(price_line((__int128)10000 * M, M, 15, 30, 2, &minor, &u), 0);
	assert_int_equal(minor, 1);
	assert_int_equal(price_line(-(__int128)10000 * M, M, 15, 30, 2, &minor, &u), 0);
	assert_int_equal(minor, -1);
	assert_int_equal(price_line((__int128)10000 * M, M, 15, 31, 2, &minor, &u), 0);
	assert_int_equal(minor, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(periods_of_every_cycle_day_tile_the_line),
	    cmocka_unit_test(a_cycle_keeps_its_day_behind_a_short_month),
	    cmocka_unit_test(a_rule_makes_its_price_of_the_list_or_of_the_edge_above),
	    cmocka_unit_test(what_leaves_its_type_is_refused),
	    cmocka_unit_test(a_model_counts_its_tiers),
	    cmocka_unit_test(a_line_is_rounded_once_behind_its_share),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
