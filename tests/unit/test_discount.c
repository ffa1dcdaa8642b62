/* A discount takes of its edge alone what it says, to the cent, whatever the chunks: the edges above and below bill what they
 * would, and an amount is had once a period.  Runs a MariaDB of its own; started from the root. */
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
#include "trade/bill_trial.h"
#include "trade/charge.h"
#include "trade/credit.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

#define SEAT 1
#define LINE 2
#define ALL "NULL, NULL"
#define OF_SEAT "1, NULL"

/* To an account: of what (offering, subscription), per cent and amount, from a day and up to one. */
static void
grant(int64_t account, const char *of_what, const char *percent, const char *amount, const char *from, const char *to)
{

	plain(arena_printf(a,
	    "INSERT INTO discount (tenant_id, customer_id, account_id, offering_id, subscription_id, resold, name, percent, amount, starts, ends, made) "
	    "SELECT k.tenant_id, k.customer_id, k.id, %s, c.buyer_id IS NOT NULL, 'A gift', %s, %s, '%s', '%s', NOW() FROM account k JOIN customer c ON "
	    "c.id = k.customer_id WHERE k.id = %lld",
	    of_what, percent, amount, from, to, (long long)account)
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
	    of("SELECT COUNT(*) FROM bill_run_check WHERE run_id = %lld AND found <> 0 AND name IN ('sums', 'proof_margins', "
	       "'proof_collected')",
		run),
	    0);
	return (run);
}

#define taken_of(account) \
	of("SELECT CAST(COALESCE(SUM(discount), 0) AS SIGNED) FROM charge WHERE account_id = %lld", account)
#define net_of(account) of("SELECT CAST(COALESCE(SUM(net), 0) AS SIGNED) FROM charge WHERE account_id = %lld", account)
#define all_net number("SELECT CAST(SUM(net) AS SIGNED) FROM charge")

static void
per_cent_takes_of_its_edge_alone(void **state)
{
	int64_t all, k5, run;

	(void)state;
	run_of(JUNE, 1, 3);
	all = all_net;
	k5 = net_of(ACCOUNT(5));
	forget();
	grant(ACCOUNT(5), ALL, "12.5", "NULL", "2026-01-01", "9999-12-31");
	run = run_of(JUNE, 1, 3);
	assert_int_equal(taken_of(ACCOUNT(5)),
	    of("SELECT CAST(SUM(ROUND(amount * 0.125)) AS SIGNED) FROM charge WHERE account_id = %lld", ACCOUNT(5)));
	assert_true(taken_of(ACCOUNT(5)) > 0);
	assert_int_equal(net_of(ACCOUNT(5)), k5 - taken_of(ACCOUNT(5)));
	assert_int_equal(all_net, all - taken_of(ACCOUNT(5)));
	/* On the bill: the lines' nets are the bill's, and what was taken is told. */
	assert_int_equal(
	    of("SELECT CAST(SUM(l.net) - d.net AS SIGNED) FROM document d JOIN document_line l ON l.document_id = d.id WHERE "
	       "d.account_id = %lld",
		ACCOUNT(5)),
	    0);
	assert_int_equal(
	    of("SELECT CAST(SUM(l.discount) AS SIGNED) FROM document_line l WHERE l.account_id = %lld AND l.discount_name = 'A gift'",
		ACCOUNT(5)),
	    taken_of(ACCOUNT(5)));
	/* The margin of who grants it shrinks, and nobody else's. */
	assert_int_equal(
	    of("SELECT COUNT(*) FROM charge WHERE run_id = %lld AND discount IS NOT NULL AND position <> (SELECT n.level FROM account k JOIN "
	       "tenant n ON n.id = k.tenant_id WHERE k.id = 100005)",
		run),
	    0);
}

