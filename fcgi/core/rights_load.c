/* The rights of who asks, put together of roles and ceilings and kept by thread. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/products.h"
#include "core/rights.h"
#include "core/rights_part.h"
#include "core/rq.h"

#define SLOTS 512    /* a power of two; a new one takes the place of another */
#define ROLES_MAX 16 /* of one user */
#define CHAIN_MAX 8  /* tenants above one another */

struct slot {
	int64_t user_id, role_id, tenant_id; /* user_id: 0 for all who have this one role; role_id 0: free */
	enum portal portal;
	struct rights rights;
};

struct rights_cache {
	int64_t version;
	struct slot slots[SLOTS];
};

struct rights_cache *
rights_open(void)
{
	struct rights_cache *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		log_error("memory", "no room for rights");
		_Exit(70);
	}
	c->version = -1;
	return (c);
}

void
rights_close(struct rights_cache *c)
{

	free(c);
}

/* ---- a user ---- */

struct ids {
	int64_t id[ROLES_MAX], owner[ROLES_MAX]; /* owner: of a ceiling, who sets it */
	size_t n;
	bool overflow;
};

static void
add_id(struct ids *to, int64_t id, int64_t owner)
{

	if (to->n == ROLES_MAX) {
		to->overflow = true;
		return;
	}
	to->owner[to->n] = owner;
	to->id[to->n++] = id;
}

/* _role_id */
static int
take_user_role(void *ctx, const struct db_val *v)
{

	add_id(ctx, v[0].i, 0);
	return (0);
}

/* _ceiling_id, _parent_id */
static int
take_ceiling(void *ctx, const struct db_val *v)
{

	add_id(ctx, v[0].i, v[1].i);
	return (0);
}

/* Who wants to know how it comes about; NULL: nobody. */
struct watcher {
	void (*step)(void *ctx, const struct rights_step *s);
	void *ctx;
};

static void
tell(const struct watcher *w, enum step_kind kind, int64_t role, const char *ignored, const struct rights *rights)
{
	const struct rights_step s = {kind, role, ignored, rights};

	if (w != NULL)
		w->step(w->ctx, &s);
}

/* Why a role says nothing for who asks, or NULL; rc is what load_role said. */
static const char *
why_ignored(const struct rights_role *r, const struct asker *who, int rc)
{

	if (rc == 0)
		return ("unknown");
	if (r->tenant_id != who->tenant_id && !r->shared)
		return ("foreign");
	if (r->portal == PORTAL_admin && who->level != 0)
		return ("provider_only");
	return (NULL);
}

/* The roles that count, each by itself: only roles of the tenant itself or shared by the provider, and only those of
 * the first one's portal.  How many, or -1 (db_error). */
static int
load_roles(struct db *db, struct arena *a, const struct asker *who, struct rights **each, enum portal *portal,
    const struct watcher *w)
{
	const struct arg args[] = {{"user", {.type = DB_INT, .i = who->user_id}}};
	struct ids ids = {.n = 0};
	int rc, first = -1, n = 0;

	*portal = (enum portal)0;
	add_id(&ids, who->role_id, 0);
	if (who->more_roles && query_each_admin(db, a, Q_user_roles, args, 1, take_user_role, &ids) == -1)
		return (-1);
	*each = arena_zero(a, ids.n, sizeof(**each));
	if (ids.overflow) {
		log_error(
		    "role", "user %lld has more than %d roles and may do nothing", (long long)who->user_id, ROLES_MAX);
		return (0);
	}
	for (size_t i = 0; i < ids.n; i++) {
		struct rights_role r = {.id = ids.id[i], .rights = *each + n};
		const char *ignored;

		if ((rc = rights_role_load(db, a, &r)) == -1)
			return (-1);
		ignored = why_ignored(&r, who, rc);
		if (ignored == NULL && i == 0)
			first = r.portal;
		else if (ignored == NULL && r.portal != first)
			ignored = "other_portal";
		tell(w, STEP_ROLE, r.id, ignored, r.rights);
		n += ignored == NULL;
	}
	if (first != -1)
		*portal = (enum portal)first;
	return (n);
}

/* *out becomes what these give together. */
static void
join(struct rights *out, const struct rights *each, int n)
{

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < n; i++)
		rights_join(out, &each[i]);
}

struct shares {
	struct {
		int64_t tenant;
		struct products set;
	} list[CHAIN_MAX];
	size_t n;
	bool overflow;
};

/* _sharer_id, _product_id: a tenant's stand together. */
static int
take_share(void *ctx, const struct db_val *v)
{
	struct shares *s = ctx;

	if (s->n == 0 || s->list[s->n - 1].tenant != v[0].i) {
		s->overflow = s->n == CHAIN_MAX;
		if (s->overflow)
			return (1);
		s->list[s->n++].tenant = v[0].i;
	}
	products_add(&s->list[s->n - 1].set, v[1].i);
	return (0);
}

/* Each share of the chain, the tenant's own among them.  0, or -1 (db_error). */
static int
meet_shares(
    struct db *db, struct arena *a, const struct arg *tenant, struct rights *each, int n, const struct watcher *w)
{
	struct shares *s = arena_zero(a, 1, sizeof(*s));
	struct rights one;
	bool any;

