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

/* clang-format off */
static const struct route routes[] = { /* no row, no route; no action, no compile; PUBLIC is written out */
	/*    method  path                           handler           action           pool   flags */
	ROUTE(POST,   "/api/v1/session",             session_create,    PUBLIC,            API,   WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/session",             session_get,       SIGNED_IN,         API,   READ | LEAVE)
	ROUTE(DELETE, "/api/v1/session",             session_delete,    SIGNED_IN,         API,   WRITE | NO_BODY | LEAVE | PERSON)
	ROUTE(POST,   "/api/v1/session/step-up",     session_step_up,   SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/session/step-up/passkey", session_step_up_passkey, SIGNED_IN, API, WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/session/step-up/passkey/options", session_step_up_options, SIGNED_IN, API, READ | OWN | PERSON)
	ROUTE(POST,   "/api/v1/session/passkey",     session_passkey,   PUBLIC,            API,   WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/session/passkey/options", session_passkey_options, PUBLIC,  API,   READ)
	ROUTE(GET,    "/api/v1/sessions",            session_list,      session_read,      API,   READ | PERSON)
	ROUTE(DELETE, "/api/v1/sessions",            session_end_others, session_end,      API,   WRITE | NO_BODY | PERSON)
	ROUTE(DELETE, "/api/v1/sessions/:id",        session_end_one,   session_end,       API,   WRITE | NO_BODY | PERSON)
	ROUTE(POST,   "/api/v1/views",               view_create,       user_view_as,      API,   WRITE | OWN_BODY | PERSON)
	ROUTE(DELETE, "/api/v1/views/current",       view_end,          SIGNED_IN,         API,   WRITE | NO_BODY | LEAVE | PERSON)
	ROUTE(POST,   "/api/v1/password",            password_change,   SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/password/reset",      password_reset,    PUBLIC,            API,   WRITE | PERSON)
	ROUTE(POST,   "/api/v1/password/reset/confirm", password_reset_confirm, PUBLIC,    API,   WRITE | HASHES | PERSON)
	ROUTE(POST,   "/api/v1/invitations/confirm", invitation_confirm, PUBLIC,           API,   WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/totp",                totp_get,          SIGNED_IN,         API,   READ | OWN | PERSON)
	ROUTE(POST,   "/api/v1/totp",                totp_begin,        SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(DELETE, "/api/v1/totp",                totp_end,          SIGNED_IN,         API,   WRITE | HASHES | PERSON | PROVED)
	ROUTE(POST,   "/api/v1/totp/confirm",        totp_confirm,      SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/passkeys",            passkey_list,      passkey_read,      API,   READ | OWN | PERSON)
	ROUTE(POST,   "/api/v1/passkeys",            passkey_create,    passkey_create,    API,   WRITE | OWN_BODY | PERSON)
	ROUTE(POST,   "/api/v1/passkey-options",     passkey_options,   SIGNED_IN,         API,   WRITE | HASHES | PERSON)
	ROUTE(GET,    "/api/v1/passkeys/:id",        passkey_get,       passkey_read,      API,   READ | OWN | PERSON)
	ROUTE(PATCH,  "/api/v1/passkeys/:id",        passkey_patch,     passkey_edit,      API,   WRITE | MATCH | PERSON)
	ROUTE(DELETE, "/api/v1/passkeys/:id",        passkey_delete,    passkey_delete,    API,   WRITE | NO_BODY | PERSON)
	ROUTE(GET,    "/api/v1/meta",                meta_get,          SIGNED_IN,         API,   READ)
	ROUTE(GET,    "/api/v1/openapi.json",        openapi_get,       PUBLIC,            API,   READ)
	ROUTE(GET,    "/api/v1/documents",           document_list,     document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id",       document_get,      document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id/explain", document_explain, document_read,    API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id/html",  document_html,     document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/documents/:id/pdf",   document_pdf,      document_read,     API,   READ)
	ROUTE(GET,    "/api/v1/bill-runs",           bill_run_list,     bill_run_read,     API,   READ)
	ROUTE(POST,   "/api/v1/bill-runs",           bill_run_create,   bill_run_open,     API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/bill-runs/:id",       bill_run_get,      bill_run_read,     API,   READ)
	ROUTE(POST,   "/api/v1/bill-runs/:id/approve", bill_run_approve_drafts, bill_run_approve, API, WRITE | OWN_BODY)
	ROUTE(POST,   "/api/v1/bill-runs/:id/pause", bill_run_pause,    bill_run_pause,    API,   WRITE | NO_BODY)
	ROUTE(POST,   "/api/v1/bill-runs/:id/resume", bill_run_resume,  bill_run_pause,    API,   WRITE | NO_BODY)
	ROUTE(POST,   "/api/v1/bill-runs/:id/cancel", bill_run_cancel,  bill_run_cancel,   API,   WRITE | NO_BODY)
	ROUTE(POST,   "/api/v1/bill-runs/:id/park",  bill_run_park,     bill_run_park,     API,   WRITE | OWN_BODY)
	ROUTE(POST,   "/api/v1/bill-runs/:id/unpark", bill_run_unpark,  bill_run_park,     API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/parked",              parked_list,       parked_read,       API,   READ)
	ROUTE(GET,    "/api/v1/drafts",              draft_list,        draft_read,        API,   READ)
	ROUTE(GET,    "/api/v1/drafts/:id",          draft_get,         draft_read,        API,   READ)
	ROUTE(POST,   "/api/v1/drafts/:id/hold",     draft_hold,        draft_hold,        API,   WRITE | OWN_BODY)
	ROUTE(POST,   "/api/v1/drafts/:id/release",  draft_release,     draft_hold,        API,   WRITE | NO_BODY)
	ROUTE(POST,   "/api/v1/drafts/:id/approve",  draft_approve,     draft_approve,     API,   WRITE | NO_BODY)
	ROUTE(GET,    "/api/v1/settlements",         settlement_list,   settlement_read,   API,   READ)
	ROUTE(GET,    "/api/v1/settlements/:id",     settlement_get,    settlement_read,   API,   READ)
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
	ROUTE(GET,    "/api/v1/usage",               usage_list,        usage_read,        API,   READ)
	ROUTE(POST,   "/api/v1/usage",               usage_create,      usage_create,      BULK,  WRITE | SETS)
	ROUTE(GET,    "/api/v1/usage/totals",        usage_totals,      usage_read,        API,   READ)
	ROUTE(GET,    "/api/v1/usage/rejects",       usage_reject_list, usage_reject_read, API,   READ)
	ROUTE(GET,    "/api/v1/usage/rejects/:id",   usage_reject_get,  usage_reject_read, API,   READ)
	ROUTE(PATCH,  "/api/v1/usage/rejects/:id",   usage_reject_patch, usage_reject_mend, API,  WRITE | MATCH | OWN_BODY)
	ROUTE(POST,   "/api/v1/usage/rejects/:id/recycle", usage_reject_again, usage_reject_mend, API, WRITE | NO_BODY)
	ROUTE(POST,   "/api/v1/usage/recycle",     usage_reject_all,  usage_reject_mend, BULK,  WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/usage/batches",       usage_batch_list,  usage_batch_read,  API,   READ)
	ROUTE(GET,    "/api/v1/offerings",           offering_list,     offering_read,     API,   READ)
	ROUTE(POST,   "/api/v1/offerings",           offering_create,   offering_create,   API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/offerings/:id",       offering_get,      offering_read,     API,   READ)
	ROUTE(PATCH,  "/api/v1/offerings/:id",       offering_patch,    offering_edit,     API,   WRITE | MATCH | OWN_BODY)
	ROUTE(GET,    "/api/v1/offerings/:id/prices", offering_prices,  offering_read,     API,   READ)
	ROUTE(POST,   "/api/v1/offerings/:id/prices", offering_price,   offering_price,    API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/tax-rules",           tax_rule_list,     tax_rule_read,     API,   READ)
	ROUTE(POST,   "/api/v1/tax-rules",           tax_rule_create,   tax_rule_create,   API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/tax-rules/:id",       tax_rule_get,      tax_rule_read,     API,   READ)
	ROUTE(GET,    "/api/v1/price-lists",         price_list_list,   price_list_read,   API,   READ)
	ROUTE(POST,   "/api/v1/price-lists",         price_list_create, price_list_create, API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/price-lists/:id",     price_list_get,    price_list_read,   API,   READ)
	ROUTE(PATCH,  "/api/v1/price-lists/:id",     price_list_patch,  price_list_edit,   API,   WRITE | MATCH | OWN_BODY)
	ROUTE(GET,    "/api/v1/price-lists/:id/rules", price_list_rules, price_list_read,  API,   READ)
	ROUTE(GET,    "/api/v1/price-lists/:id/draft", price_list_draft, price_list_read,  API,   READ)
	ROUTE(POST,   "/api/v1/price-lists/:id/draft", price_list_begin, price_list_edit,  API,   WRITE | OWN_BODY)
	ROUTE(PATCH,  "/api/v1/price-lists/:id/draft", price_list_write, price_list_edit,  API,   WRITE | MATCH | OWN_BODY)
	ROUTE(POST,   "/api/v1/price-lists/:id/publish", price_list_publish, price_list_publish, API, WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/price-lists/:id/simulation", price_list_simulate, price_list_simulate, BULK, READ)
	ROUTE(GET,    "/api/v1/agreements",          agreement_list,    agreement_read,    API,   READ)
	ROUTE(POST,   "/api/v1/agreements",          agreement_create,  agreement_create,  API,   WRITE | OWN_BODY)
	ROUTE(GET,    "/api/v1/agreements/:id",      agreement_get,     agreement_read,    API,   READ)
	ROUTE(GET,    "/api/v1/purchases",           purchase_list,     purchase_read,     API,   READ)
	ROUTE(GET,    "/api/v1/purchases/:id",       purchase_get,      purchase_read,     API,   READ)
	ROUTE(GET,    "/api/v1/incoming",            incoming_list,     incoming_read,     API,   READ)
	ROUTE(GET,    "/api/v1/incoming/:id",        incoming_get,      incoming_read,     API,   READ)
	ROUTE(GET,    "/api/v1/incoming/:id/pdf",    incoming_pdf,      incoming_read,     API,   READ)
	ROUTE(GET,    "/api/v1/incoming/:id/annex",  incoming_annex,    incoming_read,     API,   READ)
	ROUTE(GET,    "/api/v1/tenants",             tenant_list,       tenant_read,       API,   READ)
	ROUTE(GET,    "/api/v1/tenants/:id",         tenant_get,        tenant_read,       API,   READ)
	ROUTE(GET,    "/api/v1/tenants/:id/products", tenant_products, tenant_read,        API,   READ)
	ROUTE(PUT,    "/api/v1/tenants/:id/products", tenant_share,    tenant_share,       API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/tenants/:id/ceiling", tenant_ceiling,   tenant_limit,       API,   READ)
	ROUTE(PUT,    "/api/v1/tenants/:id/ceiling", tenant_limit,     tenant_limit,       API,   WRITE | MATCH | OWN_BODY | CHANNEL | PERSON)
	ROUTE(POST,   "/api/v1/tenants/:id/close",   tenant_close,      tenant_close,      API,   WRITE | NO_BODY | CHANNEL | PERSON)
	ROUTE(POST,   "/api/v1/tenants/:id/reopen",  tenant_reopen,     tenant_reopen,     API,   WRITE | NO_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/product-segments",    product_list,      product_read,      API,   READ)
	ROUTE(GET,    "/api/v1/product-segments/:id", product_get,      product_read,      API,   READ)
	ROUTE(GET,    "/api/v1/brands",              brand_list,        brand_read,        API,   READ)
	ROUTE(GET,    "/api/v1/brands/:id",          brand_get,         brand_read,        API,   READ)
	ROUTE(GET,    "/api/v1/users",               user_list,         user_read,         API,   READ)
	ROUTE(POST,   "/api/v1/users",               user_invite,       user_invite,       API,   WRITE | OWN_BODY | CHANNEL | PERSON)
	ROUTE(GET,    "/api/v1/users/:id",           user_get,          user_read,         API,   READ)
	ROUTE(PATCH,  "/api/v1/users/:id",           user_patch,        user_edit,         API,   WRITE | MATCH | PERSON)
	ROUTE(POST,   "/api/v1/users/:id/invite",    user_invite_again, user_invite,       API,   WRITE | NO_BODY | AGREED | PERSON)
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
	ROUTE(GET,    "/api/v1/approvals",           approval_list,     approval_read,     API,   READ)
	ROUTE(GET,    "/api/v1/approvals/:id",       approval_get,      approval_read,     API,   READ)
	ROUTE(DELETE, "/api/v1/approvals/:id",       approval_withdraw, approval_withdraw, API,   WRITE | NO_BODY | PERSON)
	ROUTE(POST,   "/api/v1/approvals/:id/approve", approval_approve, approval_decide,  API,   WRITE | OWN_BODY | CHANNEL | PERSON)
	ROUTE(POST,   "/api/v1/approvals/:id/refuse", approval_refuse,  approval_decide,   API,   WRITE | OWN_BODY | PERSON)
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
