/* Roles as they are written.  The router has made the right to it, one writer at a time and the asker's
 * rights of this very moment sure; here it is decided whose role it is and what can be put into it. */
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/product_part.h"
#include "page/role_part.h"

#define NAME_MAX_CHARS 100

/* ---- the body ---- */

/* What a body says; NULL where it says nothing of it. */
struct draft {
	const struct json *name, *portal, *grants, *fields, *segments, *products;
};

static void
wrong(struct rq *rq, const char *pointer, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, str_of(pointer), code, "%s", detail);
}

/* Each member one of these names; on a change, one that who asks may write.  0, or -1 with 422. */
static int
read_members(struct rq *rq, bool only_name, bool change, struct draft *d)
{
	const struct {
		const char *name;
		const struct json **to;
		enum field field;
	} members[] = {{"name", &d->name, FLD_role_name}, {"portal", &d->portal, FLD_role_portal},
	    {"grants", &d->grants, FLD_role_grants}, {"fields", &d->fields, FLD_role_fields},
	    {"segments", &d->segments, FLD_role_segments}, {"products", &d->products, FLD_role_products}};
	const size_t n = only_name ? 1 : sizeof(members) / sizeof(members[0]);
	size_t i;

	*d = (struct draft){NULL};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		for (i = 0; i < n && !str_eqz(m->key, members[i].name); i++)
			continue;
		if (i == n || (change && !may_write(rq->who.rights, members[i].field)))
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
		else
			*members[i].to = m;
	}
	return (rq->problem == P_none ? 0 : -1);
}

static bool
is_name(struct str s)
{

	return (str_is_line(s) && !str_is_blank(s) && str_chars(s) <= NAME_MAX_CHARS);
}

/* The name that the tenant's role of that id (0: a new one) is to have.  0, or -1 with the problem set. */
static int
read_name(struct rq *rq, const struct json *m, int64_t role)
{
	struct named {
		int64_t id;
	} row;
	static const struct col cols[] = {COL_I_(named, id)};
	int rc;

	if (m == NULL)
		wrong(rq, "/name", "missing", "it is missing");
	else if (m->type != JSON_STRING || !is_name(m->s))
		wrong(rq, "/name", "length", "it needs 1 to 100 characters in one line");
	if (m == NULL || rq->problem != P_none)
		return (-1);
	arg_text(rq, "name", m->s);
	rc = query_row_system(rq, Q_role_named, COLS(cols), &row);
	if (rc == 1 && row.id != role)
		wrong(rq, "/name", "taken", "another role has this name");
	return (rc == -1 || rq->problem != P_none ? -1 : 0);
}

/* The portals that a role of the tenant can be for.  0, or -1 with the problem set. */
static int
read_portal(struct rq *rq, const struct json *m, enum portal *portal)
{
	const int p = m == NULL || m->type != JSON_STRING ? -1 : access_portal_of(m->s);

	if (m == NULL)
		wrong(rq, "/portal", "missing", "it is missing");
	else if (p == -1 || (p == PORTAL_admin && rq->who.level > 0))
		wrong(rq, "/portal", "code", "it is no portal of this tenant");
	if (rq->problem != P_none)
		return (-1);
	*portal = (enum portal)p;
	return (0);
}

static bool
is_in(const struct role_segment *list, int64_t n, int64_t id)
{

	for (int64_t i = 0; i < n; i++)
		if (list[i].id == id)
			return (true);
	return (false);
}

