/* Civil days of zones: held against the C library's, which reads the same files its own way, from 1970 to 2100. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_zone_has_the_days_of_the_c_library),
	    cmocka_unit_test(a_name_leads_nowhere_but_into_the_folder),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
