/* Every civil day is billed once: days of all zones that this machine knows, from 2000 to 2100, and cycles of every length of a
 * month, by the functions of the engine and through bill runs.  PORTICO_ZONES: how many zones, PORTICO_CYCLES: how many cycle
 * days.  Runs a MariaDB of its own; started from the root of the project. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/zone.h"
#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/period.h"
#include "trade/rehearse_part.h"

#include "bill_book.h"
#include "proof.h"

#define FOLDER "/usr/share/zoneinfo/"
#define ZONES 2000
#define DAY_S 86400

static const int cycles[] = {31, 29, 30, 28, 1};
#define CYCLES (sizeof(cycles) / sizeof(cycles[0]))

/* ---- zones ---- */

static char *zones[ZONES];
static size_t n_zones;

/* Zones, and none of the copies of all of them. */
static int
note_zone(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	const char *name = path + sizeof(FOLDER) - 1, *wrong;

	(void)st;
	if (kind == FTW_D && at->level == 1 && (strcmp(name, "posix") == 0 || strcmp(name, "right") == 0))
		return (FTW_SKIP_SUBTREE);
	if (kind == FTW_F && n_zones < ZONES && zone_load(a, str_of(name), &wrong) != NULL)
		zones[n_zones++] = strdup(name);
	return (FTW_CONTINUE);
}

static int
by_name(const void *x, const void *y)
{

	return (strcmp(*(char *const *)x, *(char *const *)y));
}

