/* A minimum tops up its edge alone, once a period, to the cent and whatever the chunks: the edges above and below bill what they
 * would.  Runs a MariaDB of its own; started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/query.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/credit.h"
#include "trade/minimum.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

#define FEE 4 /* the offering as which what is missing is billed */

/* Of an account; of the agreement that its seller has for all, where it says so. */
static void
at_least(int64_t account, bool of_all, int64_t amount, const char *from, const char *to)
{

	plain(arena_printf(a,
	    "INSERT INTO minimum (tenant_id, customer_id, account_id, agreement_id, resold, offering_id, amount, starts, ends, made) "
	    "SELECT k.tenant_id, IF(%d, NULL, k.customer_id), IF(%d, NULL, k.id), IF(%d, g.id, NULL), c.buyer_id IS NOT NULL, %d, %lld, '%s', '%s', NOW() "
	    "FROM account k JOIN customer c ON c.id = k.customer_id LEFT JOIN agreement g ON g.seller_id = k.tenant_id AND g.account_id IS NULL WHERE k.id = %lld",
	    of_all, of_all, of_all, FEE, (long long)amount, from, to, (long long)account)
		  .p);
}

/* The account of a reseller at who sells to it. */
static int64_t
account_of(const char *reseller)
{

	return (number(arena_printf(a,
	    "SELECT k.id FROM account k JOIN customer c ON c.id = k.customer_id JOIN tenant n ON n.id = c.buyer_id WHERE n.name = '%s'",
	    reseller)
			   .p));
}

static int64_t
run_of(enum month m, int sequence, int chunk)
{
	const struct bill_run_want want = {
	    REHEARSE_ROOT, 1, str_of(starts[m]), str_of(starts[m + 1]), str_of(starts[m + 1]), chunk, sequence};
	int64_t run = bill_run_open(db, a, &want);

	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_true(bill_run_approve(db, a, run, 0) >= 0);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(charge_verify(db, a, run), 0);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM bill_run_check WHERE run_id = %lld AND found <> 0 AND name IN ('edges', 'sums', 'minimum', "
	       "'proof_margins', 'proof_collected')",
		run),
	    0);
	return (run);
}

#define net_of(account) of("SELECT CAST(COALESCE(SUM(net), 0) AS SIGNED) FROM charge WHERE account_id = %lld", account)
#define topped(account)                                                                                                                                            \
	of("SELECT CAST(COALESCE(SUM(h.net), 0) AS SIGNED) FROM charge h JOIN billable b ON b.id = h.billable_id AND b.priced_for = -1 WHERE h.account_id = %lld", \
	    account)
#define all_net number("SELECT CAST(SUM(net) AS SIGNED) FROM charge")
#define ALWAYS "2026-01-01", "9999-12-31"

static int
setup(void **state)
{

	if (group_setup(state) == -1)
		return (-1);
	plain(
	    "INSERT INTO offering (id, tenant_id, product_id, code, name, kind, unit, price, currency) "
	    "SELECT 4, tenant_id, product_id, 'FEE', 'Minimum', 'recurring', 'piece', 0, currency FROM offering WHERE id = 1");
	plain("INSERT INTO offering_name (offering_id, language, name) VALUES (4, 'de', 'Mindestumsatz')");
	return (0);
}

static void
what_is_missing_is_charged_on_its_edge_alone(void **state)
{
	int64_t all, k5, run;

	(void)state;
	run_of(JUNE, 1, 3);
	all = all_net;
	k5 = net_of(ACCOUNT(5));
	forget();
	at_least(ACCOUNT(5), false, k5 + 777, ALWAYS);
	at_least(ACCOUNT(6), false, 1, ALWAYS); /* charged more than that */
	plain("UPDATE customer SET language = 'de' WHERE id = (SELECT customer_id FROM account WHERE id = 100005)");
	run = run_of(JUNE, 1, 3);
	assert_int_equal(topped(ACCOUNT(5)), 777);
	assert_int_equal(net_of(ACCOUNT(5)), k5 + 777);
	assert_int_equal(topped(ACCOUNT(6)), 0);
	assert_int_equal(all_net, all + 777);
	/* On the bill: one of it, at that price, in the language of who gets it; the lines' nets are the bill's. */
	assert_int_equal(
	    of("SELECT CAST(SUM(l.net) - d.net AS SIGNED) FROM document d JOIN document_line l ON l.document_id = d.id WHERE "
	       "d.account_id = %lld",
		ACCOUNT(5)),
	    0);
	assert_int_equal(
	    of("SELECT l.net FROM document_line l WHERE l.account_id = %lld AND l.code = 'FEE' AND l.quantity = 1 AND l.unit_price = 7.77 "
	       "AND l.description = 'Mindestumsatz' AND l.tax_rate = 20 AND l.period_start = '2026-06-01' AND l.period_end = '2026-07-01'",
		ACCOUNT(5)),
	    777);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id WHERE h.run_id = %lld AND b.priced_for = -1",
		run),
	    1);
}

