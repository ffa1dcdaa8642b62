/* Usage through bill runs: every event is billed once, whatever comes late, is parked, has no price or is cancelled.  Runs a MariaDB of its
 * own; started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"
#include "proof.h"

static uint32_t seed = 1;

/* What is billed of calls of June in all, in millionths. */
#define billed_of_june                                                                                                                            \
	"SELECT CAST(COALESCE(SUM(b.quantity), 0) * 1000000 AS SIGNED) FROM billable b JOIN charge h ON h.billable_id = b.id AND h.position = 0 " \
	"WHERE b.account_id = %lld AND b.subscription_id = 0 AND b.starts = '2026-06-01'"

/* ---- the rules ---- */

static void
events_are_rated_by_the_run_and_billed_once_it_has_issued(void **state)
{
	int64_t run = opened(db, JUNE, 1);

	(void)state;
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(of("SELECT COUNT(*) FROM used WHERE state = 'rated' AND run_id = %lld", run), ACCOUNTS);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM used WHERE taken = quantity AND starts = '2026-06-01'"), ACCOUNTS);
	/* What is issued alone is billed alone, with what was included and is on no bill at all. */
	assert_int_equal(bill_run_approve(db, a, run, ACCOUNT(4)), 1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(of("SELECT account_id FROM used WHERE state = 'billed' AND run_id = %lld", run), ACCOUNT(4));
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'billed'"), 1);
	assert_int_equal(bill_run_approve(db, a, run, 0), ACCOUNTS + 3);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(of("SELECT COUNT(*) FROM used WHERE state = 'billed' AND run_id = %lld", run), ACCOUNTS);
}

static void
what_comes_late_is_a_charge_of_the_next_run_at_the_price_of_its_day(void **state)
{
	int64_t net;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	net = number("SELECT CAST(SUM(net) AS SIGNED) FROM document");
	plain(
	    "INSERT INTO offering_price (id, offering_id, starts, currency, model) VALUES (99, 3, '2026-07-01', 'EUR', 'per_unit')");
	plain("INSERT INTO offering_tier (price_id, tier, unit) VALUES (99, 1, 7)");
	use(db, ACCOUNT(5), "4", "2026-06-20"); /* of 15.37 are billed already 10.37 */
	use(db, ACCOUNT(5), "1", "2026-07-20");
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_int_equal(of(billed_of_june, ACCOUNT(5)), 14370000);
	assert_int_equal(
	    number("SELECT CAST(SUM(x.net) AS SIGNED) FROM document x WHERE x.period_start = '2026-06-01'"), net);
	/* On the bill of July the one says June. */
	assert_int_equal(
	    of("SELECT COUNT(*) FROM document x JOIN document_line l ON l.document_id = x.id WHERE x.account_id = %lld "
	       "AND x.period_start = '2026-07-01' AND l.code = 'CALL' AND l.period_start = '2026-06-01' AND l.period_end = '2026-07-01' "
	       "AND l.quantity = 4",
		ACCOUNT(5)),
	    1);
	/* That of its reseller keeps the months apart as well. */
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM document x JOIN customer c ON c.id = x.customer_id AND c.buyer_id IS NOT NULL JOIN document_line l "
		"ON l.document_id = x.id WHERE l.code = 'CALL' AND x.period_start = '2026-07-01' AND l.period_start <> l.period_end - INTERVAL 1 MONTH"),
	    0);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM billable b JOIN charge h ON h.billable_id = b.id JOIN chain_price c ON c.id = h.chain_id "
		"WHERE b.subscription_id = 0 AND c.price_id <> IF(b.starts = '2026-06-01', 3, 99)"),
	    0);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	plain("DELETE FROM offering_tier WHERE price_id = 99");
	plain("DELETE FROM offering_price WHERE id = 99");
}

static void
late_usage_gets_what_is_left_of_the_allowance_and_no_more(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0); /* 0.37 of account 0, 3.37 of account 1 */
	use(db, ACCOUNT(0), "10", "2026-06-02");
	use(db, ACCOUNT(1), "1", "2026-06-03");
	assert_int_equal(all_of(db, JUNE, 2), 0);
	assert_int_equal(of(billed_of_june, ACCOUNT(0)), 5370000);
	assert_int_equal(of(billed_of_june, ACCOUNT(1)), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	use(db, ACCOUNT(0), "2", "2026-06-04");
	use(db, ACCOUNT(1), "2", "2026-06-05");
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_int_equal(of(billed_of_june, ACCOUNT(0)), 7370000);
	assert_int_equal(of(billed_of_june, ACCOUNT(1)), 1370000);
}

