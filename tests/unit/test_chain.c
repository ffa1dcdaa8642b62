/* The audit's chain: whatever is done to its rows, links or end is found, and nothing is found where nothing
 * was done; what is still open elsewhere is waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/anchor.h"
#include "core/chain_verify.h"
#include "core/statement.h"
#include "scratch_db.h"

#define ROWS 40 /* of each chain, ids 1 to 40 */

static struct arena *a;
static struct db *db, *other; /* other: somebody who writes at the same time */
static char file[96];
static struct chain_report report;

__attribute__((format(printf, 2, 3))) static void
run(struct db *on, const char *fmt, ...)
{
	char sql[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sql, sizeof(sql), fmt, ap);
	va_end(ap);
	if (db_plain(on, str_of(sql)) == -1)
		fail_msg("%s: %s", sql, db_error_text(on));
}

static int
seal_all(void)
{
	int n, all = 0;

	while ((n = chain_seal(db, a)) > 0)
		all += n;
	assert_int_equal(n, 0);
	return (all);
}

static void
note(void)
{

	assert_int_equal(anchor_note(file, db, a), 0);
}

static void
verify_with(const char *anchor_file, const unsigned char *noted)
{

	assert_int_equal(chain_verify(db, a, anchor_file, noted, &report), 0);
	for (int64_t i = 0; i < report.n_problems && i < CHAIN_PROBLEMS; i++)
		print_message("  %s row %lld link %lld: %.*s\n", report.problems[i].kind,
		    (long long)report.problems[i].row, (long long)report.problems[i].link,
		    STR_ARG(report.problems[i].text));
}

static void
verify(void)
{

	verify_with(file, NULL);
}

static void
whole(int64_t rows, int64_t unsealed)
{

	verify();
	assert_int_equal(report.n_problems, 0);
	assert_int_equal(report.rows, rows);
	assert_int_equal(report.links, rows);
	assert_int_equal(report.unsealed, unsealed);
}

/* Is there such a finding? */
static bool
told(const char *kind, int64_t row, int64_t link)
{

	for (int64_t i = 0; i < report.n_problems && i < CHAIN_PROBLEMS; i++)
		if (strcmp(report.problems[i].kind, kind) == 0 && report.problems[i].row == row &&
		    report.problems[i].link == link)
			return (true);
	return (false);
}

/* Exactly one finding, and this one. */
static void
only(const char *kind, int64_t row, int64_t link)
{

	verify();
	assert_int_equal(report.n_problems, 1);
	assert_true(told(kind, row, link));
}

static void
add_rows(int from, int to)
{

	run(db,
	    "INSERT INTO audit (id, at, trace, user_id, tenant_id, action, object_id, detail) "
	    "SELECT seq, '2026-05-01' + INTERVAL seq SECOND, '0123456789abcdef', seq %% 5, NULL, 'user.edit', "
	    "seq %% 7, IF(seq %% 3 = 0, 'x', '') FROM seq_%d_to_%d",
	    from, to);
}

static int
fresh(void **state)
{

	(void)state;
	db_rollback(other);
	run(db, "TRUNCATE TABLE audit");
	run(db, "TRUNCATE TABLE audit_seal");
	unlink(file);
	note();
	add_rows(1, ROWS);
	assert_int_equal(seal_all(), ROWS);
	note();
	return (0);
}

static void
an_untouched_chain_is_whole(void **state)
{

	(void)state;
	whole(ROWS, 0);
	assert_int_equal(report.anchors, 2);
	assert_string_equal(report.from, "2026-05-01 00:00:01.000");
	assert_string_equal(report.to, "2026-05-01 00:00:40.000");
	assert_int_equal(seal_all(), 0);
	add_rows(ROWS + 1, ROWS + 2500); /* more than one transaction */
	whole(ROWS, 2500);
	assert_int_equal(seal_all(), 2500);
	note();
	whole(ROWS + 2500, 0);
}

static void
each_column_of_a_row_is_sealed(void **state)
{
	static const char *const changes[] = {"at = at + INTERVAL 1000 MICROSECOND", "trace = '0123456789abcdeg'",
	    "user_id = user_id + 1", "user_id = NULL", "tenant_id = 0", "action = 'user.edis'", "object_id = NULL",
	    "detail = 'y'", "detail = ''"};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		fresh(state);
		run(db, "UPDATE audit SET %s WHERE id = 6", changes[i]);
		only("changed_row", 6, 6);
	}
	/* What one field loses and the next gains is a change too. */
	fresh(state);
	run(db, "UPDATE audit SET user_id = object_id, object_id = user_id WHERE id = 6");
	only("changed_row", 6, 6);
}

