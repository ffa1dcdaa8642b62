/* Hours of the week by the clock on the wall: a window begins on some weekdays at a minute of the day and ends before
 * another one, which is of the next day where it is no later. */
#ifndef BASE_HOURS_H
#define BASE_HOURS_H

#include "base/str.h"

#define HOURS_DAY 1440 /* minutes */
#define HOURS_WEEK (7 * HOURS_DAY)

struct hours {
	int weekdays; /* on which it begins: 1 for Monday, 2 for Tuesday, 4 for Wednesday ... */
	int from, to; /* minutes of the day: 0 to 1439, and 1 to 1440 */
};

/* Is that minute of that day (as base/date.h counts days) in it? */
bool hours_has(struct hours h, int64_t day, int minute);

/* Notes the minutes of a week, from Monday on, that are in it.  False where one of them is noted already. */
bool hours_note(struct hours h, bool week[HOURS_WEEK]);

/* "08:30" -> 510: 0, or -1 where it is no time of a day. */
int hours_parse(struct str s, int *minute);

#endif