static void
a_day_that_no_run_has_had_waits_for_its_own(void **state)
{

	(void)state;
	use(db, ACCOUNT(5), "7", "2026-05-20");
	use(db, ACCOUNT(5), "7", "2026-07-01");
	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM used WHERE account_id = %lld AND state = 'received' AND run_id IS NULL",
		ACCOUNT(5)),
	    2);
	assert_int_equal(all_of(db, MAY, 1), 0);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM usage_total WHERE account_id = %lld AND starts = '2026-05-01'", ACCOUNT(5)), 1);
	assert_int_equal(of("SELECT COUNT(*) FROM used WHERE account_id = %lld AND state = 'received'", ACCOUNT(5)), 1);
}

static void
an_earlier_run_that_still_rates_keeps_its_days(void **state)
{
	int64_t june = opened(db, JUNE, 1);

	(void)state;
	assert_int_not_equal(june, -1);
	use(db, ACCOUNT(5), "7", "2026-07-05");
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM usage_total WHERE starts <> '2026-07-01'"), 0);
	assert_int_equal(bill_run_go(db, a, june, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'received'"), 0);
}

/* A step, and no more. */
static bool
once(void *ctx)
{
	int *left = ctx;

	return ((*left)-- > 0);
}

/* Which has rated some accounts, but not yet all. */
static void
what_an_open_run_took_of_the_allowance_is_no_fault_of_another(void **state)
{
	int64_t begun;
	int steps;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0); /* 0.37 of account 0 */
	use(db, ACCOUNT(0), "4", "2026-06-20");
	begun = opened(db, JUNE, 2);
	do {
		steps = 1;
		assert_int_equal(bill_run_go(db, a, begun, once, &steps), BILL_RUN_STOPPED);
	} while (of("SELECT COUNT(*) FROM usage_total WHERE run_id = %lld", begun) == 0);
	assert_int_equal(of("SELECT phase = 'open' FROM bill_run WHERE id = %lld", begun), 1);
	use(db, ACCOUNT(0), "3", "2026-06-21");
	assert_int_equal(all_of(db, JUNE, 3), 0);
	assert_int_equal(of(billed_of_june, ACCOUNT(0)), 2370000);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE found <> 0 AND name = 'usage'"), 0);
}

/* Nothing of it is taken, and once it is mended a later run bills what it would have been. */
static void
goes_back(const char *spoil, const char *mend, int64_t account)
{
	int64_t want;

	assert_int_equal(all_of(db, JUNE, 1), 0);
	want = of(billed_of_june, account);
	assert_int_equal(want > 0, 1);
	forget();
	plain(spoil);
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain(mend);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM used WHERE account_id = %lld AND state = 'received' AND run_id IS NULL", account),
	    1);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'billed'"), ACCOUNTS - 1);
	assert_int_equal(of("SELECT COUNT(*) FROM usage_total WHERE account_id = %lld", account), 0);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM billable WHERE subscription_id = 0 AND account_id = %lld", account), 0);
	assert_int_equal(all_of(db, JUNE, 2), 0);
	assert_int_equal(of(billed_of_june, account), want);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM document_line WHERE code = 'CALL' AND net = 0"), 0);
}

static void
who_is_parked_gets_its_events_back(void **state)
{

	(void)state;
	goes_back("UPDATE account SET state = 'closed' WHERE id = 100004",
	    "UPDATE account SET state = 'active' WHERE id = 100004", ACCOUNT(4));
}

static void
usage_without_a_price_is_rejected_with_its_reason_and_goes_back(void **state)
{

	(void)state;
	goes_back("UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100005",
	    "UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100005", ACCOUNT(5));
	forget();
	plain("UPDATE offering_price SET starts = '2026-06-30' WHERE offering_id = 3");
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain("UPDATE offering_price SET starts = '1000-01-01' WHERE offering_id = 3");
	assert_int_equal(
	    number("SELECT COUNT(DISTINCT account_id) FROM reject WHERE reason = 'list_price' AND offering_id = 3"),
	    ACCOUNTS);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'received'"), ACCOUNTS);
	assert_int_equal(number("SELECT found FROM bill_run_check WHERE name = 'rejects'"), ACCOUNTS);
	assert_int_equal(number("SELECT COUNT(*) FROM document_line WHERE code = 'CALL'"), 0);
}

