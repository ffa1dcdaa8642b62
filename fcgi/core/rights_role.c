/* What one role says, read from the database. */
#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/products.h"
#include "core/rights_part.h"
#include "core/rq.h"

/* _tenant_id, _code, _portal, _shared */
static int
take_role(void *ctx, const struct db_val *v)
{
	struct rights_role *r = ctx;

	r->tenant_id = v[0].i;
	r->code = access_role_of(v[1].s);
	r->portal = access_portal_of(v[2].s);
	r->shared = v[3].i != 0;
	r->broken = (v[1].s.n > 0 && r->code == -1) || r->portal == -1;
	return (0);
}

/* What is not in the vocabulary says nothing. */
static void
ignored(const struct rights_role *r, struct str what)
{

	log_error("role", "role %lld names %.*s, which the vocabulary does not know", (long long)r->id, STR_ARG(what));
}

/* _action, _scope */
static int
take_grant(void *ctx, const struct db_val *v)
{
	struct rights_role *r = ctx;
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
	struct rights_role *r = ctx;
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
	const struct rights_role *role;
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

int
rights_whole_products(struct db *db, struct arena *a, struct products *set, bool *any)
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
	if (rights_whole_products(db, a, &set, &any) == -1)
		return (-1);
	if (!any)
		rights_keep_products(rights, &set);
	return (0);
}

int
rights_role_load(struct db *db, struct arena *a, struct rights_role *r)
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
