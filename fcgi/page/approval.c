/* What waits for a second person: seen, decided, taken back.  second.c writes it down and carries it out. */
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/totp.h"
#include "core/worker.h"
#include "page/page.h"

#define REASON_MAX 200

/* Sets :held, the actions whose approvals who asks may see: those that it holds; and all where it sees the audit, which
 * tells them anyway. */
static void
arg_held(struct rq *rq)
{
	struct buf b;

	buf_init(&b, rq->a, 4096);
	for (int a = 0; a < ACT__MAX; a++)
		if (access_second((enum action)a) != SECOND_never &&
		    (may_act(rq->who.rights, ACT_audit_read) || may_act(rq->who.rights, (enum action)a))) {
			buf_addz(&b, b.n > 0 ? "," : "");
			buf_addz(&b, access_actions[a].name);
		}
	arg_text(rq, "held", buf_str(&b));
}

/* GET /api/v1/approvals?state=&cursor=  the latest first. */
int
approval_list(struct rq *rq)
{

	arg_held(rq);
	return (query_list(rq, Q_approval_list));
}

/* GET /api/v1/approvals/:id  with what was asked for. */
int
approval_get(struct rq *rq)
{
	struct one {
		struct str body;
	} row;
	static const struct col cols[] = {COL_S_(one, body)};
	int status;

	arg_held(rq);
	if ((status = query_one_keep(rq, Q_approval_one, COLS(cols), &row)) != 200)
		return (status);
	if (!may_read(rq->who.rights, FLD_approval_asked))
		return (200);
	rq->out.n--; /* the object goes on */
	buf_addz(&rq->out, ",\"asked\":");
	buf_add(&rq->out, row.body.n > 0 ? row.body : S("{}")); /* it was read as JSON before it was kept */
	buf_char(&rq->out, '}');
	return (200);
}

struct stored {
	int64_t id, user_id, object_id, https, waits;
	struct str action, handler, body, tag, host, port;
};
static const struct col stored_cols[] = {COL_I_(stored, id), COL_I_(stored, user_id), COL_I_(stored, object_id),
    COL_I_(stored, waits), COL_S_(stored, action), COL_S_(stored, handler), COL_S_(stored, body), COL_S_(stored, tag),
    COL_S_(stored, host), COL_S_(stored, port), COL_I_(stored, https)};

/* The one of :id that still waits, locked.  0, or -1 with the problem set. */
static int
load(struct rq *rq, struct stored *s)
{
	int rc;

	arg_held(rq);
	if (query_id(rq, RES_approval) == -1 || (rc = query_row(rq, Q_approval_load, COLS(stored_cols), s)) == -1)
		return (-1);
	rq->audit_object = rc == 1 ? s->id : 0;
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (!s->waits)
		problem(rq, P_approval_over, "%s", "");
	return (rq->problem == P_none ? 0 : -1);
}

/* What who decides wrote, "" where it may be nothing.  0, or -1 with the problem set. */
static int
read_reason(struct rq *rq, bool needed, struct str *reason)
{
	const struct body_text texts[] = {{"reason", REASON_MAX, reason}};

	if (body_texts_some(rq, texts, 1, needed) == -1)
		return (-1);
	if (reason->n > 0 && (!str_is_line(*reason) || str_is_blank(*reason))) {
		problem_field(rq, P_invalid, S("/reason"), "text", "%s", "it is one line and not blank");
		return (-1);
	}
	if (reason->n == 0)
		*reason = S("");
	return (0);
}

/* Decides it, unless somebody else did so a moment ago.  0, or -1 with the problem set. */
static int
decide(struct rq *rq, int64_t id, const char *becomes, struct str reason, const char *why)
{
	int64_t n;

	arg_int(rq, "id", id);
	arg_text(rq, "becomes", str_of(becomes));
	arg_text(rq, "reason", reason);
	arg_text(rq, "why", str_of(why));
	n = query_run_system(rq, Q_approval_decide);
	if (n == 0)
		problem(rq, P_approval_over, "%s", "");
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "%s%s%s", becomes, *why == '\0' ? "" : " ", why);
	return (n == 1 ? 0 : -1);
}

/* As it is now, for whoever may see it.  Returns the status. */
static int
answer(struct rq *rq)
{
	const enum action action = rq->action;
	int status;

	buf_clear(&rq->out);
	if (!may_act(rq->who.rights, ACT_approval_read)) {
		buf_addz(&rq->out, "{\"id\":");
		json_str(&rq->out, rq->id_text);
		buf_char(&rq->out, '}');
		return (200);
	}
	rq->action = ACT_approval_read;
	status = approval_get(rq);
	rq->action = action; /* the audit names what was asked for */
	return (status);
}

/* POST /api/v1/approvals/:id/approve {"reason"}  does it, as who asked; failed where it cannot be any more. */
int
approval_approve(struct rq *rq)
{
	enum problem why = P_none;
	struct stored s;
	struct str reason;
	int action, done;

	if (load(rq, &s) == -1)
		return (problem_status(rq->problem));
	if (s.user_id == rq->who.id)
		return (problem(rq, P_approval_self, "%s", ""));
	if (read_reason(rq, false, &reason) == -1)
		return (problem_status(rq->problem));
	action = access_action_of(s.action);
	if (action == -1 || (rq->who.id != 0 && !may_act(rq->who.rights, (enum action)action)))
		return (problem(rq, P_forbidden, "who agrees must hold the right to it"));
	if (rq->who.id != 0 && access_step_up((enum action)action) && !rq->who.proved)
		return (totp_needed(rq));
	done = page_carry_out(rq,
	    &(struct page_asked){.user_id = s.user_id,
		.object_id = s.object_id,
		.handler = s.handler,
		.body = s.body,
		.tag = s.tag,
		.host = s.host,
		.port = s.port,
		.https = s.https != 0,
		.name = rq->id_text},
	    &why);
	if (done == -1 || decide(rq, s.id, done ? "done" : "failed", reason, done ? "" : problem_code(why)) == -1)
		return (problem_status(rq->problem));
	return (answer(rq));
}

/* POST /api/v1/approvals/:id/refuse {"reason"} */
int
approval_refuse(struct rq *rq)
{
	struct stored s;
	struct str reason;

	if (load(rq, &s) == -1)
		return (problem_status(rq->problem));
	if (s.user_id == rq->who.id)
		return (problem(rq, P_approval_self, "take it back instead"));
	if (read_reason(rq, true, &reason) == -1)
		return (problem_status(rq->problem));
	return (decide(rq, s.id, "refused", reason, "") == -1 ? problem_status(rq->problem) : answer(rq));
}

/* DELETE /api/v1/approvals/:id  takes back what one asked for. */
int
approval_withdraw(struct rq *rq)
{
	struct stored s;

	return (
	    load(rq, &s) == -1 || decide(rq, s.id, "withdrawn", S(""), "") == -1 ? problem_status(rq->problem) : 204);
}
