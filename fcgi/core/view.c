#include "core/view.h"

#include "base/log.h"
#include "core/admin_query.h"
#include "core/audit.h"
#include "core/query.h"

#define ENDED "view_end" /* what the audit calls it */

struct target {
	int64_t id, tenant_id, customer_id, group_head, role_id, more_roles, level, left, open, told;
	struct str ends;
};
static const struct col target_cols[] = {COL_I_(target, id), COL_I_(target, tenant_id), COL_I_(target, customer_id),
    COL_I_(target, group_head), COL_I_(target, role_id), COL_I_(target, more_roles), COL_I_(target, level),
    COL_I_(target, left), COL_I_(target, open), COL_I_(target, told), COL_S_(target, ends)};

struct bound {
	int64_t view;
};
static const struct col bound_cols[] = {COL_I_(bound, view)};

/* Rights of who looks as the target, in the arena; NULL with a problem set. */
static const struct rights *
look(struct rq *rq, const struct target *t, const struct standing *standing, enum portal *portal)
{
	const struct asker asker = {t->id, t->role_id, t->tenant_id, (int)t->level, t->more_roles != 0};
	const struct rights viewer = *rq->who.rights; /* what the cache keeps lives until its next call */
	struct rights *both = arena_alloc(rq->a, sizeof(*both));
	const struct rights *target;

	target = rights_of(rq->w->rights, rq->w->db, rq->a, rq->who.version, &asker, portal);
	if (target == NULL) {
		rq->again = true;
		problem(rq, P_no_database, "try again in a few seconds");
		return (NULL);
	}
	rights_look(both, target, &viewer, standing);
	return (both);
}

/* The viewer is who asks again, with rights that nothing overwrites.  0. */
static int
over(struct rq *rq, struct viewer v)
{

	v.over = true;
	rq->who.viewer = v;
	return (0);
}

int
view_enter(struct rq *rq, int64_t view)
{
	const struct who *me = &rq->who;
	struct viewer v = {.view = view, .id = me->id, .tenant_id = me->tenant_id};
	const struct rights *rights;
	struct standing standing;
	struct target t;
	enum portal portal;
	int rc;

	arg_int(rq, "view", view);
	rc = query_row_system(rq, Q_view_target, COLS(target_cols), &t);
	if (rc == -1)
		return (-1);
	if (rc == 0) {
		v.told = true;
		return (over(rq, v));
	}
	v.as = t.id;
	v.as_tenant = t.tenant_id;
	v.left = t.left;
	v.ends = t.ends;
	v.told = t.told != 0;
	standing = (struct standing){
	    t.tenant_id == me->tenant_id, tree_covers(rq->w->tree, me->tenant_id, me->level, t.tenant_id)};
	if (!t.open || t.left <= 0 ||
	    !rights_reach((enum scope)me->rights->scope[ACT_user_view_as], SCOPE_own, &standing))
		return (over(rq, v));
	if ((rights = look(rq, &t, &standing, &portal)) == NULL)
		return (-1);
	rq->who = (struct who){.id = t.id,
	    .tenant_id = t.tenant_id,
	    .customer_id = t.customer_id,
	    .group_head = t.group_head != 0,
	    .role_id = t.role_id,
	    .level = (int)t.level,
	    .version = me->version,
	    .portal = portal,
	    .rights = rights,
	    .viewer = v};
	return (0);
}

int
view_alone(struct rq *rq)
{
	struct bound bound;
	const int rc = query_row_system(rq, Q_view_alone, COLS(bound_cols), &bound);

	if (rc == 1 && bound.view != 0)
		problem(rq, P_view_only, "%s", "");
	return (rq->problem == P_none ? 0 : -1);
}

int
view_begin(struct rq *rq, int64_t as, struct str reason)
{
	struct viewer v;
	struct bound bound;
	int rc;

	arg_int(rq, "as_user", as);
	arg_text(rq, "reason", reason);
	arg_int(rq, "seconds", VIEW_S);
	if (query_run_system(rq, Q_view_insert) != 1 || query_run_system(rq, Q_view_bind) != 1)
		rc = 0;
	else
		rc = query_row_system(rq, Q_view_bound, COLS(bound_cols), &bound);
	if (rc != 1) {
		problem(rq, P_conflict, "this session looks as somebody else already");
		return (-1);
	}
	if (view_enter(rq, bound.view) == -1)
		return (-1);
	v = rq->who.viewer;
	rq->audit_object = v.as;
	if (v.as_tenant == v.tenant_id)
		return (0);
	return (audit_copy(rq, access_actions[ACT_user_view_as].name, v.as_tenant));
}

int
view_close(struct rq *rq)
{
	const struct viewer *v = &rq->who.viewer;
	int64_t n;

	arg_int(rq, "view", v->view);
	n = query_run_system(rq, Q_view_end);
	if (n == -1 || query_run_system(rq, Q_view_leave) == -1)
		return (-1);
	rq->audit_object = v->as;
	if (n == 1 && v->as_tenant != v->tenant_id && audit_copy(rq, ENDED, v->as_tenant) == -1)
		return (-1);
	return ((int)n);
}

int
view_tell(struct rq *rq)
{
	const struct viewer *v = &rq->who.viewer;
	int64_t n;

	if (v->told)
		return (0);
	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	arg_int(rq, "view", v->view);
	arg_text(rq, "trace", str_of(rq->trace));
	n = query_run_system(rq, Q_view_end); /* 0: somebody else was first */
	if (n == 1 && query_run_system(rq, Q_view_ended) < 1) {
		problem(rq, P_internal, "%s", "");
		n = -1;
	}
	if (n == 1 && db_commit(rq->w->db) == -1) {
		query_failed(rq, "COMMIT");
		n = -1;
	}
	db_rollback(rq->w->db);
	return (n == -1 ? -1 : 0);
}

#define SWEEP 100

struct due {
	int64_t ids[SWEEP];
	size_t n;
};

static int
take_due(void *ctx, const struct db_val *v)
{
	struct due *due = ctx;

	due->ids[due->n++] = v[0].i;
	return (due->n == SWEEP);
}

/* 1, 0 where somebody else was first, or -1 (logged). */
static int
sweep_one(struct worker *w, int64_t view)
{
	const struct arg args[] = {int_arg("view", view), text_arg("trace", S("view"))};
	int64_t n;

	if (db_begin(w->db) == -1)
		return (-1);
	n = query_run_admin(w->db, w->a, Q_view_end, args, 1);
	if (n == 1 && query_run_admin(w->db, w->a, Q_view_ended, args, 2) < 1)
		n = -1;
	if (n == 1 && db_commit(w->db) == -1)
		n = -1;
	db_rollback(w->db);
	return ((int)n);
}

int
view_sweep(struct worker *w)
{
	struct due due = {.n = 0};
	int rc, n = 0;

	if (query_each_admin(w->db, w->a, Q_view_due, NULL, 0, take_due, &due) == -1)
		return (-1);
	for (size_t i = 0; i < due.n; i++) {
		if ((rc = sweep_one(w, due.ids[i])) == -1) {
			log_error("view", "view %lld: %s", (long long)due.ids[i], db_error_text(w->db));
			return (-1);
		}
		n += rc;
	}
	return (n);
}
