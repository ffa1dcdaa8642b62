#include "route.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "base/log.h"
#include "batch.h"
#include "core/body.h"
#include "core/export.h"
#include "core/metrics.h"
#include "core/opening.h"
#include "core/origin.h"
#include "core/session.h"
#include "core/totp.h"
#include "intake.h"
#include "page/page.h"
#include "route_part.h"
#include "second.h"
#include "transaction.h"

#define PATIENCE_US 3000000 /* after this no request is tried again */

#define ROUTE(m, p, h, a, po, f)                                                                                    \
	{{m, p, #h, ACT_##a, ((f) & (WRITE)) != 0, ((f) & (WRITE | NO_BODY)) == WRITE, ((f) & (LINES | SETS)) != 0, \
	     ((f) & (PERSON)) != 0, ((f) & (AGREED)) != 0, ((f) & (PROVED)) != 0},                                  \
	    h, po, f},

static const struct route routes[] = {
#include "route.def"
};
#define N_ROUTES (sizeof(routes) / sizeof(routes[0]))
_Static_assert(N_ROUTES < METRICS_ROUTES, "each route has its counters");

static int pool_limit[POOL__MAX]; /* threads that a pool may take; written by route_init */
static atomic_int pool_busy[POOL__MAX];
static bool opens[N_ROUTES]; /* takes the id of what is a customer's: it is noted who asks; written by route_init */

static const struct page_route *
page_route_at(unsigned i)
{

	return (i < N_ROUTES ? &routes[i].page : NULL);
}

const struct page_route *(*page_routes)(unsigned i) = page_route_at;
int (*page_carry_out)(struct rq *rq, const struct page_asked *what, enum problem *why) = second_carry_out;

bool
route_opens(const struct route *r)
{

	return (opens[r - routes]);
}

const struct route *
route_of(struct str handler)
{

	for (size_t i = 0; i < N_ROUTES; i++)
		if (str_eqz(handler, routes[i].page.handler))
			return (&routes[i]);
	return (NULL);
}

const struct route *
route_reading(const struct route *r)
{

	for (size_t i = 0; i < N_ROUTES; i++)
		if (routes[i].page.method == GET && strcmp(routes[i].page.path, r->page.path) == 0)
			return (&routes[i]);
	return (NULL);
}

void
route_init(int threads)
{

	pool_limit[API] = threads;
	/* Whole lists and bulk changes take seconds: they never take the last threads from everybody else. */
	pool_limit[BULK] = threads > 4 ? threads / 4 : 1;
	/* No flag of the table: a row that comes later cannot forget it. */
	for (size_t i = 0; i < N_ROUTES; i++)
		opens[i] = opening_of(routes[i].page.action) &&
		    ((routes[i].flags & LINES) || strstr(routes[i].page.path, "/:id") != NULL);
	/* What waits for a second person is written down with its body: no password may be in it. */
	for (size_t i = 0; i < N_ROUTES; i++)
		assert(access_second(routes[i].page.action) == SECOND_never || (routes[i].flags & HASHES) == 0);
}

/* Does the path fit, with anything but a slash for :id? */
static bool
fits(const char *pattern, struct str path, struct str *id)
{
	size_t i = 0, start;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern != ':') {
			if (i == path.n || path.p[i] != *pattern)
				return (false);
			i++;
			continue;
		}
		start = i;
		while (i < path.n && path.p[i] != '/')
			i++;
		if (i == start)
			return (false);
		*id = (struct str){path.p + start, i - start};
		pattern += 2; /* "id" */
	}
	return (i == path.n);
}

/* 0, or the status of a problem. */
static int
match(struct rq *rq)
{
	static const char *const names[METHOD__MAX] = {
	    [GET] = "GET, HEAD", [POST] = "POST", [PATCH] = "PATCH", [PUT] = "PUT", [DELETE] = "DELETE"};
	struct str allow = S("");
	bool named = false; /* the path is a row's own, and no id */

	for (size_t i = 0; i < N_ROUTES; i++) {
		if (named && strchr(routes[i].page.path, ':') != NULL)
			continue;
		if (!fits(routes[i].page.path, rq->path, &rq->id_text))
			continue;
		if (routes[i].page.method == rq->method) {
			rq->route = &routes[i];
			rq->action = routes[i].page.action;
			return (0);
		}
		named = named || strchr(routes[i].page.path, ':') == NULL;
		allow = arena_printf(
		    rq->a, "%.*s%s%s", STR_ARG(allow), allow.n > 0 ? ", " : "", names[routes[i].page.method]);
	}
	if (allow.n == 0)
		return (problem(rq, P_not_found, "%s", ""));
	rq_header(rq, "Allow", allow);
	return (problem(rq, P_method, "%s", ""));
}

/* Whoever looks as somebody else changes nothing but that.  0, or the status of a problem. */
static int
admit_viewer(struct rq *rq)
{
	const int flags = rq->route->flags;

	if (rq->who.viewer.view == 0 || (flags & LEAVE))
		return (0);
	if (rq->who.viewer.over)
		return (problem(rq, P_view_ended, "leave it first: DELETE /api/v1/views/current"));
	if (flags & WRITE)
		return (problem(rq, P_view_only, "%s", ""));
	return (flags & OWN ? problem(rq, P_forbidden, "%s", "") : 0);
}

/* What takes no body may come with an empty one, and with nothing in it that nobody would hear.  0, or the status of a
 * problem. */