/* Late usage without a price takes nothing of what was used on time with it. */
static void
only_the_period_without_a_price_goes_back(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	use(db, ACCOUNT(5), "7", "2026-06-20");
	use(db, ACCOUNT(5), "8", "2026-07-20");
	plain("UPDATE agreement SET starts = '2026-06-15' WHERE account_id = 100005"); /* June begins before it */
	assert_int_equal(all_of(db, JULY, 1), 0);
	plain("UPDATE agreement SET starts = '1000-01-01' WHERE account_id = 100005");
	assert_int_equal(number("SELECT CAST(quantity AS SIGNED) FROM used WHERE state = 'received'"), 7);
	assert_int_equal(
	    number(
		"SELECT CAST(SUM(quantity) AS SIGNED) FROM usage_total u JOIN bill_run r ON r.id = u.run_id AND r.period_start = '2026-07-01'"),
	    8);
	assert_int_equal(all_of(db, AUGUST, 1), 0);
	assert_int_equal(of(billed_of_june, ACCOUNT(5)), 17370000);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
}

static void
a_cancelled_run_gives_back_what_it_took(void **state)
{
	int64_t run = opened(db, JUNE, 1), want;

	(void)state;
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	want = of(billed_of_june, ACCOUNT(9));
	use(db, ACCOUNT(9), "3", "2026-06-09");
	assert_int_equal(all_of(db, JUNE, 2), 0); /* nothing is left of the allowance for it */
	assert_int_equal(of(billed_of_june, ACCOUNT(9)), want + 3000000);
	plain(arena_printf(a, "UPDATE bill_run SET phase = 'cancelling' WHERE id = %lld", (long long)run).p);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state = 'received' AND run_id IS NULL"), ACCOUNTS);
	assert_int_equal(of("SELECT COUNT(*) FROM usage_total WHERE run_id = %lld", run), 0);
	/* The allowance comes back with it. */
	assert_int_equal(all_of(db, JUNE, 3), 0);
	assert_int_equal(
	    of("SELECT CAST(SUM(quantity) * 1000000 AS SIGNED) FROM billable WHERE subscription_id = 0 AND account_id = 100009 AND run_id <> %lld",
		run),
	    want + 3000000);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
}

/* ---- cut, and at once ---- */

static void
die(int signal)
{

	(void)signal;
	kill(getpid(), SIGKILL);
}

/* A run in a process of its own, which is killed after so many microseconds (0: never). */
static pid_t
begin_child(enum month m, int sequence, int64_t us)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct itimerval timer = {.it_value = {us / 1000000, us % 1000000}};
		struct db *own = scratch_open("book");

		signal(SIGALRM, die);
		setitimer(ITIMER_REAL, &timer, NULL);
		_exit(all_of(own, m, sequence) == 0 ? 0 : 1);
	}
	return (pid);
}

/* Usage that comes in all the time, for a while. */
static pid_t
begin_meter(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct db *own = scratch_open("book");

		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
			_exit(1);
		for (int i = 0; i < 3000; i++) {
			use(own, ACCOUNT(i % ACCOUNTS), "0.25", i % 3 == 0 ? "2026-06-11" : "2026-07-11");
			arena_reset(a);
		}
		_exit(0);
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

/* Each event is of one run, which has summed it, and of each account and month all above the allowance is billed.  A run that
 * comes upon 0.12 calls of somebody has a bill of 0.00, which is none of its faults. */
static void
nothing_is_lost_or_billed_twice(void)
{

	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed' OR run_id IS NULL"), 0);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM (SELECT run_id, account_id, starts, SUM(quantity) AS q FROM used GROUP BY run_id, account_id, starts) e LEFT JOIN "
		"(SELECT run_id, account_id, starts, SUM(quantity) AS q FROM usage_total GROUP BY run_id, account_id, starts) u USING (run_id, account_id, starts) "
		"WHERE NOT (u.q <=> e.q)"),
	    0);
	assert_int_equal(number("SELECT (SELECT COUNT(*) FROM used) - (SELECT COUNT(*) FROM usage_event)"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM usage_late"), 0);
	assert_int_equal(
	    number(
		"SELECT CAST((SELECT SUM(quantity) FROM usage_event) - (SELECT SUM(quantity) FROM usage_total) AS SIGNED)"),
	    0);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM (SELECT account_id, starts, SUM(quantity) AS q FROM usage_total GROUP BY account_id, starts) u LEFT JOIN "
		"(SELECT b.account_id, b.starts, SUM(b.quantity) AS q FROM billable b JOIN charge h ON h.billable_id = b.id AND h.position = 0 "
		"WHERE b.subscription_id = 0 GROUP BY b.account_id, b.starts) b USING (account_id, starts) "
		"WHERE COALESCE(b.q, 0) <> GREATEST(0, u.q - 5)"),
	    0);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM bill_run_check WHERE found <> 0 AND name NOT IN ('unbilled', 'zero')"), 0);
}

