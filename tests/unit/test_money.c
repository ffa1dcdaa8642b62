/* Amounts and dates: exact, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/money.h"

static struct arena *a;

static int
prepare(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
finish(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

/* The buffer's text with a NUL behind it. */
static const char *
text(struct buf *b)
{

	return (arena_str(a, buf_str(b)).p);
}

static const char *
plain(int64_t minor, int decimals)
{
	struct buf b;

	buf_init(&b, a, 100);
	money_plain(&b, minor, decimals);
	return (text(&b));
}

static const char *
price(const char *decimal, int decimals)
{
	struct buf b;

	buf_init(&b, a, 100);
	money_price(&b, str_of(decimal), decimals);
	return (text(&b));
}

static const char *
day(int64_t days)
{
	struct buf b;

	buf_init(&b, a, 100);
	date_plain(&b, days);
	return (text(&b));
}

static void
a_currency_has_its_decimals_or_is_unknown(void **state)
{

	(void)state;
	assert_int_equal(money_decimals(S("EUR")), 2);
	assert_int_equal(money_decimals(S("JPY")), 0);
	assert_int_equal(money_decimals(S("KWD")), 3);
	assert_int_equal(money_decimals(S("XXX")), -1);
	assert_int_equal(money_decimals(S("eur")), -1);
	assert_int_equal(money_decimals(S("EU")), -1);
	assert_int_equal(money_decimals(S("")), -1);
}

static void
minor_units_are_written_with_all_their_places(void **state)
{

	(void)state;
	assert_string_equal(plain(123456, 2), "1234.56");
	assert_string_equal(plain(5, 2), "0.05");
	assert_string_equal(plain(-5, 2), "-0.05");
	assert_string_equal(plain(-100, 2), "-1.00");
	assert_string_equal(plain(0, 2), "0.00");
	assert_string_equal(plain(1234, 0), "1234");
	assert_string_equal(plain(1, 3), "0.001");
	assert_string_equal(plain(INT64_MAX, 2), "92233720368547758.07");
	assert_string_equal(plain(INT64_MIN, 2), "-92233720368547758.08");
	assert_string_equal(plain(INT64_MIN, 0), "-9223372036854775808");
}

static void
a_price_keeps_what_counts(void **state)
{

	(void)state;
	assert_string_equal(price("0.020000", 2), "0.02");
	assert_string_equal(price("0.001200", 2), "0.0012");
	assert_string_equal(price("12.000000", 2), "12.00");
	assert_string_equal(price("12.000000", 0), "12");
	assert_string_equal(price("-12.500000", 0), "-12.5");
	assert_string_equal(price("7", 2), "7.00");
	assert_string_equal(price("7", 0), "7");
}

static void
millionths_are_read_exactly_or_not_at_all(void **state)
{
	static const char *const wrong[] = {"", "-", ".", ".5", "1.", "1.1234567", "+1", "1e3", "1,5", " 1", "1.-5",
	    "--1", "-.5", "9223372036855", "9223372036854.775808", "99999999999999999999"};
	int64_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (money_millionths(str_of(wrong[i]), &v) != -1)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(money_millionths(S("12.5"), &v), 0);
	assert_int_equal(v, 12500000);
	assert_int_equal(money_millionths(S("-0.000001"), &v), 0);
	assert_int_equal(v, -1);
	assert_int_equal(money_millionths(S("9223372036854.775807"), &v), 0);
	assert_true(v == INT64_MAX);
	assert_int_equal(money_millionths(S("0"), &v), 0);
	assert_int_equal(v, 0);
}

static void
half_goes_away_from_zero(void **state)
{
	static const struct {
		int64_t x, y, d, want;
	} cases[] = {{5, 1, 10, 1}, {4, 1, 10, 0}, {-5, 1, 10, -1}, {-4, 1, 10, 0}, {15, 1, 10, 2}, {-15, 1, 10, -2},
	    {1, 1, 3, 0}, {2, 1, 3, 1}, {-1, 1, 3, 0}, {-2, 1, 3, -1}, {1, 1, 2, 1}, {-1, 1, 2, -1}, {3, 1, 2, 2},
	    {7, 1, 1, 7}, {0, INT64_MAX, 1, 0}, {INT64_MAX, 1, 1, INT64_MAX}, {INT64_MIN, 1, 1, INT64_MIN},
	    {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}, {INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN},
	    {INT64_MAX, 3, 6, INT64_MAX / 2 + 1}, {INT64_MIN, 1, 2, INT64_MIN / 2}, {1, 1, INT64_MAX, 0}};
	int64_t got;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(money_muldiv(cases[i].x, cases[i].y, cases[i].d, &got), 0);
		if (got != cases[i].want)
			fail_msg("case %zu gave %lld", i, (long long)got);
	}
	assert_int_equal(money_muldiv(INT64_MAX, 2, 1, &got), -1);
	assert_int_equal(money_muldiv(INT64_MIN, -1, 1, &got), -1);
	assert_int_equal(money_muldiv(INT64_MIN, INT64_MIN, 1, &got), -1);
}

