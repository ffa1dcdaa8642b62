/* Runs of several months over the book of bill_book.h, and usage that comes in by and by. */
#ifndef TESTS_BILL_MONTHS_H
#define TESTS_BILL_MONTHS_H

#include <stdlib.h>
#include <unistd.h>

#include "base/conf.h"
#include "bill_book.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "core/statement.h"

#define CALL 3 /* the offering: 5 included, then 0.05 up to 10, then 0.0333 */
#define ACCOUNT(n) (100000 + (n))

static int names;

/* Usage of these months goes up and down, and nobody is there to release what is held for that. */
static int
no_outliers(void)
{
	char conf[] = "/tmp/portico-unit-conf-XXXXXX";
	static const char text[] = "outlier = 0\n";
	int fd = mkstemp(conf), rc = fd == -1 || write(fd, text, sizeof(text) - 1) == -1 ? -1 : conf_load(conf);

	if (fd != -1) {
		close(fd);
		unlink(conf);
	}
	return (rc);
}

static int __attribute__((unused)) /* not by those with a set-up of their own */
group_setup(void **state)
{

	(void)state;
	return (no_outliers() == -1 ? -1 : book_open());
}

static int __attribute__((unused)) /* not by all that include this */
clean(void **state)
{

	(void)state;
	forget();
	plain("DELETE FROM usage_event WHERE event LIKE 'more-%'");
	return (0);
}

static const char *const starts[] = {"2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"};
enum month { MAY, JUNE, JULY, AUGUST };

static int64_t
opened(struct db *on, enum month m, int sequence)
{
	const struct bill_run_want want = {
	    REHEARSE_ROOT, 1, str_of(starts[m]), str_of(starts[m + 1]), str_of(starts[m + 1]), CHUNK, sequence};

	return (bill_run_open(on, a, &want));
}

/* From the begin to the end. */
static int __attribute__((unused)) /* not by all that include this */
all_of(struct db *on, enum month m, int sequence)
{
	int64_t run = opened(on, m, sequence);
	enum bill_run_end end = run == -1 ? BILL_RUN_FAILED : bill_run_go(on, a, run, always, NULL);

	if (end == BILL_RUN_WAITS && bill_run_approve(on, a, run, 0) != -1)
		end = bill_run_go(on, a, run, always, NULL);
	return (end == BILL_RUN_DONE ? 0 : -1);
}

static void
use_plain(struct db *on, const char *sql)
{

	if (db_plain(on, str_of(sql)) == -1)
		fail_msg("%s: %s", sql, db_error_text(on));
}

/* An event more, as intake writes it: its account is held first, and it is noted where a run has its day.  It is on its way. */
static void __attribute__((unused)) /* not by all that include this */
use_begin(struct db *on, int64_t account, const char *quantity, const char *day)
{
	const char *name = arena_printf(a, "more-%d-%d", (int)getpid(), ++names).p;
	const struct arg events = text_arg("events", arena_printf(a, "[[1,\"%s\"]]", name));

	use_plain(on, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
	use_plain(on, "START TRANSACTION");
	use_plain(on,
	    arena_printf(
		a, "SELECT state INTO @held FROM account WHERE id = %lld LOCK IN SHARE MODE", (long long)account)
		.p);
	use_plain(on,
	    arena_printf(a,
		"INSERT INTO usage_event (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, "
		"line) SELECT a.tenant_id, a.customer_id, a.segment_id, a.id, %d, 1, 1, '%s', %s, '%s 10:00:00', '%s', 1, 1 FROM account a WHERE a.id = %lld",
		CALL, name, quantity, day, day, (long long)account)
		.p);
	assert_int_not_equal(query_run_admin(on, a, Q_usage_late, &events, 1), -1);
}

/* The same, and it is there. */
static void __attribute__((unused)) /* not by all that include this */
use(struct db *on, int64_t account, const char *quantity, const char *day)
{

	use_begin(on, account, quantity, day);
	use_plain(on, "COMMIT");
}

/* The number that the statement selects, with an id in it. */
#define of(sql, id) number(arena_printf(a, sql, (long long)(id)).p)

#endif
