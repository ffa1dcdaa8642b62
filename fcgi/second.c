#include "second.h"

#include <string.h>

#include "base/conf.h"
#include "core/audit.h"
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "route_part.h"
#include "transaction.h"

#define ANSWER_MAX ((size_t)256 * 1024)

/* ---- asking ---- */

/* Is it of the provider's own people?  A role and an invitation are always of the asker's own house.
 * 1, 0, or -1 with the problem set. */
static int
of_provider(struct rq *rq, const struct rq *fresh)
{
	struct house {
		int64_t level;
	} h;
	static const struct col cols[] = {COL_I_(house, level)};
	int64_t user;
	int rc;

	if (rq->who.level > 0 || access_actions[fresh->action].resource != RES_user || fresh->id_text.n == 0)
		return (rq->who.level == 0);
	if (seal_id_open(rq->w->key, RES_user, fresh->id_text, &user) == -1)
		return (0);
	arg_int(rq, "of_user", user);
	rc = query_row_system(rq, Q_approval_house, COLS(cols), &h);
	return (rc == 1 ? h.level == 0 : rc);
}

struct asking {
	int64_t id;
	struct str expires;
};
static const struct col asking_cols[] = {COL_I_(asking, id), COL_S_(asking, expires)};

/* Writes it down, once: whoever asks the same again has asked already.  Returns the status. */
static int
ask(struct rq *rq)
{
	struct asking a;
	struct buf id;
	int64_t object;
	int rc;

	arg_text(rq, "asked_action", str_of(access_actions[rq->action].name));
	arg_text(rq, "handler", str_of(rq->route->page.handler));
	arg_text(rq, "asked_body", rq->route->flags & NO_BODY ? S("") : rq->body_text);
	arg_text(rq, "tag", rq->route->flags & MATCH ? rq->if_match : S(""));
	arg_text(rq, "host", rq->host);
	arg_text(rq, "port", rq->port);
	arg_int(rq, "https", rq->https);
	arg_int(rq, "lasts", conf_int(CONF_approval));
	if (rq->id_text.n > 0 &&
	    seal_id_open(rq->w->key, access_actions[rq->action].resource, rq->id_text, &object) == 0)
		arg_int(rq, "object", object);
	else
		arg_null(rq, "object");
	rc = query_row_system(rq, Q_approval_same, COLS(asking_cols), &a);
	if (rc == 0 && query_run_system(rq, Q_approval_insert) != -1)
		rc = query_row_system(rq, Q_approval_same, COLS(asking_cols), &a);
	if (rc != 1)
		return (rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	buf_init(&id, rq->a, 64);
	seal_id(rq->w->key, RES_approval, a.id, &id);
	rq->audit_name = arena_printf(rq->a, "%s.asked", access_actions[rq->action].name).p;
	rq->audit_detail = buf_str(&id);
	rq_header(rq, "Location", arena_printf(rq->a, "/api/v1/approvals/%.*s", STR_ARG(buf_str(&id))));
	buf_addz(&rq->out, "{\"id\":");
	json_str(&rq->out, buf_str(&id));
	buf_addz(&rq->out, ",\"state\":\"waiting\",\"expires\":");
	json_str(&rq->out, a.expires);
	buf_char(&rq->out, '}');
	return (202);
}

int
second_run(struct rq *rq)
{
	struct rq *fresh = arena_alloc(rq->a, sizeof(*fresh));
	struct buf out;
	int status, second = 1;

	*fresh = *rq;
	status = transaction_handle(rq);
	if (status < 400 && access_second(fresh->action) == SECOND_provider)
		second = of_provider(rq, fresh);
	else if (status < 400 && access_second(fresh->action) == SECOND_large)
		second = rq->large;
	if (second == -1)
		status = problem_status(rq->problem);
	if (status >= 400 || second == 0)
		return (transaction_finish(rq, status));
	db_rollback(rq->w->db);
	out = rq->out;
	*rq = *fresh;
	rq->out = out;
	buf_clear(&rq->out);
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	return (transaction_finish(rq, ask(rq)));
}

/* ---- carrying it out ---- */

/* The request as it was asked, of that person.  0, or -1 with its problem set. */
static int
make(struct rq *rq, const struct page_asked *what, const struct who *who, struct rq *r)
{
	struct buf id;

	*r = (struct rq){.w = rq->w,
	    .a = rq->a,
	    .method = POST,
	    .host = what->host,
	    .port = what->port,
	    .https = what->https,
	    .content_type = S("application/json"),
	    .if_match = what->tag,
	    .body_text = what->body,
	    .route = route_of(what->handler),
	    .who = *who,
	    .headers = S("")};
	memcpy(r->trace, rq->trace, sizeof(r->trace));
	buf_init(&r->out, rq->a, ANSWER_MAX);
	if (r->route == NULL) { /* of a release that had another address */
		problem(r, P_not_found, "%s", "");
		return (-1);
	}
	r->action = r->route->page.action;
	if (what->object_id != 0) {
		buf_init(&id, rq->a, 64);
		seal_id(rq->w->key, access_actions[r->action].resource, what->object_id, &id);
		r->id_text = buf_str(&id);
	}
	if (!may_act(who->rights, r->action)) {
		problem(r, P_forbidden, "%s", "");
		return (-1);
	}
	if (r->route->flags & NO_BODY)
		return (0);
	return (body_parse(r) == -1 || ((r->route->flags & OWN_BODY) == 0 && body_fields(r) == -1) ? -1 : 0);
}

/* What went wrong in r is what rq answers.  -1. */
static int
hand_on(struct rq *rq, const struct rq *r)
{

	rq->problem = r->problem;
	rq->problem_detail = r->problem_detail;
	rq->n_errors = r->n_errors;
	memcpy(rq->errors, r->errors, sizeof(rq->errors));
	rq->again = r->again;
	return (-1);
}

/* Ends what was done so far without a trace, and begins anew.  0, or -1 with the problem set. */
static int
restart(struct rq *rq)
{

	db_rollback(rq->w->db);
	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	return (transaction_channel(rq) == 0 ? 0 : -1);
}

/* Could who agrees do it?  Tried and undone.  0, or -1 with the problem set. */
static int
could(struct rq *rq, const struct page_asked *what)
{
	struct rq *r = arena_alloc(rq->a, sizeof(*r));

	if (make(rq, what, &rq->who, r) == -1 || r->route->handler(r) >= 400)
		return (hand_on(rq, r));
	return (restart(rq));
}

struct person {
	int64_t tenant_id, customer_id, group_head, role_id, more_roles, level;
};
static const struct col person_cols[] = {COL_I_(person, tenant_id), COL_I_(person, customer_id),
    COL_I_(person, group_head), COL_I_(person, role_id), COL_I_(person, more_roles), COL_I_(person, level)};

/* Who asked, with the rights of this moment.  1, 0 where nobody of that name signs in any more, -1 with the problem set. */
static int
asker(struct rq *rq, int64_t user, struct who *who)
{
	struct rights *rights = arena_alloc(rq->a, sizeof(*rights)), *before = arena_alloc(rq->a, sizeof(*before));
	struct person p;
	struct asker as;
	int rc;

	*who = (struct who){.id = 0};
	arg_int(rq, "of_user", user);
	rc = query_row_system(rq, Q_approval_asker, COLS(person_cols), &p);
	if (rc != 1)
		return (rc);
	*who = (struct who){.id = user,
	    .tenant_id = p.tenant_id,
	    .customer_id = p.customer_id,
	    .role_id = p.role_id,
	    .level = (int)p.level,
	    .group_head = p.group_head != 0,
	    .version = rq->who.version,
	    .rights = rights,
	    .before = before};
	as = (struct asker){user, p.role_id, p.tenant_id, (int)p.level, p.more_roles != 0};
	if (rights_now(rq->w->db, rq->a, &as, rights, before, &who->portal) == 0)
		return (1);
	query_failed(rq, "rights");
	return (-1);
}

int
second_carry_out(struct rq *rq, const struct page_asked *what, enum problem *why)
{
	struct rq *r = arena_zero(rq->a, 1, sizeof(*r));
	struct who who;
	int rc, status;

	/* The operator stands behind all rights; anybody else must be able to do the very same. */
	if (rq->who.id != 0 && could(rq, what) == -1)
		return (-1);
	if ((rc = asker(rq, what->user_id, &who)) == -1)
		return (-1);
	if (rc == 0)
		r->problem = P_forbidden;
	status = rc == 1 && make(rq, what, &who, r) == 0 ? transaction_handle(r) : problem_status(r->problem);
	if (status < 400) {
		r->audit_detail = arena_printf(rq->a, "%.*s %.*s", STR_ARG(what->name), STR_ARG(r->audit_detail));
		if (audit_write(r, transaction_name(r), true) == 0)
			return (1);
		status = problem_status(r->problem);
	}
	if (r->again || status >= 500)
		return (hand_on(rq, r));
	*why = r->problem;
	return (restart(rq));
}