/* Against rounding in decimal text: one line at a time, both signs, all places. */
static void
a_line_is_rounded_once(void **state)
{
	int64_t got;

	(void)state;
	assert_int_equal(money_line(31000000, 35000, 2, &got), 0); /* 31 x 0.035 = 1.085 */
	assert_int_equal(got, 109);
	assert_int_equal(money_line(29000000, 35000, 2, &got), 0); /* 29 x 0.035 = 1.015 */
	assert_int_equal(got, 102);
	assert_int_equal(money_line(-31000000, 35000, 2, &got), 0);
	assert_int_equal(got, -109);
	assert_int_equal(money_line(1000000, 4999, 2, &got), 0); /* 0.004999: rounding it twice would give 0.01 */
	assert_int_equal(got, 0);
	assert_int_equal(money_line(1000000, 5000, 2, &got), 0);
	assert_int_equal(got, 1);
	assert_int_equal(money_line(1000000, 500000, 0, &got), 0); /* half a yen */
	assert_int_equal(got, 1);
	assert_int_equal(money_line(1, 500000, 0, &got), 0);
	assert_int_equal(got, 0);
	assert_int_equal(money_line(1000000, 500, 3, &got), 0);
	assert_int_equal(got, 1);
	assert_int_equal(money_line(INT64_MAX, 1000000, 6, &got), 0);
	assert_true(got == INT64_MAX);
	assert_int_equal(money_line(INT64_MAX, INT64_MAX, 2, &got), -1);
	assert_int_equal(money_line(INT64_MIN, INT64_MAX, 6, &got), -1);
}

static void
rounding_agrees_with_its_definition(void **state)
{
	int64_t got;

	(void)state;
	for (int64_t d = 1; d <= 40; d++)
		for (int64_t x = -200; x <= 200; x++) {
			int64_t size = x < 0 ? -x : x, want = (2 * size + d) / (2 * d);

			assert_int_equal(money_muldiv(x, 1, d, &got), 0);
			if (got != (x < 0 ? -want : want))
				fail_msg("%lld / %lld gave %lld", (long long)x, (long long)d, (long long)got);
		}
}

static void
a_day_is_itself_again(void **state)
{
	int64_t before = date_of(1599, 12, 31), at;
	int y, m, d;

	(void)state;
	assert_int_equal(date_of(1970, 1, 1), 0);
	assert_int_equal(date_of(2000, 3, 1), 11017);
	assert_int_equal(date_of(2100, 3, 1) - date_of(2100, 2, 28), 1); /* no leap year */
	assert_int_equal(date_of(2000, 3, 1) - date_of(2000, 2, 28), 2);
	for (at = before + 1; at < date_of(2401, 1, 1); at++) {
		date_split(at, &y, &m, &d);
		if (date_of(y, m, d) != at || m < 1 || m > 12 || d < 1 || d > 31)
			fail_msg("%lld: %d-%d-%d", (long long)at, y, m, d);
	}
}

static void
only_days_that_exist_are_read(void **state)
{
	static const char *const wrong[] = {"", "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10",
	    "2026-01-00", "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01 ", " 2026-01-01", "2026-01-1x",
	    "-026-01-01", "2026--1-01", "2026-01--1", "0x10-01-01"};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (date_parse(str_of(wrong[i]), &v) != -1)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(date_parse(S("2024-02-29"), &v), 0);
	assert_string_equal(day(v), "2024-02-29");
	assert_int_equal(date_parse(S("9999-12-31"), &v), 0);
	assert_string_equal(day(v), "9999-12-31");
	assert_int_equal(date_parse(S("0001-01-01"), &v), 0);
	assert_string_equal(day(v), "0001-01-01");
}

static void
a_month_on_is_the_same_day_or_the_last(void **state)
{

	(void)state;
	assert_string_equal(day(date_add_months(date_of(2026, 1, 31), 1)), "2026-02-28");
	assert_string_equal(day(date_add_months(date_of(2024, 1, 31), 1)), "2024-02-29");
	assert_string_equal(day(date_add_months(date_of(2026, 1, 31), 13)), "2027-02-28");
	assert_string_equal(day(date_add_months(date_of(2026, 3, 31), -1)), "2026-02-28");
	assert_string_equal(day(date_add_months(date_of(2026, 1, 15), -1)), "2025-12-15");
	assert_string_equal(day(date_add_months(date_of(2026, 12, 1), 1)), "2027-01-01");
	assert_string_equal(day(date_add_months(date_of(2024, 2, 29), 12)), "2025-02-28");
	assert_string_equal(day(date_add_months(date_of(2026, 5, 31), 0)), "2026-05-31");
}

static void
the_clock_can_be_set(void **state)
{
	char now[20];

	(void)state;
	date_clock_set(1780308000);
	date_now_sql(now);
	assert_string_equal(now, "2026-06-01 10:00:00");
	date_clock_set(0);
	assert_true(date_now() - time(NULL) <= 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_currency_has_its_decimals_or_is_unknown),
	    cmocka_unit_test(minor_units_are_written_with_all_their_places),
	    cmocka_unit_test(a_price_keeps_what_counts),
	    cmocka_unit_test(millionths_are_read_exactly_or_not_at_all),
	    cmocka_unit_test(half_goes_away_from_zero),
	    cmocka_unit_test(a_line_is_rounded_once),
	    cmocka_unit_test(rounding_agrees_with_its_definition),
	    cmocka_unit_test(a_day_is_itself_again),
	    cmocka_unit_test(only_days_that_exist_are_read),
	    cmocka_unit_test(a_month_on_is_the_same_day_or_the_last),
	    cmocka_unit_test(the_clock_can_be_set),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