static void
two_rows_that_change_places_are_found(void **state)
{

	(void)state;
	run(db,
	    "UPDATE audit x JOIN audit y ON x.id = 10 AND y.id = 21 OR x.id = 21 AND y.id = 10 "
	    "SET x.at = y.at, x.user_id = y.user_id, x.object_id = y.object_id, x.detail = y.detail");
	verify();
	assert_int_equal(report.n_problems, 2);
	assert_true(told("changed_row", 10, 10) && told("changed_row", 21, 21));
	fresh(state);
	run(db, "UPDATE audit SET id = -1 WHERE id = 10");
	run(db, "UPDATE audit SET id = 10 WHERE id = 21");
	run(db, "UPDATE audit SET id = 21 WHERE id = -1");
	verify();
	assert_int_equal(report.n_problems, 2);
	assert_true(told("changed_row", 10, 10) && told("changed_row", 21, 21));
}

static void
a_row_that_is_gone_is_found(void **state)
{

	(void)state;
	run(db, "DELETE FROM audit WHERE id = 17");
	only("missing_row", 17, 17);
	/* With its link. */
	run(db, "DELETE FROM audit_seal WHERE seq = 17");
	only("missing_link", 0, 17);
	/* And with the links behind it counted anew. */
	run(db, "UPDATE audit_seal SET seq = seq - 1 WHERE seq > 17 ORDER BY seq");
	verify();
	assert_true(told("changed_link", 18, 17));
	assert_true(told("cut_tail", 0, ROWS));
}

static void
a_row_that_is_put_in_is_found(void **state)
{

	(void)state;
	run(db, "DELETE FROM audit WHERE id = 17");
	run(db, "INSERT INTO audit (id, trace, action) VALUES (17, 'x', 'user.edit')");
	only("changed_row", 17, 17);
	fresh(state);
	run(db, "INSERT INTO audit (id, trace, action) VALUES (-3, 'x', 'user.edit')");
	only("extra_row", -3, 0);
	/* Sealing goes on behind it and does not make it right. */
	add_rows(ROWS + 1, ROWS + 1);
	assert_int_equal(seal_all(), 1);
	note();
	only("extra_row", -3, 0);
	/* In a hole that was sealed over. */
	fresh(state);
	add_rows(ROWS + 3, ROWS + 5);
	assert_int_equal(seal_all(), 3);
	whole(ROWS + 3, 0);
	run(db, "INSERT INTO audit (id, trace, action) VALUES (%d, 'x', 'user.edit')", ROWS + 2);
	assert_int_equal(seal_all(), 0);
	only("extra_row", ROWS + 2, 0);
}

static void
a_link_that_is_changed_or_swapped_is_found(void **state)
{

	(void)state;
	run(db, "UPDATE audit_seal SET link = REPEAT('a', 32) WHERE seq = 9");
	only("changed_link", 9, 9);
	fresh(state);
	run(db, "UPDATE audit_seal SET sealed = sealed + INTERVAL 1 SECOND WHERE seq = 9");
	only("changed_link", 9, 9);
	fresh(state);
	run(db, "UPDATE audit_seal SET link = REPEAT('a', 32) WHERE seq = %d", ROWS);
	verify();
	assert_true(told("changed_link", ROWS, ROWS) && told("changed_anchor", 0, ROWS));
	fresh(state);
	run(db, "UPDATE audit_seal SET seq = -1 WHERE seq = 8");
	run(db, "UPDATE audit_seal SET seq = 8 WHERE seq = 12");
	run(db, "UPDATE audit_seal SET seq = 12 WHERE seq = -1");
	verify();
	assert_true(told("changed_link", 12, 8));
	assert_true(told("swapped_link", 8, 12));
	fresh(state);
	run(db, "DELETE FROM audit_seal WHERE seq = 5");
	verify();
	assert_true(told("missing_link", 0, 5) && told("extra_row", 5, 0));
	/* A row and its hash, so that only the link can tell. */
	fresh(state);
	run(db, "UPDATE audit_seal s JOIN audit_seal o ON o.seq = 3 SET s.row_hash = o.row_hash WHERE s.seq = 9");
	verify();
	assert_true(told("changed_link", 9, 9));
}

