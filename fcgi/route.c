#include "route.h"

#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "base/log.h"
#include "batch.h"
#include "core/audit.h"
#include "core/body.h"
#include "core/export.h"
#include "core/metrics.h"
#include "core/opening.h"
#include "core/origin.h"
#include "core/query.h"
#include "core/session.h"
#include "core/view.h"
#include "intake.h"
#include "page/page.h"

enum pool { API, AUTH, BULK, POOL__MAX };

#define READ 0
#define WRITE 1  /* in one transaction, with an audit row, after same-origin proof */
#define HASHES 2 /* too slow for a transaction from its beginning: the handler begins it before it writes */
#define MATCH 4  /* needs If-Match with the tag of what GET answers */
#define NO_BODY 8
#define OWN_BODY 16 /* its members are no fields of the action's resource: the handler reads them */
#define CHANNEL 32  /* changes who may what: one at a time, by the rights of that moment, and all caches end */

#define LEAVE 64   /* goes on where somebody looks as somebody else, also when that is over */
#define OWN 128    /* what is the person's alone: not shown to whoever looks as that person */
#define PERSON 256 /* for people who signed in: no API key opens it */

#define LINES 512 /* its body is many lines (core/lines.h): each is judged and done by itself, and answered by a line */

#define PATIENCE_US 3000000 /* after this no request is tried again */

struct route {
	struct page_route page;
	int (*handler)(struct rq *);
	enum pool pool;
	int flags;
};

#define ROUTE(m, p, h, a, po, f)                                                                             \
	{{m, p, #h, ACT_##a, ((f) & (WRITE)) != 0, ((f) & (WRITE | NO_BODY)) == WRITE, ((f) & (LINES)) != 0, \
	     ((f) & (PERSON)) != 0},                                                                         \
	    h, po, f},

