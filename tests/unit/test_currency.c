/* Edges of several currencies: what a price is converted at and when, what happens without a rate, and that margins and the
 * chain proof close to the minor unit all the same.  Runs a MariaDB of its own; started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/admin_query.h"
#include "core/rq.h"
#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/bill_trial.h"
#include "trade/charge.h"
#include "trade/price.h"
#include "trade/rate.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

/* Of the accounts of D1, which sells in pounds what it buys in euro: each its own agreement and list. */
#define D1 "(SELECT id FROM tenant WHERE name = 'D1')"
#define RATES "INSERT INTO exchange_rate (tenant_id, from_currency, to_currency, day, rate, source, set_at) VALUES "

static int64_t
count(const char *of)
{

	return (number(arena_printf(a, "SELECT COUNT(*) FROM %s", of).p));
}

static int
setup(void **state)
{

	if (group_setup(state) == -1)
		return (-1);
	plain("SET SESSION foreign_key_checks = 0");
	plain("UPDATE account SET currency = 'GBP' WHERE tenant_id = " D1);
	plain("UPDATE subscription SET currency = 'GBP' WHERE tenant_id = " D1);
	plain("UPDATE price_list l JOIN agreement g ON g.list_id = l.id SET l.currency = 'GBP', g.currency = 'GBP' "
	      "WHERE g.seller_id = " D1);
	plain("UPDATE price_rule r JOIN price_version v ON v.id = r.version_id JOIN price_list l ON l.id = v.list_id "
	      "SET r.method = 'cost_plus_pct', r.value = 7 WHERE l.currency = 'GBP' AND r.method = 'pass_through'");
	plain("SET SESSION foreign_key_checks = 1");
	plain(RATES "(1, 'EUR', 'GBP', '2026-05-01', 0.5, 'older', '2026-01-01'), (1, 'EUR', 'GBP', '2026-05-31', 0.4, "
		    "'mistaken', '2026-01-01'), "
		    "(1, 'EUR', 'GBP', '2026-05-31', 0.86123, 'the test', '2026-01-01'), "
		    "(1, 'EUR', 'GBP', '2026-06-03', 0.871234567891, 'the test', '2026-01-01'), "
		    "(1, 'EUR', 'GBP', '2026-07-01', 9.9, 'later', '2026-01-01'), (1, 'GBP', 'EUR', '2026-06-01', 3, "
		    "'the other way', '2026-01-01')");
	return (0);
}

/* A run of June that waits for approval, with its prices as C makes them. */
static int64_t
rated(int sequence)
{
	int64_t run = opened(db, JUNE, sequence);

	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(charge_verify(db, a, run), 0);
	return (run);
}

static void
a_price_is_converted_once_and_before_the_rule(void **state)
{

	(void)state;
	rated(1);
	assert_int_equal(count("reject"), 0);
	/* 29.95 less 33 % is 20.0665, and 12.5 % is 22.574813 for D1; that is 19.442106 pounds, and 7 % is 20.803053.  Not
	 * rounded in between it would be 20.803054. */
	assert_int_equal(
	    number(
		"SELECT h.unit = 20.803053 AND h.net = 2080 FROM charge h JOIN billable b ON b.id = h.billable_id WHERE b.account_id = 100000 "
		"AND b.offering_id = 2 AND h.position = 2"),
	    1);
	/* Of the newest of the day, and what was set last on it; never the other way round. */
	assert_int_equal(
	    count(
		"chain_edge e JOIN chain_price c ON c.id = e.chain_id JOIN exchange_rate s ON s.id = e.rate_id WHERE e.currency = 'GBP' "
		"AND e.priced_in = 'EUR' AND e.rate = IF(c.day < '2026-06-03', 0.86123, 0.871234567891) AND s.rate = e.rate "
		"AND s.source = 'the test' AND e.rate_day = IF(c.day < '2026-06-03', '2026-05-31', '2026-06-03')"),
	    count(
		"chain_edge e JOIN price_rule r ON r.id = e.rule_id WHERE e.currency = 'GBP' AND r.method = 'cost_plus_pct'"));
	/* What says its price itself needs none, and is converted for the margin alone. */
	assert_int_equal(
	    count(
		"chain_edge e JOIN price_rule r ON r.id = e.rule_id WHERE e.currency = 'GBP' AND r.method = 'fixed' AND e.priced_in IS NULL "
		"AND e.rate IS NULL AND e.cost_rate IS NOT NULL"),
	    ACCOUNTS / 3);
	assert_int_equal(
	    count("chain_edge e WHERE e.currency = 'EUR' AND (e.priced_in IS NOT NULL OR e.cost_rate IS NOT NULL)"), 0);
}

