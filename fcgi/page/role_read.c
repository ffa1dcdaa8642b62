/* Roles as they are read: the list, one with what can be put into it, and who has it. */
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/product_part.h"
#include "page/role_part.h"

/* ---- one role, from its rows ---- */

struct role_row {
	int64_t tenant_id, shared;
	struct str code, portal;
};
static const struct col role_cols[] = {
    COL_I_(role_row, tenant_id), COL_S_(role_row, code), COL_S_(role_row, portal), COL_I_(role_row, shared)};

struct grant_row {
	struct str action, scope;
};
static const struct col grant_cols[] = {COL_S_(grant_row, action), COL_S_(grant_row, scope)};

struct field_row {
	struct str field, level;
};
static const struct col field_cols[] = {COL_S_(field_row, field), COL_S_(field_row, level)};

struct segment_row {
	int64_t segment_id;
};
static const struct col segment_cols[] = {COL_I_(segment_row, segment_id)};

/* The grants and fields of a tenant's own role; what the vocabulary does not know is not there.  0, or -1. */
static int
load_lists(struct rq *rq, struct role_spec *s)
{
	struct grant_row *g = NULL;
	struct field_row *f = NULL;
	struct str name;
	int64_t n;

	if ((n = query_rows_system(rq, Q_role_grants, COLS(grant_cols), sizeof(*g), 4096, (void **)&g)) == -1)
		return (-1);
	for (int64_t i = 0; i < n; i++) {
		const int a = access_action_of(g[i].action), sc = access_scope_of(g[i].scope);

		if (a != -1 && sc != -1 && access_pair((enum action)a, (enum scope)sc))
			s->scope[a] = (uint8_t)sc;
	}
	if ((n = query_rows_system(rq, Q_role_fields, COLS(field_cols), sizeof(*f), 4096, (void **)&f)) == -1)
		return (-1);
	for (int64_t i = 0; i < n; i++) {
		const int res = access_resource_of(str_cut(f[i].field, '.', &name)),
			  level = role_spec_level_of(f[i].level);
		const int fld = res == -1 ? -1 : access_field_of((enum resource)res, name);

		if (fld != -1 && level != -1)
			s->level[fld] = (uint8_t)level;
	}
	return (0);
}

/* The product segments of a role, with all below them.  0, or -1. */
static int
load_products(struct rq *rq, struct products *set)
{
	static const struct col cols[] = {{"_product_id", COL_INT, 0}};
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	int64_t *ids = NULL, n;

	n = query_rows_system(rq, Q_role_products, COLS(cols), sizeof(*ids), PRODUCTS_MAX, (void **)&ids);
	if (n <= 0)
		return (n == 0 ? 0 : -1);
	for (int64_t i = 0; i < n; i++)
		products_add(set, ids[i]);
	if (product_tree_get(rq, t) == -1)
		return (-1);
	product_tree_close(t, set);
	return (0);
}

int
role_load(struct rq *rq, int64_t id, struct stored *r)
{
	struct role_row row, *rows = NULL;
	struct segment_row *seg = NULL;
	struct rights built_in;
	int64_t n;
	int code, portal;

	arg_int(rq, "role", id);
	memset(r, 0, sizeof(*r));
	if ((n = query_rows_system(rq, Q_role_load, COLS(role_cols), sizeof(row), 1, (void **)&rows)) != 1)
		return (n == 0 ? 0 : -1);
	row = rows[0];
	code = access_role_of(row.code);
	if ((portal = access_portal_of(row.portal)) == -1 || (row.code.n > 0 && code == -1))
		return (0);
	r->id = id;
	r->tenant_id = row.tenant_id;
	r->shared = row.shared != 0;
	r->built_in = row.code.n > 0;
	r->spec.portal = (enum portal)portal;
	if (r->built_in) {
		access_rights((enum role)code, &built_in);
		role_spec_of(&built_in, &r->spec);
	} else if (load_lists(rq, &r->spec) == -1) {
		return (-1);
	}
	if ((n = query_rows_system(rq, Q_role_segments, COLS(segment_cols), sizeof(*seg), 4096, (void **)&seg)) == -1)
		return (-1);
	if (n > SEGMENTS_MAX) /* it gives nothing, as where rights are put together */
		return (0);
	for (int64_t i = 0; i < n; i++)
		r->spec.segments.ids[r->spec.segments.n++] = seg[i].segment_id;
	return (load_products(rq, &r->spec.products) == -1 ? -1 : 1);
}

