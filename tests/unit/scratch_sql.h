/* The arena and the connection of a test with a database of its own (scratch_db.h), and what it asks and says there. */
#ifndef TESTS_SCRATCH_SQL_H
#define TESTS_SCRATCH_SQL_H

static struct arena *a;
static struct db *db;

static int64_t
number(const char *sql)
{
	struct db_stmt *st = db_prepare(db, str_of(sql));
	const struct db_val *row;
	int64_t n;

	if (st == NULL || db_run(st, NULL) == -1 || db_fetch(st, &row) != 1)
		fail_msg("%s: %s", sql, db_error_text(db));
	assert_int_equal(row[0].type, DB_INT);
	n = row[0].i;
	db_stmt_close(st);
	return (n);
}

static void
plain(const char *sql)
{

	if (db_plain(db, str_of(sql)) == -1)
		fail_msg("%s: %s", sql, db_error_text(db));
}

static bool __attribute__((unused)) /* not by all that include this */
always(void *ctx)
{

	(void)ctx;
	return (true);
}

#endif
