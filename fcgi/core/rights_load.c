/* The rights of who asks, read from the database and kept by thread. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/products.h"
#include "core/rights.h"
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

/* ---- one role ---- */

struct role_row {
	int64_t id, tenant_id;
	int code; /* enum role, or -1: a tenant's own */
	int portal;
	bool shared, broken;
	struct rights *rights;
};

/* _tenant_id, _code, _portal, _shared */
static int
take_role(void *ctx, const struct db_val *v)
{
	struct role_row *r = ctx;

	r->tenant_id = v[0].i;
	r->code = access_role_of(v[1].s);
	r->portal = access_portal_of(v[2].s);
	r->shared = v[3].i != 0;
	r->broken = (v[1].s.n > 0 && r->code == -1) || r->portal == -1;
	return (0);
}

/* What is not in the vocabulary says nothing. */
static void
ignored(const struct role_row *r, struct str what)
{

	log_error("role", "role %lld names %.*s, which the vocabulary does not know", (long long)r->id, STR_ARG(what));
}

/* _action, _scope */
static int
take_grant(void *ctx, const struct db_val *v)
{
	struct role_row *r = ctx;
	const int a = access_action_of(v[0].s), s = access_scope_of(v[1].s);

	if (a == -1 || s == -1 || !access_pair((enum action)a, (enum scope)s))
		ignored(r, v[0].s);
	else
		r->rights->scope[a] = (uint8_t)s;
	return (0);
}

/* _field ("customer.email"), _level */
static int
take_field(void *ctx, const struct db_val *v)
{
	struct role_row *r = ctx;
	struct str name, resource = str_cut(v[0].s, '.', &name);
	const int res = access_resource_of(resource), f = res == -1 ? -1 : access_field_of((enum resource)res, name);
	uint64_t bit;

	if (f == -1) {
		ignored(r, v[0].s);
		return (0);
	}
	bit = (uint64_t)1 << (f % 64);
	if (str_eqz(v[1].s, "mask"))
		r->rights->mask[f / 64] |= bit;
	else
		r->rights->read[f / 64] |= bit;
	if (str_eqz(v[1].s, "write"))
		r->rights->write[f / 64] |= bit;
	return (0);
}

struct segments_row {
	const struct role_row *role;
	struct segments set;
	bool overflow;
};

/* _segment_id */
static int
take_segment(void *ctx, const struct db_val *v)
{
	struct segments_row *s = ctx;

	if (s->set.n == SEGMENTS_MAX)
		s->overflow = true;
	else
		s->set.ids[s->set.n++] = v[0].i;
	return (0);
}

/* _product_id */
static int
take_product(void *ctx, const struct db_val *v)
{

	products_add(ctx, v[0].i);
	return (0);
}

/* The named segments with all below them; *any where they are the whole catalogue.  0, or -1 (db_error). */
static int
whole_products(struct db *db, struct arena *a, struct products *set, bool *any)
{
	struct product_tree *t = arena_alloc(a, sizeof(*t));

	if (product_tree_load(db, a, t) == -1)
		return (-1);
	product_tree_close(t, set);
	*any = products_within(&t->all, set);
	return (0);
}

/* Keeps the role to its product segments, where it names any.  0, or -1 (db_error). */
static int
keep_role(struct db *db, struct arena *a, const struct arg *role, struct rights *rights)
{
	struct products set = {{0}};
	bool any;
	const int64_t n = query_each_admin(db, a, Q_role_products, role, 1, take_product, &set);

	if (n <= 0)
		return (n == 0 ? 0 : -1);
	if (whole_products(db, a, &set, &any) == -1)
		return (-1);
	if (!any)
		rights_keep_products(rights, &set);
	return (0);
}

