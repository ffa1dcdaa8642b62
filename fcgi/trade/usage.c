#include "trade/usage.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "core/query.h"
#include "trade/usage_part.h"
#include "wire/crypt.h"

#define JSON_MAX ((size_t)8 * 1024 * 1024)
#define SET_ROWS (2 * LINES_SET)

/* ---- a batch ---- */

struct made {
	int64_t id;
};
static const struct col made_cols[] = {COL_I_(made, id)};

/* 0, or -1 with the problem set. */
static int
begin_batch(struct rq *rq, struct usage_delivery *d)
{
	struct made made;

	if (d->sender == 0)
		arg_null(rq, "sender");
	else
		arg_int(rq, "sender", d->sender);
	arg_text(rq, "way", str_of(d->way));
	arg_text(rq, "name", d->name);
	arg_int(rq, "size", d->size);
	arg_int(rq, "done", d->done);
	if (query_run_system(rq, Q_usage_batch_begin) != 1 ||
	    query_row_system(rq, Q_usage_batch_last, COLS(made_cols), &made) != 1)
		return (-1);
	d->batch = made.id;
	return (0);
}

static int
count_batch(struct rq *rq, const struct usage_delivery *d, size_t n, const int64_t counts[USAGE_VERDICTS])
{

	arg_int(rq, "n", (int64_t)n);
	arg_int(rq, "n_received", counts[USAGE_RECEIVED]);
	arg_int(rq, "n_same", counts[USAGE_SAME]);
	arg_int(rq, "n_rejected", counts[USAGE_REJECTED]);
	arg_int(rq, "bytes", d->bytes);
	if (d->digest == NULL)
		arg_null(rq, "digest");
	else
		arg_bytes(rq, "digest", d->digest, 32);
	arg_int(rq, "done", d->done);
	return (query_run_system(rq, Q_usage_batch_count) == -1 ? -1 : 0);
}

/* ---- events ---- */

static void
member(struct buf *b, struct str s)
{

	buf_char(b, ',');
	json_str(b, s);
}

static struct db_val
an_id(int64_t id)
{

	return ((struct db_val){.type = id == 0 ? DB_NULL : DB_INT, .i = id});
}

static struct db_val
a_text(struct str s)
{

	return ((struct db_val){.type = DB_TEXT, .s = s});
}

/* What usage_add knows of an event, in the order of the values below. */
static const char *const event_params[] = {"source", "event", "tenant", "customer", "segment", "family", "agent",
    "account", "offering", "product", "quantity", "at", "day", "class", "time_of_day", "zone", "line"};
#define EVENT_PARAMS (sizeof(event_params) / sizeof(event_params[0]))

static void
set_event(struct arena *a, const struct usage_line *l, struct db_val *v)
{
	const struct usage_sold *s = l->sold;
	struct buf at;

	buf_init(&at, a, 64);
	usage_time(&at, l->at);
	*v++ = an_id(l->source_id);
	*v++ = a_text(l->members[USAGE_M_event]);
	*v++ = an_id(s->tenant);
	*v++ = an_id(s->customer);
	*v++ = an_id(s->segment);
	*v++ = an_id(s->family);
	*v++ = an_id(s->agent);
	*v++ = an_id(s->account);
	*v++ = an_id(l->offering);
	*v++ = an_id(l->product);
	*v++ = a_text(arena_printf(a, "%lld.%06d", (long long)(l->quantity / 1000000), (int)(l->quantity % 1000000)));
	*v++ = a_text(buf_str(&at));
	*v++ = a_text(date_text(a, l->day));
	*v++ = a_text(l->members[USAGE_M_class]);
	*v++ = a_text(l->time_of_day);
	*v++ = a_text(l->members[USAGE_M_zone]);
	*v = (struct db_val){.type = DB_INT, .i = l->number};
}

/* How many of them were not there: the others are found by usage_there.  -1 with the problem set. */
static int64_t
insert_events(struct rq *rq, struct usage_line *const *list, size_t n)
{
	struct db_val *values = arena_alloc(rq->a, n * EVENT_PARAMS * sizeof(*values));

	for (size_t i = 0; i < n; i++)
		set_event(rq->a, list[i], values + i * EVENT_PARAMS);
	return (query_run_rows_system(rq, Q_usage_add, event_params, EVENT_PARAMS, values, n));
}

