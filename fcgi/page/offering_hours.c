/* Which time of day usage has where its events do not say it: windows of the week from a day on, until the next.  What came
 * in keeps what it got when it came. */
#include "base/date.h"
#include "base/hours.h"
#include "core/query.h"
#include "core/rights.h"
#include "page/member_part.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "trade/usage.h"
#include "wire/json.h"

#define ROWS_MAX 10000
#define WINDOWS_MAX 50
#define WINDOWS_JSON ((size_t)8 * 1024)

struct row {
	int64_t weekdays, from, to;
	struct str starts, time_of_day;
};
static const struct col row_cols[] = {
    COL_I_(row, weekdays), COL_I_(row, from), COL_I_(row, to), COL_S_(row, starts), COL_S_(row, time_of_day)};

/* "from":"08:00"; midnight is 00:00 at both ends. */
static void
write_clock(struct buf *b, const char *name, int64_t minute)
{

	json_name(b, name);
	buf_printf(b, "\"%02d:%02d\"", (int)(minute % HOURS_DAY / 60), (int)(minute % 60));
}

static void
write_window(struct buf *b, const struct row *w)
{
	bool any = false;

	buf_char(b, '{');
	json_text(b, "time_of_day", w->time_of_day);
	json_name(b, "weekdays");
	buf_char(b, '[');
	for (int d = 0; d < 7; d++)
		if ((w->weekdays >> d & 1) != 0) {
			if (any)
				buf_char(b, ',');
			any = true;
			buf_int(b, d + 1);
		}
	buf_char(b, ']');
	write_clock(b, "from", w->from);
	write_clock(b, "to", w->to);
	buf_char(b, '}');
}

/* {"hours":[{"starts":"2026-06-01","windows":[{"time_of_day":"peak","weekdays":[1,2,3,4,5],"from":"08:00","to":"20:00"}]}]},
 * the newest first.  Returns the status. */
static int
answer(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct row *w = NULL;
	int64_t n = 0;

	if (may_read(rq->who.rights, FLD_offering_hours) &&
	    (n = query_rows_system(rq, Q_offering_hours, COLS(row_cols), sizeof(*w), ROWS_MAX, (void **)&w)) == -1)
		return (problem_status(rq->problem));
	buf_addz(b, "{\"hours\":[");
	for (int64_t i = 0; i < n;) {
		const struct str starts = w[i].starts;
		bool any = false;

		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "starts", starts);
		json_name(b, "windows");
		buf_char(b, '[');
		for (; i < n && str_eq(w[i].starts, starts); i++) {
			if (w[i].weekdays == 0) /* the day alone */
				continue;
			if (any)
				buf_char(b, ',');
			any = true;
			write_window(b, &w[i]);
		}
		buf_addz(b, "]}");
	}
	buf_addz(b, "]}");
	return (200);
}

/* GET /api/v1/offerings/:id/hours */
int
offering_hours(struct rq *rq)
{
	struct offering_found o;

	return (offering_find(rq, &o) == -1 ? problem_status(rq->problem) : answer(rq));
}

/* ---- other ones ---- */

struct wanted {
	struct str time_of_day;
	struct hours hours;
};

static void
wrong(struct rq *rq, size_t i, const char *member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/windows/%zu/%s", i, member), code, "%s", detail);
}

/* [1,2,3] -> 7; what is no list of days is 0. */
static int
read_weekdays(const struct json *m)
{
	int days = 0;

	for (const struct json *d = m->type == JSON_ARRAY ? m->first : NULL; d != NULL; d = d->next) {
		const int day = d->type == JSON_NUMBER && d->number >= 1 && d->number <= 7 ? (int)d->number : 0;

		if (day == 0 || (double)day != d->number)
			return (0);
		days |= 1 << (day - 1);
	}
	return (days);
}

