/* Lines of usage that were not taken: seen, mended, tried again. */
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "trade/usage.h"

#define MEMBER_MAX 100

/* GET /api/v1/usage/rejects?state=&reason=&batch=&cursor=  the newest first. */
int
usage_reject_list(struct rq *rq)
{

	return (query_list(rq, Q_usage_reject_list));
}

/* GET /api/v1/usage/rejects/:id */
int
usage_reject_get(struct rq *rq)
{

	return (query_one(rq, Q_usage_reject_one));
}

/* The members of the body as parameters, NULL where absent.  An attribute can be emptied.  0, or -1 with 422. */
static int
read_members(struct rq *rq)
{

	for (int f = 0; f < FLD__MAX; f++)
		if (access_fields[f].set_by == (int)rq->action)
			arg_null(rq, access_fields[f].name);
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		const struct str pointer = arena_printf(rq->a, "/%.*s", STR_ARG(m->key));
		const int f = access_field_of(RES_usage_reject, m->key);

		if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
			problem_field(rq, P_invalid, pointer, "not_writable", "%s", "it cannot be set here");
		else if (m->type != JSON_STRING || str_chars(m->s) > MEMBER_MAX || (m->s.n > 0 && !str_is_line(m->s)))
			problem_field(rq, P_invalid, pointer, "length", "it must be one line of at most %d characters",
			    MEMBER_MAX);
		else
			arg_text(rq, access_fields[f].name, m->s);
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* PATCH /api/v1/usage/rejects/:id  {account, quantity, ...}: mends it; it is tried by itself. */
int
usage_reject_patch(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_usage_reject) == -1 || read_members(rq) == -1 ||
	    (n = query_run(rq, Q_usage_reject_mend)) == -1)
		return (problem_status(rq->problem));
	if (n == 0)
		return (problem(rq, P_conflict, "it does not wait any more: it was taken"));
	return (query_one(rq, Q_usage_reject_one));
}

struct waiting {
	int64_t id, tenant;
	struct str source, event, account, offering, quantity, at, class, time_of_day, zone;
};
static const struct col waiting_cols[] = {COL_I_(waiting, id), COL_I_(waiting, tenant), COL_S_(waiting, source),
    COL_S_(waiting, event), COL_S_(waiting, account), COL_S_(waiting, offering), COL_S_(waiting, quantity),
    COL_S_(waiting, at), COL_S_(waiting, class), COL_S_(waiting, time_of_day), COL_S_(waiting, zone)};

static void
as_line(const struct waiting *w, int64_t number, struct usage_line *l)
{

	*l = (struct usage_line){.number = number,
	    .waits = w->id,
	    .members = {[USAGE_M_source] = w->source,
		[USAGE_M_event] = w->event,
		[USAGE_M_account] = w->account,
		[USAGE_M_offering] = w->offering,
		[USAGE_M_quantity] = w->quantity,
		[USAGE_M_at] = w->at,
		[USAGE_M_class] = w->class,
		[USAGE_M_time_of_day] = w->time_of_day,
		[USAGE_M_zone] = w->zone}};
	usage_judge(l);
}

/* Tries the next ones, a set at most, whose ids are in these bounds: how many, or -1 with the problem set.  *last: the id
 * of the last; *in: how many are in now. */
static int64_t
try_some(struct rq *rq, int64_t first, int64_t upto, int64_t *last, int64_t *in)
{
	struct usage_delivery d = {
	    .deliverer = rq->who.tenant_id, .sender = rq->who.id, .way = "mended", .name = S(""), .done = true};
	int64_t counts[USAGE_VERDICTS], n;
	struct usage_line *lines;
	struct waiting *w;
	void *rows;

	arg_int(rq, "first", first);
	arg_int(rq, "upto", upto);
	arg_int(rq, "most", LINES_SET);
	n = query_rows(rq, Q_usage_reject_waiting, COLS(waiting_cols), sizeof(*w), LINES_SET, &rows);
	if (n <= 0)
		return (n);
	w = rows;
	lines = arena_alloc(rq->a, (size_t)n * sizeof(*lines));
	for (int64_t i = 0; i < n; i++)
		as_line(&w[i], i + 1, &lines[i]);
	if (usage_take(rq, &d, lines, (size_t)n, counts) == -1)
		return (-1);
	*last = w[n - 1].id;
	*in = counts[USAGE_RECEIVED] + counts[USAGE_SAME];
	rq->audit_detail = arena_printf(rq->a, "tried %lld received %lld", (long long)n, (long long)*in);
	return (n);
}

/* POST /api/v1/usage/rejects/:id/recycle  tries it again: the reject, received or open with the reason of now. */
int
usage_reject_again(struct rq *rq)
{
	int64_t id, last, in, n;

	if (query_id(rq, RES_usage_reject) == -1 || query_lock(rq, RES_usage_reject) == -1 ||
	    seal_id_open(rq->w->key, RES_usage_reject, rq->id_text, &id) == -1)
		return (problem_status(rq->problem));
	if ((n = try_some(rq, id, id, &last, &in)) == -1)
		return (problem_status(rq->problem));
	if (n == 0)
		return (problem(
		    rq, P_conflict, "it was taken, or another house delivered it, which tries it again itself"));
	return (query_one(rq, Q_usage_reject_one));
}

/* POST /api/v1/usage/recycle  {after?}: tries all that wait, a thousand at a time: {tried, received, next}; as long
 * as next is not null it goes on with {after: next}. */
int
usage_reject_all(struct rq *rq)
{
	const struct json *m = rq->body->first;
	int64_t after = 0, last = 0, in = 0, n;

	for (; m != NULL; m = m->next)
		if (!str_eqz(m->key, "after") || m->type != JSON_STRING ||
		    seal_id_open(rq->w->key, RES_usage_reject, m->s, &after) == -1)
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "id", "%s",
			    "it is what `next` was before");
	if (rq->problem != P_none || (n = try_some(rq, after + 1, INT64_MAX, &last, &in)) == -1)
		return (problem_status(rq->problem));
	buf_printf(&rq->out, "{\"tried\":%lld,\"received\":%lld,\"next\":", (long long)n, (long long)in);
	if (n == LINES_SET) {
		buf_char(&rq->out, '"');
		seal_id(rq->w->key, RES_usage_reject, last, &rq->out);
		buf_char(&rq->out, '"');
	} else
		buf_addz(&rq->out, "null");
	buf_char(&rq->out, '}');
	return (200);
}