void
role_limits_portal(enum portal portal, struct role_limits *l)
{

	rights_of_portal(portal, &l->portal);
	l->customers = portal == PORTAL_customer;
}

int
role_limits(struct rq *rq, enum portal portal, struct role_limits *l)
{

	role_limits_portal(portal, l);
	l->own = *rq->who.rights;
	if (rights_limit(rq->w->db, rq->a, rq->who.tenant_id, rq->who.level, &l->tenant) == -1) {
		query_failed(rq, "rights");
		return (-1);
	}
	return (0);
}

int64_t
role_segments(struct rq *rq, struct role_segment **list)
{
	static const struct col cols[] = {COL_I_(role_segment, id), COL_S_(role_segment, name)};

	*list = NULL;
	return (query_rows_system(
	    rq, Q_role_segment_names, COLS(cols), sizeof(struct role_segment), ROLE_SEGMENTS, (void **)list));
}

int
role_seen(struct rq *rq, int64_t *id)
{
	struct seen {
		int64_t id;
	} row = {0};
	static const struct col cols[] = {COL_I_(seen, id)};
	const enum action action = rq->action;
	int rc;

	if (query_id(rq, RES_role) == -1)
		return (-1);
	rq->action = ACT_role_read;
	rc = query_row(rq, Q_role_one, COLS(cols), &row);
	rq->action = action;
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	*id = row.id;
	return (rc == 1 ? 0 : -1);
}

/* ---- answers ---- */

/* GET /api/v1/roles?cursor=  by name. */
int
role_list(struct rq *rq)
{

	return (query_list(rq, Q_role_list));
}

/* Before one more member of an object. */
static void
more(struct buf *b)
{

	if (b->n > 0 && b->p[b->n - 1] != '{')
		buf_char(b, ',');
}

static void
write_segment_id(struct rq *rq, int64_t id)
{

	buf_char(&rq->out, '"');
	seal_id(rq->w->key, RES_segment, id, &rq->out);
	buf_char(&rq->out, '"');
}

/* Who is kept to segments can keep others to those only. */
static bool
may_keep_to(const struct rights *own, int64_t segment)
{
	const uint8_t set = own->set[ACT_customer_read];

	return (set == 0 || segments_has(&own->sets[set], segment));
}

/* "products":[...]: what of the catalogue who asks can keep a role of that portal to; parents first.  0, or -1. */
static int
write_products(struct rq *rq, enum portal portal)
{
	const struct products *held = product_held(rq);
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	bool first = true;

	if (product_tree_get(rq, t) == -1)
		return (-1);
	buf_addz(&rq->out, ",\"products\":[");
	for (size_t i = 0; i < t->n; i++) {
		if (portal == PORTAL_customer || !products_has(held == NULL ? &t->all : held, t->ids[i]))
			continue;
		buf_addz(&rq->out, first ? "{\"id\":\"" : ",{\"id\":\"");
		seal_id(rq->w->key, RES_product, t->ids[i], &rq->out);
		buf_addz(&rq->out, "\",\"name\":");
		json_str(&rq->out, t->names[i]);
		if (products_has(held == NULL ? &t->all : held, t->parent[t->ids[i]])) {
			buf_addz(&rq->out, ",\"parent\":\"");
			seal_id(rq->w->key, RES_product, t->parent[t->ids[i]], &rq->out);
			buf_char(&rq->out, '"');
		}
		buf_char(&rq->out, '}');
		first = false;
	}
	buf_char(&rq->out, ']');
	return (0);
}