static void
who_bought_nothing_is_billed_the_minimum_and_who_is_closed_is_not(void **state)
{

	(void)state;
	at_least(ACCOUNT(8), false, 5000, ALWAYS);
	at_least(ACCOUNT(9), false, 5000, ALWAYS);
	at_least(ACCOUNT(10), false, 5000, "2026-01-01", "2026-05-01");
	at_least(ACCOUNT(11), false, 5000, "2026-05-02", "9999-12-31");
	plain("UPDATE account SET state = 'closed' WHERE id = 100009");
	plain(
	    "UPDATE subscription SET starts = '2026-08-01' WHERE account_id IN (100008, 100009) AND starts = '2026-01-01'");
	run_of(MAY, 1, 3);
	plain(
	    "UPDATE subscription SET starts = '2026-01-01' WHERE account_id IN (100008, 100009) AND starts = '2026-08-01'");
	plain("UPDATE account SET state = 'active' WHERE id = 100009");
	assert_int_equal(net_of(ACCOUNT(8)), 5000);
	assert_int_equal(of("SELECT net FROM document WHERE account_id = %lld", ACCOUNT(8)), 5000);
	assert_int_equal(number("SELECT COUNT(*) FROM minimum_use"), 1);
}

static void
what_the_account_has_itself_wins(void **state)
{

	(void)state;
	/* B sells to 2, 5, 8 ... by one agreement for all that have none of their own, which 11 has. */
	plain(
	    "INSERT INTO agreement (seller_id, starts, collector, list_id, currency) SELECT g.seller_id, '2026-01-01', g.collector, g.list_id, g.currency "
	    "FROM agreement g WHERE g.account_id = 100002");
	plain(
	    "UPDATE agreement SET ends = '2026-02-01' WHERE account_id BETWEEN 100000 AND 100023 AND (account_id - 100000) % 3 = 2 AND account_id <> 100011");
	at_least(ACCOUNT(2), true, 1000000, ALWAYS);
	at_least(ACCOUNT(5), false, 900000, ALWAYS);
	run_of(JUNE, 1, 3);
	assert_int_equal(net_of(ACCOUNT(2)), 1000000);
	assert_int_equal(net_of(ACCOUNT(5)), 900000);
	assert_int_equal(net_of(ACCOUNT(8)), 1000000);
	assert_int_equal(topped(ACCOUNT(11)), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM minimum_use"), 7);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM minimum_use WHERE (account_id - 100000) % 3 <> 2"), 0); /* not of others */
	assert_int_equal(number("SELECT COUNT(*) FROM chain_price WHERE priced_for = -1"),
	    1); /* found once for all of the agreement */
	forget();
	plain("DELETE FROM agreement WHERE account_id IS NULL AND starts = '2026-01-01'");
	plain("UPDATE agreement SET ends = '9999-12-31'");
}

static void
a_reseller_is_topped_up_over_all_its_accounts_whatever_the_chunks(void **state)
{
	const int64_t A = account_of("A"), D1 = account_of("D1");
	int64_t bought, below;

	(void)state;
	run_of(JUNE, 1, 3);
	bought = net_of(A);
	below = all_net - bought;
	for (int chunk = 1; chunk <= 100; chunk *= 10) {
		forget();
		at_least(A, false, bought + 12345, ALWAYS);
		at_least(D1, false, 1, ALWAYS);
		run_of(JUNE, 1, chunk);
		assert_int_equal(topped(A), 12345);
		assert_int_equal(topped(D1), 0);
		assert_int_equal(all_net, bought + below + 12345);
		assert_int_equal(of("SELECT net FROM document WHERE account_id = %lld", A), bought + 12345);
		assert_int_equal(
		    of("SELECT COUNT(*) FROM document_line WHERE account_id = %lld AND code = 'FEE'", A), 1);
	}
}

