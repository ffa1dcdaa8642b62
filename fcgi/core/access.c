#include "core/access.h"

#include <string.h>

/* One enumerator a resource and verb `none`, so that set_by needs no second table. */
enum {
#define RESOURCE(name, prefix, doc) ACT_##name##_none = -1,
#include "schema/access.def"
};

const struct access_field access_fields[FLD__MAX] = {
#define FIELD(res, name, type, class, set_by, doc) \
	[FLD_##res##_##name] = {#name, doc, RES_##res, T_##type, CLASS_##class, ACT_##res##_##set_by},
#include "schema/access.def"
};

const struct access_action access_actions[ACT__MAX] = {
#define ACTION(res, verb, doc) [ACT_##res##_##verb] = {#res "." #verb, #verb, doc, RES_##res},
#include "schema/access.def"
};

const struct access_role access_roles[ROLE__MAX] = {
#define ROLE(name, portal, class, doc) [ROLE_##name] = {#name, doc, PORTAL_##portal, CLASS_##class},
#include "schema/access.def"
};

const struct access_page access_pages[PAGE__MAX] = {
#define PAGE(portal, name, res, verb, doc) [PAGE_##portal##_##name] = {#name, doc, PORTAL_##portal, ACT_##res##_##verb},
#include "schema/access.def"
};

const struct access_resource access_resources[RES__MAX] = {
#define RESOURCE(name, prefix, doc) [RES_##name] = {#name, prefix, doc},
#include "schema/access.def"
};

const struct access_scope access_scopes[SCOPE__MAX] = {
#define SCOPE(name, predicate, doc) [SCOPE_##name] = {#name, predicate, doc},
#include "schema/access.def"
};

const char *const access_portals[PORTAL__MAX] = {
    [PORTAL_customer] = "customer", [PORTAL_reseller] = "reseller", [PORTAL_admin] = "admin"};

static const uint8_t granted[ROLE__MAX][ACT__MAX] = {
#define GRANT(role, res, verb, scope) [ROLE_##role][ACT_##res##_##verb] = SCOPE_##scope,
#include "schema/access.def"
};

static const char *const class_names[] = {"open", "partner", "staff", "secret"};

static bool
resource_granted(enum role role, enum resource res)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (access_actions[a].resource == res && granted[role][a] != SCOPE_none)
			return (true);
	return (access_shown(granted[role], res));
}

void
access_rights(enum role role, struct rights *out)
{

	memset(out, 0, sizeof(*out));
	memcpy(out->scope, granted[role], sizeof(out->scope));
	for (int f = 0; f < FLD__MAX; f++) {
		const struct access_field *fld = &access_fields[f];

		if (fld->class > access_roles[role].class || !resource_granted(role, fld->resource))
			continue;
		out->read[f / 64] |= (uint64_t)1 << (f % 64);
		if (fld->set_by >= 0 && granted[role][fld->set_by] != SCOPE_none)
			out->write[f / 64] |= (uint64_t)1 << (f % 64);
	}
}

bool
may_read(const struct rights *r, enum field f)
{

	return ((r->read[f / 64] >> (f % 64)) & 1);
}

bool
may_see(const struct rights *r, enum field f)
{

	return (((r->read[f / 64] | r->mask[f / 64]) >> (f % 64)) & 1);
}

bool
may_write(const struct rights *r, enum field f)
{

	return ((r->write[f / 64] >> (f % 64)) & 1);
}

bool
may_act(const struct rights *r, enum action a)
{

	return (a < ACT__MAX && r->scope[a] != SCOPE_none);
}

bool
access_step_up(enum action a)
{
	static const bool needs[ACT__MAX] = {
#define STEPUP(res, verb) [ACT_##res##_##verb] = true,
#include "schema/access.def"
	};

	return (a < ACT__MAX && needs[a]);
}

enum second
access_second(enum action a)
{
	static const uint8_t needs[ACT__MAX] = {
#define SECOND(res, verb, when) [ACT_##res##_##verb] = SECOND_##when,
#include "schema/access.def"
	};

	return (a < ACT__MAX ? (enum second)needs[a] : SECOND_never);
}

bool
access_shows(enum action a, enum resource res)
{
	static const struct {
		enum resource res;
		enum action by;
	} comes[] = {
#define COMES(res, with) {RES_##res, ACT_##with##_read},
#include "schema/access.def"
	};

	for (size_t i = 0; i < sizeof(comes) / sizeof(comes[0]); i++)
		if (comes[i].res == res && comes[i].by == a)
			return (true);
	return (access_actions[a].resource == res && strcmp(access_actions[a].verb, "read") == 0);
}

