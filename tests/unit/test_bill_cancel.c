/* A cancelled bill run gives back all that it had taken, wherever it was and wherever it is cut, so that the next run
 * bills the very same; what is issued is not cancelled.  Runs a MariaDB of its own; started from the root. */
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

#include "bill_book.h"

static int
clean(void **state)
{

	(void)state;
	forget();
	return (0);
}

/* So many steps, then it is cut; -1: never. */
static bool
some(void *ctx)
{
	int *left = ctx;

	return (*left == -1 || (*left)-- > 0);
}

static enum bill_run_end
go(int64_t run, int steps)
{

	return (bill_run_go(db, a, run, some, &steps));
}

static int64_t
open_run(void)
{
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S(PERIOD_START), S(PERIOD_END), S(PERIOD_END), CHUNK, 1};
	int64_t run = bill_run_open(db, a, &want);

	assert_int_not_equal(run, -1);
	return (run);
}

/* As the page does it (bill_run_call_off). */
static void
call_off(int64_t run)
{

	plain(arena_printf(a,
	    "UPDATE bill_run SET phase = 'cancelling' WHERE id = %lld AND phase IN ('open', 'rated', 'checked', 'approved')",
	    (long long)run)
		  .p);
}

/* What all of it comes to, from nothing. */
static int64_t
drafted(void)
{
	int64_t run = open_run();

	assert_int_equal(go(run, -1), BILL_RUN_WAITS);
	return (number(
	    arena_printf(a, "SELECT CAST(SUM(gross) AS SIGNED) FROM draft WHERE run_id = %lld", (long long)run).p));
}

static void
a_cancelled_run_gives_back_all_that_it_had_taken(void **state)
{
	const int64_t wanted = drafted();
	int64_t run;

	(void)state;
	/* It is cut after so many steps, cancelled, and cut again after each step of that. */
	for (int steps = 1; steps < 24; steps += 3) {
		forget();
		run = open_run();
		go(run, steps);
		call_off(run);
		for (int i = 0; i < 40 && go(run, 1) == BILL_RUN_STOPPED; i++)
			continue;
		assert_int_equal(number("SELECT phase = 'cancelled' FROM bill_run"), 1);
		assert_int_equal(number("SELECT COUNT(*) FROM billable WHERE given_back = 0"), 0);
		assert_int_equal(number("SELECT COUNT(*) FROM usage_total"), 0);
		assert_int_equal(
		    number("SELECT COUNT(*) FROM used WHERE state <> 'received' OR run_id IS NOT NULL"), 0);
		assert_int_equal(number("SELECT COUNT(*) FROM draft WHERE state <> 'cancelled'"), 0);
		assert_int_equal(drafted(), wanted);
	}
}

static void
a_paused_run_does_no_step(void **state)
{
	int64_t run = open_run();

	(void)state;
	plain("UPDATE bill_run SET paused = 1");
	assert_int_equal(go(run, -1), BILL_RUN_WAITS);
	assert_int_equal(number("SELECT rated_to FROM bill_run"), 0);
	plain("UPDATE bill_run SET paused = 0");
	assert_int_equal(go(run, -1), BILL_RUN_WAITS);
	assert_int_equal(number("SELECT phase = 'checked' FROM bill_run"), 1);
}

static void
what_is_held_is_not_approved_with_the_rest(void **state)
{
	int64_t run = open_run();

	(void)state;
	assert_int_equal(go(run, -1), BILL_RUN_WAITS);
	plain("UPDATE draft SET state = 'held' ORDER BY id LIMIT 1");
	assert_int_equal(bill_run_approve(db, a, run, 0), ACCOUNTS + 3);
	assert_int_equal(go(run, -1), BILL_RUN_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM draft WHERE state = 'held' AND document_id IS NULL"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_cancelled_run_gives_back_all_that_it_had_taken, clean),
	    cmocka_unit_test_setup(a_paused_run_does_no_step, clean),
	    cmocka_unit_test_setup(what_is_held_is_not_approved_with_the_rest, clean),
	};

	return (cmocka_run_group_tests(tests, book_setup, book_teardown));
}
