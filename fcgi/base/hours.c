#include "base/hours.h"

/* Monday is 0; 1970-01-01 was a Thursday. */
static int
weekday(int64_t day)
{

	return ((int)(((day + 3) % 7 + 7) % 7));
}

bool
hours_has(struct hours h, int64_t day, int minute)
{
	const int today = weekday(day), before = (today + 6) % 7;

	if ((h.weekdays >> today & 1) != 0 && minute >= h.from && (h.to <= h.from || minute < h.to))
		return (true);
	return (h.to <= h.from && (h.weekdays >> before & 1) != 0 && minute < h.to);
}

bool
hours_note(struct hours h, bool week[HOURS_WEEK])
{
	const int length = h.to > h.from ? h.to - h.from : h.to + HOURS_DAY - h.from;
	bool alone = true;

	for (int d = 0; d < 7; d++)
		for (int i = 0; (h.weekdays >> d & 1) != 0 && i < length; i++) {
			bool *at = &week[(d * HOURS_DAY + h.from + i) % HOURS_WEEK];

			alone = alone && !*at;
			*at = true;
		}
	return (alone);
}

int
hours_parse(struct str s, int *minute)
{

	if (s.n != 5 || s.p[2] != ':')
		return (-1);
	for (size_t i = 0; i < s.n; i++)
		if (i != 2 && (s.p[i] < '0' || s.p[i] > '9'))
			return (-1);
	*minute = 60 * (10 * (s.p[0] - '0') + (s.p[1] - '0')) + 10 * (s.p[3] - '0') + (s.p[4] - '0');
	return (s.p[3] < '6' && *minute < HOURS_DAY ? 0 : -1);
}