bool
access_shown(const uint8_t scope[ACT__MAX], enum resource res)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (scope[a] != SCOPE_none && access_shows((enum action)a, res))
			return (true);
	return (false);
}

enum action
access_shown_by(enum resource res)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (access_shows((enum action)a, res))
			return ((enum action)a);
	return (ACT_document_read);
}

bool
access_pair(enum action a, enum scope s)
{

	for (int role = 0; role < ROLE__MAX; role++)
		if (granted[role][a] == s && s != SCOPE_none)
			return (true);
	return (false);
}

static const struct {
	bool is, segmented;
} customers[RES__MAX] = {
#define CUSTOMERS(res, segmented) [RES_##res] = {true, segmented},
#include "schema/access.def"
};

bool
access_customers(enum resource res)
{

	return (customers[res].is);
}

bool
access_needs_segments(enum role role)
{
	static const bool needs[ROLE__MAX] = {
#define SEGMENTED(role) [ROLE_##role] = true,
#include "schema/access.def"
	};

	return (needs[role]);
}

bool
access_segmented(enum resource res)
{

	return (customers[res].segmented);
}

bool
access_sold(enum resource res)
{
	static const bool sold[RES__MAX] = {
#define PRODUCTS(res) [RES_##res] = true,
#include "schema/access.def"
	};

	return (sold[res]);
}

bool
access_sells(enum action a)
{

	/* A draft has lines as a bill has. */
	if (a == ACT_tenant_share || (a < ACT__MAX && access_actions[a].resource == RES_draft))
		return (true);
	for (int by = 0; by < ACT__MAX && a < ACT__MAX; by++)
		for (int res = 0; res < RES__MAX && access_actions[by].resource == access_actions[a].resource; res++)
			if (access_sold((enum resource)res) && access_shows((enum action)by, (enum resource)res))
				return (true);
	return (false);
}

/* The place of a name in a table whose entries begin with theirs, or -1. */
static int
find_name(const void *table, int n, size_t size, struct str name)
{

	for (int i = 0; i < n; i++)
		if (str_eqz(name, *(const char *const *)((const char *)table + (size_t)i * size)))
			return (i);
	return (-1);
}

int
access_action_of(struct str name)
{

	return (find_name(access_actions, ACT__MAX, sizeof(access_actions[0]), name));
}

int
access_scope_of(struct str name)
{

	return (find_name(access_scopes, SCOPE__MAX, sizeof(access_scopes[0]), name));
}

int
access_portal_of(struct str name)
{

	return (find_name(access_portals, PORTAL__MAX, sizeof(access_portals[0]), name));
}

int
access_resource_of(struct str name)
{

	return (find_name(access_resources, RES__MAX, sizeof(access_resources[0]), name));
}

int
access_role_of(struct str name)
{

	return (find_name(access_roles, ROLE__MAX, sizeof(access_roles[0]), name));
}

int
access_field_of(enum resource res, struct str name)
{

	for (int f = 0; f < FLD__MAX; f++)
		if (access_fields[f].resource == res && str_eqz(name, access_fields[f].name))
			return (f);
	return (-1);
}

void
access_print(enum role role, struct buf *out)
{
	static const char *const seconds[] = {[SECOND_never] = "",
	    [SECOND_always] = " second person",
	    [SECOND_provider] = " second person at the provider",
	    [SECOND_large] = " second person at the provider above a limit"};
	struct rights r;

	access_rights(role, &r);
	buf_printf(out, "role %s portal %s reads %s\n", access_roles[role].name,
	    access_portals[access_roles[role].portal], class_names[access_roles[role].class]);
	for (int a = 0; a < ACT__MAX; a++)
		if (r.scope[a] != SCOPE_none)
			buf_printf(out, "action %s %s%s%s\n", access_actions[a].name, access_scopes[r.scope[a]].name,
			    access_step_up((enum action)a) ? " step-up" : "",
			    access_roles[role].portal == PORTAL_admin || access_second((enum action)a) == SECOND_always
				? seconds[access_second((enum action)a)]
				: "");
	for (int p = 0; p < PAGE__MAX; p++)
		if (access_pages[p].portal == access_roles[role].portal && may_act(&r, access_pages[p].action))
			buf_printf(out, "page %s\n", access_pages[p].name);
	for (int f = 0; f < FLD__MAX; f++)
		if (may_read(&r, (enum field)f))
			buf_printf(out, "field %s.%s %s\n", access_resources[access_fields[f].resource].name,
			    access_fields[f].name, may_write(&r, (enum field)f) ? "write" : "read");
}
