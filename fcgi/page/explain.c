/* Why a user may or may not see or do something: each role and each ceiling with what it says. */
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/product_part.h"

#define STEPS_MAX 40 /* more roles and tenants above one another than anybody has */

/* What is asked: ?action=document.read [&field=document.gross] [&object=inv_...] */
struct question {
	enum action action;
	int field; /* or -1 */
	bool has_object;
	int64_t object;
};

struct subject {
	int64_t id, role_id, tenant_id, customer_id, group_head, more_roles, level, active;
};
static const struct col subject_cols[] = {COL_I_(subject, id), COL_I_(subject, role_id), COL_I_(subject, tenant_id),
    COL_I_(subject, customer_id), COL_I_(subject, group_head), COL_I_(subject, more_roles), COL_I_(subject, level),
    COL_I_(subject, active)};

struct step {
	enum step_kind kind;
	int64_t role_id;
	const char *ignored;
	uint8_t scope;
	const char *level; /* of the field, or NULL */
	bool kept;         /* to product segments */
	struct products products;
};

struct steps {
	const struct question *q;
	struct step list[STEPS_MAX];
	size_t n;
	bool overflow;
};

static const char *
level_of(const struct rights *r, int field)
{

	if (field == -1)
		return (NULL);
	return (may_write(r, (enum field)field)  ? "write"
		: may_read(r, (enum field)field) ? "read"
		: may_see(r, (enum field)field)  ? "mask"
						 : "none");
}

static void
take_step(void *ctx, const struct rights_step *s)
{
	struct steps *all = ctx;
	const struct products *kept;

	if (all->n == STEPS_MAX) {
		all->overflow = true;
		return;
	}
	all->list[all->n] = (struct step){.kind = s->kind,
	    .role_id = s->role_id,
	    .ignored = s->ignored,
	    .scope = s->rights->scope[all->q->action],
	    .level = level_of(s->rights, all->q->field)};
	kept = rights_products(s->rights, all->q->action);
	if (kept == NULL && s->kind == STEP_SHARE) /* it says nothing of this action */
		return;
	if (kept != NULL)
		all->list[all->n].products = *kept;
	all->list[all->n++].kept = kept != NULL;
}

/* ---- the question ---- */

static void
wrong(struct rq *rq, const char *param, const char *why)
{

	problem_field(rq, P_bad_parameter, str_of(param), "bad_value", "%s", why);
}

