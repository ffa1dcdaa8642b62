/* When an account is billed: the periods of a cycle day.  Civil days since 1970 (base/date.h), half-open. */
#ifndef TRADE_PERIOD_H
#define TRADE_PERIOD_H

#include <stdint.h>

/* The period that day lies in, of a cycle that begins on that day of each month (1 to 31), or on the last day of a month
 * that has no such day.  One ends where the next begins, so that no day is billed twice or never. */
void period_of(int cycle_day, int64_t day, int64_t *start, int64_t *end);

#endif