/* The civil day of a moment by the C library, whose TZ is the zone. */
static int64_t
civil(time_t at)
{
	struct tm tm;

	localtime_r(&at, &tm);
	return (date_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
}

/* The first moment of the day behind day, somewhere behind at; a clock that is put by an hour or a day is no matter. */
static time_t
midnight(time_t at, int64_t day)
{
	time_t low = at, high = at + 3 * DAY_S, middle;

	while (low + 1 < high) {
		middle = low + (high - low) / 2;
		if (civil(middle) <= day)
			low = middle;
		else
			high = middle;
	}
	return (high);
}

/* The periods of the cycles around a day, each of which goes on or ends where the next begins. */
static long
step(int64_t periods[CYCLES][2], int64_t day)
{
	int64_t start, end;
	long wrong = 0;

	for (size_t i = 0; i < CYCLES; i++) {
		period_of(cycles[i], day, &start, &end);
		wrong += day < start || day >= end;
		wrong += start != periods[i][0] ? start != periods[i][1] : end != periods[i][1];
		periods[i][0] = start;
		periods[i][1] = end;
	}
	return (wrong);
}

/* Each day of a zone, from its first second to its last.  How many, and in *wrong how many are not what they must be. */
static long
days_of(const char *name, long *wrong)
{
	static const int64_t near[] = {-3600, -61, -1, 0, 1, 61, 3600, 12 * 3600};
	const int64_t last = date_of(2101, 1, 1);
	const char *why = "";
	const struct zone *z = zone_load(a, str_of(name), &why);
	time_t at = date_of(2000, 1, 1) * DAY_S;
	int64_t day, periods[CYCLES][2];
	long n = 0;

	setenv("TZ", name, 1);
	tzset();
	day = civil(at);
	for (size_t i = 0; i < CYCLES; i++)
		period_of(cycles[i], day, &periods[i][0], &periods[i][1]);
	for (; day < last; n++) {
		at = midnight(at + DAY_S / 2, day);
		day = civil(at);
		*wrong += step(periods, zone_day(z, at));
		for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
			*wrong += zone_day(z, at + near[i]) != civil(at + near[i]);
	}
	return (n);
}

static void
every_civil_day_of_every_zone_is_in_one_period(void **state)
{
	long wanted = proof_often("PORTICO_ZONES", 12), days = 0, wrong = 0;
	size_t step_by;

	(void)state;
	assert_int_equal(nftw(FOLDER, note_zone, 16, FTW_PHYS | FTW_ACTIONRETVAL), 0);
	assert_in_range(n_zones, 300, ZONES - 1);
	qsort(zones, n_zones, sizeof(*zones), by_name);
	step_by = wanted < (long)n_zones ? n_zones / (size_t)wanted : 1;
	for (size_t i = 0; i < n_zones; i += step_by) {
		arena_reset(a);
		days += days_of(zones[i], &wrong);
		if (wrong > 0)
			fail_msg("%s: %ld moments are in another day or period", zones[i], wrong);
	}
	proof_note("calendar", days, wrong);
	for (size_t i = 0; i < n_zones; i++)
		free(zones[i]);
}

/* ---- through runs ---- */

/* From the begin to the end of the period that day lies in; what may be held is let go. */
static int64_t
bill_period(int cycle, int64_t day)
{
	struct bill_run_want want = {.tenant = REHEARSE_ROOT, .cycle_day = cycle, .chunk = CHUNK};
	int64_t start, end, run;

	period_of(cycle, day, &start, &end);
	want.period_start = date_text(a, start);
	want.period_end = want.issue_date = date_text(a, end);
	run = bill_run_open(db, a, &want);
	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	plain("UPDATE draft SET state = 'draft', hold = NULL WHERE state = 'held'");
	assert_int_not_equal(bill_run_approve(db, a, run, 0), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	return (end);
}

/* Everybody has a seat and a line all the time, one of them another number of seats from a leap day on, and makes a call a day. */
static void
use_daily(int cycle, int64_t from, int64_t to)
{

	forget();
	plain("DELETE FROM usage_event");
	plain("DELETE FROM subscription_quantity");
	plain("UPDATE subscription SET starts = '2000-01-01', ends = NULL");
	plain(
	    "INSERT INTO subscription_quantity (subscription_id, starts, ends, quantity) VALUES (1, '2000-01-01', '2028-02-29', 3), (1, '2028-02-29', '9999-12-31', 5)");
	plain(arena_printf(a, "UPDATE account SET cycle_day = %d", cycle).p);
	for (int64_t day = from; day < to; day++)
		plain(arena_printf(a,
		    "INSERT INTO usage_event (tenant_id, customer_id, segment_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, "
		    "line) SELECT a.tenant_id, a.customer_id, a.segment_id, a.id, 3, 1, 1, CONCAT('day-%lld-', a.id), 1, '%.*s 23:59:59', '%.*s', 1, 1 FROM account a WHERE a.id "
		    ">= 100000",
		    (long long)day, STR_ARG(date_text(a, day)), STR_ARG(date_text(a, day)))
			  .p);
}

/* Of every subscription each day from the first to the last is in one thing, and each call in the period of its day. */
static void
each_day_is_billed_once(int64_t from, int64_t to)
{
	static const char *const none[] = {
	    "SELECT COUNT(*) FROM billable x JOIN billable y ON y.id > x.id AND y.account_id = x.account_id AND y.offering_id = x.offering_id "
	    "AND y.subscription_id = x.subscription_id AND y.starts < x.ends AND y.ends > x.starts",
	    "SELECT COUNT(*) FROM billable b JOIN bill_run r ON r.id = b.run_id WHERE b.starts < r.period_start OR b.ends > r.period_end "
	    "OR (b.subscription_id <> 0 AND (b.days <> DATEDIFF(b.ends, b.starts) OR b.of_days <> DATEDIFF(r.period_end, r.period_start)))",
	    "SELECT COUNT(*) FROM used e LEFT JOIN bill_run r ON r.id = e.run_id WHERE NOT (e.state = 'billed' AND e.day >= r.period_start AND e.day < r.period_end)",
	    "SELECT COUNT(*) FROM bill_run_check WHERE found <> 0 AND name <> 'outliers'",
	    "SELECT COUNT(*) FROM (SELECT u.account_id, u.run_id, SUM(u.quantity) AS q FROM usage_total u GROUP BY u.account_id, u.run_id) u LEFT JOIN billable b "
	    "ON b.run_id = u.run_id AND b.account_id = u.account_id AND b.subscription_id = 0 WHERE NOT (b.quantity <=> u.q - 5)",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (number(none[i]) != 0)
			fail_msg("%s", none[i]);
	assert_int_equal(
	    number(
		"SELECT COUNT(*) FROM (SELECT subscription_id, SUM(days) AS n FROM billable WHERE subscription_id <> 0 GROUP BY subscription_id) x"),
	    2 * ACCOUNTS);
	assert_int_equal(
	    number(arena_printf(a,
		"SELECT COUNT(*) FROM (SELECT subscription_id, SUM(days) AS n FROM billable WHERE subscription_id <> 0 GROUP BY subscription_id HAVING n <> %lld) x",
		(long long)(to - from))
		       .p),
	    0);
}

static void
runs_of_a_cycle_bill_every_day_once(void **state)
{
	const long wanted = proof_often("PORTICO_CYCLES", 1);
	const int64_t until =
	    date_of(wanted == 1 ? 2028 : 2029, 4, 1); /* over a leap year's February, and over a short one */
	int64_t from, to, day;

	(void)state;
	for (size_t i = 0; i < CYCLES && i < (size_t)wanted; i++) {
		period_of(cycles[i], date_of(2028, 1, 15), &from, &to);
		period_of(cycles[i], until, &day, &to);
		use_daily(cycles[i], from, to);
		for (day = from; day < to;)
			day = bill_period(cycles[i], day);
		assert_int_equal(day, to);
		each_day_is_billed_once(from, to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_civil_day_of_every_zone_is_in_one_period),
	    cmocka_unit_test(runs_of_a_cycle_bill_every_day_once),
	};

	return (cmocka_run_group_tests(tests, book_setup, book_teardown));
}
