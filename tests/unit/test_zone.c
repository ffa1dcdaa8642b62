/* Civil days and clocks of zones: held against the C library's, which reads the same files its own way, from 1970 to 2100. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/hours.h"
#include "base/zone.h"

static struct arena *a;

static int
prepare(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
finish(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

static void
compare(const char *name)
{
	const char *wrong = "";
	const struct zone *z = zone_load(a, str_of(name), &wrong);
	struct tm tm;
	int minute;

	if (z == NULL)
		fail_msg("%s: %s", name, wrong);
	setenv("TZ", name, 1);
	tzset();
	for (time_t at = 0; at < (time_t)4102444800; at += 5 * 3600 + 1801) {
		localtime_r(&at, &tm);
		if (zone_offset(z, at) != tm.tm_gmtoff ||
		    zone_day(z, at) != date_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday))
			fail_msg("%s at %lld: %lld, not %ld", name, (long long)at, (long long)zone_offset(z, at),
			    tm.tm_gmtoff);
		if (zone_clock(z, at, &minute) != zone_day(z, at) || minute != tm.tm_hour * 60 + tm.tm_min)
			fail_msg(
			    "%s at %lld: minute %d, not %02d:%02d", name, (long long)at, minute, tm.tm_hour, tm.tm_min);
	}
}

static void
each_zone_has_the_days_of_the_c_library(void **state)
{
	static const char *const zones[] = {"UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Asia/Tokyo",
	    "Asia/Dubai", "Asia/Kathmandu", "Asia/Tehran", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
	    "America/Santiago", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
	    "Pacific/Kiritimati", "Antarctica/Troll", "America/Nuuk", "Asia/Gaza"};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		compare(zones[i]);
		arena_reset(a);
	}
}

static void
a_name_leads_nowhere_but_into_the_folder(void **state)
{
	static const char *const names[] = {"", "/etc/passwd", "../../../etc/passwd", "Europe/../UTC", "Europe//Berlin",
	    "UTC/", "No/Such", "Europe", "a.b"};
	const char *wrong = "";

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(zone_load(a, str_of(names[i]), &wrong));
}

/* Of any window: whether a minute of a day is in it, and which minutes of the week it has. */
static void
a_window_has_the_minutes_that_it_notes(void **state)
{
	static const struct hours windows[] = {{0x1f, 480, 1200}, {0x40, 1320, 360}, {0x50, 1320, 360}, {0x7f, 0, 1440},
	    {0x01, 1439, 1}, {0x20, 0, 1}, {0x02, 600, 599}};
	const int64_t monday = date_of(2026, 6, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		bool week[HOURS_WEEK] = {false};

		assert_true(hours_note(windows[i], week));
		for (int m = 0; m < HOURS_WEEK; m++)
			if (hours_has(windows[i], monday + m / HOURS_DAY, m % HOURS_DAY) != week[m])
				fail_msg("window %zu: minute %d of day %d", i, m % HOURS_DAY, m / HOURS_DAY);
		assert_false(hours_note(windows[i], week));
	}
	assert_false(hours_has(windows[0], date_of(1969, 12, 28), 600)); /* a Sunday */
	assert_true(hours_has(windows[0], date_of(1969, 12, 29), 480));
}

static void
a_time_of_day_is_two_and_two_digits(void **state)
{
	static const char *const wrong[] = {
	    "", "8:00", "24:00", "12:60", "12.30", "12:3", "12:300", "-1:00", "1a:00", " 8:00"};
	int minute = -1;

	(void)state;
	assert_int_equal(hours_parse(S("00:00"), &minute), 0);
	assert_int_equal(minute, 0);
	assert_int_equal(hours_parse(S("23:59"), &minute), 0);
	assert_int_equal(minute, 1439);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(hours_parse(str_of(wrong[i]), &minute), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_zone_has_the_days_of_the_c_library),
	    cmocka_unit_test(a_name_leads_nowhere_but_into_the_folder),
	    cmocka_unit_test(a_window_has_the_minutes_that_it_notes),
	    cmocka_unit_test(a_time_of_day_is_two_and_two_digits),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
