/* One statement for many rows (wire/db.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch_db.h"

#define ROWS 3

static struct db *db;

static struct db_val
number(int64_t i)
{

	return ((struct db_val){.type = DB_INT, .i = i});
}

static struct db_val
text(const char *s)
{

	return ((struct db_val){.type = DB_TEXT, .s = str_of(s)});
}

/* What the table has, a row a word. */
static struct str
held(struct arena *a)
{
	struct db_stmt *st = db_prepare(db,
	    S("SELECT CAST(GROUP_CONCAT(CONCAT(id, ':', COALESCE(name, '-'), ':', COALESCE(n, '-'), ':', batch) ORDER BY id "
	      "SEPARATOR ' ') AS CHAR) FROM held"));
	const struct db_val *row;
	struct str s;

	assert_non_null(st);
	assert_int_equal(db_run(st, NULL), 0);
	assert_int_equal(db_fetch(st, &row), 1);
	s = arena_str(a, row[0].s);
	db_done(st);
	return (s);
}

static struct db_stmt *
insert(void)
{
	struct db_stmt *st;

	assert_int_equal(db_plain(db, S("DELETE FROM held")), 0);
	st = db_prepare(db, S("INSERT IGNORE INTO held (id, name, n, batch) VALUES (?, ?, ?, ?)"));
	assert_non_null(st);
	return (st);
}

static void
each_row_has_its_own_values_and_those_that_all_share(void **state)
{
	const struct db_val rows[ROWS][3] = {{number(1), {.type = DB_NULL}, number(7)},
	    {number(2), text("of two"), {.type = DB_NULL}}, {number(1), text("again"), number(9)}};
	const struct db_val batch = number(5);
	const struct db_values values[] = {{&rows[0][0], 3}, {&rows[0][1], 3}, {&rows[0][2], 3}, {&batch, 0}};
	struct arena *a = arena_open();

	(void)state;
	assert_int_equal(db_run_rows(insert(), a, values, ROWS), 0);
	assert_int_equal(db_changed(db), 2); /* the third was there */
	assert_string_equal(held(a).p, "1:-:7:5 2:of two:-:5");
	arena_close(a);
}

static void
behind_many_rows_a_statement_runs_once_again(void **state)
{
	const struct db_val rows[2] = {number(1), number(2)}, none = {.type = DB_NULL}, batch = number(5);
	const struct db_values values[] = {{rows, 1}, {&none, 0}, {&none, 0}, {&batch, 0}};
	const struct db_val one[] = {number(3), text("alone"), number(4), number(6)};
	struct arena *a = arena_open();
	struct db_stmt *st = insert();

	(void)state;
	assert_int_equal(db_run_rows(st, a, values, 2), 0);
	assert_int_equal(db_run(st, one), 0);
	assert_int_equal(db_changed(db), 1);
	assert_string_equal(held(a).p, "1:-:-:5 2:-:-:5 3:alone:4:6");
	arena_close(a);
}

static int
group_setup(void **state)
{

	(void)state;
	if (scratch_start() == -1)
		return (-1);
	db = scratch_open("mysql");
	return (db_plain(
	    db, S("CREATE TEMPORARY TABLE held (id INT PRIMARY KEY, name VARCHAR(20), n INT, batch INT NOT NULL)")));
}

static int
group_teardown(void **state)
{

	(void)state;
	db_close(db);
	scratch_stop();
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row_has_its_own_values_and_those_that_all_share),
	    cmocka_unit_test(behind_many_rows_a_statement_runs_once_again),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
