#include "core/role_spec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/products.h"

const char *const role_spec_levels[LEVEL__MAX] = {
    [LEVEL_none] = "none", [LEVEL_mask] = "mask", [LEVEL_read] = "read", [LEVEL_write] = "write"};

/* What the portals turn into words: may, or who does not let it. */
static const char *const verdict_names[VERDICT__MAX] = {
    [MAY] = "may", [NOT_IN_PORTAL] = "portal", [NOT_IN_CEILING] = "ceiling", [NOT_OWN] = "own"};

int
role_spec_level_of(struct str name)
{

	for (int i = 0; i < LEVEL__MAX; i++)
		if (str_eqz(name, role_spec_levels[i]))
			return (i);
	return (-1);
}

bool
role_spec_has_level(enum field f, enum level level)
{

	switch (level) {
	case LEVEL_none:
	case LEVEL_read:
		return (true);
	case LEVEL_mask:
		return (access_fields[f].type == T_TEXT);
	case LEVEL_write:
		return (access_fields[f].set_by >= 0);
	case LEVEL__MAX:
		break;
	}
	return (false);
}

/* ---- what can be given ---- */

enum verdict
role_spec_scope(const struct role_limits *l, enum action a, enum scope s)
{

	if (!rights_covers((enum scope)l->portal.scope[a], s) ||
	    ((s == SCOPE_customer || s == SCOPE_family) && !l->customers))
		return (NOT_IN_PORTAL);
	if (rights_covers((enum scope)l->own.scope[a], s))
		return (MAY);
	return (rights_covers((enum scope)l->tenant.scope[a], s) ? NOT_OWN : NOT_IN_CEILING);
}

static bool
holds(const struct rights *r, enum field f, enum level level)
{

	return (level == LEVEL_none || (level == LEVEL_mask && may_see(r, f)) ||
	    (level == LEVEL_read && may_read(r, f)) || (level == LEVEL_write && may_write(r, f)));
}

enum verdict
role_spec_level(const struct role_limits *l, enum field f, enum level level)
{

	if (!holds(&l->portal, f, level))
		return (NOT_IN_PORTAL);
	if (holds(&l->own, f, level))
		return (MAY);
	return (holds(&l->tenant, f, level) ? NOT_OWN : NOT_IN_CEILING);
}

void
role_spec_rights(const struct role_spec *s, struct rights *out)
{

	memset(out, 0, sizeof(*out));
	memcpy(out->scope, s->scope, sizeof(out->scope));
	for (int f = 0; f < FLD__MAX; f++) {
		const uint64_t bit = (uint64_t)1 << (f % 64);

		if (s->level[f] == LEVEL_mask)
			out->mask[f / 64] |= bit;
		if (s->level[f] >= LEVEL_read)
			out->read[f / 64] |= bit;
		if (s->level[f] == LEVEL_write)
			out->write[f / 64] |= bit;
	}
	if (s->segments.n > 0)
		rights_keep(out, &s->segments);
	rights_settle(out);
	if (products_count(&s->products) > 0)
		rights_keep_products(out, &s->products);
}

void
role_spec_of(const struct rights *r, struct role_spec *out)
{

	memcpy(out->scope, r->scope, sizeof(out->scope));
	for (int f = 0; f < FLD__MAX; f++)
		out->level[f] = may_write(r, (enum field)f) ? LEVEL_write
		    : may_read(r, (enum field)f)            ? LEVEL_read
		    : may_see(r, (enum field)f)             ? LEVEL_mask
							    : LEVEL_none;
}

void
role_spec_narrow(struct role_spec *s, const struct role_limits *l)
{

	for (int a = 0; a < ACT__MAX; a++) {
		const enum action act = (enum action)a;
		const enum scope most =
		    rights_meet_scope(act, (enum scope)l->portal.scope[a], (enum scope)l->own.scope[a]);

		s->scope[a] = (uint8_t)rights_meet_scope(act, (enum scope)s->scope[a], most);
	}
	for (int f = 0; f < FLD__MAX; f++)
		while (s->level[f] != LEVEL_none &&
		    (!role_spec_has_level((enum field)f, (enum level)s->level[f]) ||
			role_spec_level(l, (enum field)f, (enum level)s->level[f]) != MAY))
			s->level[f]--;
}

/* ---- out of a body ---- */