static void
an_amount_is_spread_in_proportion_and_never_beyond(void **state)
{
	int64_t whole;

	(void)state;
	grant(ACCOUNT(4), ALL, "NULL", "1001", "2026-01-01", "9999-12-31");
	grant(ACCOUNT(6), ALL, "NULL", "99999999", "2026-01-01", "9999-12-31");
	run_of(JUNE, 1, 3);
	assert_int_equal(taken_of(ACCOUNT(4)), 1001);
	whole = of("SELECT CAST(SUM(amount) AS SIGNED) FROM charge WHERE account_id = %lld", ACCOUNT(4));
	assert_int_equal(
	    of("SELECT COUNT(*) FROM charge WHERE account_id = 100004 AND ABS(discount * CAST(%lld AS DECIMAL(20)) - amount * 1001) > "
	       "CAST((SELECT SUM(amount) FROM charge WHERE account_id = 100004) AS DECIMAL(20))",
		whole),
	    0);
	assert_int_equal(net_of(ACCOUNT(6)), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM charge WHERE net < 0"), 0);
	assert_int_equal(of("SELECT net FROM document WHERE account_id = %lld", ACCOUNT(6)), 0);
}

/* What the reseller's charges lost, thing by thing. */
static struct str
parts(int64_t account)
{
	struct db_stmt *st = db_prepare(db,
	    arena_printf(a,
		"SELECT CONCAT_WS(' ', b.account_id, b.offering_id, b.starts, h.amount, h.discount) FROM charge h JOIN billable b ON b.id = h.billable_id "
		"WHERE h.account_id = %lld ORDER BY 1",
		(long long)account));
	const struct db_val *row;
	struct buf b;

	buf_init(&b, a, 1024 * 1024);
	assert_int_equal(db_run(st, NULL), 0);
	while (db_fetch(st, &row) == 1) {
		buf_add(&b, row[0].s);
		buf_char(&b, '\n');
	}
	db_stmt_close(st);
	buf_char(&b, '\0');
	return (buf_str(&b));
}

static void
an_amount_of_a_reseller_is_the_same_in_chunks_of_any_size(void **state)
{
	const int64_t A = account_of("A");
	struct str once;

	(void)state;
	grant(A, ALL, "NULL", "5000", "2026-01-01", "9999-12-31");
	run_of(JUNE, 1, 3);
	assert_int_equal(taken_of(A), 5000);
	once = parts(A);
	for (int chunk = 1; chunk <= 100; chunk *= 10) {
		forget();
		grant(A, ALL, "NULL", "5000", "2026-01-01", "9999-12-31");
		run_of(JUNE, 1, chunk);
		assert_string_equal(parts(A).p, once.p);
	}
	assert_int_equal(number("SELECT CAST(SUM(taken) AS SIGNED) FROM discount_use"), 5000);
}

static void
an_amount_is_had_once_a_period(void **state)
{
	const int64_t A = account_of("A");

	(void)state;
	grant(A, ALL, "NULL", "100000", "2026-01-01", "9999-12-31");
	plain("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100000");
	run_of(JUNE, 1, 3);
	plain("UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100000");
	assert_true(taken_of(A) == 100000 || net_of(A) == 0);
	forget();
	grant(A, ALL, "NULL", "1000", "2026-01-01", "9999-12-31");
	plain("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100000");
	run_of(JUNE, 1, 3);
	plain("UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100000");
	assert_int_equal(taken_of(A), 1000);
	run_of(JUNE, 2, 3);
	assert_int_equal(taken_of(A), 1000);
	run_of(JULY, 1, 3);
	assert_int_equal(taken_of(A), 2000);
}

static void
what_is_said_more_exactly_counts(void **state)
{

	(void)state;
	grant(ACCOUNT(7), ALL, "10", "NULL", "2026-01-01", "9999-12-31");
	grant(ACCOUNT(7), OF_SEAT, "50", "NULL", "2026-01-01", "9999-12-31");
	grant(ACCOUNT(7),
	    arena_printf(a, "NULL, (SELECT MIN(id) FROM subscription WHERE account_id = %d AND offering_id = %d)",
		ACCOUNT(7), LINE)
		.p,
	    "100", "NULL", "2026-01-01", "9999-12-31");
	run_of(JUNE, 1, 3);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id WHERE h.account_id = 100007"),
	    3);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id JOIN discount d ON d.id = h.discount_id WHERE "
		"h.account_id = 100007 AND d.percent = CASE b.offering_id WHEN 1 THEN 50 WHEN 2 THEN 100 ELSE 10 END"),
	    3);
}

