/* What was used, bought and billed is the same after a run, and each gap between them is told.  Runs a MariaDB of its own; started
 * from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/reconcile.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

static void
tell(void *ctx, const struct gap *g)
{

	buf_printf(ctx, "%.*s %.*s %.*s %.*s %.*s %.*s %.*s %lld %.*s\n", STR_ARG(g->kind), STR_ARG(g->account),
	    STR_ARG(g->offering), STR_ARG(g->starts), STR_ARG(g->used), STR_ARG(g->bought), STR_ARG(g->billed),
	    (long long)g->value, STR_ARG(g->currency));
}

/* All gaps of a run, or of all. */
static const char *
gaps(int64_t run)
{
	struct buf b;

	buf_init(&b, a, 1024 * 1024);
	for (int p = 0; p < RECONCILE__MAX; p++)
		assert_int_not_equal(reconcile(db, a, run, (enum reconcile_part)p, tell, &b), -1);
	buf_char(&b, '\0');
	return (buf_str(&b).p);
}

static void
after_a_clean_run_nothing_is_left_over(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	assert_string_equal(gaps(0), "");
	use(db, ACCOUNT(0), "10", "2026-06-02");
	use(db, ACCOUNT(1), "1", "2026-07-03");
	assert_int_equal(all_of(db, JULY, 1), 0);
	assert_string_equal(gaps(0), "");
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE name IN ('usage', 'unbilled')"), 4);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE found <> 0"), 0);
}

static void
each_kind_of_gap_is_told_with_what_it_is_worth(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	use(db, ACCOUNT(6), "10", "2026-06-30");
	assert_string_equal(gaps(0), "not_rated A100006 CALL 2026-06-01 10.000000 0.000000 0.000000 50 EUR\n");
	plain("DELETE FROM usage_event WHERE event LIKE 'more-%'");
	plain("SET SESSION foreign_key_checks = 0");
	/* K09 used 27.37: 22.37 are billed, for 1.05 by the list. */
	plain(
	    "DELETE h FROM charge h JOIN billable b ON b.id = h.billable_id WHERE b.account_id = 100009 AND b.subscription_id = 0");
	assert_string_equal(gaps(0), "not_charged A100009 CALL 2026-06-01 27.370000 0.000000 0.000000 112 EUR\n");
	plain("DELETE FROM usage_total WHERE account_id = 100009");
	assert_string_equal(gaps(0), "not_rated A100009 CALL 2026-06-01 27.370000 0.000000 0.000000 137 EUR\n");
	forget();
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain("UPDATE billable SET quantity = quantity + 2 WHERE account_id = 100009 AND subscription_id = 0");
	assert_non_null(strstr(gaps(0), "differs A100009 CALL 2026-06-01 27.370000 24.370000 24.370000 -"));
	plain("UPDATE billable SET quantity = quantity - 2 WHERE account_id = 100009 AND subscription_id = 0");
	/* Bought above, and not sold. */
	plain("SET SESSION foreign_key_checks = 0");
	plain(
	    "DELETE h FROM charge h JOIN billable b ON b.id = h.billable_id JOIN tenant n ON n.id = b.tenant_id WHERE b.account_id = 100009 AND h.position = n.level "
	    "AND b.offering_id = 1");
	plain("SET SESSION foreign_key_checks = 1");
	assert_string_equal(gaps(number("SELECT MAX(id) FROM bill_run")),
	    "not_billed A100009 SEAT 2026-06-10 10.000000 10.000000 0.000000 7000 EUR\n");
	plain(
	    "INSERT INTO subscription (id, tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts) "
	    "SELECT 900, tenant_id, customer_id, segment_id, account_id, offering_id, product_id, 1, unit_price, currency, '2026-06-16' FROM subscription "
	    "WHERE account_id = 100003 AND offering_id = 1");
	assert_non_null(strstr(gaps(0), "not_billed A100003 SEAT 2026-06-16 1.000000 0.000000 0.000000 500 EUR\n"));
	plain("DELETE FROM subscription WHERE id = 900");
}

