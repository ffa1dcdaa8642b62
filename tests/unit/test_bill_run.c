/* A bill run that is cut anywhere comes to what an undisturbed one comes to; who is in trouble is parked, and the rest
 * is billed.  Runs a MariaDB of its own; started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <cmocka.h>

#include "base/money.h"
#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/rehearse_part.h"

#include "bill_book.h"
#include "proof.h"

static uint32_t seed = 1;

/* Of an account and of a reseller over all of its accounts: each step of these is cut as well. */
static int
setup(void **state)
{

	if (book_setup(state) == -1)
		return (-1);
	plain(
	    "INSERT INTO offering (id, tenant_id, product_id, code, name, kind, unit, price, currency) "
	    "SELECT 4, tenant_id, product_id, 'FEE', 'Minimum', 'recurring', 'piece', 0, currency FROM offering WHERE id = 1");
	book_more =
	    "INSERT INTO minimum (tenant_id, customer_id, account_id, resold, offering_id, amount, starts, made) "
	    "SELECT k.tenant_id, k.customer_id, k.id, c.buyer_id IS NOT NULL, 4, 500000, '2026-01-01', NOW() FROM account k "
	    "JOIN customer c ON c.id = k.customer_id LEFT JOIN tenant n ON n.id = c.buyer_id WHERE k.id = 100004 OR n.name = 'A'";
	return (0);
}

static int
clean(void **state)
{

	(void)state;
	forget();
	return (0);
}

/* ---- running it ---- */

static int64_t
open_run(struct db *on)
{
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S(PERIOD_START), S(PERIOD_END), S(PERIOD_END), CHUNK, 1};

	return (bill_run_open(on, a, &want));
}

/* From the begin to the end, whatever is done of it. */
static int
all_of_it(struct db *on)
{
	int64_t run = open_run(on);
	enum bill_run_end end = run == -1 ? BILL_RUN_FAILED : bill_run_go(on, a, run, always, NULL);

	if (end == BILL_RUN_WAITS && bill_run_approve(on, a, run, 0) != -1)
		end = bill_run_go(on, a, run, always, NULL);
	return (end == BILL_RUN_DONE ? 0 : -1);
}

/* All that the run made, without ids. */
static struct str
outcome(void)
{
	static const char *const parts[] = {
	    "SELECT CONCAT_WS(' ', n.name, c.name, x.number, x.net, x.tax, x.gross) FROM document x JOIN tenant n ON n.id = x.tenant_id "
	    "JOIN customer c ON c.id = x.customer_id ORDER BY n.name, c.name",
	    "SELECT CONCAT_WS(' ', x.number, l.position, l.code, l.quantity, l.unit_price, l.net) FROM document x JOIN document_line l ON "
	    "l.document_id = x.id ORDER BY x.tenant_id, x.account_id, l.position",
	    "SELECT CONCAT_WS(' ', x.number, t.category, t.rate, t.base, t.amount) FROM document x JOIN document_tax t ON t.document_id = x.id "
	    "ORDER BY x.tenant_id, x.account_id, t.category, t.rate",
	    "SELECT CONCAT_WS(' ', b.account_id, b.offering_id, b.subscription_id, b.starts, h.position, h.account_id, h.unit, h.net) FROM charge h "
	    "JOIN billable b ON b.id = h.billable_id ORDER BY b.account_id, b.offering_id, b.starts, h.position",
	    "SELECT CONCAT_WS(' ', e.event, e.state, r.period_start, e.taken, e.starts, e.ends) FROM used e LEFT JOIN bill_run r ON r.id = e.run_id "
	    "ORDER BY e.event",
	    "SELECT CONCAT_WS(' ', tenant_id, sold, bought, due) FROM settlement ORDER BY tenant_id",
	    "SELECT CONCAT_WS(' ', tenant_id, kind, year, next) FROM series ORDER BY tenant_id",
	    "SELECT CONCAT_WS(' ', phase, accounts) FROM bill_run",
	    "SELECT CONCAT_WS(' ', name, found) FROM bill_run_check ORDER BY name",
	};
	const struct db_val *row;
	struct db_stmt *st;
	struct buf b;

	buf_init(&b, a, 16 * 1024 * 1024);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if ((st = db_prepare(db, str_of(parts[i]))) == NULL || db_run(st, NULL) == -1)
			fail_msg("%s: %s", parts[i], db_error_text(db));
		while (db_fetch(st, &row) == 1) {
			buf_add(&b, row[0].s);
			buf_char(&b, '\n');
		}
		db_stmt_close(st);
	}
	buf_char(&b, '\0');
	return (buf_str(&b));
}

