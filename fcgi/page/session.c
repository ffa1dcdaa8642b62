/* Signing in and out. */
#include "core/session.h"

#include "core/audit.h"
#include "core/body.h"
#include "core/password.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/throttle.h"
#include "core/totp.h"
#include "core/view.h"
#include "core/worker.h"
#include "page/page.h"

struct login {
	int64_t id, tenant_id, known;
	struct str password, account, totp; /* totp: the sealed secret of a second step that is on */
};
static const struct col login_cols[] = {COL_I(login, id), COL_S_(login, password), COL_I_(login, tenant_id),
    COL_I_(login, known), COL_S_(login, account), COL_S_(login, totp)};

/* Held against when nobody has that name, so that both answers take the same time. */
#define NOBODY                                              \
	S("scrypt$15$8$3$00000000000000000000000000000000$" \
	  "0000000000000000000000000000000000000000000000000000000000000000")

static void
write_name(struct rq *rq, const char *key, enum resource res, int64_t id, struct str name)
{

	json_str(&rq->out, str_of(key));
	buf_addz(&rq->out, ":{\"id\":\"");
	seal_id(rq->w->key, res, id, &rq->out);
	buf_addz(&rq->out, "\",\"name\":");
	json_str(&rq->out, name);
}

struct self {
	struct str email, name, language, role, role_name, tenant_name, customer_name;
};
static const struct col self_cols[] = {COL_S(self, email), COL_S(self, name), COL_S(self, language), COL_S(self, role),
    COL_S(self, role_name), COL_S_(self, tenant_name), COL_S_(self, customer_name)};

/* Who looks, and for how long yet.  0, or -1 with the problem set. */
static int
write_viewing(struct rq *rq)
{
	const struct viewer *v = &rq->who.viewer;
	struct self s;
	int rc;

	arg_int(rq, "id", v->id);
	rc = query_row_system(rq, Q_user_self, COLS(self_cols), &s);
	if (rc != 1) {
		problem(rq, P_not_signed_in, "%s", "");
		return (-1);
	}
	buf_addz(&rq->out, ",\"viewing\":{");
	write_name(rq, "viewer", RES_user, v->id, s.name);
	buf_addz(&rq->out, ",\"language\":"); /* who looks must be able to read */
	json_str(&rq->out, s.language);
	buf_printf(&rq->out, "},\"ends\":\"%.*s\",\"seconds\":%lld,\"over\":%s}", STR_ARG(v->ends),
	    (long long)(v->left > 0 ? v->left : 0), v->over ? "true" : "false");
	return (0);
}

/* What is known of oneself; somebody who looks as another knows only what may be read of both. */
static struct str
known(const struct rq *rq, enum field f, struct str s)
{

	return (rq->who.viewer.view != 0 && !rq->who.viewer.over && !may_read(rq->who.rights, f) ? S("") : s);
}

