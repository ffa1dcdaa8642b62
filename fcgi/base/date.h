/* Civil dates, and the one clock of the server, which tests can set. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <time.h>

#include "base/buf.h"

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
int64_t date_of(int year, int month, int day);
void date_split(int64_t days, int *year, int *month, int *day);

/* "2026-06-01" -> days: 0, or -1 where it is no such date. */
int date_parse(struct str s, int64_t *days);
void date_plain(struct buf *b, int64_t days);
struct str date_text(struct arena *a, int64_t days);
/* The same of a year from 0 to 9999, a month and a day, without NUL. */
void date_digits(char to[10], unsigned year, unsigned month, unsigned day);

/* The same day n months on, or the last day of that month where it has no such day. */
int64_t date_add_months(int64_t days, int n);

/* Now, UTC seconds; fixed by date_clock_set (configuration key `clock`). */
time_t date_now(void);
void date_clock_set(time_t fixed);
/* "2026-06-01 10:00:00" of date_now(). */
void date_now_sql(char out[20]);

#endif
