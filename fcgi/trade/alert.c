#include "trade/alert.h"

#include <stdlib.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/period.h"

#define STEP 5000 /* ids of events that are looked at in one transaction */
#define JSON_MAX ((size_t)1024 * 1024)

/* How far usage was looked through (0033_alerts.sql). */
struct look {
	int64_t seen, late, upto, over, newest;
};

/* _seen, _late, _upto, _over, _newest */
static int
take_look(void *ctx, const struct db_val *v)
{

	*(struct look *)ctx = (struct look){v[0].i, v[1].i, v[2].i, v[3].i, v[4].i};
	return (0);
}

/* What an account used of an offering in a period. */
struct thing {
	int64_t account, offering, starts, ends;
};

struct things {
	struct thing list[STEP];
	size_t n;
};

/* _account, _offering, _day, _cycle_day */
static int
take_day(void *ctx, const struct db_val *v)
{
	struct things *t = ctx;
	struct thing *x = &t->list[t->n];
	int64_t day;

	if (date_parse(v[2].s, &day) == -1)
		return (0); /* a column of days holds nothing else */
	*x = (struct thing){.account = v[0].i, .offering = v[1].i};
	period_of((int)v[3].i, day, &x->starts, &x->ends);
	return (++t->n == STEP);
}

static int
by_thing(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	if (x->account != y->account)
		return (x->account < y->account ? -1 : 1);
	if (x->offering != y->offering)
		return (x->offering < y->offering ? -1 : 1);
	return (x->starts < y->starts ? -1 : x->starts > y->starts);
}

/* [[account,offering,"2026-06-01","2026-07-01"],...], each once and all in one order, so that none waits for another in a
 * circle. */
static struct str
write_things(struct arena *a, struct things *t)
{
	struct buf b;

	qsort(t->list, t->n, sizeof(t->list[0]), by_thing);
	buf_init(&b, a, JSON_MAX);
	for (size_t i = 0; i < t->n; i++) {
		const struct thing *x = &t->list[i];

		if (i > 0 && by_thing(x - 1, x) == 0)
			continue;
		buf_printf(&b, "%s[%lld,%lld,\"", i == 0 ? "[" : ",", (long long)x->account, (long long)x->offering);
		date_plain(&b, x->starts);
		buf_addz(&b, "\",\"");
		date_plain(&b, x->ends);
		buf_addz(&b, "\"]");
	}
	buf_char(&b, ']');
	return (buf_str(&b));
}

/* Moves the mark, and writes the alerts and their mail.  0, also where another one was first, or -1. */
static int
write_alerts(struct db *db, struct arena *a, enum query mark, const struct arg bounds[2], struct things *t)
{
	const struct arg origin = text_arg("origin", str_of(conf_text(CONF_mail_links)));
	struct arg things;
	int64_t moved, n;

	if (db_begin(db) == -1)
		return (-1);
	moved = query_run_admin(db, a, mark, bounds, 2); /* whoever else is here waits for it */
	n = moved;
	if (moved == 1 && t->n > 0) {
		things = text_arg("things", write_things(a, t));
		n = query_run_admin(db, a, Q_alert_add, &things, 1);
		if (n > 0 && (n = query_run_admin(db, a, Q_outbox_alerts, &origin, 1)) != -1)
			n = query_run_admin(db, a, Q_alert_told, NULL, 0);
	}
	if (n != -1 && moved == 1 && db_commit(db) == 0)
		return (0);
	db_rollback(db);
	return (moved == 0 ? 0 : -1);
}

/* Looks at the events behind `after`, up to `upto` at most.  0, or -1. */
static int
look_at(struct db *db, struct arena *a, enum query mark, int64_t after, int64_t upto)
{
	const struct arg bounds[2] = {
	    int_arg("after", after), int_arg("upto", upto - after > STEP ? after + STEP : upto)};
	struct things *t = arena_zero(a, 1, sizeof(*t));

	if (query_each_admin(db, a, Q_alert_days, bounds, 2, take_day, t) == -1)
		return (-1);
	return (write_alerts(db, a, mark, bounds, t));
}

int
alert_look(struct db *db, struct arena *a, bool (*go_on)(void *), void *ctx)
{
	struct look l = {0};
	int rc = 0;

	while (rc == 0 && go_on(ctx)) {
		arena_reset(a);
		if (query_each_admin(db, a, Q_alert_look, NULL, 0, take_look, &l) == -1)
			return (-1);
		if (l.seen < l.newest)
			rc = look_at(db, a, Q_alert_seen, l.seen, l.newest);
		else if (l.over && l.late < l.upto)
			rc = look_at(db, a, Q_alert_late, l.late, l.upto);
		else
			break;
	}
	/* Once all of that is looked at again, what came meanwhile has its time. */
	if (rc == 0 && l.late == l.upto && l.seen > l.upto && query_run_admin(db, a, Q_alert_note, NULL, 0) == -1)
		return (-1);
	return (rc);
}