static void
killed_runs_while_usage_comes_in_lose_nothing_and_bill_nothing_twice(void **state)
{
	long kills = 0, wanted = proof_often("PORTICO_KILLS", 12);
	pid_t meter = begin_meter();

	(void)state;
	for (int sequence = 1; kills < wanted; sequence++)
		while (end_child(begin_child(JUNE, sequence, 500 + below(200000))) != 0)
			kills++;
	kill(meter, SIGKILL);
	waitpid(meter, NULL, 0);
	assert_int_equal(all_of(db, JULY, 1), 0);
	nothing_is_lost_or_billed_twice();
	proof_note("kills", kills, 0);
}

static void
runs_of_one_cycle_at_once_take_each_event_once(void **state)
{
	pid_t meter, runs[4];
	int failed = 0;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	meter = begin_meter();
	for (int i = 0; i < 4; i++)
		runs[i] = begin_child(i % 2 == 0 ? JUNE : JULY, 2 + i / 2, 0);
	for (int i = 0; i < 4; i++)
		failed += end_child(runs[i]) != 0;
	kill(meter, SIGKILL);
	waitpid(meter, NULL, 0);
	assert_int_equal(failed, 0);
	assert_int_equal(all_of(db, AUGUST, 1), 0);
	nothing_is_lost_or_billed_twice();
}

/* ---- plans ---- */

/* As a run of June asks it. */
static int64_t
asked(struct str name, int64_t run)
{
	static const struct {
		const char *name;
		int64_t value;
	} of[] = {{"upto", ACCOUNT(5)}, {"newest", 1000000}, {"month", 2026 * 12 + 6}, {"last_month", 2026 * 12 + 6}};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (str_eqz(name, of[i].name))
			return (of[i].value);
	return (str_eqz(name, "run") ? run : 0);
}

static void
rating_reads_an_index_alone(void **state)
{
	static const enum query q[] = {
	    Q_bill_usage_take, Q_bill_usage_take_apart, Q_bill_usage_again, Q_bill_usage_noted};
	const struct db_val *row;
	struct db_stmt *st;
	struct params params;
	struct buf sql;
	struct db_val values[16];
	int64_t run = opened(db, JUNE, 1);
	int found;

	(void)state;
	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		buf_init(&sql, a, 64 * 1024);
		buf_addz(&sql, "EXPLAIN ");
		memset(&params, 0, sizeof(params));
		statement_text(&(struct variant){.query = (uint16_t)q[i]}, &sql, &params);
		for (size_t p = 0; p < params.n; p++)
			values[p] = (struct db_val){.type = DB_INT, .i = asked(params.p[p].name, run)};
		st = db_prepare(db, buf_str(&sql));
		assert_non_null(st);
		assert_int_equal(db_run(st, values), 0);
		/* id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra */
		for (found = 0; db_fetch(st, &row) == 1;)
			if (row[2].type != DB_NULL && str_eqz(row[2].s, "e")) {
				assert_true(str_eqz(row[3].s, i == 0 ? "range" : "ref"));
				assert_true(str_eqz(row[5].s, "rating"));
				assert_int_not_equal(row[9].type, DB_NULL);
				assert_non_null(memmem(row[9].s.p, row[9].s.n, "Using index", 11));
				found++;
			}
		assert_int_equal(found, 1);
		db_stmt_close(st);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(events_are_rated_by_the_run_and_billed_once_it_has_issued, clean),
	    cmocka_unit_test_setup(what_comes_late_is_a_charge_of_the_next_run_at_the_price_of_its_day, clean),
	    cmocka_unit_test_setup(late_usage_gets_what_is_left_of_the_allowance_and_no_more, clean),
	    cmocka_unit_test_setup(a_day_that_no_run_has_had_waits_for_its_own, clean),
	    cmocka_unit_test_setup(an_earlier_run_that_still_rates_keeps_its_days, clean),
	    cmocka_unit_test_setup(what_an_open_run_took_of_the_allowance_is_no_fault_of_another, clean),
	    cmocka_unit_test_setup(who_is_parked_gets_its_events_back, clean),
	    cmocka_unit_test_setup(usage_without_a_price_is_rejected_with_its_reason_and_goes_back, clean),
	    cmocka_unit_test_setup(only_the_period_without_a_price_goes_back, clean),
	    cmocka_unit_test_setup(a_cancelled_run_gives_back_what_it_took, clean),
	    cmocka_unit_test_setup(killed_runs_while_usage_comes_in_lose_nothing_and_bill_nothing_twice, clean),
	    cmocka_unit_test_setup(runs_of_one_cycle_at_once_take_each_event_once, clean),
	    cmocka_unit_test_setup(rating_reads_an_index_alone, clean),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