static struct str
undisturbed(void)
{
	static struct str once;

	if (once.n == 0) {
		forget();
		assert_int_equal(all_of_it(db), 0);
		once = outcome();
		forget();
	}
	return (once);
}

static void
die(int signal)
{

	(void)signal;
	kill(getpid(), SIGKILL);
}

/* The run in a process of its own, which is killed after so many microseconds (0: never).  Its exit status, or -1. */
static pid_t
begin_child(int64_t us)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct itimerval timer = {.it_value = {us / 1000000, us % 1000000}};
		struct db *own = scratch_open("book");

		signal(SIGALRM, die);
		setitimer(ITIMER_REAL, &timer, NULL);
		_exit(all_of_it(own) == 0 ? 0 : 1);
	}
	return (pid);
}

static int
end_child(pid_t pid)
{
	int status;

	return (waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static int64_t
below(int64_t n)
{

	seed = seed * 1664525 + 1013904223;
	return ((int64_t)(seed >> 8) % n);
}

/* ---- the rules ---- */

static void
an_undisturbed_run_is_complete(void **state)
{

	(void)state;
	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), ACCOUNTS + 4); /* and P>A, P>B, A>D1, A>D2 */
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE found <> 0"), 0);
	assert_int_equal(number("SELECT COUNT(DISTINCT resold) FROM minimum_use"), 2);
	assert_int_equal(charge_verify(db, a, number("SELECT id FROM bill_run")), 0);
	/* Each seller's numbers begin with 1 and have no hole. */
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM (SELECT tenant_id, COUNT(*) AS n, MAX(CAST(RIGHT(number, 6) AS SIGNED)) AS last "
		"FROM document GROUP BY tenant_id) x JOIN series s USING (tenant_id) WHERE x.n <> x.last OR s.next <> x.n + 1"),
	    0);
	assert_int_equal(number("SELECT CAST(SUM(l.net) AS SIGNED) FROM document_line l") ==
		number("SELECT CAST(SUM(x.net) AS SIGNED) FROM document x"),
	    1);
	assert_int_equal(number("SELECT CAST(SUM(t.amount) AS SIGNED) FROM document_tax t") ==
		number("SELECT CAST(SUM(x.tax) AS SIGNED) FROM document x"),
	    1);
}

static void
a_run_that_is_done_stays_as_it_is(void **state)
{
	const char *before = undisturbed().p;

	(void)state;
	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(all_of_it(db), 0);
	assert_string_equal(outcome().p, before);
}

static void
a_killed_run_comes_to_the_same(void **state)
{
	const char *want = undisturbed().p;
	long kills = 0, wanted = proof_often("PORTICO_KILLS", 25);

	(void)state;
	while (kills < wanted) {
		forget();
		while (end_child(begin_child(500 + below(150000))) != 0)
			kills++;
		assert_string_equal(outcome().p, want);
	}
	proof_note("kills", kills, 0);
}

