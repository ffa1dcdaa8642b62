/* What runs did not see, or gave back, is found by the next one, and each event is in one range at most.  Runs a MariaDB of its own;
 * started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

#define state_of_more "SELECT COUNT(*) FROM used WHERE event LIKE 'more-%%' AND state = 'billed' AND run_id = %lld"

/* So many steps, and no more. */
static bool
some(void *ctx)
{
	int *left = ctx;

	return ((*left)-- > 0);
}

/* A run whose first accounts are through, and no more. */
static int64_t
begun(enum month m, int sequence)
{
	int64_t run = opened(db, m, sequence);
	int steps;

	do {
		steps = 1;
		assert_int_equal(bill_run_go(db, a, run, some, &steps), BILL_RUN_STOPPED);
	} while (of("SELECT rated_to FROM bill_run WHERE id = %lld", run) < ACCOUNT(0));
	return (run);
}

static void
approve(int64_t run)
{

	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_not_equal(bill_run_approve(db, a, run, 0), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
}

static void
what_comes_behind_a_chunk_of_a_run_that_still_rates_is_billed_by_the_next_run(void **state)
{
	int64_t june = begun(JUNE, 1), july;

	(void)state;
	use(db, ACCOUNT(0), "6", "2026-06-20"); /* its chunk is through */
	use(db, ACCOUNT(23), "6", "2026-06-20");
	approve(june);
	assert_int_equal(of(state_of_more, june), 1);
	july = opened(db, JULY, 1);
	approve(july);
	assert_int_equal(of(state_of_more, july), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM usage_late"), 0);
}

static void
an_account_that_was_passed_over_is_billed_by_the_run_of_the_next_period(void **state)
{

	(void)state;
	plain(
	    "CREATE TRIGGER spoil BEFORE INSERT ON charge FOR EACH ROW IF (SELECT b.account_id FROM billable b WHERE b.id = NEW.billable_id) = 100007 THEN "
	    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'spoilt'; END IF");
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain("DROP TRIGGER spoil");
	assert_int_equal(
	    number("SELECT COUNT(*) FROM bill_run_parked WHERE reason = 'error' AND account_id = 100007"), 1);
	assert_int_equal(number("SELECT account_id FROM used WHERE state = 'received'"), ACCOUNT(7));
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	assert_int_equal(
	    of("SELECT COUNT(*) FROM document_line l JOIN document x ON x.id = l.document_id WHERE x.account_id = %lld AND "
	       "l.code = 'CALL' AND l.period_start = '2026-06-01' AND x.period_start = '2026-07-01'",
		ACCOUNT(7)),
	    1);
}

/* A run of its own process: 0 once it is over. */
static pid_t
begin_run(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(all_of(scratch_open("book"), JUNE, 1) == 0 ? 0 : 1);
	return (pid);
}

static void
a_run_waits_for_what_is_on_its_way_and_takes_it(void **state)
{
	struct db *intake = scratch_open("book");
	int status = -1;
	pid_t run;

	(void)state;
	use_begin(intake, ACCOUNT(4), "6", "2026-06-20");
	use(db, ACCOUNT(5), "6", "2026-06-20"); /* with a higher id, and it is there */
	run = begin_run();
	while (
	    number(
		"SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'") ==
	    0)
		if (waitpid(run, &status, WNOHANG) == run)
			fail_msg("the run did not wait");
	use_plain(intake, "COMMIT");
	db_close(intake);
	assert_int_equal(waitpid(run, &status, 0), run);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE event LIKE 'more-%' AND state = 'billed'"), 2);
}

static void
whoever_delivers_waits_for_no_chunk(void **state)
{
	struct db *intake = scratch_open("book");
	int64_t run = opened(db, JUNE, 1);

	(void)state;
	/* As in the middle of a chunk: its accounts were looked at, and its runs are held. */
	use_plain(intake, "SET innodb_lock_wait_timeout = 1");
	plain("START TRANSACTION");
	plain(arena_printf(a, "SELECT phase INTO @held FROM bill_run WHERE id = %lld FOR UPDATE", (long long)run).p);
	use(intake, ACCOUNT(5), "6", "2026-06-20");
	plain("ROLLBACK");
	assert_int_equal(number("SELECT COUNT(*) FROM usage_late"), 1);
	db_close(intake);
}

/* The ranges of an account in their order, as "run:quantity". */
static void
ranges_are(const char *wanted)
{

	assert_int_equal(
	    number(arena_printf(a,
		"SELECT '%s' = GROUP_CONCAT(CONCAT(r.sequence, ':', CAST(u.quantity AS DECIMAL(9,2))) ORDER BY u.above SEPARATOR ' ') FROM usage_total u "
		"JOIN bill_run r ON r.id = u.run_id WHERE u.account_id = 100005",
		wanted)
		       .p),
	    1);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM usage_total x JOIN usage_total y ON y.account_id = x.account_id AND y.starts = x.starts AND "
		"y.above > x.above AND y.above < x.upto"),
	    0);
}

static void
what_is_new_on_both_sides_of_a_range_becomes_two(void **state)
{
	int64_t run;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	run = opened(db, JUNE, 2);
	use(db, ACCOUNT(5), "4", "2026-06-20");
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	use(db, ACCOUNT(5), "3", "2026-06-02");
	assert_int_equal(all_of(db, JUNE, 3), 0);
	ranges_are("1:15.37 2:4.00 3:3.00");
	plain(arena_printf(a, "UPDATE bill_run SET phase = 'cancelling' WHERE id = %lld", (long long)run).p);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	use(db, ACCOUNT(5), "2", "2026-06-03");
	ranges_are("1:15.37 3:3.00");
	assert_int_equal(all_of(db, JUNE, 4), 0);
	ranges_are("1:15.37 4:4.00 3:3.00 4:2.00");
	assert_int_equal(number("SELECT COUNT(*) FROM used WHERE state <> 'billed'"), 0);
	assert_int_equal(
	    of("SELECT CAST(quantity AS SIGNED) FROM billable WHERE run_id = (SELECT MAX(id) FROM bill_run) AND account_id = %lld AND subscription_id = 0",
		ACCOUNT(5)),
	    6);
}

/* Both would bill it: the second one is refused, whatever it read. */
static void
the_same_range_is_taken_once(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_int_equal(
	    db_plain(db,
		S("INSERT INTO usage_total (run_id, account_id, offering_id, starts, ends, above, upto, quantity) SELECT run_id, account_id, offering_id, starts, ends, above, upto + 9, quantity FROM usage_total LIMIT 1")),
	    -1);
	assert_int_equal(db_error(db), DB_DUPLICATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		what_comes_behind_a_chunk_of_a_run_that_still_rates_is_billed_by_the_next_run, clean),
	    cmocka_unit_test_setup(an_account_that_was_passed_over_is_billed_by_the_run_of_the_next_period, clean),
	    cmocka_unit_test_setup(a_run_waits_for_what_is_on_its_way_and_takes_it, clean),
	    cmocka_unit_test_setup(whoever_delivers_waits_for_no_chunk, clean),
	    cmocka_unit_test_setup(what_is_new_on_both_sides_of_a_range_becomes_two, clean),
	    cmocka_unit_test_setup(the_same_range_is_taken_once, clean),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
