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

static int
by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y ? -1 : x > y);
}

/* ":offerings" of the lines that may count as another, each once: how many there are. */
static size_t
write_offerings(struct rq *rq, const struct usage_line *lines, size_t n)
{
	int64_t *list = NULL;
	struct buf b;
	size_t all = 0, some = 0;

	for (size_t i = 0; i < n; i++)
		if (lines[i].sold != NULL && lines[i].sold->varies) {
			if (list == NULL)
				list = arena_alloc(rq->a, n * sizeof(*list));
			list[all++] = lines[i].sold->offering;
		}
	if (all == 0)
		return (0);
	qsort(list, all, sizeof(*list), by_number);
	buf_init(&b, rq->a, 22 * (all + 1));
	buf_char(&b, '[');
	for (size_t i = 0; i < all; i++) {
		if (i > 0 && list[i] == list[i - 1])
			continue;
		if (some++ > 0)
			buf_char(&b, ',');
		buf_int(&b, list[i]);
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
		    fits(v[i].class, l->members[USAGE_M_class]) && fits(v[i].time_of_day, l->time_of_day) &&
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

	for (size_t i = 0; i < n; i++) {
		lines[i].time_of_day = lines[i].members[USAGE_M_time_of_day];
		if (lines[i].sold != NULL) {
			lines[i].offering = lines[i].sold->offering;
			lines[i].product = lines[i].sold->product;
		}
	}
	if (write_offerings(rq, lines, n) == 0)
		return (0);
	if (usage_hours(rq, lines, n) == -1)
		return (-1);
	found = query_rows_system(rq, Q_usage_variants, COLS(selector_cols), sizeof(*rows), VARIANTS_MAX, &p);
	if (found == -1)
		return (-1);
	rows = p;
	for (size_t i = 0; i < n; i++)
		if (lines[i].sold != NULL && lines[i].sold->varies)
			vary(&lines[i], rows, found);
	return (0);
}
