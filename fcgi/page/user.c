/* Users. */
#include "core/body.h"
#include "core/outbox.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "wire/mail.h"

/* GET /api/v1/users?customer=&tenant=&cursor=  by name. */
int
user_list(struct rq *rq)
{

	return (query_list(rq, Q_user_list));
}

/* GET /api/v1/users/:id */
int
user_get(struct rq *rq)
{

	return (query_one(rq, Q_user_one));
}

/* Is that one of the portals' languages?  Else it is said at /language. */
static bool
is_language(struct rq *rq, struct str language)
{
	static const char *const languages[] = {"en", "de", "fr", "ja", "ar"};

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_eqz(language, languages[i]))
			return (true);
	problem_field(rq, P_invalid, S("/language"), "code", "%s", "there are en, de, fr, ja and ar");
	return (false);
}

/* PATCH /api/v1/users/:id  name and language; answers the user as it is then. */
int
user_patch(struct rq *rq)
{
	struct str language = S("en");

	for (size_t j = 0; j < rq->n_args; j++)
		if (str_eqz(S("language"), rq->args[j].name) && rq->args[j].v.type == DB_TEXT)
			language = rq->args[j].v.s;
	if (!is_language(rq, language) || query_run(rq, Q_user_edit) == -1)
		return (problem_status(rq->problem));
	return (query_one(rq, Q_user_one));
}

struct found {
	int64_t id;
};
static const struct col found_cols[] = {COL_I(found, id)};

/* One id by a statement of the system: 1, 0, or -1 with the problem set. */
static int
find(struct rq *rq, enum query q, int64_t *id)
{
	struct found row = {0};
	int rc;

	rc = query_row_system(rq, q, COLS(found_cols), &row);
	*id = row.id;
	return (rc);
}

/* What the role that is given says, before any ceiling; ignored where it is not the tenant's to give. */
struct given {
	struct rights rights;
	bool usable;
};

static void
take_step(void *ctx, const struct rights_step *s)
{
	struct given *g = ctx;

	if (s->kind != STEP_ROLE)
		return;
	g->rights = *s->rights;
	g->usable = s->ignored == NULL;
}

/* What is shared with the tenant holds for whoever is invited too: of product segments only those count that the asker's
 * own roles are kept to.  0, or -1 (db_error). */
static int
own_products(struct rq *rq, struct rights *own)
{
	const struct asker who = {rq->who.id, rq->who.role_id, rq->who.tenant_id, rq->who.level, true};
	struct rights *roles = arena_alloc(rq->a, sizeof(*roles));

	if (rights_of_roles(rq->w->db, rq->a, &who, roles) == -1)
		return (-1);
	rights_products_as(own, roles);
	return (0);
}

/* May who asks give this role to somebody?  The own one, or one of the same portal with nothing in it that who
 * asks has not: held against the role itself and not what ceilings leave of it now, for those can be raised.
 * 1, 0, or -1 with the problem set. */
static int
may_give(struct rq *rq, int64_t role_id)
{
	const struct asker who = {.role_id = role_id, .tenant_id = rq->who.tenant_id, .level = rq->who.level};
	struct given given = {.usable = false};
	struct rights effective, own = *rq->who.rights;
	enum portal portal;

	if (rights_trace(rq->w->db, rq->a, &who, &effective, &portal, take_step, &given) == -1 ||
	    own_products(rq, &own) == -1) {
		query_failed(rq, "role");
		return (-1);
	}
	return (given.usable && portal == rq->who.portal &&
	    (role_id == rq->who.role_id || rights_within(&given.rights, &own)));
}

/* The role by its public id, or a built-in one by its name; said at /role where it cannot be given.  0, or -1. */
static int
role_given(struct rq *rq, struct str role, int64_t *id)
{
	int rc = 1;

	if (seal_id_open(rq->w->key, RES_role, role, id) == -1) {
		arg_text(rq, "role_code", role);
		rc = find(rq, Q_role_builtin, id);
	}
	if (rc == 1)
		rc = may_give(rq, *id);
	/* One answer for what is unknown and what is not one's own to give. */
	if (rc == 0)
		problem_field(rq, P_invalid, S("/role"), "role", "%s", "it is no role that you can give");
	return (rc == 1 ? 0 : -1);
}

/* Adds the user, who gets a link by mail.  Returns the status. */
static int
add_invited(struct rq *rq)
{
	struct buf name;
	int64_t n, id;

	n = query_run_system(rq, Q_user_invite);
	if (n == 0) {
		problem_field(rq, P_invalid, S("/email"), "taken", "%s", "somebody has this address here");
		return (problem_status(rq->problem));
	}
	if (n == -1 || find(rq, Q_user_new, &id) != 1 || outbox_add(rq, OUTBOX_invitation, S(""), id) == -1)
		return (rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	rq->audit_object = id;
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_user, id, &name);
	rq->id_text = buf_str(&name);
	return (query_one(rq, Q_user_one));
}

/* POST /api/v1/users {"email","name","language","role"}  invites somebody into one's own tenant or customer. */
int
user_invite(struct rq *rq)
{
	struct str email, name, language, role;
	const struct body_text texts[] = {
	    {"email", 200, &email}, {"name", 200, &name}, {"language", 20, &language}, {"role", 60, &role}};
	int64_t role_id;

	if (body_texts(rq, texts, 4) == -1)
		return (problem_status(rq->problem));
	if (!mail_address(email))
		problem_field(rq, P_invalid, S("/email"), "email", "%s", "no mail can go to it");
	if (!str_is_line(name) || str_is_blank(name))
		problem_field(rq, P_invalid, S("/name"), "text", "%s", "it is one line and not blank");
	if (!is_language(rq, language) || rq->problem != P_none || role_given(rq, role, &role_id) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "email", email);
	arg_text(rq, "name", name);
	arg_text(rq, "language", language);
	arg_int(rq, "role_id", role_id);
	return (add_invited(rq));
}

struct invited {
	int64_t waits;
};
static const struct col invited_cols[] = {COL_I_(invited, waits)};
struct recent {
	int64_t n;
};
static const struct col recent_cols[] = {COL_I_(recent, n)};

/* POST /api/v1/users/:id/invite  another link for somebody of one's own tenant who did not follow the first;
 * not while one is on its way, and at most one a minute. */
int
user_invite_again(struct rq *rq)
{
	struct invited user;
	struct recent recent;
	int64_t id;
	int rc;

	if (query_id(rq, RES_user) == -1 || seal_id_open(rq->w->key, RES_user, rq->id_text, &id) == -1 ||
	    (rc = query_row(rq, Q_user_invited, COLS(invited_cols), &user)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (!user.waits)
		return (problem(rq, P_conflict, "no invitation of yours is open"));
	arg_int(rq, "invited", id);
	rc = query_row_system(rq, Q_outbox_recent, COLS(recent_cols), &recent);
	if (rc != 1)
		return (rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	if (recent.n > 0)
		return (problem(rq, P_conflict, "an invitation was sent in the last minute"));
	if (outbox_add(rq, OUTBOX_invitation, S(""), id) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	return (query_one(rq, Q_user_one));
}