/* "ceiling":{...}: what who asks can put into a role of that portal.  0, or -1. */
static int
write_ceiling(struct rq *rq, enum portal portal)
{
	struct role_limits *l = arena_alloc(rq->a, sizeof(*l));
	struct role_segment *seg;
	int64_t n;

	if (role_limits(rq, portal, l) == -1 || (n = role_segments(rq, &seg)) == -1)
		return (-1);
	buf_addz(&rq->out, "\"ceiling\":{");
	role_spec_write_limits(&rq->out, l);
	buf_addz(&rq->out, ",\"segments\":[");
	for (int64_t i = 0; i < n; i++) {
		buf_addz(&rq->out, i == 0 ? "{\"id\":" : ",{\"id\":");
		write_segment_id(rq, seg[i].id);
		buf_addz(&rq->out, ",\"name\":");
		json_str(&rq->out, seg[i].name);
		buf_printf(&rq->out, ",\"may\":\"%s\"}", may_keep_to(&l->own, seg[i].id) ? "may" : "own");
	}
	buf_char(&rq->out, ']');
	if (write_products(rq, portal) == -1)
		return (-1);
	buf_char(&rq->out, '}');
	return (0);
}

/* The product segments that a role is kept to.  0, or -1. */
static int
write_kept(struct rq *rq, const struct products *set)
{
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));

	if (product_tree_get(rq, t) == -1)
		return (-1);
	buf_addz(&rq->out, "\"products\":");
	product_ids(rq, t, set);
	return (0);
}

/* The lists of a role, as far as they may be read.  0, or -1. */
static int
write_lists(struct rq *rq, const struct stored *r)
{
	const struct rights *rights = rq->who.rights;
	struct buf *b = &rq->out;

	if (may_read(rights, FLD_role_grants)) {
		more(b);
		role_spec_write_grants(b, &r->spec);
	}
	if (may_read(rights, FLD_role_fields)) {
		more(b);
		role_spec_write_fields(b, &r->spec);
	}
	if (may_read(rights, FLD_role_segments)) {
		more(b);
		buf_addz(b, "\"segments\":[");
		for (size_t i = 0; i < r->spec.segments.n; i++) {
			buf_addz(b, i == 0 ? "" : ",");
			write_segment_id(rq, r->spec.segments.ids[i]);
		}
		buf_char(b, ']');
	}
	if (may_read(rights, FLD_role_products)) {
		more(b);
		if (write_kept(rq, &r->spec.products) == -1)
			return (-1);
	}
	if (!may_read(rights, FLD_role_ceiling))
		return (0);
	more(b);
	return (write_ceiling(rq, r->spec.portal));
}

/* GET /api/v1/roles/:id  with what it gives and what could be put into it. */
int
role_get(struct rq *rq)
{
	struct one {
		int64_t id;
	} row;
	static const struct col cols[] = {COL_I_(one, id)};
	struct stored *r = arena_alloc(rq->a, sizeof(*r));
	int status = query_one_keep(rq, Q_role_one, COLS(cols), &row), rc;

	if (status != 200)
		return (status);
	rq->out.n--; /* the object goes on */
	if ((rc = role_load(rq, row.id, r)) == -1 || (rc == 1 && write_lists(rq, r) == -1))
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* GET /api/v1/roles/:id/users  the first of the asker's tenant who have it, by name. */
int
role_users(struct rq *rq)
{
	int64_t id;

	if (role_seen(rq, &id) == -1)
		return (problem_status(rq->problem));
	if (!may_act(rq->who.rights, ACT_user_read))
		return (problem(rq, P_forbidden, "%s", ""));
	rq->action = ACT_user_read;
	arg_int(rq, "role", id);
	buf_char(&rq->out, '{');
	if (query_member_list(rq, Q_user_with_role, "data") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}
