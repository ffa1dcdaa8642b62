/* What subscriptions are changed to is billed by the civil day: stretches tile the period, nothing that is billed changes, and a
 * trial says to the cent what the run then bills on both edges.  Runs a MariaDB of its own; started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/query.h"
#include "core/worker.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/bill_trial.h"
#include "trade/early_end.h"
#include "trade/reconcile.h"
#include "trade/rehearse_part.h"
#include "trade/subscribe.h"

#include "bill_months.h"

#define SEAT 1 /* the offerings: 11.11 each to the customer; 10.00 less 33 % and 12.5 % more to who sells it */
#define LINE 2 /* 29.95, whatever the quantity */

static struct worker worker;
static struct rq rq;

static int
setup(void **state)
{

	if (group_setup(state) == -1)
		return (-1);
	date_clock_set((time_t)date_of(2026, 5, 20) * 86400);
	worker = (struct worker){.db = db, .statements = statements_open()};
	return (worker.statements == NULL ? -1 : 0);
}

static int
teardown(void **state)
{

	statements_close(worker.statements);
	return (book_teardown(state));
}

/* Nothing billed, and nobody has changed anything. */
static int
fresh(void **state)
{

	if (clean(state) == -1)
		return (-1);
	rq = (struct rq){.w = &worker, .a = a};
	plain("DELETE FROM subscription_quantity");
	plain("DELETE FROM subscription_change");
	plain("DELETE FROM early_end");
	plain("UPDATE offering SET early_end = 0");
	plain("UPDATE subscription SET ends = NULL, free_until = NULL, committed_until = NULL");
	plain(arena_printf(a, "DELETE FROM subscription WHERE id > %d", 2 * ACCOUNTS).p);
	return (0);
}

static int64_t
seat_of(int n)
{

	return (number(
	    arena_printf(a, "SELECT id FROM subscription WHERE account_id = %d AND offering_id = %d", ACCOUNT(n), SEAT)
		.p));
}

static void
quantity(int64_t subscription, int64_t from, const char *how_many)
{

	assert_int_equal(subscribe_quantity(&rq, subscription, from, str_of(how_many)), 0);
}

/* "starts days quantity net" of each stretch of an offering, on the customer's edge. */
static const char *
stretches(int account, int offering)
{
	struct db_stmt *st = db_prepare(db,
	    arena_printf(a,
		"SELECT CONCAT_WS(' ', b.starts, b.days, CAST(b.quantity AS SIGNED), h.net) FROM billable b JOIN tenant n ON n.id = b.tenant_id "
		"JOIN charge h ON h.billable_id = b.id AND h.position = n.level WHERE b.account_id = %d AND b.offering_id = %d AND b.given_back = 0 "
		"ORDER BY b.starts",
		account, offering));
	const struct db_val *row;
	struct buf b;

	buf_init(&b, a, 4096);
	assert_non_null(st);
	assert_int_equal(db_run(st, NULL), 0);
	while (db_fetch(st, &row) == 1)
		buf_printf(&b, "%.*s\n", STR_ARG(row[0].s));
	db_stmt_close(st);
	buf_char(&b, '\0');
	return (buf_str(&b).p);
}

/* Of June, before its run; nothing of it stays. */
static struct trial
trial(int account)
{
	struct trial t;

	assert_int_equal(db_begin(db), 0);
	assert_int_equal(bill_trial_period(db, a, account, S(PERIOD_START), S(PERIOD_END), &t), 0);
	db_rollback(db);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run"), 0);
	return (t);
}

static int64_t
billed(int account, int above)
{

	return (number(arena_printf(a,
	    "SELECT CAST(SUM(h.net) AS SIGNED) FROM billable b JOIN tenant n ON n.id = b.tenant_id JOIN charge h ON h.billable_id = b.id "
	    "AND h.position = n.level - %d WHERE b.account_id = %d AND b.subscription_id <> 0 AND b.given_back = 0",
	    above, account)
			   .p));
}

static void
told(void *ctx, const struct gap *g)
{

	(void)g;
	++*(int *)ctx;
}

/* June is billed, as the trial says on both edges, and what is subscribed is what is billed. */
static void
bill(int account)
{
	const struct trial t = trial(account);
	int gaps = 0;

	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_int_equal(billed(account, 0), t.charged);
	assert_int_equal(billed(account, 1), t.cost);
	assert_int_equal(t.unpriced, 0);
	assert_true(t.charged > t.cost && t.cost > 0);
	assert_int_not_equal(reconcile(db, a, 0, RECONCILE_subscriptions, told, &gaps), -1);
	assert_int_equal(gaps, 0);
}

