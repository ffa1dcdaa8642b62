#include <stdlib.h>

#include "base/hours.h"
#include "core/query.h"
#include "trade/usage_part.h"

#define WINDOWS_MAX 100000 /* of all days and all that is sold in one set */

struct window {
	int64_t offering, weekdays, from, to;
	int64_t starts; /* a day */
	struct str time_of_day;
};
static const struct col window_cols[] = {COL_I_(window, offering), COL_I_(window, weekdays), COL_I_(window, from),
    COL_I_(window, to), {"_starts", COL_DATE, offsetof(struct window, starts)}, COL_S_(window, time_of_day)};

/* By the windows of the newest day that is not behind its own; no window: nothing. */
static void
give(struct usage_line *l, const struct window *w, int64_t n)
{
	int64_t i = 0, starts;

	while (i < n && (w[i].offering != l->sold->offering || w[i].starts > l->day))
		i++;
	if (i == n)
		return;
	for (starts = w[i].starts; i < n && w[i].offering == l->sold->offering && w[i].starts == starts; i++)
		if (hours_has((struct hours){(int)w[i].weekdays, (int)w[i].from, (int)w[i].to}, l->day, l->minute)) {
			l->time_of_day = w[i].time_of_day;
			return;
		}
}

int
usage_hours(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct window *rows = NULL;
	int64_t found;

	found = query_rows_system(rq, Q_usage_hours, COLS(window_cols), sizeof(*rows), WINDOWS_MAX, (void **)&rows);
	if (found == -1)
		return (-1);
	for (size_t i = 0; found > 0 && i < n; i++)
		if (lines[i].sold != NULL && lines[i].sold->varies && lines[i].time_of_day.n == 0)
			give(&lines[i], rows, found);
	return (0);
}