/* clang-format off */
static const struct route routes[] = { /* no row, no route; no action, no compile; PUBLIC is written out */
	/*    method  path                           handler           action           pool   flags */
	ROUTE(POST,   "/api/v1/session",             session_create,    PUBLIC,            AUTH,  WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/session",             session_get,       SIGNED_IN,         API,   READ | LEAVE)
	ROUTE(DELETE, "/api/v1/session",             session_delete,    SIGNED_IN,         API,   WRITE | NO_BODY | LEAVE | PERSON)
	ROUTE(POST,   "/api/v1/session/passkey",     session_passkey,   PUBLIC,            API,   WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/session/passkey/options", session_passkey_options, PUBLIC,  API,   READ | PERSON)
	ROUTE(GET,    "/api/v1/sessions",            session_list,      session_read,      API,   READ | PERSON)
	ROUTE(DELETE, "/api/v1/sessions",            session_end_others, session_end,      API,   WRITE | NO_BODY | PERSON)
	ROUTE(DELETE, "/api/v1/sessions/:id",        session_end_one,   session_end,       API,   WRITE | NO_BODY | PERSON)
	ROUTE(POST,   "/api/v1/views",               view_create,       user_view_as,      API,   WRITE | OWN_BODY | PERSON)
	ROUTE(DELETE, "/api/v1/views/current",       view_end,          SIGNED_IN,         API,   WRITE | NO_BODY | LEAVE | PERSON)
	ROUTE(POST,   "/api/v1/password",            password_change,   SIGNED_IN,         AUTH,  WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/password/reset",      password_reset,    PUBLIC,            API,   WRITE | PERSON)
	ROUTE(POST,   "/api/v1/password/reset/confirm", password_reset_confirm, PUBLIC,    AUTH,  WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/invitations/confirm", invitation_confirm, PUBLIC,           AUTH,  WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/totp",                totp_get,          SIGNED_IN,         API,   READ | OWN | PERSON)
	ROUTE(POST,   "/api/v1/totp",                totp_begin,        SIGNED_IN,         AUTH,  WRITE | HASHES | PERSON)
	ROUTE(DELETE, "/api/v1/totp",                totp_end,          SIGNED_IN,         AUTH,  WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/totp/confirm",        totp_confirm,      SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/passkeys",            passkey_list,      passkey_read,      API,   READ | OWN | PERSON)
	ROUTE(POST,   "/api/v1/passkeys",            passkey_create,    passkey_create,    API,   WRITE | OWN_BODY | PERSON)
	ROUTE(POST,   "/api/v1/passkey-options",     passkey_options,   SIGNED_IN,         AUTH,  WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/passkeys/:id",        passkey_get,       passkey_read,      API,   READ | OWN | PERSON)
	ROUTE(PATCH,  "/api/v1/passkeys/:id",        passkey_patch,     passkey_edit,      API,   WRITE | MATCH | PERSON)
	ROUTE(DELETE, "/api/v1/passkeys/:id",        passkey_delete,    passkey_delete,    API,   WRITE | NO_BODY | PERSON)
	ROUTE(GET,    "/api/v1/meta",                meta_get,          SIGNED_IN,         API,   READ)
	ROUTE(GET,    "/api/v1/openapi.json",        openapi_get,       PUBLIC,            API,   READ)
	ROUTE(GET,    "/api/v1/documents",           document_list,     document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id",       document_get,      document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id/html",  document_html,     document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id/pdf",   document_pdf,      document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/customers",           customer_list,     customer_read,     API,   READ)
	ROUTE(POST,   "/api/v1/customers/bulk",      customer_bulk,     customer_classify, BULK,  WRITE | LINES)
	ROUTE(GET,    "/api/v1/customers/:id",       customer_get,      customer_read,     API,   READ)
	ROUTE(PATCH,  "/api/v1/customers/:id",       customer_patch,    customer_classify, API,   WRITE | MATCH | OWN_BODY)
	ROUTE(GET,    "/api/v1/accounts",            account_list,      account_read,      API,   READ)
	ROUTE(GET,    "/api/v1/accounts/:id",        account_get,       account_read,      API,   READ)
	ROUTE(GET,    "/api/v1/payments",            payment_list,      payment_read,      API,   READ)
	ROUTE(GET,    "/api/v1/payments/:id",        payment_get,       payment_read,      API,   READ)
	ROUTE(GET,    "/api/v1/subscriptions",       subscription_list, subscription_read, API,   READ)
	ROUTE(GET,    "/api/v1/subscriptions/:id",   subscription_get,  subscription_read, API,   READ)
	ROUTE(GET,    "/api/v1/offerings",           offering_list,     offering_read,     API,   READ)
	ROUTE(GET,    "/api/v1/offerings/:id",       offering_get,      offering_read,     API,   READ)
	ROUTE(GET,    "/api/v1/tenants",             tenant_list,       tenant_read,       API,   READ)
	ROUTE(GET,    "/api/v1/tenants/:id",         tenant_get,        tenant_read,       API,   READ)
	ROUTE(GET,    "/api/v1/tenants/:id/products", tenant_products, tenant_read,        API,   READ)
	ROUTE(PUT,    "/api/v1/tenants/:id/products", tenant_share,    tenant_share,       API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/tenants/:id/ceiling", tenant_ceiling,   tenant_limit,       API,   READ)
	ROUTE(PUT,    "/api/v1/tenants/:id/ceiling", tenant_limit,     tenant_limit,       API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/product-segments",    product_list,      product_read,      API,   READ)
	ROUTE(GET,    "/api/v1/product-segments/:id", product_get,      product_read,      API,   READ)
	ROUTE(GET,    "/api/v1/brands",              brand_list,        brand_read,        API,   READ)
	ROUTE(GET,    "/api/v1/brands/:id",          brand_get,         brand_read,        API,   READ)
	ROUTE(GET,    "/api/v1/users",               user_list,         user_read,         API,   READ)
	ROUTE(POST,   "/api/v1/users",               user_invite,       user_invite,       API,   WRITE | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/users/:id",           user_get,          user_read,         API,   READ)
	ROUTE(PATCH,  "/api/v1/users/:id",           user_patch,        user_edit,         API,   WRITE | MATCH | PERSON)
	ROUTE(POST,   "/api/v1/users/:id/invite",    user_invite_again, user_invite,       API,   WRITE | NO_BODY | PERSON)
	ROUTE(GET,    "/api/v1/users/:id/explain",   user_explain,      user_explain,      API,   READ)
	ROUTE(GET,    "/api/v1/users/:id/roles",     user_roles,        user_read,         API,   READ)
	ROUTE(PUT,    "/api/v1/users/:id/roles",     user_assign,       user_assign,       API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/roles",               role_list,         role_read,         API,   READ)
	ROUTE(POST,   "/api/v1/roles",               role_create,       role_create,       API,   WRITE | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/roles/:id",           role_get,          role_read,         API,   READ)
	ROUTE(PATCH,  "/api/v1/roles/:id",           role_patch,        role_edit,         API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(DELETE, "/api/v1/roles/:id",           role_delete,       role_delete,       API,   WRITE | NO_BODY | CHANNEL | PERSON)
	ROUTE(POST,   "/api/v1/roles/:id/copy",      role_copy,         role_create,       API,   WRITE | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/roles/:id/users",     role_users,        role_read,         API,   READ)
	ROUTE(GET,    "/api/v1/api-keys",            api_key_list,      api_key_read,      API,   READ)
	ROUTE(POST,   "/api/v1/api-keys",            api_key_create,    api_key_create,    API,   WRITE | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/api-keys/:id",        api_key_get,       api_key_read,      API,   READ)
	ROUTE(DELETE, "/api/v1/api-keys/:id",        api_key_end,       api_key_end,       API,   WRITE | NO_BODY | PERSON)
	ROUTE(GET,    "/api/v1/audit",               audit_list,        audit_read,        API,   READ)
	ROUTE(GET,    "/api/v1/openings",            opening_list,      opening_read,      API,   READ)
	ROUTE(GET,    "/api/v1/moves",               move_list,         move_read,         API,   READ)
	ROUTE(POST,   "/api/v1/moves",               move_create,       move_create,       API,   WRITE)
	ROUTE(GET,    "/api/v1/moves/:id",           move_get,          move_read,         API,   READ)
	ROUTE(DELETE, "/api/v1/moves/:id",           move_cancel,       move_cancel,       API,   WRITE | NO_BODY)
	ROUTE(GET,    "/api/v1/transfers",           transfer_list,     transfer_read,     API,   READ)
	ROUTE(POST,   "/api/v1/transfers",           transfer_create,   transfer_create,   API,   WRITE)
	ROUTE(GET,    "/api/v1/transfers/:id",       transfer_get,      transfer_read,     API,   READ)
	ROUTE(DELETE, "/api/v1/transfers/:id",       transfer_cancel,   transfer_cancel,   API,   WRITE | NO_BODY)
	ROUTE(GET,    "/api/v1/segments",            segment_list,      segment_read,      API,   READ)
	ROUTE(POST,   "/api/v1/segments",            segment_create,    segment_create,    API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/segments/:id",        segment_get,       segment_read,      API,   READ)
	ROUTE(PATCH,  "/api/v1/segments/:id",        segment_patch,     segment_edit,      API,   WRITE | MATCH | OWN_BODY)
	ROUTE(DELETE, "/api/v1/segments/:id",        segment_delete,    segment_delete,    API,   WRITE | NO_BODY | CHANNEL)
	ROUTE(GET,    "/healthz",                    system_healthz,    PUBLIC,            API,   READ)
	ROUTE(GET,    "/readyz",                     system_readyz,     PUBLIC,            API,   READ)
	ROUTE(GET,    "/metrics",                    system_metrics,    PUBLIC,            API,   READ)
	ROUTE(GET,    "/version",                    system_version,    PUBLIC,            API,   READ)
};
/* clang-format on */
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

void
route_init(int threads)
{

	/* Passwords are slow: they never take the last threads from everybody else. */
	pool_limit[API] = threads;
	pool_limit[AUTH] = threads > 1 ? threads / 2 : 1;
	/* Nor do whole lists and bulk changes, which take seconds. */
	pool_limit[BULK] = threads > 4 ? threads / 4 : 1;
	/* No flag of the table: a row that comes later cannot forget it. */
	for (size_t i = 0; i < N_ROUTES; i++)
		opens[i] = opening_of(routes[i].page.action) &&
		    ((routes[i].flags & LINES) || strstr(routes[i].page.path, "/:id") != NULL);
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
	if (rq->format != FORMAT_json && (status = export_admit(rq)) != 0)
		return (status);
	if ((r->flags & MATCH) && rq->if_match.n == 0)
		return (problem(rq, P_need_match, "send the ETag that GET answered"));
	if (!(r->flags & WRITE) || (r->flags & (NO_BODY | LINES)))
		return (0);
	if (body_parse(rq) == -1)
		return (problem_status(rq->problem));
	status =
	    rq->action < ACT__MAX && !(r->flags & OWN_BODY) && body_fields(rq) == -1 ? problem_status(rq->problem) : 0;
	return (status);
}

/* Locks the row and compares If-Match with the tag of what GET answers now. */
static int
check_match(struct rq *rq)
{
	const struct route *get = NULL;
	enum resource res = access_actions[rq->action].resource;
	int status;

	for (size_t i = 0; i < N_ROUTES; i++)
		if (routes[i].page.method == GET && strcmp(routes[i].page.path, rq->route->page.path) == 0)
			get = &routes[i];
	if (get == NULL || query_id(rq, res) == -1)
		return (problem(rq, P_not_found, "%s", ""));
	if (query_lock(rq, res) == -1 || (status = get->handler(rq)) != 200)
		return (problem(rq, P_not_found, "%s", ""));
	if (!str_eq(intake_tag(rq), rq->if_match))
		return (problem(rq, P_changed, "read it again and repeat your change"));
	buf_clear(&rq->out);
	return (0);
}

/* What the audit calls it: the action, or the handler where the vocabulary has no action for it. */
static const char *
audit_name(const struct rq *rq)
{

	return (rq->action < ACT__MAX ? access_actions[rq->action].name : rq->route->page.handler);
}

/* The end of a write: its notes and COMMIT, or nothing of it stays.  Returns the status. */
static int
finish(struct rq *rq, int status)
{
	struct db *db = rq->w->db;

	if (status < 400 && (!opens[rq->route - routes] || opening_changed(rq) == 0) &&
	    audit_write(rq, audit_name(rq), true) == 0) {
		if (db_commit(db) == 0)
			return (status);
		query_failed(rq, "COMMIT");
		if (db_error(db) == DB_LOST)
			rq->again = false; /* the outcome is unknown: never again by itself */
	}
	db_rollback(db);
	if (status >= 400)
		return (status);
	rq->headers = S(""); /* the handler's cookie stands for a row that is not there */
	return (problem_status(rq->problem));
}

/* Locks what all rights hang on, before anything is read, and reads again what the asker may: nobody gives
 * away by a right that was taken from them a moment ago.  0, or the status of a problem. */
static int
take_channel(struct rq *rq)
{
	int64_t n;

	n = query_run_system(rq, Q_tenant_version_raise);
	if (n == -1 || session_again(rq) == -1)
		return (problem_status(rq->problem));
	return (may_act(rq->who.rights, rq->action) ? 0 : problem(rq, P_forbidden, "%s", ""));
}

/* BEGIN, handler, audit, COMMIT.  Returns the status. */
static int
in_transaction(struct rq *rq)
{
	int status = 0;

	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if (rq->route->flags & CHANNEL)
		status = take_channel(rq);
	if (status == 0 && (rq->route->flags & MATCH))
		status = check_match(rq);
	if (status == 0)
		status = rq->route->handler(rq);
	return (finish(rq, status));
}

/* Is it known who asks, and has no right to that? */
static bool
is_no_right(enum problem p)
{

	return (p == P_forbidden || p == P_view_only || p == P_person_only);
}

/* A refused password, or a write that the user has no right to, leaves its row too, or there is another answer.
 * Returns the status. */
static int
audit_refused(struct rq *rq)
{
	enum problem refused = rq->problem;

	rq->problem = P_none; /* or no statement would run any more */
	if ((is_no_right(refused) ? audit_refusal(rq, audit_name(rq)) : audit_write(rq, audit_name(rq), false)) == 0)
		rq->problem = refused;
	return (problem_status(rq->problem));
}

/* Not admitted: what of that is worth a row gets it.  Returns the status. */
static int
refused(struct rq *rq, int status)
{

	if (((rq->route->flags & WRITE) || rq->format != FORMAT_json) && is_no_right(rq->problem))
		return (audit_refused(rq));
	if (rq->problem != P_view_ended)
		return (status);
	rq->problem = P_none;
	if (view_tell(rq) == 0)
		rq->problem = P_view_ended;
	return (problem_status(rq->problem));
}

/* A read; what it shows leaves only once it is noted who sees it, where that must be.  Returns the status. */
static int
look(struct rq *rq)
{
	int status = rq->route->handler(rq);

	if (status >= 400 || !opens[rq->route - routes] || opening_read(rq) == 0)
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

	return (status != 0 ? status : in_transaction(line));
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
		return (refused(rq, status));
	if (!(r->flags & WRITE))
		return (look(rq));
	if (r->flags & LINES)
		return (batch_run(rq, try_line));
	if (!(r->flags & HASHES))
		return (in_transaction(rq));
	status = r->handler(rq);
	return (rq->audit_refusal ? audit_refused(rq) : finish(rq, status));
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
		status = problem(rq, pool == AUTH ? P_busy_sign_in : P_busy, "try again in a few seconds");
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
