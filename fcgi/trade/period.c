#include "trade/period.h"

#include "base/date.h"

/* The cycle's day in the month n months behind that of day. */
static int64_t
in_month(int cycle_day, int64_t day, int n)
{
	int year, month, last;

	date_split(day, &year, &month, &last);
	/* From the first of the month: it is in every month, and so the cycle's own day is never lost in a short one. */
	day = date_add_months(date_of(year, month, 1), n);
	date_split(date_add_months(day, 1) - 1, &year, &month, &last);
	return (day + (cycle_day < last ? cycle_day : last) - 1);
}

void
period_of(int cycle_day, int64_t day, int64_t *start, int64_t *end)
{
	int back = day < in_month(cycle_day, day, 0) ? -1 : 0;

	*start = in_month(cycle_day, day, back);
	*end = in_month(cycle_day, day, back + 1);
}
