#include "trade/early_end.h"

#include "base/date.h"
#include "core/query.h"
#include "core/worker.h"
#include "trade/period.h"

#define HELD_MAX 10000
#define WHOLE 10000 /* hundredths of per cent */

struct held {
	int64_t id, from, until, share;
};
static const struct col held_cols[] = {COL_I_(held, id), {"_from", COL_DATE, offsetof(struct held, from)},
    {"_until", COL_DATE, offsetof(struct held, until)}, COL_I_(held, share)};

static int64_t
common(int64_t a, int64_t b)
{

	while (b != 0) {
		const int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return (a);
}

/* Whole periods count 1 each; the first and the last by their days. */
int
early_end_part(int cycle_day, int64_t from, int64_t until, int64_t share, int64_t *days, int64_t *of_days)
{
	int64_t starts, ends, whole = 0, first = 0, of_first = 1, last = 0, of_last = 1, divisor;

	for (int64_t day = from; day < until; day = ends) {
		period_of(cycle_day, day, &starts, &ends);
		if (day == starts && ends <= until)
			whole++;
		else if (day == from)
			first = (ends < until ? ends : until) - day, of_first = ends - starts;
		else
			last = until - day, of_last = ends - starts;
	}
	*days = (whole * of_first * of_last + first * of_last + last * of_first) * share;
	*of_days = of_first * of_last * WHOLE;
	divisor = common(*of_days, *days);
	*days /= divisor;
	*of_days /= divisor;
	return (*days > INT32_MAX || *days == 0 ? -1 : 0);
}

static int
put(struct rq *rq, const struct subscriber *who, const struct held *h)
{
	int64_t days, of_days;

	if (early_end_part((int)who->cycle_day, h->from, h->until, h->share, &days, &of_days) == -1) {
		problem(rq, P_conflict, "its commitment is longer than can be billed");
		return (-1);
	}
	arg_int(rq, "of", h->id);
	arg_int(rq, "days", days);
	arg_int(rq, "of_days", of_days);
	return (query_run_system(rq, Q_subscription_early_put) == -1 ? -1 : 0);
}

int
early_end(struct rq *rq, const struct subscriber *who, int64_t subscription, int64_t ends)
{
	struct held *held;
	int64_t n;
	void *rows;

	arg_int(rq, "subscription", subscription);
	if (query_run_system(rq, Q_subscription_early_drop) == -1)
		return (-1);
	if (ends == DATE_NONE)
		return (0);
	arg_text(rq, "ends", date_text(rq->a, ends));
	if ((n = query_rows_system(rq, Q_subscription_early, COLS(held_cols), sizeof(*held), HELD_MAX, &rows)) == -1)
		return (-1);
	held = rows;
	for (int64_t i = 0; i < n; i++)
		if (put(rq, who, &held[i]) == -1)
			return (-1);
	return (0);
}