/* A row with its hash and its link made anew, all of them right: the next link knows the old one. */
static void
a_link_holds_the_one_before_it(void **state)
{

	(void)state;
	run(db, "CREATE TEMPORARY TABLE kept AS SELECT seq, sealed, row_hash, link FROM audit_seal");
	run(db, "UPDATE audit SET user_id = 99 WHERE id = 9");
	run(db, "DELETE FROM audit_seal WHERE seq >= 9");
	assert_int_equal(seal_all(), ROWS - 8);
	run(db,
	    "UPDATE audit_seal s JOIN kept k ON k.seq = s.seq SET s.sealed = k.sealed, s.row_hash = k.row_hash, "
	    "s.link = k.link WHERE s.seq > 9");
	run(db, "DROP TEMPORARY TABLE kept");
	only("changed_link", 10, 10);
}

static void
a_tail_that_is_cut_is_found_by_the_anchor_alone(void **state)
{
	unsigned char noted[CHAIN_HASH];

	(void)state;
	verify();
	memcpy(noted, report.head, sizeof(noted));
	run(db, "DELETE FROM audit WHERE id > 30");
	run(db, "DELETE FROM audit_seal WHERE seq > 30");
	only("cut_tail", 0, ROWS);
	verify_with("", NULL);
	assert_int_equal(report.n_problems, 1);
	assert_true(told("missing_anchor", 0, 0)); /* without one it cannot be known, and that is said */
	verify_with("", noted);
	assert_int_equal(report.n_problems, 1);
	assert_true(told("unknown_anchor", 0, 0));
	/* Other rows in the place of those that were cut. */
	add_rows(131, 150);
	seal_all();
	note();
	verify();
	assert_true(told("changed_anchor", 0, ROWS));
	/* A link that is in the chain may be given from elsewhere. */
	fresh(state);
	verify();
	memcpy(noted, report.head, sizeof(noted));
	verify_with("", noted);
	assert_int_equal(report.n_problems, 0);
}

static void
a_chain_that_was_made_anew_is_found_by_the_anchor_alone(void **state)
{

	(void)state;
	run(db, "UPDATE audit SET user_id = 99 WHERE id = 2");
	run(db, "TRUNCATE TABLE audit_seal");
	assert_int_equal(seal_all(), ROWS);
	only("changed_anchor", 0, ROWS);
}

static void
an_anchor_that_is_behind_or_cut_by_a_crash_is_no_fault(void **state)
{
	FILE *f;

	(void)state;
	add_rows(ROWS + 1, ROWS + 4);
	assert_int_equal(seal_all(), 4); /* and killed before it is noted */
	whole(ROWS + 4, 0);
	assert_int_equal(report.anchors, 2);
	f = fopen(file, "ae");
	assert_true(f != NULL && fputs("44 0123456789abc", f) >= 0 && fclose(f) == 0); /* killed while it notes */
	whole(ROWS + 4, 0);
	note();
	note(); /* nothing new */
	whole(ROWS + 4, 0);
	assert_int_equal(report.anchors, 3);
	add_rows(ROWS + 5, ROWS + 5);
	seal_all();
	note();
	whole(ROWS + 5, 0);
	assert_int_equal(report.anchors, 4);
}

static void
an_anchor_that_was_changed_is_found(void **state)
{
	FILE *f = fopen(file, "ae");

	(void)state;
	assert_true(f != NULL && fputs("no anchor\n", f) >= 0 && fclose(f) == 0);
	only("bad_anchor", 0, 0);
}

static void
a_row_of_an_open_transaction_is_waited_for(void **state)
{

	(void)state;
	assert_int_equal(db_begin(other), 0);
	run(other, "INSERT INTO audit (id, at, trace, action) VALUES (%d, '2026-05-02', 'x', 'user.edit')", ROWS + 1);
	add_rows(ROWS + 2, ROWS + 10); /* old enough, were it not for the open one */
	assert_int_equal(seal_all(), 0);
	whole(ROWS, 9);
	assert_int_equal(db_commit(other), 0);
	assert_int_equal(seal_all(), 10);
	note();
	whole(ROWS + 10, 0);
	/* Rolled back: a hole that nothing will ever fill. */
	assert_int_equal(db_begin(other), 0);
	run(other, "INSERT INTO audit (id, at, trace, action) VALUES (%d, '2026-05-02', 'x', 'user.edit')", ROWS + 11);
	add_rows(ROWS + 12, ROWS + 12);
	assert_int_equal(seal_all(), 0);
	db_rollback(other);
	assert_int_equal(seal_all(), 1);
	whole(ROWS + 11, 0);
}