static int
by_event(const void *a, const void *b)
{
	const struct usage_line *x = *(const struct usage_line *const *)a, *y = *(const struct usage_line *const *)b;
	const struct str ex = x->members[USAGE_M_event], ey = y->members[USAGE_M_event];
	int c;

	if (x->source_id != y->source_id)
		return (x->source_id < y->source_id ? -1 : 1);
	if ((c = memcmp(ex.p, ey.p, ex.n < ey.n ? ex.n : ey.n)) != 0)
		return (c);
	if (ex.n != ey.n)
		return (ex.n < ey.n ? -1 : 1);
	return (x < y ? -1 : x > y); /* of two of one set the first counts */
}

/* Lines as :events, a list of (source, event). */
static int
write_events(struct rq *rq, struct usage_line *const *list, size_t n)
{
	struct buf b;

	buf_init(&b, rq->a, JSON_MAX);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		buf_char(&b, '[');
		buf_int(&b, list[i]->source_id);
		member(&b, list[i]->members[USAGE_M_event]);
		buf_char(&b, ']');
	}
	buf_char(&b, ']');
	arg_text(rq, "events", buf_str(&b));
	return (buf_failed(&b) ? problem(rq, P_internal, "%s", ""), -1 : 0);
}

/* The event of that name that is there. */
struct there {
	int64_t n, account, offering, quantity, batch, line;
	struct str at, class, time_of_day, zone, number, codes; /* codes: with blanks between them */
};
static const struct col there_cols[] = {COL_I_(there, n), COL_I_(there, account), COL_I_(there, offering),
    COL_I_(there, quantity), COL_I_(there, batch), COL_I_(there, line), COL_S_(there, at), COL_S_(there, class),
    COL_S_(there, time_of_day), COL_S_(there, zone), COL_S_(there, number), COL_S_(there, codes)};

static bool
is_word_of(struct str words, struct str word)
{

	for (size_t i = 0, end; i <= words.n; i = end + 1) {
		for (end = i; end < words.n && words.p[end] != ' ';)
			end++;
		if (str_eq((struct str){words.p + i, end - i}, word))
			return (true);
	}
	return (false);
}

/* Has the line its time of day?  One that says none had that of the hours, which nobody can tell of what is not found. */
static bool
is_its_time(const struct usage_line *l, const struct there *e)
{

	return ((l->sold == NULL && l->time_of_day.n == 0) || str_eq(l->time_of_day, e->time_of_day));
}

/* Has the line its content?  Of a line whose account or offering is none any more, the names are held against it. */
static bool
is_same(struct rq *rq, const struct usage_line *l, const struct there *e)
{
	struct buf at;

	buf_init(&at, rq->a, 64);
	usage_time(&at, l->at);
	if (l->quantity != e->quantity || !str_eq(buf_str(&at), e->at) ||
	    !str_eq(l->members[USAGE_M_class], e->class) || !is_its_time(l, e) ||
	    !str_eq(l->members[USAGE_M_zone], e->zone))
		return (false);
	if (l->sold != NULL)
		return (l->sold->account == e->account && l->offering == e->offering);
	return (str_eq(l->members[USAGE_M_account], e->number) && is_word_of(e->codes, l->members[USAGE_M_offering]));
}

/* Holds lines against the events that are there; a line whose own event is there was received. */
static int
compare(struct rq *rq, const struct usage_delivery *d, struct usage_line *const *list, size_t n)
{
	struct there *rows;
	int64_t found;
	void *p;

	if (n == 0)
		return (0);
	if (write_events(rq, list, n) == -1 ||
	    (found = query_rows_system(rq, Q_usage_there, COLS(there_cols), sizeof(*rows), SET_ROWS, &p)) == -1)
		return (-1);
	rows = p;
	for (int64_t i = 0; i < found; i++) {
		struct usage_line *l = list[rows[i].n - 1];

		if (l->reason == USAGE_good && rows[i].batch == d->batch && rows[i].line == l->number)
			l->verdict = USAGE_RECEIVED;
		else if (is_same(rq, l, &rows[i])) {
			l->verdict = USAGE_SAME;
			l->reason = USAGE_good;
		} else if (l->reason == USAGE_good)
			l->reason = USAGE_differs;
	}
	return (0);
}

/* Could the line be an event that came in while its account was open and its subscription ran? */
static bool
may_be_there(const struct usage_line *l)
{

	return (l->source_id != 0 &&
	    (l->reason == USAGE_closed_account || l->reason == USAGE_no_subscription || l->reason == USAGE_future ||
		l->reason == USAGE_unknown_account || l->reason == USAGE_unknown_offering ||
		l->reason == USAGE_ambiguous_account));
}

