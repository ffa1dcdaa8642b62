#include "trade/move.h"

#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/follow.h"

#define LEVELS 5
#define TENANTS_MAX 20000 /* of one move */

const char *
move_refused(const struct move_check *c, int64_t parent)
{

	if (c->below)
		return ("it is below the reseller that moves");
	if (!c->open)
		return ("it is closed");
	if (c->from == parent)
		return ("it is the parent already");
	if (c->parent_level + 1 + c->depth >= LEVELS)
		return ("the tree would have more than five levels");
	return (NULL);
}

struct move {
	int64_t id, tenant, parent, moving;
};

/* id, _tenant_id, _parent, _moving */
static int
take_move(void *ctx, const struct db_val *v)
{

	*(struct move *)ctx = (struct move){v[0].i, v[1].i, v[2].i, v[3].i};
	return (0);
}

/* _level, _from, _parent_level, _open, _below, _depth, _again */
static int
take_check(void *ctx, const struct db_val *v)
{

	*(struct move_check *)ctx = (struct move_check){v[0].i, v[1].i, v[2].i, v[3].i, v[4].i, v[5].i, v[6].i};
	return (0);
}

struct place {
	int64_t id, level, above[LEVELS]; /* [level] is the id itself; [0] is not used */
};

struct places {
	struct arena *a;
	struct place *list;
	size_t n;
};

/* id, _level, _a1 .. _a4 */
static int
take_place(void *ctx, const struct db_val *v)
{
	struct places *p = ctx;

	if (p->list == NULL)
		p->list = arena_alloc(p->a, TENANTS_MAX * sizeof(*p->list));
	if (p->n == TENANTS_MAX)
		return (1);
	p->list[p->n++] = (struct place){v[0].i, v[1].i, {0, v[2].i, v[3].i, v[4].i, v[5].i}};
	return (0);
}

static int
read_places(struct db *db, struct arena *a, enum query q, struct arg of, struct places *out)
{

	*out = (struct places){.a = a};
	if (query_each_admin(db, a, q, &of, 1, take_place, out) == -1)
		return (-1);
	if (out->n == TENANTS_MAX) {
		log_error("move", "more than %d tenants below one", TENANTS_MAX - 1);
		return (-1);
	}
	return (0);
}

/* Gives one tenant its new place: the new parent's chain, and of the old one what is below who moves. */
static int
put(struct db *db, struct arena *a, const struct move *m, const struct place *t, int64_t old_level,
    const struct place *parent)
{
	int64_t above[LEVELS] = {0}, shift = parent->level + 1 - old_level;
	const char *const names[LEVELS] = {NULL, "a1", "a2", "a3", "a4"};
	struct arg args[4 + LEVELS - 1] = {int_arg("id", t->id), int_arg("moved", m->tenant),
	    int_arg("parent", m->parent), int_arg("level", t->level + shift)};

	for (int i = 1; i <= parent->level; i++)
		above[i] = parent->above[i];
	for (int64_t i = old_level; i <= t->level; i++)
		above[i + shift] = t->above[i];
	for (int i = 1; i < LEVELS; i++)
		args[3 + i] = int_arg(names[i], above[i]);
	return (query_run_admin(db, a, Q_move_tenant, args, sizeof(args) / sizeof(args[0])) == -1 ? -1 : 0);
}

static int
set_state(struct db *db, struct arena *a, const struct move *m, const char *before, const char *state)
{
	const struct arg args[] = {
	    int_arg("id", m->id), text_arg("before", str_of(before)), text_arg("state", str_of(state))};

	return (query_run_admin(db, a, Q_move_state, args, 3) == -1 ? -1 : 0);
}

/* The whole tree at once, if it still allows it.  0, or -1. */
static int
plant(struct db *db, struct arena *a, const struct move *m)
{
	const struct arg of[] = {int_arg("tenant_id", m->tenant), int_arg("parent", m->parent), int_arg("move", m->id)};
	struct move_check c = {.below = 1};
	struct places tenants, parent;
	const char *why;

	/* The version first: whoever changes what rights hang on waits there. */
	if (query_run_admin(db, a, Q_move_version, NULL, 0) == -1 ||
	    query_each_admin(db, a, Q_move_check, of, 3, take_check, &c) == -1)
		return (-1);
	if ((why = move_refused(&c, m->parent)) != NULL) {
		log_error("move", "move %lld is refused: its new parent: %s", (long long)m->id, why);
		return (set_state(db, a, m, "planned", "refused"));
	}
	if (read_places(db, a, Q_move_parent, of[1], &parent) == -1 ||
	    read_places(db, a, Q_move_tenants, of[0], &tenants) == -1)
		return (-1);
	for (size_t i = 0; i < tenants.n; i++)
		if (put(db, a, m, &tenants.list[i], c.level, &parent.list[0]) == -1)
			return (-1);
	return (set_state(db, a, m, "planned", "moving"));
}

static int
begin(struct db *db, struct arena *a, const struct move *m)
{

	if (db_begin(db) == -1)
		return (-1);
	if (plant(db, a, m) == -1 || db_commit(db) == -1) {
		db_rollback(db);
		return (-1);
	}
	log_info("move", "move %lld: the tree has changed", (long long)m->id);
	return (0);
}

/* 1 where all rows have followed, 0 where it was told to stop, or -1. */
static int
follow_all(struct db *db, struct arena *a, const struct move *m, bool (*go_on)(void *), void *ctx)
{
	struct places tenants;
	int rc;

	if (read_places(db, a, Q_move_tenants, int_arg("tenant_id", m->tenant), &tenants) == -1)
		return (-1);
	for (size_t i = 0; i < tenants.n; i++)
		if ((rc = follow_tenant(
			 db, a, tenants.list[i].id, Q_move_customers_end, Q_move_customers, go_on, ctx)) != 1 ||
		    (rc = follow_tenant(
			 db, a, tenants.list[i].id, Q_move_documents_end, Q_move_documents, go_on, ctx)) != 1)
			return (rc);
	return (1);
}

int
move_due(struct db *db, struct arena *a, bool (*go_on)(void *ctx), void *ctx)
{
	struct move m;
	int ended = 0, rc;

	while (go_on(ctx)) {
		m.id = 0;
		if (query_each_admin(db, a, Q_move_due, NULL, 0, take_move, &m) == -1)
			return (-1);
		if (m.id == 0)
			break;
		if (!m.moving) {
			if (begin(db, a, &m) == -1)
				return (-1);
			continue; /* with what the tree is now */
		}
		if ((rc = follow_all(db, a, &m, go_on, ctx)) != 1)
			return (rc == -1 ? -1 : ended);
		if (set_state(db, a, &m, "moving", "done") == -1)
			return (-1);
		log_info("move", "move %lld: all rows have followed", (long long)m.id);
		ended++;
	}
	return (ended);
}