static int
admit_nothing(struct rq *rq)
{

	if (rq->body_text.n == 0 || (body_parse(rq) == 0 && body_texts(rq, NULL, 0) == 0))
		return (0);
	return (problem_status(rq->problem));
}

/* The checks before the handler, in their one order.  0, or the status of a problem. */
static int
admit(struct rq *rq)
{
	const struct route *r = rq->route;
	int status;

	if (rq->action != ACT_PUBLIC || (r->flags & WRITE))
		if (session_load(rq) == -1)
			return (problem_status(rq->problem));
	if (rq->action != ACT_PUBLIC && rq->who.id == 0)
		return (problem(rq, P_not_signed_in, "%s", ""));
	/* A key is sent by nothing but the program that has it: no page can make a browser send it. */
	if ((r->flags & WRITE) && rq->who.key == 0 && !origin_is_own(rq))
		return (problem(rq, P_not_same_origin, "%s", ""));
	if ((r->flags & PERSON) && rq->who.key != 0)
		return (problem(rq, P_person_only, "%s", ""));
	if ((status = admit_viewer(rq)) != 0)
		return (status);
	if (rq->action < ACT__MAX && !may_act(rq->who.rights, rq->action))
		return (problem(rq, P_forbidden, "%s", ""));
	if ((r->flags & WRITE) && (access_step_up(rq->action) || (r->flags & PROVED)) && !rq->who.proved)
		return (totp_needed(rq));
	if (rq->format != FORMAT_json && (status = export_admit(rq)) != 0)
		return (status);
	if ((r->flags & MATCH) && rq->if_match.n == 0)
		return (problem(rq, P_need_match, "send the ETag that GET answered"));
	if (!(r->flags & WRITE) || (r->flags & (LINES | SETS)))
		return (0);
	if (r->flags & NO_BODY)
		return (admit_nothing(rq));
	if (body_parse(rq) == -1)
		return (problem_status(rq->problem));
	status =
	    rq->action < ACT__MAX && !(r->flags & OWN_BODY) && body_fields(rq) == -1 ? problem_status(rq->problem) : 0;
	return (status);
}

/* A read; what it shows leaves only once it is noted who sees it, where that must be.  Returns the status. */
static int
look(struct rq *rq)
{
	int status = rq->route->handler(rq);

	if (status >= 400 || !route_opens(rq->route) || opening_read(rq) == 0)
		return (status);
	rq->headers = S(""); /* they name what is not shown */
	return (problem_status(rq->problem));
}

/* One line of many: the same checks again, for a right may be gone since the line before, and a transaction of its
 * own, so that what is done of them is whole lines.  Returns its status. */
static int
run_line(struct rq *line)
{
	const int status = admit(line);

	return (status != 0 ? status : transaction_run(line));
}

static int attempt(struct rq *rq, int (*what)(struct rq *));

static int
try_line(struct rq *line)
{

	return (attempt(line, run_line));
}

static int
run(struct rq *rq)
{
	const struct route *r = rq->route;
	int status;

	if ((status = admit(rq)) != 0)
		return (transaction_refused(rq, status));
	if (!(r->flags & WRITE))
		return (look(rq));
	if (r->flags & LINES)
		return (batch_run(rq, try_line));
	if (r->flags & SETS)
		return (batch_sets(rq, try_line, usage_end));
	if (!(r->flags & HASHES))
		return (transaction_run(rq));
	status = r->handler(rq);
	return (rq->audit_refusal ? transaction_audit_refused(rq) : transaction_finish(rq, status));
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

/*
 * Runs it, and again where the database asks for that and it asked soon: what has waited long
 * has a client that waits too.  A sign-in as well: a session whose token nobody got opens nothing.
 * Returns the status.
 */
static int
attempt(struct rq *rq, int (*what)(struct rq *))
{
	struct rq fresh = *rq;
	int64_t end = now_us() + PATIENCE_US;
	int status = 0;

	for (int tries = 0; tries < 3 && now_us() < end; tries++) {
		if (tries > 0) {
			struct buf out = rq->out;

			*rq = fresh;
			rq->out = out;
			buf_clear(&rq->out);
		}
		status = what(rq);
		if (status < 400 || !rq->again)
			break;
	}
	return (status);
}

static int
in_pool(struct rq *rq)
{
	enum pool pool = export_asked(rq) ? BULK : rq->route->pool;
	int status;

	if (atomic_fetch_add(&pool_busy[pool], 1) >= pool_limit[pool]) {
		rq_header(rq, "Retry-After", pool == BULK ? S("10") : S("2"));
		status = problem(rq, P_busy, "try again in a few seconds");
	} else {
		status = attempt(rq, run);
	}
	atomic_fetch_sub(&pool_busy[pool], 1);
	return (status);
}

void
route_serve(struct worker *w, struct fcgi_call *call)
{
	int64_t start = now_us(), us;
	struct rq rq;
	int status;

	status = intake_read(&rq, w, call);
	if (status == 0)
		status = match(&rq);
	if (status == 0)
		status = in_pool(&rq);
	if (buf_failed(&rq.out))
		status = problem(&rq, P_internal, "the answer is too large");
	status = intake_lead(&rq, status);
	intake_answer(&rq, call, status);
	us = now_us() - start;
	metrics_request(rq.route == NULL ? METRICS_ROUTES : (unsigned)(rq.route - routes), status, us);
	intake_log(&rq, rq.route == NULL ? "none" : rq.route->page.path, status, us);
	arena_reset(w->a);
}