__attribute__((format(printf, 4, 5))) static void
wrong(struct rq *rq, const char *code, const char *detail, const char *fmt, ...)
{
	char pointer[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(pointer, sizeof(pointer), fmt, ap);
	va_end(ap);
	problem_field(rq, P_invalid, arena_str(rq->a, str_of(pointer)), code, "%s", detail);
}

static void
refused(struct rq *rq, enum verdict v, const char *list, size_t i, const char *member)
{
	static const char *const why[VERDICT__MAX] = {[MAY] = "",
	    [NOT_IN_PORTAL] = "it means nothing in the portal of the role",
	    [NOT_IN_CEILING] = "more than what is above lets the tenant have",
	    [NOT_OWN] = "more than you hold yourself"};

	wrong(rq, verdict_names[v], why[v], "/%s/%zu/%s", list, i, member);
}

/* Reads [{key: text, value: text}]: the two texts of one member.  0, or -1 with the problem set. */
static int
read_pair(struct rq *rq, const struct json *entry, const char *list, size_t i, const char *key, const char *value,
    struct str *k, struct str *v)
{

	*k = *v = (struct str){NULL, 0};
	if (entry->type != JSON_OBJECT) {
		wrong(rq, "type", "it must be an object", "/%s/%zu", list, i);
		return (-1);
	}
	for (const struct json *m = entry->first; m != NULL; m = m->next) {
		struct str *to = str_eqz(m->key, key) ? k : str_eqz(m->key, value) ? v : NULL;

		if (to == NULL || m->type != JSON_STRING) {
			wrong(rq, to == NULL ? "unknown" : "type",
			    to == NULL ? "it holds what is not known here" : "it must be a text", "/%s/%zu%s%s", list,
			    i, to == NULL ? "" : "/",
			    to == NULL    ? ""
				: to == k ? key
					  : value);
			return (-1);
		}
		*to = m->s;
	}
	if (k->p == NULL || v->p == NULL) {
		wrong(rq, "missing", "it is missing", "/%s/%zu/%s", list, i, k->p == NULL ? key : value);
		return (-1);
	}
	return (0);
}

static bool
is_list(struct rq *rq, const struct json *list, const char *name)
{

	if (list->type != JSON_ARRAY)
		wrong(rq, "type", "it must be a list", "/%s", name);
	return (list->type == JSON_ARRAY);
}

static void
read_grant(struct rq *rq, const struct json *entry, size_t i, const struct role_limits *l, struct role_spec *s)
{
	struct str action, scope;
	enum verdict v;
	int a, sc;

	if (read_pair(rq, entry, "grants", i, "action", "scope", &action, &scope) == -1)
		return;
	if ((a = access_action_of(action)) == -1)
		wrong(rq, "unknown", "there is no such action", "/grants/%zu/action", i);
	else if (s->scope[a] != SCOPE_none)
		wrong(rq, "twice", "the action stands here twice", "/grants/%zu/action", i);
	else if ((sc = access_scope_of(scope)) == -1 || !access_pair((enum action)a, (enum scope)sc))
		wrong(rq, "pair", "the action has no such scope", "/grants/%zu/scope", i);
	else if ((v = role_spec_scope(l, (enum action)a, (enum scope)sc)) != MAY)
		refused(rq, v, "grants", i, "scope");
	else
		s->scope[a] = (uint8_t)sc;
}

int
role_spec_read_grants(struct rq *rq, const struct json *list, const struct role_limits *l, struct role_spec *s)
{
	size_t i = 0;

	memset(s->scope, 0, sizeof(s->scope));
	if (is_list(rq, list, "grants"))
		for (const struct json *entry = list->first; entry != NULL; entry = entry->next)
			read_grant(rq, entry, i++, l, s);
	return (rq->problem == P_none ? 0 : -1);
}

static void
read_field(struct rq *rq, const struct json *entry, size_t i, const struct role_limits *l, struct role_spec *s)
{
	struct str field, level, name;
	enum verdict v;
	int res, f, lv;

	if (read_pair(rq, entry, "fields", i, "field", "level", &field, &level) == -1)
		return;
	res = access_resource_of(str_cut(field, '.', &name));
	if (res == -1 || (f = access_field_of((enum resource)res, name)) == -1)
		wrong(rq, "unknown", "there is no such field", "/fields/%zu/field", i);
	else if (s->level[f] != LEVEL_none)
		wrong(rq, "twice", "the field stands here twice", "/fields/%zu/field", i);
	else if ((lv = role_spec_level_of(level)) <= LEVEL_none || !role_spec_has_level((enum field)f, (enum level)lv))
		wrong(rq, "level", "the field has no such level", "/fields/%zu/level", i);
	else if ((v = role_spec_level(l, (enum field)f, (enum level)lv)) != MAY)
		refused(rq, v, "fields", i, "level");
	else
		s->level[f] = (uint8_t)lv;
}

int
role_spec_read_fields(struct rq *rq, const struct json *list, const struct role_limits *l, struct role_spec *s)
{
	size_t i = 0;

	memset(s->level, 0, sizeof(s->level));
	if (is_list(rq, list, "fields"))
		for (const struct json *entry = list->first; entry != NULL; entry = entry->next)
			read_field(rq, entry, i++, l, s);
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- into an answer ---- */

void
role_spec_write_grants(struct buf *b, const struct role_spec *s)
{
	bool first = true;

	buf_addz(b, "\"grants\":[");
	for (int a = 0; a < ACT__MAX; a++) {
		if (s->scope[a] == SCOPE_none)
			continue;
		buf_printf(b, "%s{\"action\":\"%s\",\"scope\":\"%s\"}", first ? "" : ",", access_actions[a].name,
		    access_scopes[s->scope[a]].name);
		first = false;
	}
	buf_char(b, ']');
}

void
role_spec_write_fields(struct buf *b, const struct role_spec *s)
{
	bool first = true;

	buf_addz(b, "\"fields\":[");
	for (int f = 0; f < FLD__MAX; f++) {
		if (s->level[f] == LEVEL_none)
			continue;
		buf_printf(b, "%s{\"field\":\"%s.%s\",\"level\":\"%s\"}", first ? "" : ",",
		    access_resources[access_fields[f].resource].name, access_fields[f].name,
		    role_spec_levels[s->level[f]]);
		first = false;
	}
	buf_char(b, ']');
}

/* One action with the scopes that the portal knows. */
static void
write_action(struct buf *b, const struct role_limits *l, enum action a, bool *first)
{
	bool any = false;

	for (int s = SCOPE_none + 1; s < SCOPE__MAX; s++) {
		const enum verdict v = role_spec_scope(l, a, (enum scope)s);

		if (!access_pair(a, (enum scope)s) || v == NOT_IN_PORTAL)
			continue;
		if (!any)
			buf_printf(b, "%s{\"action\":\"%s\",\"scopes\":{", *first ? "" : ",", access_actions[a].name);
		buf_printf(b, "%s\"%s\":\"%s\"", any ? "," : "", access_scopes[s].name, verdict_names[v]);
		any = true;
	}
	if (any)
		buf_addz(b, "}}");
	*first = *first && !any;
}

static void
write_field(struct buf *b, const struct role_limits *l, enum field f, bool *first)
{
	bool any = false;

	for (int level = LEVEL_mask; level < LEVEL__MAX; level++) {
		const enum verdict v = role_spec_level(l, f, (enum level)level);

		if (!role_spec_has_level(f, (enum level)level) || v == NOT_IN_PORTAL)
			continue;
		if (!any)
			buf_printf(b, "%s{\"field\":\"%s.%s\",\"needs\":\"%s\",\"levels\":{", *first ? "" : ",",
			    access_resources[access_fields[f].resource].name, access_fields[f].name,
			    access_actions[access_shown_by(access_fields[f].resource)].name);
		buf_printf(b, "%s\"%s\":\"%s\"", any ? "," : "", role_spec_levels[level], verdict_names[v]);
		any = true;
	}
	if (any)
		buf_addz(b, "}}");
	*first = *first && !any;
}

void
role_spec_write_limits(struct buf *b, const struct role_limits *l)
{
	bool first = true;

	buf_addz(b, "\"actions\":[");
	for (int a = 0; a < ACT__MAX; a++)
		write_action(b, l, (enum action)a, &first);
	buf_addz(b, "],\"fields\":[");
	first = true;
	for (int f = 0; f < FLD__MAX; f++)
		write_field(b, l, (enum field)f, &first);
	buf_char(b, ']');
}