struct closed {
	int64_t any;
};
static const struct col closed_cols[] = {COL_I_(closed, any)};

/* Notes for a later run those of whose day one is there already.  0, or -1 with the problem set. */
static int
note_late(struct rq *rq, struct usage_line *const *list, size_t n)
{
	int64_t first = list[0]->day, last = list[0]->day;
	struct closed closed = {0};

	for (size_t i = 1; i < n; i++) {
		first = list[i]->day < first ? list[i]->day : first;
		last = list[i]->day > last ? list[i]->day : last;
	}
	arg_text(rq, "first", date_text(rq->a, first));
	arg_text(rq, "last", date_text(rq->a, last));
	if (query_row_system(rq, Q_usage_closed, COLS(closed_cols), &closed) != 1)
		return (-1);
	if (!closed.any)
		return (0);
	return (write_events(rq, list, n) == -1 || query_run_system(rq, Q_usage_late) == -1 ? -1 : 0);
}

/* Writes the good ones.  0, or -1 with the problem set. */
static int
add_events(struct rq *rq, const struct usage_delivery *d, struct usage_line *lines, size_t n)
{
	struct usage_line **list = arena_alloc(rq->a, (n + 1) * sizeof(struct usage_line *));
	size_t good = 0, all;
	int64_t added = 0;

	for (size_t i = 0; i < n; i++)
		if (lines[i].reason == USAGE_good)
			list[good++] = &lines[i];
	/* Whoever writes the same events does it in the same order. */
	qsort(list, good, sizeof(struct usage_line *), by_event);
	if (good > 0 && (added = insert_events(rq, list, good)) == -1)
		return (-1);
	if (added > 0 && note_late(rq, list, good) == -1)
		return (-1);
	all = good;
	for (size_t i = 0; i < n; i++)
		if (may_be_there(&lines[i]))
			list[all++] = &lines[i];
	for (size_t i = 0; i < good; i++)
		list[i]->verdict = USAGE_RECEIVED;
	if (added == (int64_t)good) /* all of them were new */
		return (compare(rq, d, list + good, all - good));
	for (size_t i = 0; i < good; i++)
		list[i]->verdict = USAGE_REJECTED;
	if (compare(rq, d, list, all) == -1)
		return (-1);
	for (size_t i = 0; i < good; i++)
		if (list[i]->verdict == USAGE_REJECTED && list[i]->reason == USAGE_good) {
			log_error("usage", "an event was neither added nor there");
			return (problem(rq, P_internal, "%s", ""), -1);
		}
	return (0);
}

/* What waited, and came in by itself. */
static int
end_waiting(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct buf b;
	bool any = false;

	buf_init(&b, rq->a, JSON_MAX);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verdict == USAGE_REJECTED)
			continue;
		buf_addz(&b, any ? ",[" : "[[");
		any = true;
		json_str(&b, lines[i].members[USAGE_M_source]);
		member(&b, lines[i].members[USAGE_M_event]);
		buf_char(&b, ']');
	}
	buf_char(&b, ']');
	if (!any)
		return (0);
	arg_text(rq, "events", buf_str(&b));
	return (query_run_system(rq, Q_usage_reject_received) == -1 ? -1 : 0);
}

int
usage_take(struct rq *rq, struct usage_delivery *d, struct usage_line *lines, size_t n, int64_t counts[USAGE_VERDICTS])
{
	bool waiting;

	arg_int(rq, "deliverer", d->deliverer);
	if (d->batch == 0 && begin_batch(rq, d) == -1)
		return (-1);
	arg_int(rq, "batch", d->batch);
	for (size_t i = 0; i < n; i++)
		lines[i].verdict = USAGE_REJECTED;
	if (usage_sources(rq, lines, n, &waiting) == -1 || usage_resolve(rq, lines, n) == -1 ||
	    add_events(rq, d, lines, n) == -1 || usage_keep(rq, lines, n) == -1)
		return (-1);
	if (waiting && end_waiting(rq, lines, n) == -1)
		return (-1);
	memset(counts, 0, USAGE_VERDICTS * sizeof(counts[0]));
	for (size_t i = 0; i < n; i++)
		counts[lines[i].verdict]++;
	return (count_batch(rq, d, n, counts));
}