static void
a_second_run_of_the_period_tops_up_nothing_twice(void **state)
{
	const int64_t A = account_of("A");

	(void)state;
	at_least(A, false, 10000000, ALWAYS);
	at_least(ACCOUNT(5), false, 10000000, ALWAYS);
	run_of(JUNE, 1, 3);
	use(db, ACCOUNT(5), "10", "2026-06-20");
	run_of(JUNE, 2, 3);
	assert_int_equal(of("SELECT COUNT(*) FROM minimum_use WHERE account_id = %lld", A), 1);
	assert_int_equal(of("SELECT COUNT(*) FROM minimum_use WHERE account_id = %lld", ACCOUNT(5)), 1);
	run_of(JULY, 1, 3); /* a period has its own */
	assert_int_equal(of("SELECT COUNT(*) FROM minimum_use WHERE account_id = %lld", ACCOUNT(5)), 2);
	assert_int_equal(
	    of("SELECT net FROM document WHERE period_start = '2026-07-01' AND account_id = %lld", ACCOUNT(5)),
	    10000000);
}

/* What was charged by an earlier run of the period counts. */
static void
charges_of_all_runs_of_the_period_count(void **state)
{
	int64_t early;

	(void)state;
	run_of(JUNE, 1, 3);
	early = net_of(ACCOUNT(7));
	at_least(ACCOUNT(7), false, early + 100, ALWAYS);
	run_of(JUNE, 2, 3);
	assert_int_equal(topped(ACCOUNT(7)), 100);
	assert_int_equal(number("SELECT charged FROM minimum_use WHERE account_id = 100007"), early);
}

static void
a_discount_comes_before_and_takes_nothing_of_it(void **state)
{

	(void)state;
	plain("INSERT INTO discount (tenant_id, customer_id, account_id, resold, percent, starts, made) "
	      "SELECT tenant_id, customer_id, id, 0, 50, '2026-01-01', NOW() FROM account WHERE id = 100004");
	at_least(ACCOUNT(4), false, 500000, ALWAYS);
	run_of(JUNE, 1, 3);
	assert_int_equal(net_of(ACCOUNT(4)), 500000);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id WHERE b.priced_for = -1 AND h.discount IS NOT NULL"),
	    0);
}

static void
what_a_cancelled_run_topped_up_is_given_back(void **state)
{
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S("2026-06-01"), S("2026-07-01"), S("2026-07-01"), 3, 1};
	const int64_t A = account_of("A");
	int64_t run;

	(void)state;
	at_least(ACCOUNT(4), false, 500000, ALWAYS);
	at_least(A, false, 5000000, ALWAYS);
	assert_int_not_equal(run = bill_run_open(db, a, &want), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	plain("UPDATE bill_run SET phase = 'cancelling'");
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM billable WHERE given_back = 0"), 0);
	run = run_of(JUNE, 1, 3);
	assert_int_equal(of("SELECT COUNT(*) FROM minimum_use WHERE run_id = %lld", run), 2);
	assert_int_equal(of("SELECT net FROM document WHERE account_id = %lld", ACCOUNT(4)), 500000);
	assert_int_equal(of("SELECT net FROM document WHERE account_id = %lld", A), 5000000);
}

/* It is in the queue of what is missing, and nothing is charged without tax or agreement. */
static void
what_cannot_be_billed_is_rejected(void **state)
{

	(void)state;
	at_least(ACCOUNT(2), false, 500000, ALWAYS);
	plain(
	    "INSERT INTO tax_rule (seller_id, offering_id, starts, category, rate) SELECT tenant_id, 4, '2026-01-01', 'S', 5 FROM account WHERE id = 100002");
	run_of(JUNE, 1, 3);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM document_line WHERE code = 'FEE' AND account_id = %lld AND tax_rate = 5",
		ACCOUNT(2)),
	    1);
	forget();
	at_least(ACCOUNT(2), false, 500000, ALWAYS);
	plain("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100002");
	run_of(JUNE, 1, 3);
	plain("UPDATE agreement SET ends = '9999-12-31'");
	plain("DELETE FROM tax_rule WHERE offering_id = 4");
	assert_int_equal(topped(ACCOUNT(2)), 0);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM reject WHERE offering_id = 4 AND account_id = 100002 AND reason = 'agreement'"),
	    1);
}