static void
a_thing_has_the_discounts_of_its_first_day(void **state)
{

	(void)state;
	grant(ACCOUNT(10), OF_SEAT, "50", "NULL", "2026-06-12", "9999-12-31"); /* its seats begin on the 11th */
	grant(ACCOUNT(11), OF_SEAT, "50", "NULL", "2026-06-12", "9999-12-31"); /* and these on the 12th */
	grant(ACCOUNT(12), OF_SEAT, "50", "NULL", "2026-01-01", "2026-06-13");
	run_of(JUNE, 1, 3);
	assert_int_equal(taken_of(ACCOUNT(10)), 0);
	assert_true(taken_of(ACCOUNT(11)) > 0);
	assert_int_equal(taken_of(ACCOUNT(12)), 0);
}

static void
what_was_cancelled_is_had_again(void **state)
{
	int64_t run;
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S("2026-06-01"), S("2026-07-01"), S("2026-07-01"), 3, 1};

	(void)state;
	grant(ACCOUNT(4), ALL, "NULL", "1001", "2026-01-01", "9999-12-31");
	assert_int_not_equal(run = bill_run_open(db, a, &want), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	plain("UPDATE bill_run SET phase = 'cancelling'");
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	run = run_of(JUNE, 1, 3);
	assert_int_equal(
	    of("SELECT CAST(SUM(discount) AS SIGNED) FROM charge WHERE account_id = 100004 AND run_id = %lld", run),
	    1001);
}

static void
a_trial_says_what_the_run_bills(void **state)
{
	struct trial t;

	(void)state;
	grant(ACCOUNT(4), ALL, "33.333333", "NULL", "2026-01-01", "9999-12-31");
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(bill_trial_period(db, a, ACCOUNT(4), S("2026-06-01"), S("2026-07-01"), &t), 0);
	db_rollback(db);
	assert_int_equal(number("SELECT COUNT(*) FROM charge"), 0);
	run_of(JUNE, 1, 3);
	assert_true(taken_of(ACCOUNT(4)) > 0);
	assert_int_equal(
	    of("SELECT CAST(SUM(h.net) AS SIGNED) FROM charge h JOIN billable b ON b.id = h.billable_id WHERE b.offering_id <> 3 AND "
	       "h.account_id = %lld",
		ACCOUNT(4)),
	    t.charged);
}

static void
a_charge_never_changes(void **state)
{

	(void)state;
	grant(ACCOUNT(4), ALL, "10", "NULL", "2026-01-01", "9999-12-31");
	run_of(JUNE, 1, 3);
	assert_int_equal(db_plain(db, S("UPDATE charge SET amount = amount + 1")), -1);
	assert_int_equal(
	    db_plain(db, S("UPDATE charge SET discount_id = 1, discount = 1 WHERE discount_id IS NULL AND amount > 0")),
	    -1);
	assert_int_equal(db_plain(db, S("UPDATE charge SET discount = 0 WHERE discount_id IS NOT NULL")), -1);
	assert_int_equal(db_plain(db, S("UPDATE discount SET percent = 11")), -1);
	plain("UPDATE discount SET ends = '2026-07-01'");
}

static int
anybody(void *ctx, int64_t document)
{

	(void)ctx, (void)document;
	return (0);
}

/* Credited is what was charged after the discount, on all edges; a line by its quantity has its part of the discount. */
static void
a_credit_takes_back_what_was_charged(void **state)
{
	static struct credit c;
	struct credit_want want;

	(void)state;
	grant(ACCOUNT(4), ALL, "10", "NULL", "2026-01-01", "9999-12-31");
	grant(account_of("A"), ALL, "NULL", "500", "2026-01-01", "9999-12-31");
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
	    number("SELECT CAST(SUM(discount) AS SIGNED) FROM document_line WHERE account_id = 100004"), 0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(per_cent_takes_of_its_edge_alone, clean),
	    cmocka_unit_test_setup(an_amount_is_spread_in_proportion_and_never_beyond, clean),
	    cmocka_unit_test_setup(an_amount_of_a_reseller_is_the_same_in_chunks_of_any_size, clean),
	    cmocka_unit_test_setup(an_amount_is_had_once_a_period, clean),
	    cmocka_unit_test_setup(what_is_said_more_exactly_counts, clean),
	    cmocka_unit_test_setup(a_thing_has_the_discounts_of_its_first_day, clean),
	    cmocka_unit_test_setup(what_was_cancelled_is_had_again, clean),
	    cmocka_unit_test_setup(a_trial_says_what_the_run_bills, clean),
	    cmocka_unit_test_setup(a_charge_never_changes, clean),
	    cmocka_unit_test_setup(a_credit_takes_back_what_was_charged, clean),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