/* 0, or -1 with the problem set. */
static int
read_segments(struct rq *rq, const struct json *m, const struct role_segment *list, int64_t n, struct role_spec *s)
{
	size_t i = 0;
	int64_t id;

	s->segments.n = 0;
	if (m->type != JSON_ARRAY)
		wrong(rq, "/segments", "type", "it must be a list");
	for (const struct json *e = m->type == JSON_ARRAY ? m->first : NULL; e != NULL; e = e->next, i++) {
		struct str at = arena_printf(rq->a, "/segments/%zu", i);

		if (e->type != JSON_STRING || seal_id_open(rq->w->key, RES_segment, e->s, &id) == -1 ||
		    !is_in(list, n, id))
			problem_field(rq, P_invalid, at, "unknown", "%s", "the tenant has no such segment");
		else if (segments_has(&s->segments, id))
			problem_field(rq, P_invalid, at, "twice", "%s", "the segment stands here twice");
		else if (s->segments.n == SEGMENTS_MAX)
			problem_field(rq, P_invalid, at, "many", "a role can be kept to %d segments", SEGMENTS_MAX);
		else
			s->segments.ids[s->segments.n++] = id;
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- nobody grants what they do not hold ---- */

/* Is all of it held by who asks, what it comes to at this tenant and what the ceilings hold back at present?
 * They may be lifted. */
static bool
held(const struct rq *rq, const struct role_spec *s, const struct role_limits *l)
{
	struct rights r;

	role_spec_rights(s, &r);
	if (!rights_within(&r, rq->who.before))
		return (false);
	rights_meet(&r, &l->tenant);
	return (rights_within(&r, &l->own));
}

/* Which part of a role is more than who asks holds: each by itself is held, so it is the rows.  -1 with the problem set. */
static int
not_held(struct rq *rq, const struct role_limits *l, const struct role_spec *s)
{
	const struct products *held_by = product_held(rq);
	struct role_spec *kept = arena_alloc(rq->a, sizeof(*kept));

	*kept = *s;
	if (held_by != NULL)
		kept->products = *held_by;
	if (held_by != NULL && products_count(held_by) > 0 && held(rq, kept, l))
		wrong(rq, "/products", "own", "your own role is kept to product segments: choose among those");
	else if (l->own.n_sets > 1)
		wrong(rq, "/segments", "own", "your own role is kept to customer segments: choose among those");
	else
		problem(rq, P_role_more, "%s", "");
	return (-1);
}

/* The lists of the draft into the spec.  0, or -1 with the problem set. */
static int
read_lists(struct rq *rq, const struct draft *d, const struct role_limits *l, struct role_spec *s)
{
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	struct role_segment *list = NULL;
	int64_t n = 0;
	int rc = 0;

	/* First: with a fault found no statement runs any more, and all faults are told at once. */
	if ((d->segments != NULL && (n = role_segments(rq, &list)) == -1) ||
	    (d->products != NULL && product_tree_get(rq, t) == -1))
		return (-1);
	if (d->grants != NULL && role_spec_read_grants(rq, d->grants, l, s) == -1)
		rc = -1;
	if (d->fields != NULL && role_spec_read_fields(rq, d->fields, l, s) == -1)
		rc = -1;
	if (d->segments != NULL && read_segments(rq, d->segments, list, n, s) == -1)
		rc = -1;
	if (d->products != NULL && product_read_ids(rq, d->products, t, product_held(rq), &s->products) == -1)
		rc = -1;
	if (s->portal == PORTAL_customer && products_count(&s->products) > 0) {
		wrong(rq, "/products", "portal", "customers see all of their bills and subscriptions");
		rc = -1;
	}
	return (rc == -1 || held(rq, s, l) ? rc : not_held(rq, l, s));
}

/* ---- rows ---- */

/* 0, or -1 with the problem set. */
static int
add(struct rq *rq, enum query q, struct str of, const char *value)
{

	arg_text(rq, "granted", of);
	arg_text(rq, "as", str_of(value));
	return (query_run_one_system(rq, q));
}

/* The rows of a role of the asker's tenant anew.  0, or -1 with the problem set. */
static int
store_lists(struct rq *rq, int64_t role, const struct role_spec *s)
{

	arg_int(rq, "role", role);
	if (query_run_system(rq, Q_role_grants_clear) == -1 || query_run_system(rq, Q_role_fields_clear) == -1 ||
	    query_run_system(rq, Q_role_segments_clear) == -1 || query_run_system(rq, Q_role_products_clear) == -1)
		return (-1);
	for (int a = 0; a < ACT__MAX; a++)
		if (s->scope[a] != SCOPE_none &&
		    add(rq, Q_role_grant_add, str_of(access_actions[a].name), access_scopes[s->scope[a]].name) == -1)
			return (-1);
	for (int f = 0; f < FLD__MAX; f++)
		if (s->level[f] != LEVEL_none &&
		    add(rq, Q_role_field_add,
			arena_printf(
			    rq->a, "%s.%s", access_resources[access_fields[f].resource].name, access_fields[f].name),
			role_spec_levels[s->level[f]]) == -1)
			return (-1);
	for (size_t i = 0; i < s->segments.n; i++) {
		arg_int(rq, "segment", s->segments.ids[i]);
		if (query_run_one_system(rq, Q_role_segment_add) == -1)
			return (-1);
	}
	return (products_count(&s->products) == 0 ? 0 : product_store(rq, Q_role_product_add, &s->products));
}

/* How much is in it, for the audit. */
static struct str
figures(struct rq *rq, const struct role_spec *s)
{
	int grants = 0, fields = 0;

	for (int a = 0; a < ACT__MAX; a++)
		grants += s->scope[a] != SCOPE_none;
	for (int f = 0; f < FLD__MAX; f++)
		fields += s->level[f] != LEVEL_none;
	return (arena_printf(rq->a, "%s %d grants %d fields %zu segments %zu products", access_portals[s->portal],
	    grants, fields, s->segments.n, products_count(&s->products)));
}

/* The role as it is now, as the answer.  Returns the status. */
static int
answer(struct rq *rq, int64_t role)
{
	struct buf id;

	buf_init(&id, rq->a, SEAL_TEXT + 1);
	seal_id(rq->w->key, RES_role, role, &id);
	rq->id_text = buf_str(&id);
	buf_clear(&rq->out);
	rq->action = ACT_role_read;
	if (may_act(rq->who.rights, ACT_role_read))
		return (role_get(rq));
	buf_addz(&rq->out, "{\"id\":\"");
	buf_add(&rq->out, rq->id_text);
	buf_addz(&rq->out, "\"}");
	return (200);
}

/* A new role of :name.  Returns the status. */
static int
make(struct rq *rq, const struct role_spec *s)
{
	struct named {
		int64_t id;
	} row = {0};
	static const struct col cols[] = {COL_I_(named, id)};
	const enum action action = rq->action;
	int rc, status;

	arg_text(rq, "portal", str_of(access_portals[s->portal]));
	if (query_run_system(rq, Q_role_insert) == -1)
		return (problem_status(rq->problem));
	rc = query_row_system(rq, Q_role_named, COLS(cols), &row);
	if (rc != 1 || store_lists(rq, row.id, s) == -1)
		return (rc == 0 ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	rq->audit_object = row.id;
	rq->audit_detail = figures(rq, s);
	status = answer(rq, row.id);
	rq->action = action; /* the audit names what was asked for */
	return (status);
}

/* ---- handlers ---- */

/* POST /api/v1/roles {name, portal, grants, fields, segments, products} */
int
role_create(struct rq *rq)
{
	struct role_spec *s = arena_zero(rq->a, 1, sizeof(*s));
	struct role_limits *l = arena_zero(rq->a, 1, sizeof(*l));
	struct draft d;

	if (read_members(rq, false, false, &d) == -1 || read_name(rq, d.name, 0) == -1 ||
	    read_portal(rq, d.portal, &s->portal) == -1 || role_limits(rq, s->portal, l) == -1 ||
	    read_lists(rq, &d, l, s) == -1)
		return (problem_status(rq->problem));
	return (make(rq, s));
}

/* What the copier's own segments leave of the role's. */
static void
narrow_segments(struct segments *of, const struct rights *own)
{
	const uint8_t set = own->set[ACT_customer_read];
	const struct segments all = *of;

	if (set == 0)
		return;
	if (all.n == 0) {
		*of = own->sets[set];
		return;
	}
	of->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (segments_has(&own->sets[set], all.ids[i]))
			of->ids[of->n++] = all.ids[i];
}

/* What the copier's own product segments leave of the role's, where the role has more.  False where that is none. */
static bool
narrow_products(struct rq *rq, const struct role_limits *l, struct role_spec *s)
{
	const struct products *own = product_held(rq);

	if (own == NULL || s->portal == PORTAL_customer || held(rq, s, l))
		return (true);
	if (products_count(&s->products) == 0)
		s->products = *own;
	else
		products_meet(&s->products, own);
	return (products_count(&s->products) > 0);
}

/* POST /api/v1/roles/:id/copy {name}  of a built-in role or an own one, as far as who asks holds it. */
int
role_copy(struct rq *rq)
{
	struct stored *r = arena_alloc(rq->a, sizeof(*r));
	struct role_limits *l = arena_zero(rq->a, 1, sizeof(*l));
	struct draft d;
	int64_t id;
	int rc;

	if (role_seen(rq, &id) == -1 || read_members(rq, true, false, &d) == -1 || read_name(rq, d.name, 0) == -1 ||
	    (rc = role_load(rq, id, r)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0 || (r->tenant_id != rq->who.tenant_id && !r->built_in))
		return (problem(rq, P_role_fixed, "only built-in roles and the tenant's own can be copied"));
	if (role_limits(rq, r->spec.portal, l) == -1)
		return (problem_status(rq->problem));
	role_spec_narrow(&r->spec, l);
	rc = r->spec.segments.n > 0;
	narrow_segments(&r->spec.segments, &l->own);
	/* None left would be no limit at all. */
	if ((rc && r->spec.segments.n == 0) || !narrow_products(rq, l, &r->spec) || !held(rq, &r->spec, l))
		return (problem(rq, P_role_more, "%s", ""));
	return (make(rq, &r->spec));
}

struct use {
	int64_t own, users, ceilings, mine;
};
static const struct col use_cols[] = {COL_I_(use, own), COL_I_(use, users), COL_I_(use, ceilings), COL_I_(use, mine)};

/* Can who asks change the role of :id at all?  0, or -1 with the problem set. */
static int
changeable(struct rq *rq, struct use *u)
{
	int rc;

	rc = query_row_system(rq, Q_role_use, COLS(use_cols), u);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (rc == 1 && !u->own)
		problem(rq, P_role_fixed, "copy it and change the copy");
	else if (rc == 1 && u->mine)
		problem(rq, P_role_self, "you have this role yourself: somebody else has to change it");
	return (rq->problem == P_none ? 0 : -1);
}

/* The parts of the draft into the role that was.  0, or -1 with the problem set. */
static int
apply(struct rq *rq, const struct draft *d, const struct use *u, struct stored *r)
{
	struct role_limits *l = arena_zero(rq->a, 1, sizeof(*l));
	enum portal portal = r->spec.portal;

	if (d->portal != NULL && read_portal(rq, d->portal, &portal) == -1)
		return (-1);
	if (portal != r->spec.portal && (u->users || u->ceilings)) {
		wrong(rq, "/portal", "in_use", "the role is in use: its portal stays");
		return (-1);
	}
	if (role_limits(rq, r->spec.portal, l) == -1)
		return (-1);
	if (!held(rq, &r->spec, l)) { /* who could not have made it does not change it either */
		problem(rq, P_role_more, "%s", "");
		return (-1);
	}
	role_limits_portal(portal, l);
	if (portal != r->spec.portal && (d->grants == NULL || d->fields == NULL)) {
		wrong(rq, "/portal", "lists", "with another portal all grants and fields must be said anew");
		return (-1);
	}
	r->spec.portal = portal;
	return (read_lists(rq, d, l, &r->spec));
}

/* PATCH /api/v1/roles/:id  each member optional; a list takes the place of the whole list. */
int
role_patch(struct rq *rq)
{
	struct stored *r = arena_alloc(rq->a, sizeof(*r));
	struct draft d;
	struct use use;
	int64_t id;
	int status;

	if (query_id(rq, RES_role) == -1 || changeable(rq, &use) == -1 ||
	    seal_id_open(rq->w->key, RES_role, rq->id_text, &id) == -1 || role_load(rq, id, r) != 1 ||
	    read_members(rq, false, true, &d) == -1 || (d.name != NULL && read_name(rq, d.name, id) == -1) ||
	    apply(rq, &d, &use, r) == -1)
		return (rq->problem == P_none ? problem(rq, P_not_found, "%s", "") : problem_status(rq->problem));
	if (d.name == NULL)
		arg_null(rq, "name");
	arg_text(rq, "portal", str_of(access_portals[r->spec.portal]));
	arg_int(rq, "role", id);
	if (query_run_system(rq, Q_role_rename) == -1 || store_lists(rq, id, &r->spec) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	rq->audit_detail = figures(rq, &r->spec);
	status = answer(rq, id);
	rq->action = ACT_role_edit;
	return (status);
}

/* DELETE /api/v1/roles/:id  only where nobody has it and it is nobody's ceiling. */
int
role_delete(struct rq *rq)
{
	struct use use;
	int64_t id;

	if (query_id(rq, RES_role) == -1 || query_lock(rq, RES_role) == -1 || changeable(rq, &use) == -1 ||
	    seal_id_open(rq->w->key, RES_role, rq->id_text, &id) == -1)
		return (problem_status(rq->problem));
	if (use.users || use.ceilings)
		return (problem(rq, P_role_in_use, "%s",
		    use.users ? "give its users another role first" : "it is the ceiling of a tenant"));
	arg_int(rq, "role", id);
	if (query_run_system(rq, Q_role_grants_clear) == -1 || query_run_system(rq, Q_role_fields_clear) == -1 ||
	    query_run_system(rq, Q_role_segments_clear) == -1 || query_run_system(rq, Q_role_products_clear) == -1 ||
	    query_run_system(rq, Q_role_delete) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	return (204);
}