static void
read_member(struct rq *rq, size_t i, const struct json *m, struct wanted *w)
{
	const struct str text = m->type == JSON_STRING ? m->s : S("");

	if (str_eqz(m->key, "time_of_day"))
		w->time_of_day = text;
	else if (str_eqz(m->key, "weekdays"))
		w->hours.weekdays = read_weekdays(m);
	else if (str_eqz(m->key, "from") && hours_parse(text, &w->hours.from) == -1)
		w->hours.from = -1;
	else if (str_eqz(m->key, "to") && hours_parse(text, &w->hours.to) == -1)
		w->hours.to = -1;
	else if (!str_eqz(m->key, "from") && !str_eqz(m->key, "to"))
		wrong(rq, i, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
}

static void
read_window(struct rq *rq, size_t i, const struct json *window, struct wanted *w)
{

	*w = (struct wanted){.hours = {0, -1, -1}};
	for (const struct json *m = window->type == JSON_OBJECT ? window->first : NULL; m != NULL; m = m->next)
		read_member(rq, i, m, w);
	if (!usage_attribute(w->time_of_day))
		wrong(rq, i, "time_of_day", "code", "it needs 1 to 20 of A to Z, a to z, 0 to 9, - and _");
	if (w->hours.weekdays == 0)
		wrong(rq, i, "weekdays", "weekdays", "it needs some of 1 for Monday to 7 for Sunday");
	if (w->hours.from == -1)
		wrong(rq, i, "from", "clock", "it is not a time like 08:00");
	if (w->hours.to == -1)
		wrong(rq, i, "to", "clock", "it is not a time like 20:00");
	if (w->hours.to == 0)
		w->hours.to = HOURS_DAY;
	if (w->hours.from != -1 && w->hours.from == w->hours.to)
		wrong(rq, i, "to", "empty", "it ends when it begins");
}

/* :windows.  How many, with 422 where they are wrong. */
static size_t
read_windows(struct rq *rq, const struct json *list)
{
	bool *week = arena_zero(rq->a, HOURS_WEEK, sizeof(*week));
	struct wanted w;
	struct buf b;
	size_t n = 0;

	buf_init(&b, rq->a, WINDOWS_JSON);
	buf_char(&b, '[');
	for (const struct json *m = list->first; m != NULL; m = m->next, n++) {
		if (n == WINDOWS_MAX) {
			problem_field(rq, P_invalid, S("/windows"), "length", "at most %d", WINDOWS_MAX);
			break;
		}
		read_window(rq, n, m, &w);
		if (rq->problem != P_none)
			continue;
		if (!hours_note(w.hours, week))
			wrong(rq, n, "from", "overlap", "another window has some of that time already");
		buf_addz(&b, n == 0 ? "[" : ",[");
		json_str(&b, w.time_of_day);
		buf_printf(&b, ",%d,%d,%d]", w.hours.weekdays, w.hours.from, w.hours.to);
	}
	buf_char(&b, ']');
	arg_text(rq, "windows", buf_str(&b));
	return (n);
}

/* How many windows from which day on; -1 with 422. */
static int64_t
read_body(struct rq *rq, const struct offering_found *o)
{
	const struct json *list = NULL;
	struct str starts = {NULL, 0};
	int64_t day = 0;
	size_t n = 0;

	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "starts")) {
			member_day(rq, "starts", m, &day);
			starts = m->type == JSON_STRING ? m->s : S("?");
		} else if (str_eqz(m->key, "windows") && m->type == JSON_ARRAY)
			list = m;
		else
			member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
	if (starts.n == 0)
		member_wrong(rq, "starts", "missing", "it is missing");
	if (list == NULL)
		member_wrong(rq, "windows", "missing", "it needs a list of windows; an empty one ends them");
	if (!str_eqz(o->kind, "usage"))
		member_wrong(rq, "windows", "kind", "only usage has a time of day");
	if (list != NULL)
		n = read_windows(rq, list);
	arg_text(rq, "starts", starts);
	arg_int(rq, "product", o->segment_of);
	rq->audit_detail = arena_printf(rq->a, "%zu windows from %.*s", n, STR_ARG(starts));
	return (rq->problem == P_none ? (int64_t)n : -1);
}

/* POST /api/v1/offerings/:id/hours {starts, windows: [{time_of_day, weekdays, from, to}]}  for events from that day on that
 * do not say their time of day, instead of all windows of before.  Answers all. */
int
offering_hours_set(struct rq *rq)
{
	struct offering_found o;
	int64_t n;

	if (query_id(rq, RES_offering) == -1 || query_lock(rq, RES_offering) == -1 || offering_find(rq, &o) == -1 ||
	    (n = read_body(rq, &o)) == -1 || offering_unused(rq) == -1)
		return (problem_status(rq->problem));
	if (query_run_system(rq, Q_offering_windows_drop) == -1 || query_run_system(rq, Q_offering_hours_drop) == -1 ||
	    query_run_one_system(rq, Q_offering_hours_add) == -1 ||
	    (n > 0 && query_run_system(rq, Q_offering_windows_add) == -1) ||
	    query_run_one_system(rq, Q_offering_varies) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = o.id;
	return (answer(rq));
}