/* Who one is; needs rq->who. */
static int
write_self(struct rq *rq)
{
	struct self s;
	int rc;

	arg_int(rq, "id", rq->who.id);
	rc = query_row_system(rq, Q_user_self, COLS(self_cols), &s);
	if (rc != 1)
		return (problem(rq, P_not_signed_in, "%s", ""));
	buf_char(&rq->out, '{');
	write_name(rq, "user", RES_user, rq->who.id, s.name);
	buf_addz(&rq->out, ",\"email\":");
	json_str(&rq->out, known(rq, FLD_user_email, s.email));
	buf_addz(&rq->out, ",\"language\":");
	json_str(&rq->out, s.language);
	buf_addz(&rq->out, ",\"role\":");
	json_str(&rq->out, known(rq, FLD_user_role, s.role));
	buf_addz(&rq->out, ",\"role_name\":");
	json_str(&rq->out, known(rq, FLD_user_role_name, s.role_name));
	buf_addz(&rq->out, "},");
	write_name(rq, "tenant", RES_tenant, rq->who.tenant_id, s.tenant_name);
	buf_char(&rq->out, '}');
	if (rq->who.customer_id != 0) {
		buf_char(&rq->out, ',');
		write_name(
		    rq, "customer", RES_customer, rq->who.customer_id, known(rq, FLD_customer_name, s.customer_name));
		buf_char(&rq->out, '}');
	}
	buf_addz(&rq->out, ",\"portal\":");
	json_str(&rq->out, str_of(access_portals[rq->who.portal]));
	if (rq->who.viewer.view != 0 && write_viewing(rq) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* Finds who has the name on this host, if anybody, and whether a password may be tried.  0, or -1. */
static int
look_up(struct rq *rq, struct str email, struct login *who)
{
	int found;

	throttle_address(rq);
	arg_text(rq, "email", email);
	arg_text(rq, "host", rq->host);
	found = query_row_system(rq, Q_user_login, COLS(login_cols), who);
	if (found == -1)
		return (-1);
	return (throttle_enter(rq,
	    arena_printf(rq->a, "name %lld %.*s", (long long)who->tenant_id, STR_ARG(who->account)), who->known != 0));
}

/* What was wrong is counted, and leaves its row.  Returns the status. */
static int
refuse(struct rq *rq, enum problem p)
{

	if (throttle_wrong(rq) == 0) {
		if (p != P_login_failed)
			problem_field(
			    rq, p, S("/code"), "wrong", "%s", "it is not the code of this moment, or was used");
		else
			problem(rq, p, "%s", "");
		rq->audit_refusal = true;
	}
	return (problem_status(rq->problem));
}

/* The password was right: the second step, where there is one, and the session.  Returns the status. */
static int
enter(struct rq *rq, const struct login *who, struct str code)
{
	int right = 1;

	/* No try, so nothing is counted; whoever asks this knows the password already. */
	if (who->totp.n > 0 && code.n == 0)
		return (problem(rq, P_second_factor, "send it as code"));
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if (who->totp.n > 0 && (right = totp_use(rq, who->id, who->totp, code)) == 0) {
		db_rollback(rq->w->db);
		return (refuse(rq, P_second_factor));
	}
	if (right == -1 || throttle_right(rq, who->id) == -1 ||
	    session_begin(rq, who->id, who->password, who->totp.n > 0) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = who->id;
	return (write_self(rq));
}

/* POST /api/v1/session {"email","password"}  signs in on this host; with "code" where there is a second step. */
int
session_create(struct rq *rq)
{
	struct str email, password, code = S("");
	const struct body_text texts[] = {{"email", 200, &email}, {"password", 200, &password}, {"code", 40, &code}};
	struct login who = {0};
	int right;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	if (body_texts_some(rq, texts, 3, 2) == -1 || look_up(rq, email, &who) == -1 ||
	    (right = password_right(
		 rq, who.known ? GATE_KNOWN : GATE_STRANGERS, password, who.id != 0 ? who.password : NOBODY)) == -1)
		return (problem_status(rq->problem));
	/* Same answer for both, or names could be probed. */
	if (who.id == 0 || !right)
		return (refuse(rq, P_login_failed));
	return (enter(rq, &who, code));
}

/* GET /api/v1/session  who one is. */
int
session_get(struct rq *rq)
{

	return (write_self(rq));
}

struct kept {
	struct str secret;
	int64_t is_on;
};
static const struct col kept_cols[] = {COL_S_(kept, secret), COL_I_(kept, is_on)};

/* POST /api/v1/session/step-up {"code"}  proves the second step once more, for what needs that. */
int
session_step_up(struct rq *rq)
{
	struct str code;
	const struct body_text texts[] = {{"code", 40, &code}};
	struct kept kept = {.is_on = 0};
	int right;

	if (body_texts(rq, texts, 1) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = rq->who.id;
	throttle_address(rq);
	arg_int(rq, "user_id", rq->who.id);
	if (throttle_enter(rq, arena_printf(rq->a, "user %lld", (long long)rq->who.id), false) == -1 ||
	    query_row_system(rq, Q_totp_secret, COLS(kept_cols), &kept) == -1)
		return (problem_status(rq->problem));
	if (!kept.is_on)
		return (problem(rq, P_conflict, "there is no second step yet: switch it on first"));
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if ((right = totp_use(rq, rq->who.id, kept.secret, code)) == 0) {
		db_rollback(rq->w->db);
		return (refuse(rq, P_invalid)); /* who is signed in stays so */
	}
	if (right == -1 || throttle_right(rq, rq->who.id) == -1 || session_prove(rq) == -1)
		return (problem_status(rq->problem));
	return (204);
}

/* DELETE /api/v1/session  signs out. */
int
session_delete(struct rq *rq)
{
	const struct viewer *v = &rq->who.viewer;
	int n;

	if (v->view != 0) {
		if ((n = view_close(rq)) == -1 || (n == 1 && audit_write(rq, "view_end", true) == -1))
			return (problem_status(rq->problem));
	}
	rq->audit_object = v->view != 0 ? v->id : rq->who.id;
	return (session_end(rq) == -1 ? problem_status(rq->problem) : 204);
}

/* GET /api/v1/sessions?cursor=  where one is signed in, newest first. */
int
session_list(struct rq *rq)
{

	session_limits(rq);
	return (query_list(rq, Q_session_list));
}

/* DELETE /api/v1/sessions/:id  ends one of one's own, this one too. */
int
session_end_one(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_session) == -1 || (n = query_run(rq, Q_session_end)) == -1)
		return (problem_status(rq->problem));
	return (n == 0 ? problem(rq, P_not_found, "%s", "") : 204);
}

/* DELETE /api/v1/sessions  signs out everywhere but here. */
int
session_end_others(struct rq *rq)
{

	rq->audit_object = rq->who.id;
	rq->audit_detail = S("all others");
	return (query_run(rq, Q_session_end_others) == -1 ? problem_status(rq->problem) : 204);
}