/* 1, 0 where there is no such role or it says nothing, -1 (db_error). */
static int
load_role(struct db *db, struct arena *a, struct role_row *r)
{
	const struct arg args[] = {{"role", {.type = DB_INT, .i = r->id}}};
	struct segments_row segments = {.role = r};
	const int64_t n = query_each_admin(db, a, Q_role_load, args, 1, take_role, r);

	memset(r->rights, 0, sizeof(*r->rights));
	if (n != 1 || r->broken) {
		if (n == 1)
			log_error("role", "role %lld is not in the vocabulary and grants nothing", (long long)r->id);
		return (n == -1 ? -1 : 0);
	}
	if (r->code != -1)
		access_rights((enum role)r->code, r->rights);
	else if (query_each_admin(db, a, Q_role_grants, args, 1, take_grant, r) == -1 ||
	    query_each_admin(db, a, Q_role_fields, args, 1, take_field, r) == -1)
		return (-1);
	if (query_each_admin(db, a, Q_role_segments, args, 1, take_segment, &segments) == -1)
		return (-1);
	if (segments.overflow) {
		log_error(
		    "role", "role %lld has more than %d segments and grants nothing", (long long)r->id, SEGMENTS_MAX);
		return (0);
	}
	if (segments.set.n > 0 || (r->code != -1 && access_needs_segments((enum role)r->code)))
		rights_keep(r->rights, &segments.set);
	rights_settle(r->rights);
	return (keep_role(db, a, args, r->rights) == -1 ? -1 : 1);
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
why_ignored(const struct role_row *r, const struct asker *who, int rc)
{

	if (rc == 0)
		return ("unknown");
	if (r->tenant_id != who->tenant_id && !r->shared)
		return ("foreign");
	if (r->portal == PORTAL_admin && who->level != 0)
		return ("provider_only");
	return (NULL);
}

/* What the roles give together: only roles of the tenant itself or shared by the provider count, and
 * only those of the first one's portal.  0, or -1 (db_error). */
static int
join_roles(struct db *db, struct arena *a, const struct asker *who, struct slot *s, const struct watcher *w)
{
	const struct arg args[] = {{"user", {.type = DB_INT, .i = who->user_id}}};
	struct rights one;
	struct ids ids = {.n = 0};
	int rc;

	add_id(&ids, who->role_id, 0);
	if (who->more_roles && query_each_admin(db, a, Q_user_roles, args, 1, take_user_role, &ids) == -1)
		return (-1);
	if (ids.overflow) {
		log_error(
		    "role", "user %lld has more than %d roles and may do nothing", (long long)who->user_id, ROLES_MAX);
		return (0);
	}
	for (size_t i = 0; i < ids.n; i++) {
		struct role_row r = {.id = ids.id[i], .rights = &one};
		const char *ignored;

		if ((rc = load_role(db, a, &r)) == -1)
			return (-1);
		ignored = why_ignored(&r, who, rc);
		if (ignored == NULL && i == 0)
			s->portal = (enum portal)r.portal;
		else if (ignored == NULL && r.portal != (int)s->portal)
			ignored = "other_portal";
		tell(w, STEP_ROLE, r.id, ignored, &one);
		if (ignored == NULL)
			rights_join(&s->rights, &one);
	}
	return (0);
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
meet_shares(struct db *db, struct arena *a, const struct arg *tenant, struct rights *rights, const struct watcher *w)
{
	struct shares *s = arena_zero(a, 1, sizeof(*s));
	struct rights one;
	bool any;

	if (query_each_admin(db, a, Q_tenant_shares, tenant, 1, take_share, s) == -1)
		return (-1);
	if (s->overflow) {
		log_error("role", "tenant %lld is below too many and may do nothing", (long long)tenant->v.i);
		memset(rights, 0, sizeof(*rights));
	}
	for (size_t i = 0; i < s->n; i++) {
		if (whole_products(db, a, &s->list[i].set, &any) == -1)
			return (-1);
		if (any)
			continue;
		rights_all(&one);
		rights_keep_shared(&one, &s->list[i].set);
		tell(w, STEP_SHARE, 0, NULL, &one);
		rights_keep_shared(rights, &s->list[i].set);
	}
	return (0);
}

/* What is above: each ceiling of the chain, which must be a role of who sets it, and each share.  0, or -1 (db_error). */
static int
meet_ceilings(struct db *db, struct arena *a, int64_t tenant, int level, struct rights *rights, const struct watcher *w)
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
		memset(rights, 0, sizeof(*rights)); /* a tenant without a chain is none */
	rights_ceiling(&one);
	tell(w, STEP_RESELLERS, 0, NULL, &one);
	rights_meet(rights, &one);
	for (size_t i = 0; i < ids.n; i++) {
		struct role_row r = {.id = ids.id[i], .rights = &one};
		const char *ignored = NULL;

		if (ids.id[i] == 0)
			continue;
		if ((rc = load_role(db, a, &r)) == -1)
			return (-1);
		if (rc == 0 || r.tenant_id != ids.owner[i]) {
			ignored = rc == 0 ? "unknown" : "foreign";
			memset(&one, 0, sizeof(one)); /* then nothing passes */
		}
		tell(w, STEP_CEILING, r.id, ignored, &one);
		rights_meet(rights, &one);
	}
	return (meet_shares(db, a, args, rights, w));
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
		if (join_roles(db, a, who, s, NULL) == -1 ||
		    meet_ceilings(db, a, who->tenant_id, who->level, &s->rights, NULL) == -1)
			return (NULL);
		s->role_id = who->role_id; /* last: until here the slot is free */
	}
	*portal = s->portal;
	return (&s->rights);
}

static int
put_together(struct db *db, struct arena *a, const struct asker *who, struct rights *out, struct rights *before,
    enum portal *portal, const struct watcher *w)
{
	struct slot s = {.role_id = 0};

	if (join_roles(db, a, who, &s, w) == -1)
		return (-1);
	if (before != NULL)
		*before = s.rights;
	if (meet_ceilings(db, a, who->tenant_id, who->level, &s.rights, w) == -1)
		return (-1);
	*out = s.rights;
	*portal = s.portal;
	return (0);
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
	struct slot s = {.role_id = 0};

	if (join_roles(db, a, who, &s, NULL) == -1)
		return (-1);
	*out = s.rights;
	return (0);
}

int
rights_limit(struct db *db, struct arena *a, int64_t tenant_id, int level, struct rights *out)
{

	rights_all(out);
	return (meet_ceilings(db, a, tenant_id, level, out, NULL));
}