/* The run's own check: a judge that sees nothing proves nothing. */
static void
a_wrong_amount_is_seen(void **state)
{
	static const char *const spoilt[][2] = {
	    {"UPDATE charge SET amount = amount + 1 WHERE account_id = 100004 AND rule_id = 0",
		"UPDATE charge SET amount = amount - 1 WHERE account_id = 100004 AND rule_id = 0"},
	    {"UPDATE minimum_use SET charged = charged + 1, amount = amount - 1",
		"UPDATE minimum_use SET charged = charged - 1, amount = amount + 1"},
	    {"UPDATE billable SET priced_for = 0 WHERE priced_for = -1",
		"UPDATE billable SET priced_for = -1 WHERE offering_id = 4"},
	    {"UPDATE minimum SET starts = '2026-06-02'", "UPDATE minimum SET starts = '2026-01-01'"},
	};
	int64_t run;

	(void)state;
	at_least(ACCOUNT(4), false, 500000, ALWAYS);
	run = run_of(JUNE, 1, 3);
	plain("SET SESSION foreign_key_checks = 0");
	plain("DROP TRIGGER charge_discounted");
	assert_int_equal(db_plain(db, S("UPDATE minimum SET amount = 1")), -1); /* it never changes */
	plain("DROP TRIGGER minimum_frozen");
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		plain(spoilt[i][0]);
		if (minimum_verify(db, a, run) < 1)
			fail_msg("%s: it is not seen", spoilt[i][0]);
		plain(spoilt[i][1]);
		assert_int_equal(minimum_verify(db, a, run), 0);
	}
	plain("SET SESSION foreign_key_checks = 1");
}

static int
anybody(void *ctx, int64_t document)
{

	(void)ctx, (void)document;
	return (0);
}

static void
a_credit_takes_it_back_as_any_line(void **state)
{
	static struct credit c;
	struct credit_want want;

	(void)state;
	at_least(ACCOUNT(4), false, 500000, ALWAYS);
	run_of(JUNE, 1, 3);
	want = (struct credit_want){.document = of("SELECT id FROM document WHERE account_id = %lld", ACCOUNT(4)),
	    .full = true,
	    .mode = CREDIT_WHOLE,
	    .key = S("whole"),
	    .asked = S("whole"),
	    .reason = S("a test")};
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(credit_issue(db, a, &want, anybody, NULL, &c), CREDIT_DONE);
	assert_int_equal(db_commit(db), 0);
	assert_int_equal(number("SELECT CAST(SUM(net) AS SIGNED) FROM document WHERE account_id = 100004"), 0);
	assert_int_equal(
	    number("SELECT CAST(SUM(net) AS SIGNED) FROM document_line WHERE account_id = 100004 AND code = 'FEE'"), 0);
	assert_int_equal(
	    number(
		"SELECT CAST(SUM(k.begun + k.passed - h.net) AS SIGNED) FROM charge h JOIN billable b ON b.id = h.billable_id JOIN "
		"credited_charge k ON k.billable_id = h.billable_id AND k.position = h.position WHERE b.account_id = 100004"),
	    0);
	plain("SET SESSION foreign_key_checks = 0");
	plain("TRUNCATE TABLE credited_charge");
	plain("TRUNCATE TABLE credited_line");
	plain("TRUNCATE TABLE credit_note");
	plain("TRUNCATE TABLE credit");
}

/* A bill that is higher than the one before for that reason says so. */
static void
a_draft_says_that_it_differs_by_the_minimum(void **state)
{

	(void)state;
	run_of(JUNE, 1, 3);
	at_least(ACCOUNT(4), false, 500000, "2026-07-01", "2026-08-01");
	run_of(JULY, 1, 3);
	run_of(AUGUST, 1, 3);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM draft d JOIN bill_run r ON r.id = d.run_id WHERE d.account_id = %lld AND d.reason = 'minimum' AND r.period_start >= '2026-07-01'",
		ACCOUNT(4)),
	    2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_missing_is_charged_on_its_edge_alone, clean),
	    cmocka_unit_test_setup(who_bought_nothing_is_billed_the_minimum_and_who_is_closed_is_not, clean),
	    cmocka_unit_test_setup(what_the_account_has_itself_wins, clean),
	    cmocka_unit_test_setup(a_reseller_is_topped_up_over_all_its_accounts_whatever_the_chunks, clean),
	    cmocka_unit_test_setup(a_second_run_of_the_period_tops_up_nothing_twice, clean),
	    cmocka_unit_test_setup(charges_of_all_runs_of_the_period_count, clean),
	    cmocka_unit_test_setup(a_discount_comes_before_and_takes_nothing_of_it, clean),
	    cmocka_unit_test_setup(what_a_cancelled_run_topped_up_is_given_back, clean),
	    cmocka_unit_test_setup(what_cannot_be_billed_is_rejected, clean),
	    cmocka_unit_test_setup(a_credit_takes_it_back_as_any_line, clean),
	    cmocka_unit_test_setup(a_draft_says_that_it_differs_by_the_minimum, clean),
	    cmocka_unit_test_setup(a_wrong_amount_is_seen, clean), /* the last one: it takes triggers away */
	};

	return (cmocka_run_group_tests(tests, setup, book_teardown));
}
