/* Rows of the audit for what was refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/audit.h"
#include "core/worker.h"
#include "scratch_db.h"

static struct arena *a;
static struct db *db, *other;

static int64_t
refusals(void)
{
	struct db_stmt *st =
	    db_prepare(db, S("SELECT COUNT(*) FROM audit WHERE action = 'user.edit.refused' AND user_id IN (7, 8)"));
	const struct db_val *row;
	int64_t n;

	assert_true(st != NULL && db_run(st, NULL) == 0 && db_fetch(st, &row) == 1);
	n = row[0].i;
	db_stmt_close(st);
	return (n);
}

static void
refuse(struct worker *w, int64_t user, const char *name)
{
	struct rq rq = {.w = w, .a = a, .action = ACT_user_edit, .trace = "0123456789abcdef"};

	rq.who = (struct who){.id = user, .tenant_id = 1};
	assert_int_equal(audit_refusal(&rq, name), 0);
	assert_int_equal(rq.problem, P_none);
}

/* A flood of refused writes is one row a user, action and minute, on whatever machine they come in. */
static void
refusals_are_one_row_a_minute(void **state)
{
	struct worker one = {.a = a, .db = db, .statements = statements_open()};
	struct worker two = {.a = a, .db = other, .statements = statements_open()};

	(void)state;
	for (int i = 0; i < 20; i++)
		refuse(i % 2 == 0 ? &one : &two, 7, "user.edit");
	assert_int_equal(refusals(), 1);
	refuse(&one, 8, "user.edit");
	refuse(&one, 7, "user.read"); /* another action is another row */
	assert_int_equal(refusals(), 2);
	assert_int_equal(db_plain(db, S("UPDATE audit_refusal SET until = UTC_TIMESTAMP() WHERE user_id = 7")), 0);
	for (int i = 0; i < 20; i++)
		refuse(i % 2 == 0 ? &one : &two, 7, "user.edit");
	assert_int_equal(refusals(), 3);
	statements_close(one.statements);
	statements_close(two.statements);
}

static int
group_setup(void **state)
{

	(void)state;
	a = arena_open();
	if (statement_init() == -1 || scratch_start() == -1 || (db = scratch_fresh("audit")) == NULL)
		return (-1);
	other = db_another(db);
	return (0);
}

static int
group_teardown(void **state)
{

	(void)state;
	db_close(other);
	db_close(db);
	scratch_stop();
	arena_close(a);
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(refusals_are_one_row_a_minute)};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