/* What is written at COMMIT is in the file then: where it was cut the run goes on, and does not begin anew. */
static void
a_run_goes_on_behind_a_killed_database(void **state)
{
	const char *want = undisturbed().p;
	long wanted = proof_often("PORTICO_CRASHES", 2), midway = 0;
	int done;

	(void)state;
	for (long i = 0; i < wanted; i++) {
		pid_t pid;
		struct timespec moment = {0, 1000000 + 1000000 * below(400)};

		forget();
		plain("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
		pid = begin_child(0);
		nanosleep(&moment, NULL); /* anywhere: no moment is waited for */
		kill(scratch_server, SIGKILL);
		waitpid(scratch_server, NULL, 0);
		done = end_child(pid);
		assert_int_equal(scratch_serve(), 0);
		db_close(db);
		db = scratch_open("book");
		midway += number("SELECT COUNT(*) FROM bill_run WHERE phase <> 'settled' AND rated_to > 0");
		if (done != 0)
			assert_int_equal(all_of_it(db), 0);
		assert_int_equal(all_of_it(db), 0);
		assert_string_equal(outcome().p, want);
	}
	proof_note("crashes", wanted, 0);
	proof_note("midway", midway, 0);
}

static void
two_at_once_do_no_step_twice(void **state)
{
	const char *want = undisturbed().p;
	pid_t one, two;

	(void)state;
	for (int i = 0; i < 3; i++) {
		forget();
		one = begin_child(0);
		two = begin_child(0);
		assert_int_equal(end_child(one), 0);
		assert_int_equal(end_child(two), 0);
		assert_string_equal(outcome().p, want);
	}
}

static void
a_closed_account_is_parked_and_the_rest_is_billed(void **state)
{

	(void)state;
	plain("UPDATE account SET state = 'closed' WHERE id = 100004");
	assert_int_equal(all_of_it(db), 0);
	plain("UPDATE account SET state = 'active' WHERE id = 100004");
	assert_int_equal(
	    number("SELECT COUNT(*) FROM bill_run_parked WHERE account_id = 100004 AND reason = 'closed'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_parked"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM billable WHERE account_id = 100004"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), ACCOUNTS + 3);
}

static void
an_amount_beyond_all_numbers_parks_its_account_alone(void **state)
{

	(void)state;
	plain("UPDATE usage_event SET quantity = 999999999999 WHERE account_id = 100007");
	plain("UPDATE offering_tier SET unit = 999999999999 WHERE price_id = 3 AND tier = 2");
	plain("UPDATE usage_event SET quantity = 6 WHERE account_id <> 100007");
	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM bill_run_parked WHERE account_id = 100007 AND reason = 'error'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_parked"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), ACCOUNTS + 3);
	forget();
	plain("UPDATE offering_tier SET unit = 0.0333 WHERE price_id = 3 AND tier = 2");
	plain("UPDATE usage_event SET quantity = 3 * (account_id - 100000) + 0.37");
}

/* What stands in the way of an edge is told on that edge, and the thing is billed on none. */
static void
rejected(const char *reason, int64_t n)
{

	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM reject"), n);
	assert_int_equal(number(arena_printf(a, "SELECT COUNT(*) FROM reject WHERE reason = '%s'", reason).p), n);
	assert_int_equal(number("SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id JOIN reject r "
				"ON r.account_id = b.account_id AND r.offering_id = b.offering_id"),
	    0);
	assert_int_equal(number("SELECT found FROM bill_run_check WHERE name = 'rejects'") > 0, 1);
	assert_int_equal(number("SELECT found FROM bill_run_check WHERE name = 'proof_margins'"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM document") < ACCOUNTS + 4, 1);
}

static void
a_lapsed_agreement_bills_nothing(void **state)
{

	(void)state;
	plain("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100002");
	rejected("agreement", 3);
	plain("UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100002");
}

static void
without_a_tax_rule_nothing_is_billed(void **state)
{

	(void)state;
	plain(
	    "UPDATE tax_rule r JOIN tenant n ON n.id = r.seller_id SET r.starts = '2026-06-30' WHERE n.name = 'D1' AND r.offering_id IS NULL");
	/* SEAT of eight accounts, and CALL of the seven that used more than is included; LINE has a rate of its own. */
	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM reject WHERE reason = 'tax'"), 15);
	assert_int_equal(number("SELECT COUNT(*) FROM reject"), 15);
	plain(
	    "UPDATE tax_rule r JOIN tenant n ON n.id = r.seller_id SET r.starts = '2000-01-01' WHERE n.name = 'D1' AND r.offering_id IS NULL");
}

static void
below_its_floor_a_price_is_denied(void **state)
{

	(void)state;
	plain(
	    "UPDATE price_rule r JOIN agreement g ON g.list_id = r.version_id SET r.floor = 11.12, g.floor_action = 'deny' "
	    "WHERE g.account_id = 100002 AND r.offering_id = 1");
	assert_int_equal(all_of_it(db), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM reject WHERE reason = 'floor' AND account_id = 100002"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM reject"), 1);
	plain(
	    "UPDATE price_rule r JOIN agreement g ON g.list_id = r.version_id SET r.floor = NULL, g.floor_action = 'warn' "
	    "WHERE g.account_id = 100002");
}

static void
a_thing_is_billed_once_in_whatever_run(void **state)
{
	const struct bill_run_want other = {
	    REHEARSE_ROOT, 1, S("2026-06-15"), S("2026-07-15"), S("2026-07-15"), CHUNK, 1};
	int64_t run;

	(void)state;
	assert_int_equal(all_of_it(db), 0);
	run = bill_run_open(db, a, &other);
	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	/* Seats that began within both periods, and calls of a day that was taken. */
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM billable x JOIN billable y ON y.run_id > x.run_id AND x.account_id = y.account_id "
		"AND x.offering_id = y.offering_id AND x.subscription_id = y.subscription_id AND x.starts = y.starts"),
	    0);
	assert_int_equal(
	    number(arena_printf(
		a, "SELECT COUNT(*) FROM billable WHERE run_id = %lld AND subscription_id = 0", (long long)run)
		       .p),
	    0);
}

/* The later run issues what was missing, and nothing a second time. */
static void
what_is_mended_is_billed_by_a_later_run_of_the_period(void **state)
{
	const struct bill_run_want later = {
	    REHEARSE_ROOT, 1, S(PERIOD_START), S(PERIOD_END), S("2026-07-09"), CHUNK, 2};
	int64_t n, net, run;

	(void)state;
	assert_int_equal(all_of_it(db), 0);
	n = number("SELECT COUNT(*) FROM charge");
	net = number("SELECT CAST(SUM(net) AS SIGNED) FROM document");
	forget();
	plain("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100002");
	assert_int_equal(all_of_it(db), 0);
	plain("UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100002");
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'received'"), 1);
	run = bill_run_open(db, a, &later);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(bill_run_approve(db, a, run, 0), 2); /* to the account, and to its dealer */
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM charge"), n);
	assert_int_equal(number("SELECT CAST(SUM(net) AS SIGNED) FROM document"), net);
}

static void
only_what_is_approved_gets_a_number(void **state)
{
	int64_t run = open_run(db);

	(void)state;
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM series"), 0);
	assert_int_equal(bill_run_approve(db, a, run, 100000), 1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), 1);
	assert_int_equal(number("SELECT account_id FROM document"), 100000);
	assert_int_equal(bill_run_approve(db, a, run, 0), ACCOUNTS + 3);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM document"), ACCOUNTS + 4);
	assert_int_equal(number("SELECT found FROM bill_run_check WHERE name = 'proof_margins'"), 0);
}

static void
decimals_of_currencies_are_those_of_the_server(void **state)
{
	const struct db_val *row;
	struct db_stmt *st = db_prepare(db, S("SELECT code, decimals FROM currency"));
	int n = 0;

	(void)state;
	assert_int_equal(db_run(st, NULL), 0);
	for (; db_fetch(st, &row) == 1; n++)
		assert_int_equal(money_decimals(row[0].s), row[1].i);
	db_stmt_close(st);
#define CURRENCY(code, decimals) -1
	n = n
#include "base/currency.def"
	    ;
#undef CURRENCY
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_undisturbed_run_is_complete, clean),
	    cmocka_unit_test_setup(a_run_that_is_done_stays_as_it_is, clean),
	    cmocka_unit_test_setup(a_killed_run_comes_to_the_same, clean),
	    cmocka_unit_test_setup(two_at_once_do_no_step_twice, clean),
	    cmocka_unit_test_setup(a_closed_account_is_parked_and_the_rest_is_billed, clean),
	    cmocka_unit_test_setup(an_amount_beyond_all_numbers_parks_its_account_alone, clean),
	    cmocka_unit_test_setup(a_lapsed_agreement_bills_nothing, clean),
	    cmocka_unit_test_setup(without_a_tax_rule_nothing_is_billed, clean),
	    cmocka_unit_test_setup(below_its_floor_a_price_is_denied, clean),
	    cmocka_unit_test_setup(a_thing_is_billed_once_in_whatever_run, clean),
	    cmocka_unit_test_setup(what_is_mended_is_billed_by_a_later_run_of_the_period, clean),
	    cmocka_unit_test_setup(only_what_is_approved_gets_a_number, clean),
	    cmocka_unit_test(decimals_of_currencies_are_those_of_the_server),
	    cmocka_unit_test_setup(a_run_goes_on_behind_a_killed_database, clean),
	};

	return (cmocka_run_group_tests(tests, setup, book_teardown));
}
