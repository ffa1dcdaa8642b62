/* Who has forgotten the password, or never had one: links that come by mail. */
#include "core/body.h"
#include "core/outbox.h"
#include "core/password.h"
#include "core/query.h"
#include "core/session.h"
#include "core/throttle.h"
#include "core/worker.h"
#include "page/page.h"

struct login {
	int64_t tenant_id;
	struct str account;
};
static const struct col login_cols[] = {COL_I_(login, tenant_id), COL_S_(login, account)};

struct owner {
	int64_t id;
	struct str email, portal;
};
static const struct col owner_cols[] = {COL_I(owner, id), COL_S(owner, email), COL_S_(owner, portal)};

/* POST /api/v1/password/reset {"email"}  sends a link, if somebody has that address here: portico-jobs looks who
 * that is, so that neither the answer nor its time tells.  What is asked for too often has to wait. */
int
password_reset(struct rq *rq)
{
	struct str email;
	const struct body_text texts[] = {{"email", 200, &email}};
	struct login who = {0};
	int found;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "this needs https"));
	if (body_texts(rq, texts, 1) == -1)
		return (problem_status(rq->problem));
	throttle_address(rq);
	arg_text(rq, "email", email);
	arg_text(rq, "host", rq->host);
	found = query_row_system(rq, Q_user_login, COLS(login_cols), &who);
	if (found == -1 ||
	    throttle_enter(rq, arena_printf(rq->a, "reset %lld %.*s", (long long)who.tenant_id, STR_ARG(who.account)),
		false) == -1 ||
	    throttle_wrong(rq) == -1 || outbox_add(rq, OUTBOX_reset, email, 0) == -1)
		return (problem_status(rq->problem));
	buf_addz(&rq->out, "{}");
	return (202);
}

/* Whose link of this kind the token opens on this host: 0, or -1 with the problem set. */
static int
find(struct rq *rq, enum outbox_kind kind, struct str token, struct owner *who)
{
	unsigned char *hash = arena_alloc(rq->a, 32);
	int found;

	outbox_token_hash(token, hash);
	arg_bytes(rq, "token_hash", hash, 32);
	arg_text(rq, "kind", str_of(outbox_kinds[kind]));
	arg_text(rq, "host", rq->host);
	found = query_row_system(rq, Q_credential_find, COLS(owner_cols), who);
	if (found == 0)
		problem(rq, P_link_ended, "ask for another");
	return (found == 1 ? 0 : -1);
}

/* Uses the link up, and every other of the user; sets the password and ends all sessions.  0, or -1. */
static int
take(struct rq *rq, enum outbox_kind kind, const struct owner *who, const char *hash)
{
	int64_t n;

	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	arg_int(rq, "user_id", who->id);
	arg_text(rq, "password", str_of(hash));
	arg_text(rq, "old", kind == OUTBOX_reset ? S("active") : S("invited"));
	if ((n = query_run_system(rq, Q_credential_use)) == 1)
		n = query_run_system(rq, Q_credential_password);
	if (n == 0)
		problem(rq, P_link_ended, "ask for another"); /* in this moment, by another request */
	return (
	    n != 1 || query_run_system(rq, Q_credential_end_all) == -1 || query_run_system(rq, Q_session_end_all) == -1
		? -1
		: 0);
}

/* {"token","password"}  answers what to sign in with, and where. */
static int
confirm(struct rq *rq, enum outbox_kind kind)
{
	struct str token, password;
	const struct body_text texts[] = {{"token", 100, &token}, {"password", PASSWORD_MAX, &password}};
	char *hash = arena_alloc(rq->a, CRYPT_HASH_SIZE);
	struct owner who;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "this needs https"));
	if (body_texts(rq, texts, 2) == -1 || find(rq, kind, token, &who) == -1 ||
	    password_allowed(rq, S("/password"), password, who.email, S("")) == -1 ||
	    password_hash(rq, password, hash) == -1 || take(rq, kind, &who, hash) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = who.id;
	buf_addz(&rq->out, "{\"email\":");
	json_str(&rq->out, who.email);
	buf_addz(&rq->out, ",\"portal\":");
	json_str(&rq->out, who.portal);
	buf_char(&rq->out, '}');
	return (200);
}

/* POST /api/v1/password/reset/confirm */
int
password_reset_confirm(struct rq *rq)
{

	return (confirm(rq, OUTBOX_reset));
}

/* POST /api/v1/invitations/confirm  and from then on the user can sign in. */
int
invitation_confirm(struct rq *rq)
{

	return (confirm(rq, OUTBOX_invitation));
}