static void
what_tiers_cost_once_is_converted_too(void **state)
{

	(void)state;
	plain("UPDATE offering_tier SET flat = 1.000003 WHERE price_id = 1");
	rated(1);
	/* Also where a rule says the unit: what the list takes once is still euro. */
	assert_int_equal(
	    count(
		"chain_tier t JOIN chain_edge e ON e.chain_id = t.chain_id AND e.position = t.position JOIN chain_price c ON c.id = t.chain_id "
		"WHERE e.currency = 'GBP' AND c.offering_id = 1 AND t.unit = 11.11 AND t.flat = ROUND(1.000003 * e.rate, 6)"),
	    ACCOUNTS / 3);
	plain("UPDATE offering_tier SET flat = 0 WHERE price_id = 1");
}

static void
without_a_rate_nothing_is_billed_until_there_is_one(void **state)
{

	(void)state;
	plain("UPDATE agreement SET currency = 'JPY' WHERE account_id = 100002");
	plain(
	    "UPDATE price_list l JOIN agreement g ON g.list_id = l.id SET l.currency = 'JPY' WHERE g.account_id = 100002");
	plain("UPDATE account SET currency = 'JPY' WHERE id = 100002");
	assert_int_equal(all_of(db, JUNE, 1), 0);
	/* SEAT is fixed; LINE and CALL go by the price above. */
	assert_int_equal(
	    count("reject WHERE reason = 'rate' AND account_id = 100002 AND position = 1 AND offering_id IN (2, 3)"),
	    2);
	assert_int_equal(count("reject"), 2);
	assert_int_equal(count("billable WHERE account_id = 100002 AND offering_id <> 1"), 0);
	assert_int_equal(
	    count("charge h JOIN billable b ON b.id = h.billable_id WHERE b.account_id = 100002 AND h.net = 0"), 0);
	/* Its cost has no rate, so it stays where it is. */
	assert_int_equal(count("settlement_conversion WHERE to_currency = 'JPY'"), 0);
	assert_int_equal(count("bill_run_check WHERE name LIKE 'proof%' AND found <> 0"), 0);
	plain(RATES "(1, 'EUR', 'JPY', '2026-06-01', 163.2, 'the test', '2026-01-01')");
	assert_int_equal(all_of(db, JUNE, 2), 0);
	assert_int_equal(
	    count("charge h JOIN billable b ON b.id = h.billable_id WHERE b.account_id = 100002 AND h.position = 1"),
	    3);
	assert_int_equal(count("bill_run_check WHERE name LIKE 'proof%' AND found <> 0"), 0);
	plain("UPDATE account SET currency = 'EUR' WHERE id = 100002");
	plain(
	    "UPDATE price_list l JOIN agreement g ON g.list_id = l.id SET l.currency = 'EUR' WHERE g.account_id = 100002");
	plain("UPDATE agreement SET currency = 'EUR' WHERE account_id = 100002");
}

/* _margins, _collected */
static int
take_margins(void *ctx, const struct db_val *v)
{

	*(int64_t *)ctx = v[0].i;
	return (0);
}

/* By how much the margins of the newest run do not come to what end accounts are charged. */
static int64_t
proof(void)
{
	const struct arg run = int_arg("run", number("SELECT MAX(id) FROM bill_run"));
	int64_t margins = -1;

	assert_int_equal(query_each_admin(db, a, Q_settlement_proof, &run, 1, take_margins, &margins), 1);
	return (margins);
}

static void
margins_across_currencies_close_to_the_minor_unit(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_int_equal(count("settlement_conversion WHERE tenant_id <> " D1), 0);
	assert_int_equal(count("settlement_conversion"), 2); /* a rate each, rounded once */
	assert_int_equal(
	    count(
		"settlement_conversion v JOIN exchange_rate s ON s.id = v.rate_id WHERE v.converted = ROUND(v.cost * s.rate) AND v.cost > 0"),
	    2);
	/* All that D1 bought it sold on in pounds: nothing of it is left in euro. */
	assert_int_equal(count("settlement WHERE tenant_id = " D1
			       " AND currency = 'EUR' AND sold = 0 AND bought = cost_out AND cost_in = 0"),
	    1);
	assert_int_equal(
	    number(
		"SELECT s.sold = (SELECT SUM(d.net) FROM draft d WHERE d.seller_id = s.tenant_id) AND s.cost_in = (SELECT SUM(v.converted) FROM "
		"settlement_conversion v) AND s.bought = 0 AS good FROM settlement s WHERE s.tenant_id = " D1
		" AND s.currency = 'GBP'"),
	    1);
	assert_int_equal(count("bill_run_check WHERE name LIKE 'proof%' AND found = 0"), 3);
	/* And it does not close where what was converted is another amount. */
	assert_int_equal(proof(), 0);
	plain("UPDATE settlement_conversion SET converted = converted + 1 ORDER BY rate_id LIMIT 1");
	assert_int_equal(proof(), 1);
}

