#include "base/date.h"

#include <stdatomic.h>
#include <string.h>

#define ERA 146097 /* days in 400 years */

static _Atomic time_t fixed_clock; /* 0: the real one; written once at start */

/* Years are counted from March, so that the leap day is a year's last. */
int64_t
date_of(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (era * ERA + doe - 719468);
}

void
date_split(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - (ERA - 1)) / ERA;
	int64_t doe = z - era * ERA;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (ERA - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int
date_parse(struct str s, int64_t *days)
{
	int64_t y, m, d;
	int y2, m2, d2;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || s.p[0] == '-' || s.p[5] == '-' || s.p[8] == '-')
		return (-1);
	if (str_int((struct str){s.p, 4}, &y) == -1 || str_int((struct str){s.p + 5, 2}, &m) == -1 ||
	    str_int((struct str){s.p + 8, 2}, &d) == -1 || m < 1 || m > 12 || d < 1)
		return (-1);
	*days = date_of((int)y, (int)m, (int)d);
	date_split(*days, &y2, &m2, &d2);
	return (m2 == m && d2 == d ? 0 : -1);
}

void
date_digits(char to[10], unsigned year, unsigned month, unsigned day)
{

	for (int i = 3; i >= 0; i--, year /= 10)
		to[i] = (char)('0' + year % 10);
	to[4] = to[7] = '-';
	to[5] = (char)('0' + month / 10);
	to[6] = (char)('0' + month % 10);
	to[8] = (char)('0' + day / 10);
	to[9] = (char)('0' + day % 10);
}

void
date_plain(struct buf *b, int64_t days)
{
	char *p = buf_room(b, 10);
	int y, m, d;

	if (p == NULL)
		return;
	date_split(days, &y, &m, &d);
	date_digits(p, (unsigned)y, (unsigned)m, (unsigned)d);
	buf_took(b, 10);
}

struct str
date_text(struct arena *a, int64_t days)
{
	struct buf b;

	buf_init(&b, a, 16);
	date_plain(&b, days);
	return (buf_str(&b));
}

int64_t
date_add_months(int64_t days, int n)
{
	int64_t first, next, months;
	int y, m, d;

	date_split(days, &y, &m, &d);
	months = (int64_t)y * 12 + (m - 1) + n;
	y = (int)(months / 12);
	m = (int)(months % 12) + 1;
	first = date_of(y, m, 1);
	next = m == 12 ? date_of(y + 1, 1, 1) : date_of(y, m + 1, 1);
	return (d > next - first ? next - 1 : first + d - 1);
}

time_t
date_now(void)
{
	time_t fixed = atomic_load_explicit(&fixed_clock, memory_order_relaxed);

	return (fixed != 0 ? fixed : time(NULL));
}

void
date_clock_set(time_t fixed)
{

	atomic_store(&fixed_clock, fixed);
}

void
date_now_sql(char out[20])
{
	static _Thread_local time_t last = -1; /* a request asks several times within a second */
	static _Thread_local char text[20];
	time_t now = date_now();
	struct tm tm;

	if (now != last) {
		gmtime_r(&now, &tm);
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
		last = now;
	}
	memcpy(out, text, sizeof(text));
}
