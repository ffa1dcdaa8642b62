#include <stdlib.h>

#include "core/query.h"
#include "trade/usage_part.h"

#define VARIANTS_MAX 10000

struct selector {
	int64_t offering, counts_as, product;
	int64_t starts; /* a day */
	struct str class, time_of_day, zone;
};
static const struct col selector_cols[] = {COL_I_(selector, offering), COL_I_(selector, counts_as),
    COL_I_(selector, product), {"_starts", COL_DATE, offsetof(struct selector, starts)}, COL_S_(selector, class),
    COL_S_(selector, time_of_day), COL_S_(selector, zone)};

/* ":offerings" of the lines that may count as another: how many there are.  One after the other is often the same. */
static size_t
write_offerings(struct rq *rq, const struct usage_line *lines, size_t n)
{
	struct buf b;
	int64_t last = 0;
	size_t some = 0;

	buf_init(&b, rq->a, 22 * (n + 1));
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		const struct usage_sold *s = lines[i].sold;

		if (s == NULL || !s->varies || s->offering == last)
			continue;
		last = s->offering;
		if (some++ > 0)
			buf_char(&b, ',');
		buf_int(&b, last);
	}
	buf_char(&b, ']');
	arg_text(rq, "offerings", buf_str(&b));
	return (some);
}

static bool
fits(struct str wanted, struct str said)
{

	return (wanted.n == 0 || str_eq(wanted, said));
}

/* The first of those that are for its offering and day and what it says. */
static void
vary(struct usage_line *l, const struct selector *v, int64_t n)
{

	for (int64_t i = 0; i < n; i++)
		if (v[i].offering == l->sold->offering && v[i].starts <= l->day &&
		    fits(v[i].class, l->members[USAGE_M_class]) &&
		    fits(v[i].time_of_day, l->members[USAGE_M_time_of_day]) &&
		    fits(v[i].zone, l->members[USAGE_M_zone])) {
			l->offering = v[i].counts_as;
			l->product = v[i].product;
			return;
		}
}

int
usage_vary(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct selector *rows;
	int64_t found;
	void *p;

	for (size_t i = 0; i < n; i++)
		if (lines[i].sold != NULL) {
			lines[i].offering = lines[i].sold->offering;
			lines[i].product = lines[i].sold->product;
		}
	if (write_offerings(rq, lines, n) == 0)
		return (0);
	found = query_rows_system(rq, Q_usage_variants, COLS(selector_cols), sizeof(*rows), VARIANTS_MAX, &p);
	if (found == -1)
		return (-1);
	rows = p;
	for (size_t i = 0; i < n; i++)
		if (lines[i].sold != NULL && lines[i].sold->varies)
			vary(&lines[i], rows, found);
	return (0);
}
