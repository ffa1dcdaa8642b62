/* A filled database keeps what became of each event, and what each run took, when events stop saying it themselves
 * (0037_usage_ranges.sql), wherever the migration is cut.  Runs a MariaDB of its own; started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch_db.h"
#include "scratch_sql.h"
#include "used_view.h"

#define CLIENT "mariadb --no-defaults -S %s -u root ranges"

static int
setup(void **state)
{

	(void)state;
	a = arena_open();
	if (scratch_start() == -1 ||
	    scratch_shell("mariadb --no-defaults -S %s -u root -e 'CREATE DATABASE ranges CHARACTER SET utf8mb4'",
		scratch_socket) == -1 ||
	    scratch_shell(
		"for f in schema/migrate/00[0-2]*.sql schema/migrate/003[0-6]*.sql tests/unit/ranges.sql; do " CLIENT
		" <$f || exit 1; done",
		scratch_socket) == -1)
		return (-1);
	/* Each statement twice: the second time it finds that it was done, as after a cut. */
	if (scratch_shell(
		"{ echo 'SET foreign_key_checks = 0;'; grep -v '^--' schema/migrate/0037_usage_ranges.sql | "
		"awk 'BEGIN { RS = \";\\n\" } NF { printf \"%%s;\\n%%s;\\n\", $0, $0 }'; } | " CLIENT
		" --force 2>%s/again; ! grep -v 'ERROR \\(1050\\|1060\\|1061\\|1062\\|1091\\) ' %s/again | grep ERROR",
		scratch_socket, scratch_folder, scratch_folder) == -1)
		return (-1);
	db = scratch_open("ranges");
	plain(used_view);
	return (0);
}

static int
teardown(void **state)
{

	(void)state;
	db_close(db);
	arena_close(a);
	scratch_stop();
	return (0);
}

static void
each_event_is_what_it_was_and_of_one_range_at_most(void **state)
{

	(void)state;
	assert_int_equal(number("SELECT COUNT(*) FROM used"), 5000);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM used u JOIN was w USING (id) WHERE NOT (u.run_id <=> w.run_id) OR u.state <> w.state"),
	    0);
	assert_int_equal(number("SELECT COUNT(*) > 500 FROM was WHERE run_id IS NULL"), 1);
}

static void
what_each_run_took_of_a_period_comes_to_the_same(void **state)
{
	static const char *const sums[] = {"was_total", "used"};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    number(arena_printf(a,
			"SELECT COUNT(*) FROM (SELECT run_id, account_id, offering_id, starts, ends, SUM(quantity) AS q FROM usage_total GROUP BY "
			"run_id, account_id, offering_id, starts, ends) u RIGHT JOIN (SELECT run_id, account_id, offering_id, starts, ends, SUM(quantity) AS q "
			"FROM %s WHERE run_id IS NOT NULL GROUP BY run_id, account_id, offering_id, starts, ends) w "
			"USING (run_id, account_id, offering_id, starts, ends) WHERE NOT (u.q <=> w.q)",
			sums[i])
			       .p),
		    0);
	assert_int_equal(
	    number(
		"SELECT (SELECT SUM(quantity) FROM usage_total) = (SELECT SUM(quantity) FROM was WHERE run_id IS NOT NULL)"),
	    1);
}

static void
what_no_run_has_of_days_that_one_had_is_noted_for_a_later_one(void **state)
{

	(void)state;
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM was w WHERE w.run_id IS NULL AND (w.day < '2026-07-01') <> EXISTS (SELECT 1 FROM usage_late l "
		"WHERE l.account_id = w.account_id AND l.offering_id = w.offering_id AND l.starts <= w.day AND l.ends > w.day AND l.upto >= w.id)"),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_event_is_what_it_was_and_of_one_range_at_most),
	    cmocka_unit_test(what_each_run_took_of_a_period_comes_to_the_same),
	    cmocka_unit_test(what_no_run_has_of_days_that_one_had_is_noted_for_a_later_one),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