static void
stretches_of_a_quantity_tile_the_period_and_what_is_suspended_is_not_billed(void **state)
{
	const int64_t seat = seat_of(0); /* one from the first of June */

	(void)state;
	quantity(seat, date_of(2026, 6, 11), "4");
	quantity(seat, date_of(2026, 6, 21), "0");
	quantity(seat, date_of(2026, 6, 26), "4");
	bill(ACCOUNT(0));
	assert_string_equal(
	    stretches(ACCOUNT(0), SEAT), "2026-06-01 10 1 370\n2026-06-11 10 4 1481\n2026-06-26 5 4 741\n");
}

static void
a_change_takes_the_place_of_what_was_planned_behind_it(void **state)
{
	const int64_t seat = seat_of(0);

	(void)state;
	quantity(seat, date_of(2026, 6, 11), "4");
	quantity(seat, date_of(2026, 6, 6), "2");
	bill(ACCOUNT(0));
	assert_string_equal(stretches(ACCOUNT(0), SEAT), "2026-06-01 5 1 185\n2026-06-06 25 2 1852\n");
	quantity(seat, date_of(2026, 6, 6), "1");
	assert_int_equal(number("SELECT COUNT(*) FROM subscription_quantity"), 1); /* as many as before: one stretch */
}

static void
another_plan_begins_on_the_day_that_the_first_ends(void **state)
{
	const int64_t seat = seat_of(1); /* two from the second of June */

	(void)state;
	arg_int(&rq, "account", ACCOUNT(1));
	arg_int(&rq, "offering", LINE);
	arg_text(&rq, "quantity", S("1"));
	arg_text(&rq, "unit_price", S("0"));
	arg_text(&rq, "starts", S("2026-06-16"));
	arg_null(&rq, "ends");
	arg_null(&rq, "free_until");
	arg_null(&rq, "committed_until");
	arg_null(&rq, "parent");
	arg_int(&rq, "replaces", seat);
	arg_null(&rq, "bundled");
	assert_int_equal(query_run_system(&rq, Q_subscription_insert), 1);
	arg_int(&rq, "subscription", seat);
	arg_text(&rq, "ends", S("2026-06-16"));
	assert_int_equal(query_run_system(&rq, Q_subscription_end), 1);
	bill(ACCOUNT(1));
	assert_string_equal(stretches(ACCOUNT(1), SEAT), "2026-06-02 14 2 1037\n");
	/* The one that it has had since January, and the new one: 29.95 less 33 % and 12.5 % more. */
	assert_string_equal(stretches(ACCOUNT(1), LINE), "2026-06-01 30 1 2257\n2026-06-16 15 1 1129\n");
}

static void
days_of_a_trial_are_free(void **state)
{

	(void)state;
	plain(
	    arena_printf(a, "UPDATE subscription SET free_until = '2026-06-21' WHERE id = %lld", (long long)seat_of(0))
		.p);
	bill(ACCOUNT(0));
	assert_string_equal(stretches(ACCOUNT(0), SEAT), "2026-06-21 10 1 370\n");
}

static void
what_a_run_has_rated_is_behind_the_first_day_that_can_change(void **state)
{
	const int64_t seat = seat_of(0);
	struct subscriber who = {.id = ACCOUNT(0), .cycle_day = 1};

	(void)state;
	who.a1 = number(arena_printf(
	    a, "SELECT n.a1 FROM account a JOIN tenant n ON n.id = a.tenant_id WHERE a.id = %d", ACCOUNT(0))
			    .p);
	assert_int_equal(subscribe_first(&rq, &who), 0);
	assert_int_equal(who.first, date_of(2026, 5, 1)); /* nothing is billed: the period of today */
	assert_int_not_equal(opened(db, JUNE, 1), -1);
	assert_int_equal(subscribe_first(&rq, &who), 0);
	assert_int_equal(who.first, date_of(2026, 5, 1)); /* a run that has not come to the account sees what changes */
	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_int_equal(subscribe_first(&rq, &who), 0);
	assert_int_equal(who.first, date_of(2026, 7, 1));
	/* And what changes from that day on leaves June as it is: a later run of it finds nothing. */
	quantity(seat, date_of(2026, 7, 11), "3");
	assert_int_equal(all_of(db, JUNE, 2), 0);
	assert_string_equal(stretches(ACCOUNT(0), SEAT), "2026-06-01 30 1 1111\n");
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_string_equal(
	    stretches(ACCOUNT(0), SEAT), "2026-06-01 30 1 1111\n2026-07-01 10 1 358\n2026-07-11 21 3 2258\n");
}