/* On another node of a cluster an open transaction is not to be seen: there its age alone counts. */
static void
a_young_row_behind_a_hole_waits(void **state)
{

	(void)state;
	run(db, "INSERT INTO audit (id, trace, action) VALUES (%d, 'x', 'user.edit')", ROWS + 1);
	run(db, "INSERT INTO audit (id, trace, action) VALUES (%d, 'x', 'user.edit')", ROWS + 3);
	assert_int_equal(seal_all(), 1); /* without a hole at once */
	whole(ROWS + 1, 1);
	run(db, "INSERT INTO audit (id, trace, action) VALUES (%d, 'x', 'user.edit')", ROWS + 2);
	assert_int_equal(seal_all(), 2);
	note();
	whole(ROWS + 3, 0);
}

/* Both read the same end and seal the same rows: the number of a link can be had once. */
static void
of_two_that_seal_at_once_one_wins(void **state)
{
	struct chain_head head;

	(void)state;
	add_rows(ROWS + 1, ROWS + 3);
	assert_int_equal(chain_head(db, a, &head), 0);
	assert_int_equal(db_begin(other), 0);
	run(other,
	    "INSERT INTO audit_seal (seq, audit_id, sealed, row_hash, link) VALUES (%d, %d, '2026-05-02', 'x', 'x')",
	    ROWS + 2, ROWS + 2);
	run(db, "SET SESSION innodb_lock_wait_timeout = 0");
	assert_int_equal(chain_seal(db, a), -1); /* waits for the other, in vain */
	run(db, "SET SESSION innodb_lock_wait_timeout = 5");
	whole(ROWS, 3);
	db_rollback(other);
	assert_int_equal(chain_seal(db, a), 3);
	note();
	whole(ROWS + 3, 0);
}

static void
no_two_rows_have_the_same_bytes(void **state)
{
	struct chain_row x = {.id = {.type = DB_INT, .i = 1},
	    .at = {.type = DB_TEXT, .s = S("ab")},
	    .trace = {.type = DB_TEXT, .s = S("c")},
	    .action = {.type = DB_TEXT, .s = S("")}};
	unsigned char one[CHAIN_HASH], two[CHAIN_HASH];
	struct buf b;

	(void)state;
	buf_init(&b, a, CHAIN_BYTES);
	chain_row_hash(&b, &x, one);
	x.at.s = S("a");
	x.trace.s = S("bc"); /* the same when it is joined */
	chain_row_hash(&b, &x, two);
	assert_memory_not_equal(one, two, CHAIN_HASH);
	chain_row_hash(&b, &x, one);
	x.user_id = (struct db_val){.type = DB_TEXT, .s = S("")}; /* no value, or an empty one */
	chain_row_hash(&b, &x, two);
	assert_memory_not_equal(one, two, CHAIN_HASH);
	chain_row_hash(&b, &x, one);
	x.action.type = DB_NULL;
	chain_row_hash(&b, &x, two);
	assert_memory_not_equal(one, two, CHAIN_HASH);
}

static int
group_setup(void **state)
{

	(void)state;
	a = arena_open();
	if (statement_init() == -1 || scratch_start() == -1 || (db = scratch_fresh("chain")) == NULL)
		return (-1);
	other = db_another(db);
	snprintf(file, sizeof(file), "%s/anchor", scratch_folder);
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
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_untouched_chain_is_whole, fresh),
	    cmocka_unit_test_setup(each_column_of_a_row_is_sealed, fresh),
	    cmocka_unit_test_setup(two_rows_that_change_places_are_found, fresh),
	    cmocka_unit_test_setup(a_row_that_is_gone_is_found, fresh),
	    cmocka_unit_test_setup(a_row_that_is_put_in_is_found, fresh),
	    cmocka_unit_test_setup(a_link_that_is_changed_or_swapped_is_found, fresh),
	    cmocka_unit_test_setup(a_link_holds_the_one_before_it, fresh),
	    cmocka_unit_test_setup(a_tail_that_is_cut_is_found_by_the_anchor_alone, fresh),
	    cmocka_unit_test_setup(a_chain_that_was_made_anew_is_found_by_the_anchor_alone, fresh),
	    cmocka_unit_test_setup(an_anchor_that_is_behind_or_cut_by_a_crash_is_no_fault, fresh),
	    cmocka_unit_test_setup(an_anchor_that_was_changed_is_found, fresh),
	    cmocka_unit_test_setup(a_row_of_an_open_transaction_is_waited_for, fresh),
	    cmocka_unit_test_setup(a_young_row_behind_a_hole_waits, fresh),
	    cmocka_unit_test_setup(of_two_that_seal_at_once_one_wins, fresh),
	    cmocka_unit_test(no_two_rows_have_the_same_bytes),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