	if (query_each_admin(db, a, Q_tenant_shares, tenant, 1, take_share, s) == -1)
		return (-1);
	if (s->overflow) {
		log_error("role", "tenant %lld is below too many and may do nothing", (long long)tenant->v.i);
		memset(each, 0, (size_t)n * sizeof(*each));
	}
	for (size_t i = 0; i < s->n; i++) {
		if (rights_whole_products(db, a, &s->list[i].set, &any) == -1)
			return (-1);
		if (any)
			continue;
		rights_all(&one);
		rights_keep_shared(&one, &s->list[i].set);
		tell(w, STEP_SHARE, 0, NULL, &one);
		for (int k = 0; k < n; k++)
			rights_keep_shared(&each[k], &s->list[i].set);
	}
	return (0);
}

static void
meet(struct rights *each, int n, const struct rights *limit)
{

	for (int i = 0; i < n; i++)
		rights_meet(&each[i], limit);
}

/*
 * What is above: each ceiling of the chain, which must be a role of who sets it, and each share.  Each role meets them
 * by itself, before they are joined: one that loses its rows to a ceiling has no say in the fields of the others' rows,
 * and two that show the same rows under it are not told apart.  0, or -1 (db_error).
 */
static int
meet_ceilings(
    struct db *db, struct arena *a, int64_t tenant, int level, struct rights *each, int n, const struct watcher *w)
{
	const struct arg args[] = {{"tenant", {.type = DB_INT, .i = tenant}}};
	struct rights one;
	struct ids ids = {.n = 0};
	int rc;

	if (level == 0)
		return (0);
	if (query_each_admin(db, a, Q_tenant_ceilings, args, 1, take_ceiling, &ids) == -1)
		return (-1);
	if (ids.n == 0 || ids.overflow)
		memset(each, 0, (size_t)n * sizeof(*each)); /* a tenant without a chain is none */
	rights_ceiling(&one);
	tell(w, STEP_RESELLERS, 0, NULL, &one);
	meet(each, n, &one);
	for (size_t i = 0; i < ids.n; i++) {
		struct rights_role r = {.id = ids.id[i], .rights = &one};
		const char *ignored = NULL;

		if (ids.id[i] == 0)
			continue;
		if ((rc = rights_role_load(db, a, &r)) == -1)
			return (-1);
		if (rc == 0 || r.tenant_id != ids.owner[i]) {
			ignored = rc == 0 ? "unknown" : "foreign";
			memset(&one, 0, sizeof(one)); /* then nothing passes */
		}
		tell(w, STEP_CEILING, r.id, ignored, &one);
		meet(each, n, &one);
	}
	return (meet_shares(db, a, args, each, n, w));
}

/* 0, or -1 (db_error). */
static int
put_together(struct db *db, struct arena *a, const struct asker *who, struct rights *out, struct rights *before,
    enum portal *portal, const struct watcher *w)
{
	struct rights *each = NULL;
	const int n = load_roles(db, a, who, &each, portal, w);

	if (n == -1)
		return (-1);
	if (before != NULL)
		join(before, each, n);
	if (meet_ceilings(db, a, who->tenant_id, who->level, each, n, w) == -1)
		return (-1);
	join(out, each, n);
	return (0);
}

static struct slot *
slot_of(struct rights_cache *c, const struct asker *who)
{
	const uint64_t user = who->more_roles ? (uint64_t)who->user_id : 0;
	const uint64_t h =
	    ((uint64_t)who->tenant_id * 0x9e3779b97f4a7c15u ^ (uint64_t)who->role_id) * 0x9e3779b97f4a7c15u ^
	    user * 0xbf58476d1ce4e5b9u;

	return (&c->slots[(h ^ h >> 32) % SLOTS]);
}

const struct rights *
rights_of(struct rights_cache *c, struct db *db, struct arena *a, int64_t version, const struct asker *who,
    enum portal *portal)
{
	const int64_t user = who->more_roles ? who->user_id : 0;
	struct slot *s = slot_of(c, who);

	if (c->version != version) {
		for (size_t i = 0; i < SLOTS; i++)
			c->slots[i].role_id = 0;
		c->version = version;
	}
	if (s->role_id != who->role_id || s->tenant_id != who->tenant_id || s->user_id != user) {
		*s = (struct slot){.tenant_id = who->tenant_id, .user_id = user};
		if (put_together(db, a, who, &s->rights, NULL, &s->portal, NULL) == -1)
			return (NULL);
		s->role_id = who->role_id; /* last: until here the slot is free */
	}
	*portal = s->portal;
	return (&s->rights);
}

int
rights_trace(struct db *db, struct arena *a, const struct asker *who, struct rights *out, enum portal *portal,
    void (*step)(void *ctx, const struct rights_step *s), void *ctx)
{
	const struct watcher w = {step, ctx};

	return (put_together(db, a, who, out, NULL, portal, &w));
}

int
rights_now(struct db *db, struct arena *a, const struct asker *who, struct rights *out, struct rights *before,
    enum portal *portal)
{

	return (put_together(db, a, who, out, before, portal, NULL));
}

int
rights_of_roles(struct db *db, struct arena *a, const struct asker *who, struct rights *out)
{
	struct rights *each = NULL;
	enum portal portal;
	const int n = load_roles(db, a, who, &each, &portal, NULL);

	if (n != -1)
		join(out, each, n);
	return (n == -1 ? -1 : 0);
}

int
rights_limit(struct db *db, struct arena *a, int64_t tenant_id, int level, struct rights *out)
{

	rights_all(out);
	return (meet_ceilings(db, a, tenant_id, level, out, 1, NULL));
}