/* The rest of a commitment in periods: whole ones, and by the day the first and the last. */
static void
the_rest_of_a_commitment_is_counted_in_periods(void **state)
{
	static const struct {
		int cycle_day, from[3], until[3], share, days, of_days;
	} parts[] = {
	    {1, {2026, 6, 16}, {2026, 9, 1}, 10000, 5, 2},
	    {1, {2026, 6, 16}, {2026, 9, 1}, 5000, 5, 4},
	    {1, {2026, 6, 1}, {2026, 7, 1}, 10000, 1, 1},
	    {1, {2026, 6, 1}, {2026, 6, 11}, 10000, 1, 3},
	    {1, {2026, 6, 16}, {2026, 8, 11}, 10000, 1 * 62 + 31 + 20, 62}, /* 15/30, July, 10/31 */
	    {15, {2026, 6, 20}, {2026, 7, 10}, 10000, 2, 3},
	    {31, {2026, 1, 31}, {2026, 3, 31}, 10000, 2, 1},
	    {1, {2026, 1, 1}, {2036, 1, 1}, 1, 120, 10000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const int *f = parts[i].from, *u = parts[i].until;
		int64_t days, of_days;

		assert_int_equal(early_end_part(parts[i].cycle_day, date_of(f[0], f[1], f[2]),
				     date_of(u[0], u[1], u[2]), parts[i].share, &days, &of_days),
		    0);
		assert_int_equal(days * parts[i].of_days, of_days * parts[i].days);
	}
}

static void
ends(int64_t subscription, const char *day)
{
	const struct subscriber who = {.id = ACCOUNT(0), .cycle_day = 1};
	int64_t d = DATE_NONE;

	if (day != NULL)
		assert_int_equal(date_parse(str_of(day), &d), 0);
	plain(arena_printf(a, "UPDATE subscription SET ends = %s WHERE id = %lld",
	    day == NULL ? "NULL" : arena_printf(a, "'%s'", day).p, (long long)subscription)
		  .p);
	assert_int_equal(early_end(&rq, &who, subscription, d), 0);
}

static void
what_ends_before_its_commitment_owes_its_part_once_on_all_edges(void **state)
{
	const int64_t seat = seat_of(0); /* one from the first of June */

	(void)state;
	plain("UPDATE offering SET early_end = 50 WHERE id = 1");
	plain(arena_printf(a, "UPDATE subscription SET committed_until = '2026-09-01' WHERE id = %lld", (long long)seat)
		  .p);
	quantity(seat, date_of(2026, 6, 11), "4");
	ends(seat, "2026-06-16");
	bill(ACCOUNT(0));
	/* Four at 11.11 for half of two and a half periods. */
	assert_string_equal(
	    stretches(ACCOUNT(0), SEAT), "2026-06-01 10 1 370\n2026-06-11 5 4 741\n2026-06-16 5 4 5555\n");
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM charge h JOIN billable b ON b.id = h.billable_id WHERE b.starts = '2026-06-16' AND b.account_id = 100000"),
	    3);
	assert_int_equal(all_of(db, JUNE, 2), 0);
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM billable WHERE account_id = 100000 AND starts = '2026-06-16'"), 1);
}

static void
what_ends_otherwise_owes_nothing(void **state)
{
	const int64_t seat = seat_of(0);

	(void)state;
	plain(arena_printf(a, "UPDATE subscription SET committed_until = '2026-09-01' WHERE id = %lld", (long long)seat)
		  .p);
	ends(seat, "2026-06-16");
	assert_int_equal(number("SELECT COUNT(*) FROM early_end"), 0); /* as its offering says nothing */
	plain("UPDATE offering SET early_end = 100 WHERE id = 1");
	ends(seat, "2026-06-16");
	assert_int_equal(
	    number("SELECT COUNT(*) FROM early_end WHERE day = '2026-06-16' AND days = 5 AND of_days = 2"), 1);
	ends(seat, "2026-08-01");
	assert_int_equal(
	    number("SELECT COUNT(*) FROM early_end WHERE day = '2026-08-01' AND days = 1 AND of_days = 1"), 1);
	ends(seat, "2026-09-01"); /* it is over */
	assert_int_equal(number("SELECT COUNT(*) FROM early_end"), 0);
	ends(seat, "2026-06-16");
	ends(seat, NULL); /* renewed */
	assert_int_equal(number("SELECT COUNT(*) FROM early_end"), 0);
	ends(seat, "2026-06-01"); /* it never was */
	assert_int_equal(number("SELECT COUNT(*) FROM early_end"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(stretches_of_a_quantity_tile_the_period_and_what_is_suspended_is_not_billed, fresh),
	    cmocka_unit_test_setup(a_change_takes_the_place_of_what_was_planned_behind_it, fresh),
	    cmocka_unit_test_setup(another_plan_begins_on_the_day_that_the_first_ends, fresh),
	    cmocka_unit_test_setup(days_of_a_trial_are_free, fresh),
	    cmocka_unit_test_setup(what_a_run_has_rated_is_behind_the_first_day_that_can_change, fresh),
	    cmocka_unit_test(the_rest_of_a_commitment_is_counted_in_periods),
	    cmocka_unit_test_setup(what_ends_before_its_commitment_owes_its_part_once_on_all_edges, fresh),
	    cmocka_unit_test_setup(what_ends_otherwise_owes_nothing, fresh),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