static void
a_preview_converts_the_cost_and_tells_the_rate(void **state)
{
	struct trial t;

	(void)state;
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(bill_trial_price(db, a, ACCOUNT(0), 2, S("3"), S("2026-06-02"), &t), 0);
	assert_int_equal(t.unpriced + t.unconverted, 0);
	assert_int_equal(t.charged, 2080); /* flat: for all of them */
	assert_int_equal(t.cost, 1944);    /* 22.57 euro at 0.86123 */
	assert_string_equal(arena_str(a, t.currency).p, "GBP");
	assert_int_equal(t.n_rates, 1);
	assert_true(str_eqz(t.rates[0].from_currency, "EUR") && str_eqz(t.rates[0].to_currency, "GBP") &&
	    str_eqz(t.rates[0].day, "2026-05-31") && str_eqz(t.rates[0].source, "the test"));
	db_rollback(db);
}

static enum rate_end
set(const char *day, const char *rate)
{
	const struct rate r = {S("EUR"), S("GBP"), str_of(day), str_of(rate), S("the test")};
	struct rate_wrong w;
	struct str until;
	int64_t id;

	assert_false(rate_is_wrong(&r, &w));
	return (rate_set(db, a, &r, 0, &id, &until));
}

static void
what_was_billed_by_takes_no_other_rate(void **state)
{
	int64_t run, before;

	(void)state;
	run = rated(1);
	before = count("exchange_rate");
	assert_int_equal(set("2026-06-01", "0.9"), RATE_BILLED); /* things begin up to the 22nd in pounds */
	assert_int_equal(set("2026-06-03", "0.9"), RATE_BILLED);
	assert_int_equal(set("2026-06-22", "0.9"), RATE_BILLED);
	assert_int_equal(set("2026-06-03", "0.871234567891"), RATE_SAME);
	assert_int_equal(count("exchange_rate"), before);
	assert_int_equal(set("2026-06-23", "0.9"), RATE_SET);
	assert_int_equal(set("2026-06-23", "0.91"), RATE_SET); /* a slip of the pen, and nobody was billed by it */
	/* Once the run is cancelled nobody was. */
	plain(arena_printf(a, "UPDATE bill_run SET phase = 'cancelled' WHERE id = %lld", (long long)run).p);
	assert_int_equal(set("2026-06-22", "0.92"), RATE_SET);
	assert_int_equal(db_plain(db, S("UPDATE exchange_rate SET rate = 1")), -1);
	assert_int_equal(db_plain(db, S("DELETE FROM exchange_rate")), -1);
}

static void
a_rate_is_read_to_its_last_place(void **state)
{
	static const char *const wrong[] = {
	    "", "0", "0.0", "-1", "1,5", "1.", ".5", "1000000", "0.0000000000001", "1e3", " 1", "1.2.3", "+1"};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (price_rate(str_of(wrong[i]), &v) != -1)
			fail_msg("\"%s\" is taken for a rate", wrong[i]);
	assert_int_equal(price_rate(S("999999.999999999999"), &v), 0);
	assert_int_equal(v, 999999999999999999);
	assert_int_equal(price_rate(S("0.000000000001"), &v), 0);
	assert_int_equal(v, 1);
	assert_int_equal(price_convert(1, 500000000000, &v), 0); /* half of a millionth goes away from zero */
	assert_int_equal(v, 1);
	assert_int_equal(price_convert_minor(-1, 2, 163200000000000, 0, &v), 0); /* a cent of a debt is 1.632 yen */
	assert_int_equal(v, -2);
	assert_int_equal(price_convert_minor(5, 0, 100000000000, 3, &v), 0);
	assert_int_equal(v, 500);
	assert_int_equal(price_convert(INT64_MAX, 2000000000000, &v), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rate_is_read_to_its_last_place),
	    cmocka_unit_test_setup(a_price_is_converted_once_and_before_the_rule, clean),
	    cmocka_unit_test_setup(what_tiers_cost_once_is_converted_too, clean),
	    cmocka_unit_test_setup(without_a_rate_nothing_is_billed_until_there_is_one, clean),
	    cmocka_unit_test_setup(margins_across_currencies_close_to_the_minor_unit, clean),
	    cmocka_unit_test_setup(a_preview_converts_the_cost_and_tells_the_rate, clean),
	    cmocka_unit_test_setup(what_was_billed_by_takes_no_other_rate, clean),
	};

	return (cmocka_run_group_tests(tests, setup, book_teardown));
}
