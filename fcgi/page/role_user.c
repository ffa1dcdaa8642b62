/* The roles of a user: which they are, and giving others. */
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/role_part.h"

#define ROLES_MAX 8 /* of one user */

struct subject {
	int64_t id, role_id, tenant_id, customer_id, more_roles, level;
};
static const struct col subject_cols[] = {COL_I_(subject, id), COL_I_(subject, role_id), COL_I_(subject, tenant_id),
    COL_I_(subject, customer_id), COL_I_(subject, more_roles), COL_I_(subject, level)};

struct named {
	int64_t id;
	struct str name, code;
};
static const struct col named_cols[] = {COL_I_(named, id), COL_S_(named, name), COL_S_(named, code)};

/* The user of :id in the scope of the action.  0, or -1 with the problem set. */
static int
find(struct rq *rq, struct subject *u)
{
	int rc;

	if (query_id(rq, RES_user) == -1 || (rc = query_row(rq, Q_user_asker, COLS(subject_cols), u)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

/* The roles that the user has, the first one first: the count, or -1. */
static int64_t
roles_of(struct rq *rq, struct named **list)
{
	int64_t n;

	*list = NULL;
	n = query_rows_system(rq, Q_user_role_names, COLS(named_cols), sizeof(**list), 64, (void **)list);
	return (n);
}

/* GET /api/v1/users/:id/roles */
int
user_roles(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct subject u;
	struct named *list;
	int64_t n;

	if (find(rq, &u) == -1 || (n = roles_of(rq, &list)) == -1)
		return (problem_status(rq->problem));
	buf_addz(b, "{\"roles\":[");
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{\"id\":\"" : ",{\"id\":\"");
		seal_id(rq->w->key, RES_role, list[i].id, b);
		buf_addz(b, "\",\"code\":");
		if (list[i].code.n > 0)
			json_str(b, list[i].code);
		else
			buf_addz(b, "null");
		buf_addz(b, ",\"name\":");
		json_str(b, list[i].name);
		buf_char(b, '}');
	}
	buf_addz(b, "]}");
	return (200);
}

/* ---- giving roles ---- */

struct giving {
	struct subject user;
	struct giver by;
	int64_t ids[ROLES_MAX];
	size_t n;
};

/* Reads what stands for and against; the user's present rights must be held too, or people could take
 * away what they cannot give.  0, or -1 with the problem set. */
static int
begin(struct rq *rq, struct giving *g)
{
	const struct subject *u = &g->user;
	const struct asker who = {u->id, u->role_id, u->tenant_id, (int)u->level, u->more_roles != 0};
	struct rights *now = arena_alloc(rq->a, sizeof(*now)), *before = arena_alloc(rq->a, sizeof(*before));
	enum portal portal = u->customer_id != 0 ? PORTAL_customer : u->level == 0 ? PORTAL_admin : PORTAL_reseller;

	if (role_giver(rq, u->tenant_id, (int)u->level, portal, &g->by) == -1)
		return (-1);
	if (rights_now(rq->w->db, rq->a, &who, now, before, &portal) == -1) {
		query_failed(rq, "rights");
		return (-1);
	}
	if (u->id == rq->who.id)
		problem(rq, P_role_self, "somebody else has to give you roles");
	else if (!rights_within(now, &g->by.own) || !rights_within(before, &g->by.before))
		problem(rq, P_role_more, "the user holds more than you");
	return (rq->problem == P_none ? 0 : -1);
}

static bool
has(const struct giving *g, int64_t id)
{

	for (size_t i = 0; i < g->n; i++)
		if (g->ids[i] == id)
			return (true);
	return (false);
}

/* The roles that the body names, NULL where there is none; before any is judged, for with a fault found no
 * statement runs any more, and all faults are told at once.  0, or -1 with the problem set. */
static int
load_named(struct rq *rq, const struct json *roles, struct stored *named[ROLES_MAX])
{
	size_t i = 0;
	int64_t id;
	int rc;

	for (const struct json *e = roles->first; e != NULL && i < ROLES_MAX; e = e->next, i++) {
		named[i] = arena_alloc(rq->a, sizeof(*named[i]));
		rc = 0;
		if (e->type == JSON_STRING && seal_id_open(rq->w->key, RES_role, e->s, &id) == 0 &&
		    (rc = role_load(rq, id, named[i])) == -1)
			return (-1);
		if (rc == 0)
			named[i] = NULL;
	}
	return (0);
}

/* A role for the user, which who gives must hold whole. */
static void
take_role(struct rq *rq, const struct stored *r, size_t i, struct giving *g)
{
	const struct str at = arena_printf(rq->a, "/roles/%zu", i);
	const char *why, *code = role_withheld(rq, r, &g->by, &why);

	if (code != NULL)
		problem_field(rq, P_invalid, at, code, "%s", why);
	else if (has(g, r->id))
		problem_field(rq, P_invalid, at, "twice", "%s", "the role stands here twice");
	else
		g->ids[g->n++] = r->id;
}

/* 0, or -1 with the problem set. */
static int
read_roles(struct rq *rq, struct giving *g)
{
	struct stored *named[ROLES_MAX];
	const struct json *roles = NULL, *e;
	size_t i = 0;

	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "roles"))
			roles = m;
		else
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
	if (roles == NULL || roles->type != JSON_ARRAY || roles->first == NULL)
		problem_field(
		    rq, P_invalid, S("/roles"), roles == NULL ? "missing" : "length", "%s", "it needs 1 to 8 roles");
	if (rq->problem != P_none || load_named(rq, roles, named) == -1)
		return (-1);
	for (e = roles->first; e != NULL && i < ROLES_MAX; e = e->next, i++)
		take_role(rq, named[i], i, g);
	if (e != NULL)
		problem_field(rq, P_invalid, arena_printf(rq->a, "/roles/%zu", i), "many",
		    "a user has at most %d roles", ROLES_MAX);
	return (rq->problem == P_none ? 0 : -1);
}

/* 0, or -1 with the problem set. */
static int
store(struct rq *rq, const struct giving *g)
{
	struct buf detail;

	buf_init(&detail, rq->a, 1000);
	arg_int(rq, "role", g->ids[0]);
	arg_int(rq, "more", g->n > 1);
	if (query_run_system(rq, Q_user_first_role) == -1 || query_run_system(rq, Q_user_roles_clear) == -1)
		return (-1);
	for (size_t i = 0; i < g->n; i++) {
		arg_int(rq, "role", g->ids[i]);
		if (i > 0 && query_run_system(rq, Q_user_role_add) == -1)
			return (-1);
		buf_addz(&detail, i == 0 ? "" : " ");
		seal_id(rq->w->key, RES_role, g->ids[i], &detail);
	}
	rq->audit_object = g->user.id;
	rq->audit_detail = buf_str(&detail);
	/* Another privilege, another session: the user signs in anew. */
	arg_int(rq, "user_id", g->user.id);
	return (query_run_system(rq, Q_session_end_all) == -1 ? -1 : 0);
}

/* PUT /api/v1/users/:id/roles {roles: [id, ...]}  all that the user is to have; the first one names it. */
int
user_assign(struct rq *rq)
{
	struct giving *g = arena_zero(rq->a, 1, sizeof(*g));

	if (find(rq, &g->user) == -1 || begin(rq, g) == -1 || read_roles(rq, g) == -1 || store(rq, g) == -1)
		return (problem_status(rq->problem));
	return (user_roles(rq));
}