/* 0, or -1 with the problem set. */
static int
read_question(struct rq *rq, struct question *q)
{
	struct str action = rq_param(rq, "action"), field = rq_param(rq, "field"), object = rq_param(rq, "object"),
		   name;
	const int a = access_action_of(action);
	enum resource res;

	for (size_t i = 0; i < rq->n_params; i++)
		if (!str_eqz(rq->params[i].name, "action") && !str_eqz(rq->params[i].name, "field") &&
		    !str_eqz(rq->params[i].name, "object"))
			problem_field(
			    rq, P_unknown_parameter, rq->params[i].name, "unknown", "%s", "it is not known here");
	*q = (struct question){.action = (enum action)(a == -1 ? 0 : a), .field = -1, .has_object = object.p != NULL};
	if (a == -1)
		wrong(rq, "action", "it must be an action, as in /api/v1/meta");
	if (field.p != NULL) {
		const int of = access_resource_of(str_cut(field, '.', &name));

		if (of == -1 || (q->field = access_field_of((enum resource)of, name)) == -1)
			wrong(rq, "field", "it must be a field, as resource.name");
	}
	res = access_actions[q->action].resource;
	if (q->has_object && seal_id_open(rq->w->key, res, object, &q->object) == -1)
		wrong(rq, "object", "it must be the id of what the action is done to");
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- the row ---- */

/* Is the object there for these rights?  1, 0, or -1 with the problem set. */
static int
finds(struct rq *rq, const struct who *who, enum action action, int64_t object)
{
	struct rq probe = *rq;
	struct found {
		int64_t id;
	} row;
	static const struct col cols[] = {COL_I(found, id)};
	char name[64];
	int q, rc;

	snprintf(name, sizeof(name), "%s_one", access_resources[access_actions[action].resource].name);
	if ((q = statement_find(name)) == -1 || !may_act(who->rights, action))
		return (0);
	probe.who = *who;
	probe.action = action;
	probe.n_args = 0;
	arg_int(&probe, "id", object);
	rc = query_row(&probe, (enum query)q, COLS(cols), &row);
	if (rc == -1 &&
	    probe.problem != P_forbidden) { /* forbidden: it cannot be kept to the segments, so there is nothing */
		rq->again = probe.again;
		problem(rq, probe.problem, "%s", "");
		return (-1);
	}
	return (rc == 1);
}

enum there { NOT_THERE, THERE, NOT_SOLD };

/* Is the object there, or would it be if it were not for its product segment?  0, or -1 with the problem set. */
static int
look(struct rq *rq, const struct who *who, enum action action, int64_t object, enum there *there)
{
	struct rights *any = arena_alloc(rq->a, sizeof(*any));
	struct who other = *who;
	int rc = finds(rq, who, action, object);

	*there = rc == 1 ? THERE : NOT_THERE;
	if (rc != 0 || rights_products(who->rights, action) == NULL)
		return (rc == -1 ? -1 : 0);
	*any = *who->rights;
	any->product[action] = 0;
	other.rights = any;
	rc = finds(rq, &other, action, object);
	if (rc == 1)
		*there = NOT_SOLD;
	return (rc == -1 ? -1 : 0);
}

/* ---- the answer ---- */

/* Which step decides: a code for words. */
static const char *
reason(const struct steps *all, const struct rights *r, const struct question *q, bool active, enum there there)
{
	bool granted = false, shown = q->field == -1;

	for (size_t i = 0; i < all->n; i++) {
		const struct step *s = &all->list[i];

		if (s->kind != STEP_ROLE || s->ignored != NULL)
			continue;
		granted = granted || s->scope != SCOPE_none;
		shown = shown || strcmp(s->level, "none") != 0;
	}
	if (!active)
		return ("closed");
	if (!may_act(r, q->action))
		return (granted ? "ceiling" : "no_role");
	if (q->field != -1 && !may_see(r, (enum field)q->field))
		return (shown ? "field_ceiling" : "field_no_role");
	if (q->has_object && there != THERE)
		return (there == NOT_SOLD ? "product" : "out_of_scope");
	return (q->field != -1 && !may_read(r, (enum field)q->field) ? "masked" : "allowed");
}

static int
take_name(struct rq *rq, int64_t role, struct str *name)
{
	struct named {
		struct str name;
	} row = {S("")};
	static const struct col cols[] = {COL_S(named, name)};
	int rc;

	arg_int(rq, "role", role);
	rc = query_row_system(rq, Q_role_name, COLS(cols), &row);
	*name = row.name;
	return (rc == -1 ? -1 : 0);
}

/* ,"products":[...] that a step keeps to, as far as who asks may see product segments.  0, or -1. */
static int
write_products(struct rq *rq, const struct products *kept)
{
	const struct products *sees = rights_products(rq->who.rights, ACT_product_read);
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	struct products set = *kept;

	if (product_tree_get(rq, t) == -1)
		return (-1);
	if (!may_act(rq->who.rights, ACT_product_read))
		set = (struct products){{0}};
	else if (sees != NULL)
		products_meet(&set, sees);
	buf_addz(&rq->out, ",\"products\":");
	product_ids(rq, t, &set);
	return (0);
}

/* Is it a role of another house, which gives nothing here and whose name is that house's?  The provider sees all. */
static bool
is_foreign(const struct rq *rq, const struct step *s)
{

	return (rq->who.level > 0 && s->ignored != NULL && strcmp(s->ignored, "foreign") == 0);
}

/* A ceiling has no name here: how somebody above calls it is theirs. */
static int
write_step(struct rq *rq, const struct step *s)
{
	static const char *const kinds[STEP__MAX] = {
	    [STEP_ROLE] = "role", [STEP_RESELLERS] = "resellers", [STEP_CEILING] = "ceiling", [STEP_SHARE] = "share"};
	struct buf *b = &rq->out;
	struct str name;

	buf_printf(b, "{\"kind\":\"%s\"", kinds[s->kind]);
	if (s->kind == STEP_ROLE) {
		if (take_name(rq, s->role_id, &name) == -1)
			return (-1);
		buf_addz(b, ",\"role\":\"");
		seal_id(rq->w->key, RES_role, s->role_id, b);
		buf_addz(b, "\",\"name\":");
		if (is_foreign(rq, s))
			buf_addz(b, "null");
		else
			json_str(b, name);
	}
	if (s->kept && write_products(rq, &s->products) == -1)
		return (-1);
	if (s->kind == STEP_SHARE) {
		buf_char(b, '}');
		return (0);
	}
	buf_printf(b, ",\"scope\":\"%s\"", access_scopes[s->scope].name);
	if (s->level != NULL)
		buf_printf(b, ",\"level\":\"%s\"", s->level);
	if (s->ignored != NULL)
		buf_printf(b, ",\"ignored\":\"%s\"", s->ignored);
	buf_char(b, '}');
	return (0);
}

static int
write_answer(struct rq *rq, const struct question *q, const struct steps *all, const struct rights *r, bool active,
    enum there there)
{
	const char *why = reason(all, r, q, active, there);
	struct buf *b = &rq->out;

	buf_printf(b, "{\"allowed\":%s,\"why\":\"%s\",\"action\":\"%s\",\"scope\":\"%s\"",
	    strcmp(why, "allowed") == 0 ? "true" : "false", why, access_actions[q->action].name,
	    access_scopes[r->scope[q->action]].name);
	if (q->field != -1)
		buf_printf(b, ",\"field\":\"%s.%s\",\"level\":\"%s\"",
		    access_resources[access_fields[q->field].resource].name, access_fields[q->field].name,
		    level_of(r, q->field));
	buf_addz(b, ",\"steps\":[");
	for (size_t i = 0; i < all->n; i++) {
		buf_addz(b, i == 0 ? "" : ",");
		if (write_step(rq, &all->list[i]) == -1)
			return (problem_status(rq->problem));
	}
	buf_addz(b, "]}");
	return (200);
}

/* GET /api/v1/users/:id/explain?action=&field=&object= */
int
user_explain(struct rq *rq)
{
	struct question q;
	struct subject u;
	struct steps *all = arena_zero(rq->a, 1, sizeof(*all));
	struct rights rights;
	struct who who;
	enum there there = THERE;
	int rc;

	if (read_question(rq, &q) == -1 || query_id(rq, RES_user) == -1 ||
	    (rc = query_row(rq, Q_user_asker, COLS(subject_cols), &u)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	all->q = &q;
	who = (struct who){.id = u.id,
	    .tenant_id = u.tenant_id,
	    .customer_id = u.customer_id,
	    .group_head = u.group_head != 0,
	    .level = (int)u.level};
	if (rights_trace(rq->w->db, rq->a,
		&(struct asker){u.id, u.role_id, u.tenant_id, (int)u.level, u.more_roles != 0}, &rights, &who.portal,
		take_step, all) == -1)
		return (query_failed(rq, "rights"));
	if (all->overflow)
		return (problem(rq, P_internal, "%s", ""));
	who.rights = &rights;
	if (q.has_object) {
		/* Who asks must see the object too, or the answer would tell of what is not theirs. */
		rc = finds(rq, &rq->who, access_shown_by(access_actions[q.action].resource), q.object);
		if (rc == 0)
			problem(rq, P_not_found, "%s", "");
		if (rc != 1 || look(rq, &who, q.action, q.object, &there) == -1)
			return (problem_status(rq->problem));
	}
	return (write_answer(rq, &q, all, &rights, u.active != 0, there));
}