static void
a_range_that_holds_other_events_than_were_summed_is_told(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain("UPDATE usage_total SET quantity = quantity + 2 WHERE account_id = 100009");
	assert_string_equal(gaps(0), "differs A100009 CALL 2026-06-01 27.370000 29.370000 29.370000 -10 EUR\n");
	plain("UPDATE usage_total SET quantity = quantity - 2 WHERE account_id = 100009");
	/* The same events in two. */
	plain("UPDATE usage_total SET upto = upto + 1 WHERE account_id = 100009");
	plain(
	    "INSERT INTO usage_total (run_id, account_id, offering_id, starts, ends, above, upto, quantity) SELECT run_id, account_id, offering_id, starts, ends, above + 1, upto, quantity "
	    "FROM usage_total WHERE account_id = 100009");
	assert_non_null(strstr(gaps(0), "differs A100009 CALL 2026-06-01 27.370000 54.740000 54.740000 -137 EUR\n"));
}

static void
a_run_that_charges_another_quantity_than_was_used_is_held(void **state)
{
	int64_t run = opened(db, JUNE, 1);

	(void)state;
	plain(
	    "CREATE TRIGGER spoil BEFORE INSERT ON billable FOR EACH ROW SET NEW.quantity = IF(NEW.account_id = 100009 AND NEW.subscription_id = 0, 1, NEW.quantity)");
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	plain("DROP TRIGGER spoil");
	assert_int_equal(of("SELECT COUNT(*) FROM bill_run WHERE id = %lld AND phase = 'held'", run), 1);
	assert_int_equal(number("SELECT found FROM bill_run_check WHERE name = 'usage'"), 1);
}

/* EXPLAIN of one statement: how the table of that alias is read, "ref once_live". */
static const char *
plan(enum query q, const char *alias)
{
	struct params params;
	struct buf sql, said;
	struct db_val values[16];
	const struct db_val *row;
	struct db_stmt *st;

	buf_init(&sql, a, 64 * 1024);
	buf_init(&said, a, 4096);
	buf_addz(&sql, "EXPLAIN ");
	memset(&params, 0, sizeof(params));
	statement_text(&(struct variant){.query = (uint16_t)q}, &sql, &params);
	for (size_t i = 0; i < params.n; i++)
		values[i] = (struct db_val){.type = DB_INT, .i = 1};
	assert_non_null(st = db_prepare(db, buf_str(&sql)));
	assert_int_equal(db_run(st, values), 0);
	/* id, select_type, table, type, possible_keys, key, ..., Extra */
	while (db_fetch(st, &row) == 1)
		if (str_eqz(row[2].s, alias))
			buf_printf(&said, "%.*s %.*s;", STR_ARG(row[3].s), STR_ARG(row[5].s));
	db_stmt_close(st);
	buf_char(&said, '\0');
	return (buf_str(&said).p);
}

/* Whatever is known of the tables: a check that reads all for each row takes hours where a run takes minutes. */
static void
each_row_is_held_against_its_own_alone(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	plain("ANALYZE TABLE billable, bill_run, usage_event, usage_total, charge");
	assert_string_equal(plan(Q_reconcile_usage, "e"), "ref rating;ref rating;");
	assert_string_equal(plan(Q_reconcile_subscriptions, "b"), "ref once_live;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(after_a_clean_run_nothing_is_left_over, clean),
	    cmocka_unit_test_setup(each_kind_of_gap_is_told_with_what_it_is_worth, clean),
	    cmocka_unit_test_setup(a_range_that_holds_other_events_than_were_summed_is_told, clean),
	    cmocka_unit_test_setup(a_run_that_charges_another_quantity_than_was_used_is_held, clean),
	    cmocka_unit_test_setup(each_row_is_held_against_its_own_alone, clean),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
