/* Signing in and out. */
#include "core/session.h"

#include "core/body.h"
#include "core/gate.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

struct login {
	int64_t id, tenant_id;
	struct str password;
};
static const struct col login_cols[] = {COL_I(login, id), COL_S_(login, password), COL_I_(login, tenant_id)};

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

/* Who one is; needs rq->who. */
static int
write_self(struct rq *rq)
{
	struct self s;
	int rc;

	arg_int(rq, "id", rq->who.id);
	rq->system = true;
	rc = query_row(rq, Q_user_self, COLS(self_cols), &s);
	rq->system = false;
	if (rc != 1)
		return (problem(rq, P_not_signed_in, "%s", ""));
	buf_char(&rq->out, '{');
	write_name(rq, "user", RES_user, rq->who.id, s.name);
	buf_addz(&rq->out, ",\"email\":");
	json_str(&rq->out, s.email);
	buf_addz(&rq->out, ",\"language\":");
	json_str(&rq->out, s.language);
	buf_addz(&rq->out, ",\"role\":");
	json_str(&rq->out, s.role);
	buf_addz(&rq->out, ",\"role_name\":");
	json_str(&rq->out, s.role_name);
	buf_addz(&rq->out, "},");
	write_name(rq, "tenant", RES_tenant, rq->who.tenant_id, s.tenant_name);
	buf_char(&rq->out, '}');
	if (rq->who.customer_id != 0) {
		buf_char(&rq->out, ',');
		write_name(rq, "customer", RES_customer, rq->who.customer_id, s.customer_name);
		buf_char(&rq->out, '}');
	}
	buf_addz(&rq->out, ",\"portal\":");
	json_str(&rq->out, str_of(access_portals[rq->who.portal]));
	buf_char(&rq->out, '}');
	return (200);
}

/* POST /api/v1/session {"email","password"}  signs in on this host. */
int
session_create(struct rq *rq)
{
	struct str email, password;
	const struct body_text texts[] = {{"email", 200, &email}, {"password", 200, &password}};
	struct login who = {0};
	int found, right, slot;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	if (body_texts(rq, texts, 2) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "email", email);
	arg_text(rq, "host", rq->host);
	rq->system = true;
	found = query_row(rq, Q_user_login, COLS(login_cols), &who);
	rq->system = false;
	if (found == -1)
		return (problem_status(rq->problem));
	if ((slot = gate_enter()) == -1) {
		rq_header(rq, "Retry-After", S("2"));
		return (problem(rq, P_busy_sign_in, "try again in a few seconds"));
	}
	right = crypt_verify(password, found == 1 ? who.password : NOBODY);
	gate_leave(slot);
	/* Same answer for both, or names could be probed. */
	if (found != 1 || right != 1)
		return (problem(rq, P_login_failed, "%s", ""));
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if (session_begin(rq, who.id) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = who.id;
	if (session_load_new(rq) == -1)
		return (problem_status(rq->problem));
	return (write_self(rq));
}

/* GET /api/v1/session  who one is. */
int
session_get(struct rq *rq)
{

	return (write_self(rq));
}

/* DELETE /api/v1/session  signs out. */
int
session_delete(struct rq *rq)
{

	rq->audit_object = rq->who.id;
	return (session_end(rq) == -1 ? problem_status(rq->problem) : 204);
}
